"""Compute how far the two blind codings agree."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from curation.cli import CLEAN, FOUND, errors_in_one_line, one_at_a_time, project_option


@click.command(epilog="Example: python scripts/reliability.py --check reports whether both files are up to date.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a short diff of each file that is out of date.")
@project_option
def main(root: Path, check: bool) -> None:
    """Compare the blind codings in seeds/codings, and write docs/RELIABILITY.md and seeds/reliability.yaml.

    The build makes the table `reliability` from the latter. This takes about ten seconds. The same codings give the
    same bytes on every machine.
    """
    from curation.reliability.codings import read_codings
    from curation.reliability.document import PATH, document
    from curation.reliability.table import SEED_FILE, reliability, seed_file
    from curation.write import changes, write_files

    with errors_in_one_line(ValueError, extra="reliability"), nullcontext() if check else one_at_a_time(root):
        contract, first, second = read_codings(root)
        rows = reliability(first, second, contract)
        files = {PATH: document(rows, first, second).encode("utf-8"), SEED_FILE: seed_file(rows)}
        if check:
            stale = [diff for _, diff in changes(root, files)]
            click.echo("\n".join([*stale, "out of date: run scripts/reliability.py" if stale else "up to date"]))
            sys.exit(FOUND if stale else CLEAN)
        changed = write_files(root, files)
    click.echo(f"built: {', '.join(changed)}" if changed else "up to date")


if __name__ == "__main__":
    main()
