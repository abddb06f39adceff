"""Checks: form by the contract, semantics by the rules, and Frictionless as an independent check.

`validate` checks a whole package, `schema` gives the Pandera schema of a table for frames of your own. Both need the
extra `checks`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, overload

from russia_dprk_claims.checks.findings import Finding, has_errors, in_order
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.errors import MissingExtraError
from russia_dprk_claims.package import installed

if TYPE_CHECKING:
    import pandera.pandas
    import pandera.polars

    from russia_dprk_claims.checks.engine import Streaming
    from russia_dprk_claims.checks.run import Memory

Engine = Literal["polars", "pandas"]
Runner = Literal["memory", "polars", "spark"]
LARGE = 64_000_000
"""The size of all tables, in bytes, above which they are not read into memory, and Frictionless takes minutes."""


@dataclass(frozen=True)
class ValidationResult:
    """What validation found.

    Attributes
    ----------
    findings : list of Finding
        Everything that is wrong, by location.
    rows : dict of str to int
        The number of rows by table.
    frictionless : bool
        Whether Frictionless ran.
    engine : {'memory', 'polars', 'spark'}
        What the checks ran on: tables in memory, the streaming engine of Polars, or Spark.
    notes : tuple of str
        The files that Polars or Spark left to the strict reader, with the reason.
    """

    findings: list[Finding]
    rows: dict[str, int]
    frictionless: bool
    engine: Runner = "memory"
    notes: tuple[str, ...] = ()


def validate(
    path: str | Path,
    *,
    contract: Contract | None = None,
    frictionless: bool | None = None,
    engine: Runner | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> ValidationResult:
    """Validate a package; the findings are located in its CSV files.

    Parameters
    ----------
    path : str or pathlib.Path
        The folder that holds `datapackage.json`.
    contract : Contract, optional
        The contract of the tables; by default that of the installed dataset.
    frictionless : bool, optional
        Whether to run Frictionless too, if there is no error and the schemas are those of the contract; by default
        for tables of up to 64 MB.
    engine : {'memory', 'polars', 'spark'}, optional
        Whether to read the tables into memory, or to scan them with the streaming engine of Polars or on Spark. All
        give the same findings. By default, CSV files of up to 64 MB are read into memory, and larger ones, Parquet
        files and folders of files are scanned by Polars. A CSV that cannot be scanned safely, such as one with needless
        quotes, is read into memory, up to 128 MB.
    progress : callable, optional
        Called with the name of each stage.

    Returns
    -------
    ValidationResult
        The findings; none if the package is valid.
    """
    from russia_dprk_claims.checks.run import run_rules
    from russia_dprk_claims.checks.structure import check_structure
    from russia_dprk_claims.checks.tables import count_rows

    folder = Path(path)
    contract = contract or installed().contract
    files = [each for each in folder.rglob("*") if each.suffix in {".csv", ".parquet"} and each.is_file()]
    size = sum(each.stat().st_size for each in files)
    is_small = size <= LARGE and all(each.suffix == ".csv" for each in files)
    engine = engine or ("memory" if is_small else "polars")
    with TemporaryDirectory() as store, ExitStack() as stack:
        runner = _runner(engine, contract, Path(store), size, stack)
        progress("reading the package")
        tables, findings = runner.read(folder, contract)
        progress("structure")
        structure = check_structure(contract, tables, collect=runner.collect)
        progress("semantics")
        findings += structure.findings
        findings += run_rules(contract, tables, structure.invalid, runner.rules, runner.find_broken)
        if frictionless is None:
            frictionless = is_small
        # It repeats what we found, and a schema that is not that of the contract may keep it busy for ever.
        is_other = any(each.rule == "resource-schema" for each in findings)
        runs = frictionless and not has_errors(findings) and not is_other
        if runs:
            from russia_dprk_claims.checks.frictionless_check import frictionless_findings

            progress("Frictionless")
            findings += frictionless_findings(folder, tables)
        return ValidationResult(in_order(findings), count_rows(contract, tables), runs, engine, tuple(runner.notes))


def _runner(engine: Runner, contract: Contract, store: Path, size: int, stack: ExitStack) -> Memory | Streaming:
    """Return what reads tables and evaluates conditions; `store` is a folder for what does not fit in memory."""
    if engine == "polars":
        from russia_dprk_claims.checks.engine import Streaming

        return Streaming(contract, store)
    if engine == "spark":
        try:
            from russia_dprk_claims.checks.engine.spark import Spark
        except ModuleNotFoundError as error:
            command = 'python -m pip install "russia-dprk-claims[spark]"'
            raise MissingExtraError(f"{error}: install Spark in an environment of its own, with {command}") from error
        return stack.enter_context(closing(Spark(contract, store, size)))
    from russia_dprk_claims.checks.run import Memory

    return Memory()


@overload
def schema(table: str, engine: Literal["polars"] = "polars") -> pandera.polars.DataFrameSchema: ...
@overload
def schema(table: str, engine: Literal["pandas"]) -> pandera.pandas.DataFrameSchema: ...
def schema(table: str, engine: Engine = "polars") -> pandera.polars.DataFrameSchema | pandera.pandas.DataFrameSchema:
    """Return the Pandera schema of a table: the contract of its columns, and the rules that need no other table.

    Parameters
    ----------
    table : str
        The name of the table, such as `claims`.
    engine : {'polars', 'pandas'}, default 'polars'
        Whether the schema is for a Polars or a pandas frame.

    Returns
    -------
    pandera.polars.DataFrameSchema or pandera.pandas.DataFrameSchema
        The schema; the name of each check is the id of its rule, and its error is the statement of the rule.

    Raises
    ------
    KeyError
        If there is no such table; the message suggests similar names.

    Notes
    -----
    `validate` runs the rules that need other tables, on whole packages.
    """
    from russia_dprk_claims.checks.schemas import public_schema

    return public_schema(table, engine)
