"""Show a row beside the passage that it rests on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import COULD_NOT_RUN, errors_in_one_line, project_option, texts_option


@click.command(
    epilog="Example: python scripts/show.py SRC-0005-C012 shows a claim with its chain, figures and passage."
)
@click.argument("names", metavar="ID...", nargs=-1, required=True)
@texts_option
@project_option
def main(names: tuple[str, ...], texts: Path | None, root: Path) -> None:
    """Show the row that has the ID, what nests in it, its passage and the rows that refer to it.

    The ID is of a source, claim, quantity, actor or agreement.
    """
    from curation.project import read_project
    from curation.show import describe, find_row, row_names
    from russia_dprk_claims.checks.findings import did_you_mean

    with errors_in_one_line():
        project = read_project(root, texts)
    for name in names:
        found = find_row(project, name)
        if found is None:
            hint = did_you_mean(name, row_names(project))
            click.echo(f"error: no row has the id {name!r}" + (f" ({hint})" if hint else ""), err=True)
            sys.exit(COULD_NOT_RUN)
        for line in describe(project, *found):
            click.echo(line)


if __name__ == "__main__":
    main()
