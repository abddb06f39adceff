"""Turn the quotes of records into spans."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from curation.cli import FOUND, errors_in_one_line, one_at_a_time, print_findings, project_option, texts_option
from curation.report.counts import numbered


@click.command(epilog="Example: python scripts/seal.py SRC-0005 anchors the quotes of seeds/sources/SRC-0005.yaml.")
@click.argument("sources", nargs=-1)
@texts_option
@project_option
def main(sources: tuple[str, ...], texts: Path | None, root: Path) -> None:
    """Turn the quotes of records into spans, for the SOURCES named or for all.

    In a record write `quote: first words … last words`, or one whole phrase. The quote must occur exactly once in
    the text (for a figure: in the passage of its claim); otherwise the candidates are listed, and ` @2` after the
    quote selects the second. Only the quote itself is rewritten. The hashes of long passages go into seeds/seals/.
    """
    from curation.seeds.anchor import anchor_sources

    with errors_in_one_line(), one_at_a_time(root):
        result = anchor_sources(root, texts, sources)
    print_findings(result.findings)
    for source_id, (quotes, hashes) in result.sources.items():
        click.echo(f"{source_id}: {numbered(quotes, 'quote')} anchored, {numbered(hashes, 'long passage')} hashed")
    if result.findings:
        sys.exit(FOUND)


if __name__ == "__main__":
    main()
