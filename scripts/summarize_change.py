"""Progress in Markdown which rows of the tables a change removes, changes and adds."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import COULD_NOT_RUN, errors_in_one_line, project_option, texts_option


@click.command(
    epilog="Example: python scripts/summarize_change.py main tells the change of a branch since it left main."
)
@click.argument("base")
@texts_option
@project_option
def main(base: str, texts: Path | None, root: Path) -> None:
    """Progress in Markdown which rows of data/ are removed, changed and added since the work left BASE.

    BASE is a branch, tag or commit of the project's git repository. Removals come first: a released row is withdrawn,
    never removed. The coverage of the texts and the warnings on the records follow.
    """
    from curation.release.change import read_change, to_markdown
    from curation.release.files import SnapshotError
    from curation.release.git import GitError
    from curation.report.escape import escape_controls

    try:
        with errors_in_one_line():
            change = read_change(root, base, texts)
    except (GitError, SnapshotError) as error:
        click.echo(f"error: {escape_controls(str(error))}", err=True)
        sys.exit(COULD_NOT_RUN)
    click.echo(to_markdown(change), nl=False)


if __name__ == "__main__":
    main()
