"""Compare two releases: tables and columns, vocabularies, rows and cells."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import COULD_NOT_RUN, FOUND, project_option

SHOWN = 50


@click.command(epilog="Example: python scripts/diff.py v1.0.0 . tells what changed since the release 1.0.0.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "markdown", "json"]),
    default="terminal",
    show_default=True,
    help="How the difference is written; markdown begins with the table of counts for the changelog.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=f"How many rows of each kind are shown of a table; all are counted.  [default: {SHOWN}; json: all]",
)
@project_option
def main(old: str, new: str, format_: str, limit: int | None, root: Path) -> None:
    """Compare the releases OLD and NEW.

    Each is a zip file or a folder or, where there is none of that name, a revision of the project's git repository;
    `none` is a release with nothing in it. Rows are matched by primary key, cells compared by type. Exits 0 if they
    are the same, 1 if they differ, 2 if it could not run.
    """
    from curation.release.diff import compare
    from curation.release.diff_report import write
    from curation.release.files import SnapshotError
    from curation.release.snapshot import read_snapshot
    from curation.report.escape import escape_controls

    try:
        diff = compare(read_snapshot(old, root), read_snapshot(new, root))
    except SnapshotError as error:
        click.echo(f"error: {escape_controls(str(error))}", err=True)
        sys.exit(COULD_NOT_RUN)
    if limit is None and format_ != "json":
        limit = SHOWN
    click.echo(write(format_, diff, (old, new), limit), nl=False)
    sys.exit(0 if diff.is_same else FOUND)


if __name__ == "__main__":
    main()
