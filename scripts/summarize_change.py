"""Say in Markdown which rows of the tables a change removes, changes and adds."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from russia_dprk_claims.commands import COULD_NOT_RUN, project_option, stopping_at_broken_contract


@click.command(
    epilog="Example: python scripts/summarize_change.py main tells the change of a branch since it left main."
)
@click.argument("base")
@project_option
def main(base: str, root: Path) -> None:
    """Say in Markdown which rows of data/ are removed, changed and added since the work left BASE.

    BASE is a branch, tag or commit of the project's git repository. Removals come first: a released row is withdrawn,
    never removed.
    """
    from russia_dprk_claims.change import compare, to_markdown
    from russia_dprk_claims.contract import read_contract
    from russia_dprk_claims.revisions import RevisionError, merge_base, tables_at, tables_on_disk

    with stopping_at_broken_contract():
        contract = read_contract(root / "schemas")
    try:
        changes = compare(contract, tables_at(root, merge_base(root, base)), tables_on_disk(root))
    except RevisionError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(COULD_NOT_RUN)
    click.echo(to_markdown(changes), nl=False)


if __name__ == "__main__":
    main()
