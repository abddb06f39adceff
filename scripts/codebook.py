"""Write docs/CODEBOOK.md from the contract and the rules."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import FOUND, project_option, stopping_at_broken_contract


@click.command(epilog="Example: python scripts/codebook.py --check says whether the page is up to date.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the page is not up to date.")
@project_option
def main(root: Path, check: bool) -> None:
    """Write docs/CODEBOOK.md: every table, column, vocabulary value and rule."""
    from curation.documents.codebook import PATH, codebook
    from curation.write import write_files
    from russia_dprk_claims.contract import read_contract

    with stopping_at_broken_contract():
        content = codebook(read_contract(root / "schemas")).encode("utf-8")
    path = root / PATH
    current = path.is_file() and path.read_bytes() == content
    if check:
        click.echo("up to date" if current else "not up to date: run scripts/codebook.py")
        sys.exit(0 if current else FOUND)
    if not current:
        write_files(root, {PATH: content})
    click.echo(f"{'unchanged' if current else 'written'}: {PATH}")


if __name__ == "__main__":
    main()
