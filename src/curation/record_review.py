"""The review of one record: each passage beside its claim in words, what nothing covers, and claims that resemble it.

Findings are grouped by their cause, so that one missing actor is one finding however many rows name it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from curation.project import Project
from curation.report.counts import numbered
from curation.seeds.spans import Span, gaps
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.package import Source, open_package
from russia_dprk_claims.wide import SEPARATOR, wide_cells

SIMILAR = 0.5
"""The share of their words that two claims have in common if they may say the same."""

_WORD = re.compile(r"\w{3,}")
# What is shown of a claim, as columns of `claims_wide`.
_SHOWN = (
    *("claim_text", "topic", "statement_kind", "temporal_status", "attribution", "origin", "polarity", "modality"),
    *("hedge", "figures", "transfers", "events", "actors", "event_date", "date_basis", "agreements", "relations"),
    *("note", "sentence"),
)
_LISTS = {"figures", "transfers", "events", "actors", "agreements", "relations"}
_STYLE = (
    "body{font:16px/1.5 sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}section{display:grid;"
    "grid-template-columns:1fr 1fr;gap:2rem;border-top:1px solid #999;padding:1rem 0}dt{font-weight:bold}"
    "blockquote{margin:0;white-space:pre-wrap}dd{margin:0 0 .5rem}"
)


@dataclass(frozen=True)
class ReviewedClaim:
    """A claim beside its passage: what was coded, by name, and the claims of other texts that resemble it."""

    claim_id: str
    passage: str
    coded: Sequence[tuple[str, str]]
    similar: Sequence[str]


@dataclass(frozen=True)
class RecordReview:
    """The claims of a record, the passages that it sets aside with the reason, and those that nothing covers."""

    source_id: str
    claims: Sequence[ReviewedClaim]
    set_aside: Sequence[tuple[str, str]]
    uncovered: Sequence[str]


def grouped(findings: Sequence[Finding]) -> list[str]:
    """Return findings in words, those of one rule about the same value as one, with the lines of the others."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        cause = (each.rule, each.value) if each.value else (each.rule, each.message, each.location.path)
        groups.setdefault(cause, []).append(each)
    lines = []
    for first, *others in groups.values():
        places = ", ".join(f"{each.location.line}:{each.location.column}" for each in others[:10])
        more = f" and {len(others) - 10} more" if len(others) > 10 else ""
        lines.append(f"{first}" + (f" — also at {places}{more}" if others else ""))
    return lines


def review_record(project: Project, package: Source, source_id: str) -> RecordReview:
    """Return the review of a valid record; `package` has the files that are built from the project."""
    text = project.texts.by_source.get(source_id)
    cells = wide_cells(open_package(package))
    rows = [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    own = [row for row in rows if row["source_id"] == source_id]
    words = {row["claim_id"]: set(_WORD.findall(row["claim_text"].casefold())) for row in rows}
    elsewhere = [row for row in rows if row["source_id"] != source_id]
    claims = []
    for row in own:
        span = Span(int(row["char_start"]), int(row["char_end"]))
        similar = [each for each in elsewhere if _alike(words[row["claim_id"]], words[each["claim_id"]])]
        claims.append(
            ReviewedClaim(
                row["claim_id"],
                span.of(text) if text else f"(characters {span}; the text is not available)",
                [(name.replace("_", " "), row[name]) for name in _SHOWN if row[name]],
                [f"{each['claim_id']}: {each['claim_text']}" for each in similar],
            )
        )
    spans = project.lineage.spans_by_source().get(source_id, ())
    open_ = [gap.of(text).strip() for gap in gaps(text, spans)] if text else []
    aside = [
        (row["reason"] or "", Span(int(row["char_start"] or 0), int(row["char_end"] or 0)))
        for row in project.tables["set_asides"].rows()
        if row["source_id"] == source_id
    ]
    set_aside = [(reason, span.of(text) if text else str(span)) for reason, span in aside]
    return RecordReview(source_id, claims, set_aside, [each for each in open_ if each])


def _alike(one: set[str], two: set[str]) -> bool:
    return len(one & two) > SIMILAR * len(one | two)


def as_text(review: RecordReview) -> Iterator[str]:
    """Yield the lines of a review for the terminal."""
    for claim in review.claims:
        yield from ("", claim.claim_id, f"  » {' '.join(claim.passage.split())} «")
        for name, value in claim.coded:
            parts = value.split(SEPARATOR) if name in _LISTS else [value]
            yield from (f"  {name if number == 0 else '':<15} {part}" for number, part in enumerate(parts))
        yield from (f"  {'similar':<15} {each}" for each in claim.similar)
    if review.set_aside:
        yield from ("", "set aside")
    yield from (f"  {reason:<15} » {' '.join(passage.split())} «" for reason, passage in review.set_aside)
    claims, uncovered = numbered(len(review.claims), "claim"), numbered(len(review.uncovered), "passage")
    yield from ("", f"{claims}; {uncovered} not covered")
    yield from (f"  » {' '.join(each.split())} «" for each in review.uncovered)


def as_html(review: RecordReview) -> str:
    """Return a page with each passage beside its claim; it loads nothing and runs nothing."""
    sections = "".join(
        f"<section id='{_text(claim.claim_id)}'><div><h2>{_text(claim.claim_id)}</h2>"
        f"<blockquote>{_text(claim.passage)}</blockquote></div><dl>{_definitions(claim)}</dl></section>"
        for claim in review.claims
    )
    aside = "".join(f"<dt>{_text(reason)}</dt><dd>{_text(passage)}</dd>" for reason, passage in review.set_aside)
    uncovered = "".join(f"<blockquote>{_text(each)}</blockquote>" for each in review.uncovered) or "<p>Nothing.</p>"
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(review.source_id)}</title><style>{_STYLE}</style><h1>{_text(review.source_id)}</h1>"
        f"{sections}<h2>What is set aside</h2><dl>{aside}</dl><h2>What nothing covers</h2>{uncovered}</html>\n"
    )


def _definitions(claim: ReviewedClaim) -> str:
    pairs: Iterable[tuple[str, str]] = [*claim.coded, *(("similar", each) for each in claim.similar)]
    return "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in pairs)


def _text(text: str) -> str:
    return html.escape(text, quote=True)
