"""Validate the seeds and the package built of them, or any package folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from russia_dprk_claims.commands import (
    FOUND,
    plural,
    progress,
    project_option,
    stopping_at_broken_contract,
    tell,
    texts_option,
)


@click.command(epilog="Example: python scripts/validate.py ../some-release validates an unpacked package.")
@click.argument("package", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@texts_option
@project_option
def main(package: Path | None, texts: Path | None, root: Path) -> None:
    """Validate the seeds and the package built of them, or the PACKAGE in a folder.

    Structure by the contract, meaning by the rules, passages by the texts at hand, and Frictionless as the
    second opinion. Findings stand where they were made: in the seed record, or in the CSV file of a PACKAGE.
    Exits 0 if all is well, 1 with findings, 2 if it could not run.
    """
    from russia_dprk_claims.contract import read_contract
    from russia_dprk_claims.findings import has_errors
    from russia_dprk_claims.project import read_project
    from russia_dprk_claims.summary import unverified
    from russia_dprk_claims.validate import validate_package, validate_project

    with progress() as say, stopping_at_broken_contract():
        if package:
            verdict = validate_package(package, read_contract(root / "schemas"), say)
        else:
            project = read_project(root, texts)
            verdict = validate_project(project, say)
    tell(verdict.findings)
    for line in unverified(project) if not package else ():
        click.echo(line)
    if has_errors(verdict.findings):
        sys.exit(FOUND)
    rows = plural(sum(verdict.rows.values()), "row")
    click.echo(f"valid: {rows} in {plural(len(verdict.rows), 'table')}, and Frictionless agrees")


if __name__ == "__main__":
    main()
