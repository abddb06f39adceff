"""Build every generated file from the seed records."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from curation.cli import (
    CLEAN,
    FOUND,
    errors_in_one_line,
    one_at_a_time,
    print_findings,
    progress,
    project_option,
    texts_option,
)


@click.command(epilog="Example: python scripts/build.py --check reports whether the generated files are up to date.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a short diff of each file that is out of date.")
@texts_option
@project_option
def main(root: Path, texts: Path | None, check: bool) -> None:
    """Build every generated file: data/, datapackage.json, the codebook, editor/, CITATION.cff and .zenodo.json.

    Each record is checked against the contract and, if available, the source texts. If there is an error, nothing is
    written and the exit code is 1.
    """
    from curation.generate import build, write
    from curation.project import read_project
    from curation.reliability.codings import changed_codings
    from curation.report.escape import escape_controls
    from curation.show import unverified
    from curation.write import differences, torn_tables

    with errors_in_one_line(), nullcontext() if check else one_at_a_time(root):
        progress("reading the seed records")
        project = read_project(root, texts)
        progress("checking and building")
        files, findings = build(project)
        print_findings(findings)
        if not files:
            click.echo("nothing to compare" if check else "nothing was written", err=True)
            sys.exit(FOUND)
        if check:
            changed = changed_codings(root)
            if changed:
                click.echo(f"the blind codings are frozen: restore {', '.join(changed)}", err=True)
                sys.exit(FOUND)
            stale = [diff for _, diff in differences(root, files)]
            kind = "incomplete build or changed files" if torn_tables(root) else "out of date"
            click.echo("\n".join([*stale, f"{kind}: run scripts/build.py" if stale else "up to date"]))
            sys.exit(FOUND if stale else CLEAN)
        changed = write(root, files)
    if line := unverified(project):
        click.echo(line)
    written, removed = [path for path in changed if path in files], [path for path in changed if path not in files]
    parts = [f"{verb}: {', '.join(paths)}" for verb, paths in (("built", written), ("removed", removed)) if paths]
    click.echo(escape_controls("; ".join(parts)) or f"up to date: all {len(files)} generated files")


if __name__ == "__main__":
    main()
