"""Check one record from its quotes to its review."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import FOUND, errors_in_one_line, one_at_a_time, progress, project_option, texts_option

REVIEWS = "review"


@click.command(epilog="Example: python scripts/check.py SRC-0006")
@click.argument("source")
@texts_option
@project_option
def main(root: Path, source: str, texts: Path | None) -> None:
    """Anchor the quotes of the record SOURCE, build and validate the project, and show the record for a last reading.

    All findings of all steps are shown at once, grouped by their cause. If there are none, each passage is shown beside
    what was coded from it, in the terminal and as a page in review/, which git ignores. The page has passages of the
    text: do not publish it. Exits 0 if the project is valid, 1 if it is not.
    """
    from curation.generate import build, write
    from curation.project import read_project
    from curation.record_review import as_html, as_text, grouped, review_record
    from curation.report.counts import tally
    from curation.report.escape import escape_controls
    from curation.seeds.anchor import anchor_sources
    from curation.validate import validate_project
    from curation.write import write_files
    from russia_dprk_claims.checks.findings import has_errors, in_order
    from russia_dprk_claims.package import schema_path

    with errors_in_one_line(), one_at_a_time(root):
        progress("anchoring quotes")
        anchored = anchor_sources(root, texts, [source])
        progress("reading the seed records")
        project = read_project(root, texts)
        progress("checking and building")
        built = build(project)
        # A quote that could not be anchored has one finding, which says why.
        known = {each.location.path for each in anchored.findings}
        others = [each for each in built.findings if each.rule != "unsealed-quote" or each.location.path not in known]
        findings = in_order([*anchored.findings, *others])
        if built.files and not has_errors(findings):
            write(root, built.files)
            findings = validate_project(project, progress).findings
    for line in grouped(findings):
        click.echo(escape_controls(line))
    if has_errors(findings):
        click.echo(tally(findings), err=True)
        sys.exit(FOUND)
    paths = [schema_path(each.name) for each in project.contract]
    schemas = {path: (root / path).read_bytes() for path in paths}
    review = review_record(project, {**built.files, **schemas}, source)
    for line in as_text(review):
        click.echo(escape_controls(line))
    path = f"{REVIEWS}/{source}.html"
    write_files(root, {path: as_html(review).encode("utf-8")})
    click.echo(f"valid; the same page is {path}", err=True)


if __name__ == "__main__":
    main()
