"""Measure how often drafts of records are right."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import CLEAN, FOUND, errors_in_one_line, fail, one_at_a_time, project_option, texts_option


@click.command(epilog="Example: python scripts/drafting.py --check reports whether the page is up to date.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a short diff if the page is out of date.")
@texts_option
@project_option
def main(texts: Path | None, root: Path, check: bool) -> None:
    """Draft each text of the dataset as if it were new, compare it with its record, and write docs/DRAFTING.md.

    It needs all source texts, and takes a few seconds.
    """
    from curation.project import read_project
    from curation.write import changes, write_files

    with errors_in_one_line(extra="draft"):
        from curation.draft.measure import PATH, document

        project = read_project(root, texts)
        if project.texts.missing:
            fail(f"the texts of {', '.join(project.texts.missing)} are not available: name their folder with --texts")
        folder = root / "seeds" / "sources"
        records = {each: (folder / f"{each}.yaml").read_text(encoding="utf-8") for each in project.texts.by_source}
        files = {PATH: document(project.lineage, project.texts.by_source, records).encode("utf-8")}
    if check:
        stale = [diff for _, diff in changes(root, files)]
        click.echo("\n".join([*stale, "out of date: run scripts/drafting.py" if stale else "up to date"]))
        sys.exit(FOUND if stale else CLEAN)
    with one_at_a_time(root):
        changed = write_files(root, files)
    click.echo(f"built: {', '.join(changed)}" if changed else "up to date")


if __name__ == "__main__":
    main()
