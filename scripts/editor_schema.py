"""Write the JSON Schemas that tell an editor what a seed file may say."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import FOUND, project_option, stopping_at_broken_contract


@click.command(epilog="Example: python scripts/editor_schema.py --check says whether the schemas fit the contract.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the files that are not up to date.")
@project_option
def main(root: Path, check: bool) -> None:
    """Write the JSON Schemas that tell an editor what a seed file may say, all or nothing.

    They are made from schemas/ and lie in editor/. The first line of a seed file leads there, so that an editor with
    a YAML language server completes columns and values, explains them, and marks mistakes while they are typed.
    """
    from curation.documents.editor_schema import editor_files
    from curation.write import write_files
    from russia_dprk_claims.contract import read_contract

    with stopping_at_broken_contract():
        files = editor_files(read_contract(root / "schemas"))
    stale = [path for path, data in files.items() if not (root / path).is_file() or (root / path).read_bytes() != data]
    if check:
        for path in stale:
            click.echo(f"{path}: not what schemas/ give")
        click.echo("not up to date: run scripts/editor_schema.py" if stale else "up to date")
        sys.exit(FOUND if stale else 0)
    if stale:
        write_files(root, files)
    click.echo("written: editor/" if stale else "unchanged: editor/")


if __name__ == "__main__":
    main()
