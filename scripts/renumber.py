"""Give a record that was never released the next free id."""

from __future__ import annotations

from pathlib import Path

import click

from curation.cli import errors_in_one_line, project_option


@click.command(epilog="Example: python scripts/renumber.py SRC-0006 --base main")
@click.argument("source")
@click.option("--base", metavar="BRANCH", help="A branch whose ids are not free either, such as main.")
@project_option
def main(root: Path, source: str, base: str | None) -> None:
    """Give the record SOURCE the next free id, in its file name and in every seed file.

    Run it when another contribution has taken the id meanwhile, before you merge the two. Afterwards run
    scripts/build.py.
    """
    from curation.release.git import ReleaseError
    from curation.renumber import RenumberError, renumber

    with errors_in_one_line(ReleaseError, RenumberError):
        new_id = renumber(root, source, base)
    click.echo(f"{source} is now {new_id}: run scripts/build.py, and correct the changelog if it names {source}")


if __name__ == "__main__":
    main()
