"""The page `docs/DRAFTING.md`: `page.md` with what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from curation.documents.codebook import markdown_table
from curation.draft.measure import Measures, Share, kept, measure
from curation.draft.passages import LONGEST_TEXT, MOST_PASSAGES
from curation.lineage import Lineage

PATH = "docs/DRAFTING.md"
UNSEEN = "SRC-0005"
"""The text whose errors nobody looked at while the rules were written."""
_HEADER = f" | recall | precision | recall, {UNSEEN} | precision, {UNSEEN}"


def document(lineage: Lineage, texts: Mapping[str, str], records: Mapping[str, str]) -> str:
    """Return the page as Markdown, from the dataset, its texts and the YAML of its records."""
    measured = {source: measure(text, lineage, source) for source, text in sorted(texts.items())}
    shares = {source: kept(text, lineage, source, records[source]) for source, text in sorted(texts.items())}
    rows = {name: [each[name] for each in shares.values()] for name in shares[min(shares)]}
    return (
        (Path(__file__).parent / "page.md")
        .read_text(encoding="utf-8")
        .format(
            longest=f"{LONGEST_TEXT:,}",
            passages=f"{MOST_PASSAGES:,}",
            table="\n".join(markdown_table(_HEADER, _rows(measured))),
            kept="\n".join(
                markdown_table(
                    " | ".join(["", *sorted(texts), "all"]),
                    (
                        (name, *(f"{each.hits / each.total:.2f}" for each in (*row, _sum(row))))
                        for name, row in rows.items()
                    ),
                )
            ),
        )
    )


def _rows(measured: Mapping[str, Measures]) -> Iterator[tuple[str, ...]]:
    for name, unseen in measured[UNSEEN].items():
        both = zip(*(each[name] for each in measured.values()), strict=True)
        yield name, *(str(_sum(each)) for each in both), *map(str, unseen)


def _sum(shares: Iterable[Share]) -> Share:
    return sum(shares, Share())
