"""Validate the seeds and the package built of them, or any package folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from curation.cli import (
    COULD_NOT_RUN,
    FOUND,
    plural,
    project_option,
    stages,
    stopping_at_broken_contract,
    tell,
    texts_option,
)
from curation.report import FORMATS


def _list_rules(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print every rule and stop."""
    if wanted:
        from russia_dprk_claims.checks.catalogue import catalogue

        for each in catalogue():
            click.echo(f"{each.id:<26}{each.severity:<9}{each.statement}")
        context.exit()


def _explain(context: click.Context, _: click.Parameter, rule: str | None) -> None:
    """Print one rule and stop."""
    if rule is None:
        return
    from russia_dprk_claims.checks.catalogue import catalogue
    from russia_dprk_claims.checks.findings import did_you_mean

    entries = {each.id: each for each in catalogue()}
    if rule not in entries:
        hint = did_you_mean(rule, entries)
        click.echo(f"error: there is no rule {rule!r}" + (f" ({hint})" if hint else ""), err=True)
        context.exit(COULD_NOT_RUN)
    entry = entries[rule]
    tables = f" on {', '.join(entry.tables)}" if entry.tables else ""
    click.echo(f"{entry.id} ({entry.severity}, {entry.group}{tables})\n{entry.statement}\nWhat to do: {entry.hint}")
    context.exit()


def _eager(callback: Callable[..., None]) -> dict[str, Any]:
    return {"callback": callback, "expose_value": False, "is_eager": True}


@click.command(epilog="Example: python scripts/validate.py ../some-release validates an unpacked package.")
@click.argument("package", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How findings are written.",
)
@click.option("--engine", hidden=True, help="Ignored: Pandera runs the rules.")
@click.option(
    "--frictionless/--no-frictionless",
    default=None,
    help="Whether Frictionless is asked as well.  [default: it is, but for a package of more than 64 MB]",
)
@click.option("--list-rules", is_flag=True, help="Print every rule and stop.", **_eager(_list_rules))
@click.option("--explain", metavar="RULE", help="Print one rule and stop.", **_eager(_explain))
@click.option("--verbose", "-v", is_flag=True, help="Progress how long each stage took.")
@texts_option
@project_option
def main(
    package: Path | None,
    format_: str,
    engine: str | None,
    frictionless: bool | None,
    verbose: bool,
    texts: Path | None,
    root: Path,
) -> None:
    """Validate the seeds and the package built of them, or the PACKAGE in a folder.

    Structure by the contract, meaning by the rules, passages by the texts at hand, and Frictionless as the
    second opinion. Findings stand where they were made: in the seed record, or in the CSV file of a PACKAGE.
    Exits 0 if all is well (warnings allowed), 1 with errors, 2 if it could not run.
    """
    from curation.validate import ProjectResult, validate_project
    from russia_dprk_claims.checks import validate
    from russia_dprk_claims.checks.findings import has_errors
    from russia_dprk_claims.contract import read_contract

    with stages() as progress, stopping_at_broken_contract():
        if package:
            progress("starting")
            contract = read_contract(root / "schemas")
            result = validate(package, contract=contract, frictionless=frictionless, progress=progress)
        else:
            result = validate_project(root, texts, progress, frictionless=frictionless is not False)
    tell(result.findings, format_)
    if format_ == "github":
        from curation.report.step_summary import append_step_summary

        append_step_summary(result.findings, _statements(), os.environ)
    if verbose:
        progress.tell()
    # Only the text format may be mixed with other lines on standard output.
    aside = format_ != "text"
    if isinstance(result, ProjectResult) and result.unverified:
        click.echo(result.unverified, err=aside)
    if has_errors(result.findings):
        sys.exit(FOUND)
    rows, tables = plural(sum(result.rows.values()), "row"), plural(len(result.rows), "table")
    agreed = "and Frictionless agrees" if result.frictionless else "and Frictionless was not asked"
    click.echo(f"valid: {rows} in {tables}, {agreed}", err=aside)


def _statements() -> dict[str, str]:
    from russia_dprk_claims.checks.catalogue import catalogue

    return {each.id: each.statement for each in catalogue()}


if __name__ == "__main__":
    main()
