"""The overview: what the first view says, as plain values for the template: counts, coverage, citation, downloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curation.documents.metadata.jsonld import Download
from curation.lineage import ROOT
from curation.site.content import Content
from curation.site.figures.figure import in_words
from curation.spans import Span, span_of
from russia_dprk_claims.loader.citing import citation

STYLES = {"text": "Text", "bibtex": "BibTeX", "csl": "CSL-JSON", "cff": "CITATION.cff"}


@dataclass(frozen=True)
class SourceLine:
    """What the overview says of a source; the shares are of its characters, in per cent."""

    source_id: str
    label: str
    kind: str
    published: str
    length: int
    claims: int
    figures: int
    set_asides: int
    claimed: float
    aside: float


@dataclass(frozen=True)
class Count:
    """How many rows a table has."""

    table: str
    title: str
    rows: int


def counts(content: Content) -> list[Count]:
    """Return how many rows each table has."""
    return [Count(table.name, table.title, len(content.tables[table.name])) for table in content.contract]


def citations(content: Content) -> list[tuple[str, str, str]]:
    """Return the citation in every style, with the style and what it is called."""
    return [(style, name, citation(content.release.descriptor, style)) for style, name in STYLES.items()]


def source_lines(content: Content) -> list[SourceLine]:
    """Return what the overview says of each source."""
    rows = content.lineage.counts_by_source()
    claims, aside = _spans(content, "claims"), _spans(content, "set_asides")
    return [
        SourceLine(
            source_id=key,
            label=cells["label"] or "",
            kind=in_words(cells["source_type"] or ""),
            published=cells["published_on"] or "",
            length=(length := int(cells["text_length"] or 0)),
            claims=rows.get("claims", {}).get(key, 0),
            figures=rows.get("quantities", {}).get(key, 0),
            set_asides=rows.get("set_asides", {}).get(key, 0),
            claimed=_share(claims.get(key, ()), length),
            aside=_share((*claims.get(key, ()), *aside.get(key, ())), length) - _share(claims.get(key, ()), length),
        )
        for cells in content.tables[ROOT].rows()
        if (key := cells["source_id"])
    ]


def _spans(content: Content, table: str) -> dict[str, list[Span]]:
    raw = content.tables[table]
    spans: dict[str, list[Span]] = {}
    for index, source in enumerate(raw.cells["source_id"]):
        span = span_of(raw, index)
        if span and source:
            spans.setdefault(source, []).append(span)
    return spans


def _share(spans: Sequence[Span], length: int) -> float:
    return 100 * covered(spans) / length if length else 0


def covered(spans: Iterable[Span]) -> int:
    """Return how many characters lie in at least one of the spans.

    Examples
    --------
    >>> covered([Span(0, 4), Span(2, 6), Span(10, 11)])
    7
    """
    total = end = 0
    for span in sorted(spans):
        total += max(0, span.end - max(span.start, end))
        end = max(end, span.end)
    return total


def size_in_words(size: int) -> str:
    """Return a number of bytes as people say it.

    Examples
    --------
    >>> size_in_words(446_310), size_in_words(1_500_000)
    ('446 kB', '1.5 MB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def grouped(downloads: Iterable[Download]) -> list[tuple[str, list[Download]]]:
    """Return the downloads under what people look for, leaving out what there is none of."""
    heads = {
        "Whole": (".zip", ".db", ".json"),
        "Tables as CSV": (".csv",),
        "Tables as Parquet": (".parquet",),
    }
    listed = list(downloads)
    named = [(head, [each for each in listed if each.name.endswith(ends)]) for head, ends in heads.items()]
    return [(head, members) for head, members in named if members]
