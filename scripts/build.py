"""Rebuild data/ and datapackage.json from the seed records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curation.cli import (
    CLEAN,
    FOUND,
    project_option,
    stages,
    stopping_at_broken_contract,
    stopping_where_the_disk_fails,
    tell,
    texts_option,
)

if TYPE_CHECKING:
    from curation.build import Built
    from curation.project import Project


@click.command(
    epilog="Example: python scripts/build.py --check says whether the committed files are what the seeds give."
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 with a short diff where the files are not up to date."
)
@click.option("--engine", hidden=True, help="Ignored: Pandera runs the rules.")
@texts_option
@project_option
def main(root: Path, texts: Path | None, engine: str | None, check: bool) -> None:
    """Rebuild data/ and datapackage.json from the seed records, all or nothing.

    Every record is checked against the contract and, where the texts are at hand, against them. With an error in
    any record nothing is written, and the exit code is 1.
    """
    with stopping_where_the_disk_fails():
        if check:
            _check(root, texts)
        else:
            _build(root, texts)


def _build(root: Path, texts: Path | None) -> None:
    from curation.build import write
    from curation.summary import summary

    project, built = _built(root, texts)
    changed = write(root, built)
    for line in summary(project):
        click.echo(line)
    click.echo("written: data/ and datapackage.json" if changed else "unchanged: data/ and datapackage.json")


def _check(root: Path, texts: Path | None) -> None:
    from curation.write import differences

    _, built = _built(root, texts)
    stale = list(differences(root, built.files))
    for each in stale:
        click.echo(each.diff)
    click.echo("not up to date: run scripts/build.py" if stale else "up to date")
    sys.exit(FOUND if stale else CLEAN)


def _built(root: Path, texts: Path | None) -> tuple[Project, Built]:
    """Build, print the findings, and exit where there is an error."""
    from curation.build import build
    from curation.project import read_project

    with stages() as progress, stopping_at_broken_contract():
        progress("reading the seeds")
        project = read_project(root, texts)
        progress("building")
        built = build(project)
    tell(built.findings)
    if not built.files:
        click.echo("nothing was built", err=True)
        sys.exit(FOUND)
    return project, built


if __name__ == "__main__":
    main()
