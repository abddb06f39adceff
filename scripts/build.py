"""Build every generated file from the seed records."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curation.cli import (
    FOUND,
    Progress,
    errors_in_one_line,
    print_findings,
    project_option,
    texts_option,
)

if TYPE_CHECKING:
    from curation.build import Built


@click.command(epilog="Example: python scripts/build.py --check reports whether the generated files are up to date.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a short diff of each file that is out of date.")
@click.option("--verbose", "-v", is_flag=True, help="Also print the number of rows by table and source.")
@click.option("--engine", hidden=True, help="Ignored: Pandera runs the rules.")
@texts_option
@project_option
def main(root: Path, texts: Path | None, engine: str | None, check: bool, verbose: bool) -> None:
    """Build every generated file: data/, datapackage.json, the codebook, editor/, CITATION.cff and .zenodo.json.

    Each record is checked against the contract and, if available, the source texts. If there is an error, nothing is
    written and the exit code is 1.
    """
    from curation.build import build, write
    from curation.project import read_project
    from curation.show import summary, unverified

    with errors_in_one_line(OSError):
        with Progress() as progress:
            progress("reading the seed records")
            project = read_project(root, texts)
            progress("checking and building")
            built = build(project)
        print_findings(built.findings)
        if not built.files:
            click.echo("nothing was written" if not check else "nothing to compare", err=True)
            sys.exit(FOUND)
        if check:
            _check(root, built)
            return
        changed = write(root, built)
    for line in summary(project) if verbose else unverified(project):
        click.echo(line)
    click.echo(_result(built.files, changed))


def _check(root: Path, built: Built) -> None:
    """Print a short diff of each file that is out of date, and exit 1 if there is one."""
    from curation.write import differences

    stale = list(differences(root, built.files))
    for each in stale:
        click.echo(each.diff)
    click.echo("out of date: run scripts/build.py" if stale else "up to date")
    if stale:
        sys.exit(FOUND)


def _result(files: Mapping[str, bytes], changed: Sequence[str]) -> str:
    """Return one line on what was written and removed."""
    written, removed = [path for path in changed if path in files], [path for path in changed if path not in files]
    parts = [f"{verb}: {', '.join(paths)}" for verb, paths in (("built", written), ("removed", removed)) if paths]
    return "; ".join(parts) or f"up to date: all {len(files)} generated files"


if __name__ == "__main__":
    main()
