"""Validate the seed records and the package built from them, or any package folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from curation.cli import FOUND, errors_in_one_line, print_findings, progress, project_option, texts_option
from curation.report import FORMATS, explain_rule, rule_list
from curation.report.counts import numbered


@click.command(epilog="Example: python scripts/validate.py ../some-release validates an unpacked package.")
@click.argument("package", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="The format of the findings.",
)
@click.option(
    "--engine",
    type=click.Choice(["memory", "polars", "spark"]),
    help="What a PACKAGE is checked with, with the same findings: tables in memory; the streaming engine of Polars, in "
    "less memory, which also reads Parquet files and tables of several files; or Spark, on several machines.  "
    "[default: memory, unless a package is larger than 64 MB or has Parquet files]",
)
@click.option(
    "--frictionless/--no-frictionless",
    default=None,
    help="Whether to run Frictionless too.  [default: yes, unless a package is larger than 64 MB]",
)
@click.option("--base", metavar="BRANCH", help="Also compare ids with the branch that a contribution goes to.")
@click.option("--list-rules", is_flag=True, help="Print every rule and exit.")
@click.option("--explain", metavar="RULE", help="Explain one rule and exit.")
@texts_option
@project_option
def main(
    package: Path | None,
    format_: str,
    engine: Literal["memory", "polars", "spark"] | None,
    frictionless: bool | None,
    base: str | None,
    list_rules: bool,
    explain: str | None,
    texts: Path | None,
    root: Path,
) -> None:
    """Validate the seed records and the package built from them, or the PACKAGE in a folder.

    Checks the structure against the contract, the meaning against the rules, passages against the available texts, and
    runs Frictionless last. Each finding refers to the line that was written: in the seed record, or in the CSV file
    of a PACKAGE. Exits 0 if there are no errors, 1 if there are, 2 if it could not run.
    """
    if list_rules or explain:
        with errors_in_one_line(LookupError):
            click.echo(explain_rule(explain) if explain else rule_list())
        return
    from curation.project import read_project
    from curation.release.git import ReleaseError
    from curation.show import unverified
    from curation.validate import validate_project
    from russia_dprk_claims.checks import validate
    from russia_dprk_claims.checks.findings import has_errors
    from russia_dprk_claims.contract import read_contract
    from russia_dprk_claims.errors import MissingExtraError

    with errors_in_one_line(ReleaseError, MissingExtraError):
        if package:
            contract = read_contract(root / "schemas")
            result = validate(package, contract=contract, frictionless=frictionless, engine=engine, progress=progress)
        else:
            progress("reading the seed records: structure, passages")
            project = read_project(root, texts)
            result = validate_project(project, progress, base, frictionless=frictionless is not False)
    print_findings(result.findings, format_)
    if package:
        click.echo(f"engine: {result.engine}", err=True)
    for note in result.notes:
        click.echo(f"note: {note}", err=True)
    # Only the text format may be mixed with other lines on standard output.
    aside = format_ != "text"
    if not package and (line := unverified(project)):
        click.echo(line, err=aside)
    if has_errors(result.findings):
        sys.exit(FOUND)
    rows, tables = numbered(sum(result.rows.values()), "row"), numbered(len(result.rows), "table")
    confirmed = "confirmed by Frictionless" if result.frictionless else "not checked by Frictionless"
    click.echo(f"valid: {rows} in {tables}, {confirmed}", err=aside)


if __name__ == "__main__":
    main()
