"""Show rows beside their passages."""

from __future__ import annotations

from pathlib import Path

import click

from curation.cli import errors_in_one_line, fail, print_findings, project_option, texts_option


@click.command(
    epilog="Example: python scripts/show.py SRC-0005-C012 shows a claim with its chain, figures and passage."
)
@click.argument("names", metavar="ID...", nargs=-1, required=True)
@texts_option
@project_option
def main(names: tuple[str, ...], texts: Path | None, root: Path) -> None:
    """Show a row, the rows nested in it, its passage and the rows that refer to it.

    ID is the id of a source, claim, quantity, actor or agreement. A source lists its claims.
    """
    from curation.project import read_project
    from curation.show import describe, find_row, row_names
    from russia_dprk_claims.checks.findings import Severity, did_you_mean, in_order

    with errors_in_one_line():
        project = read_project(root, texts)
    for name in names:
        found = find_row(project, name)
        if found is None:
            # A record with an error may have the row.
            errors = [each for each in project.findings if each.severity is Severity.ERROR]
            print_findings(in_order(errors))
            hint = "correct these errors first" if errors else did_you_mean(name, row_names(project))
            fail(f"no row has the id {name!r}" + (f" ({hint})" if hint else ""))
        for line in describe(project, *found):
            click.echo(line)


if __name__ == "__main__":
    main()
