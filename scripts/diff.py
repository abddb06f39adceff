"""Compare two releases, or summarize a branch for review: tables and columns, vocabularies, rows and cells."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import CLEAN, FOUND, errors_in_one_line, project_option, texts_option

LIMIT = 50


@click.command(epilog="Example: python scripts/diff.py v1.0.0 shows what changed since release 1.0.0.")
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "markdown", "json", "review"]),
    default="terminal",
    show_default=True,
    help="The format; markdown begins with the row counts for the changelog, review is for pull requests.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=f"How many rows of each kind and table are shown; all are counted.  [default: {LIMIT}; json: all]",
)
@texts_option
@project_option
def main(root: Path, old: str, new: str | None, format_: str, limit: int | None, texts: Path | None) -> None:
    """Compare the release OLD with NEW, by default the project.

    Each is a zip file, a folder, a revision of the project's repository, or `none`, an empty release. A file or
    folder takes precedence over a revision of the same name. Rows are matched by primary key. Exits 0 if the
    releases are equal, 1 if they differ, 2 if it could not run.

    With --format review, OLD is the branch, tag or commit that the current branch left. The summary shows the changes
    since then, removals first, then the coverage of the source texts and the warnings; the exit code is 0.
    """
    from curation.release.diff import compare
    from curation.release.diff_report import write
    from curation.release.git import ReleaseError
    from curation.release.review import read_review, write_review
    from curation.release.snapshot import read_snapshot

    if format_ == "review" and new is not None:
        raise click.UsageError("--format review compares with the project: give OLD alone")
    with errors_in_one_line(ReleaseError):
        if format_ == "review":
            click.echo(write_review(read_review(root, old, texts)), nl=False)
            return
        new = new or str(root)
        diff = compare(read_snapshot(old, root), read_snapshot(new, root))
    limit = LIMIT if limit is None and format_ != "json" else limit
    click.echo(write(format_, diff, (old, new), limit), nl=False)
    sys.exit(CLEAN if diff.is_equal else FOUND)


if __name__ == "__main__":
    main()
