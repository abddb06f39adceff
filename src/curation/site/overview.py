"""What the overview of the page shows: counts, coverage of the sources, citations and downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from curation.documents.metadata import Download
from curation.site.content import Content
from curation.site.figures import humanize
from russia_dprk_claims.citation import citation

STYLES = {"text": "Text", "bibtex": "BibTeX", "csl": "CSL-JSON", "cff": "CITATION.cff"}
DOWNLOAD_GROUPS = {
    "Everything": (".zip", ".db", ".json"),
    "Tables as CSV": (".csv",),
    "Tables as Parquet": (".parquet",),
}


@dataclass(frozen=True)
class SourceLine:
    """The line of a source: its description, its numbers of rows, and its coverage in per cent of characters."""

    source_id: str
    label: str
    kind: str
    published: str
    length: int
    claims: int
    quantities: int
    set_asides: int
    claimed: float
    aside: float  # set aside, and in no claim


def citations(content: Content) -> list[tuple[str, str, str]]:
    """Return each citation style, its name and the citation in it."""
    return [(style, name, citation(content.package.descriptor, style)) for style, name in STYLES.items()]


def source_lines(content: Content) -> list[SourceLine]:
    """Return the line of each source."""
    claims, asides = content.rows("claims"), content.rows("set_asides")
    source_of = {claim["claim_id"]: claim["source_id"] for claim in claims}
    quantities = Counter(source_of.get(row["claim_id"]) for row in content.rows("quantities"))
    lines = []
    for source in content.rows("sources"):
        key, length = source["source_id"], source["text_length"] or 0
        own, aside = ([row for row in rows if row["source_id"] == key] for rows in (claims, asides))
        spans, all_spans = ([(row["char_start"], row["char_end"]) for row in rows] for rows in (own, own + aside))
        share = 100 / length if length else 0
        line = SourceLine(
            source_id=key,
            label=source["label"] or "",
            kind=humanize(source["source_type"] or ""),
            published=source["published_on"] or "",
            length=length,
            claims=len(own),
            quantities=quantities[key],
            set_asides=len(aside),
            claimed=share * covered(spans),
            aside=share * (covered(all_spans) - covered(spans)),
        )
        lines.append(line)
    return lines


def covered(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many characters lie in at least one span.

    Examples
    --------
    >>> covered([(0, 4), (2, 6), (10, 11)])
    7
    """
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def size_in_words(size: int) -> str:
    """Return a number of bytes with a unit.

    Examples
    --------
    >>> size_in_words(446_310), size_in_words(1_500_000)
    ('446 kB', '1.5 MB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def grouped(downloads: Iterable[Download]) -> list[tuple[str, list[Download]]]:
    """Return the downloads under headings; empty groups are left out."""
    files = list(downloads)
    groups = [(head, [each for each in files if each.name.endswith(ends)]) for head, ends in DOWNLOAD_GROUPS.items()]
    return [(head, members) for head, members in groups if members]
