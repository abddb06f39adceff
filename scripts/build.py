"""Rebuild data/ and datapackage.json from the seed records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from russia_dprk_claims.commands import (
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
    from russia_dprk_claims.build import Built


@click.command(
    epilog="Example: python scripts/build.py --check says whether the committed files are what the seeds give."
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 with a short diff where the files are not up to date."
)
@texts_option
@project_option
def main(root: Path, texts: Path | None, check: bool) -> None:
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
    from russia_dprk_claims.build import write

    built = _built(root, texts)
    changed = write(root, built)
    for line in built.summary:
        click.echo(line)
    click.echo("written: data/ and datapackage.json" if changed else "unchanged: data/ and datapackage.json")


def _check(root: Path, texts: Path | None) -> None:
    from tempfile import TemporaryDirectory

    from russia_dprk_claims.package.files import differences

    with TemporaryDirectory(prefix="build-") as elsewhere:
        built = _built(root, texts, Path(elsewhere))
        stale = list(differences(root, built.contents, built.kept))
        for each in stale:
            click.echo(each.diff)
    click.echo("not up to date: run scripts/build.py" if stale else "up to date")
    sys.exit(FOUND if stale else CLEAN)


def _built(root: Path, texts: Path | None, stage: Path | None = None) -> Built:
    """Build, tell what was found, and end where something is wrong."""
    from russia_dprk_claims.build import build_project

    with stages() as say, stopping_at_broken_contract():
        built = build_project(root, texts, say, stage=stage)
    tell(built.findings)
    if not built.is_whole:
        click.echo("nothing was built", err=True)
        sys.exit(FOUND)
    return built


if __name__ == "__main__":
    main()
