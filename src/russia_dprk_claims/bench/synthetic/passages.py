"""Passages: claims and set-aside passages laid out one behind the other in texts that nobody wrote, and the sources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic import dates
from russia_dprk_claims.bench.synthetic.cells import (
    Cells,
    any_of,
    frame,
    joined,
    pick,
    sha256,
    sprinkled,
    text,
    vocabulary,
)
from russia_dprk_claims.bench.synthetic.cells import where as cell_where
from russia_dprk_claims.bench.synthetic.draws import Flags, Numbers, below, chance, stride
from russia_dprk_claims.bench.synthetic.outline import Outline
from russia_dprk_claims.bench.synthetic.phrases import (
    AFTERTHOUGHTS,
    AUTHORS,
    DEEDS,
    HEDGES,
    KINDS,
    LABELS,
    LEADS,
    PLACES,
    REASONS,
    REMARKS,
    THINGS,
    TITLES,
)
from russia_dprk_claims.spans import SHORTEST_HASHED

OBJECTS = len(THINGS) * len(KINDS)
SHORTEST = 25
# No rule asks for more where the topic is any other than these.
BOUND_TOPICS = ("arms_transfer", "un_vote")


@dataclass(frozen=True)
class Passages:
    """The claims of some sources: their numbers, sources, patterns and spans, and what is set aside behind them."""

    outline: Outline
    first_source: int
    sources: Numbers
    claims: Numbers
    source: Numbers
    pattern: Numbers
    start: Numbers
    end: Numbers
    ids: pl.Series
    aside_behind: Flags
    aside_length: Numbers

    def in_source(self) -> Numbers:
        """Return the number of each claim in its source."""
        return self.claims - self.outline.begins[self.source]


def passages(outline: Outline, first: int, behind: int) -> Passages:
    """Return the passages of the sources from `first` up to, but not including, `behind`."""
    begins = outline.begins
    claims = np.arange(begins[first], begins[behind], dtype=np.int64)
    source, pattern = outline.source_of(claims), outline.pattern(claims)
    length = _lengths(outline, claims, pattern)
    rows = outline.profile["set_asides"]
    # Each source has a heading set aside before its first claim.
    aside = chance("aside", claims, (len(rows) - len(outline.profile["sources"])) / len(outline.profile["claims"]))
    aside_length = 20 + below("aside length", claims, 120)
    step = length + 1 + np.where(aside, aside_length + 1, 0)
    running = np.cumsum(step) - step
    start = running - running[begins[source] - begins[first]] + heading_length(source) + 1
    return Passages(
        outline=outline,
        first_source=first,
        sources=np.arange(first, behind, dtype=np.int64),
        claims=claims,
        source=source,
        pattern=pattern,
        start=start,
        end=start + length,
        ids=outline.claim_ids(claims),
        aside_behind=aside,
        aside_length=aside_length,
    )


def heading_length(source: Numbers) -> Numbers:
    """Return the length of the heading of each source."""
    return 12 + below("heading", source, 60)


def _lengths(outline: Outline, claims: Numbers, pattern: Numbers) -> Numbers:
    real = outline.profile["claims"].rows
    known = (real["char_end"].cast(pl.Int64) - real["char_start"].cast(pl.Int64)).to_numpy()
    # Short passages stay short, so that as many as in the real dataset have no hash.
    longer = known[pattern] >= SHORTEST_HASHED
    length = known[pattern] + below("length", claims, 15) - 7
    bounded: Numbers = np.where(longer, np.maximum(length, SHORTEST_HASHED), np.minimum(length, SHORTEST_HASHED - 1))
    return np.maximum(bounded, SHORTEST)


# --- claims -------------------------------------------------------------------------------------------------------


def claim_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `claims`."""
    outline, claims, pattern = made.outline, made.claims, made.pattern
    real, contract = outline.profile["claims"], outline.profile.contract
    copied = {
        name: real.column(name, pattern)
        for name in ("statement_kind", "polarity", "modality", "temporal_status", "date_basis", "date_status")
    }
    withdrawn = outline.is_withdrawn(claims)
    date = dates.calendar()[pl.Series(_event_dates(made))]
    dated = real.has("event_date", pattern)
    hashed = made.end - made.start >= SHORTEST_HASHED
    cells: Cells = {
        **copied,
        "claim_id": made.ids,
        "source_id": outline.source_ids.gather(pl.Series(made.source)),
        "char_start": made.start,
        "char_end": made.end,
        "span_sha256": cell_where(hashed, sha256("span", claims)),
        "claim_text": _texts(made),
        "topic": _topics(made),
        "hedge": cell_where(real.has("hedge", pattern), any_of("hedge", claims, HEDGES)),
        "event_date": cell_where(dated, date["date"]),
        "event_date_earliest": cell_where(dated, date["earliest"]),
        "event_date_latest": cell_where(dated, date["latest"]),
        "origin_id": outline.origin_ids(outline.origin(claims)),
        "record_status": cell_where(withdrawn, "withdrawn", "active"),
        "superseded_by": cell_where(withdrawn & chance("superseded", claims, 0.7), made.ids.shift(-1)),
        "note": cell_where(real.has("note", pattern) | withdrawn, _notes("claims", claims)),
    }
    return frame(contract["claims"], cells)


def _texts(made: Passages) -> pl.Series:
    """Return claim texts, no two of a source alike: each has another pair of a thing and a kind, and where a source
    has more claims than there are pairs, the same pair has another lead the next time.
    """
    claims, number = made.claims, made.in_source()
    pair = (number * stride(OBJECTS) + below("objects", made.source, OBJECTS)) % OBJECTS
    lead = (below("lead", made.source * OBJECTS + pair, len(LEADS)) + number // OBJECTS) % len(LEADS)
    return joined(
        *(pick(LEADS, lead), " ", any_of("deed", claims, DEEDS), " "),
        *(pick(THINGS, pair // len(KINDS)), " ", pick(KINDS, pair % len(KINDS))),
        *(any_of("place", claims, PLACES), any_of("afterthought", claims, AFTERTHOUGHTS), "."),
    )


def _notes(name: str, numbers: Numbers) -> pl.Series:
    reasons = any_of(f"{name} reason", numbers, REASONS)
    return joined(any_of(f"{name} remark", numbers, REMARKS), reasons)


def notes(name: str, numbers: Numbers) -> pl.Series:
    """Return a note for each number."""
    return _notes(name, numbers)


def _topics(made: Passages) -> pl.Series:
    outline = made.outline
    topics = outline.profile["claims"].column("topic", made.pattern)
    free = [each for each in vocabulary(outline.profile.contract, "claims", "topic") if each not in BOUND_TOPICS]
    bound: Flags = topics.is_in(list(BOUND_TOPICS)).to_numpy()
    return sprinkled("topic", made.claims, topics, free, 0.06, ~bound)


def _event_dates(made: Passages) -> Numbers:
    """Return a date for each claim: a past event is a month or more before its source was published."""
    real, claims = made.outline.profile["claims"], made.claims
    published = published_month(made.source)
    past = published - 1 - below("months ago", claims, 24)
    later = published - 6 + below("months from now", claims, 24)
    month = np.where(real.equals("temporal_status", "past", made.pattern), past, later)
    return dates.any_date("event", claims, month)


# --- sources ------------------------------------------------------------------------------------------------------


def published_month(source: Numbers) -> Numbers:
    """Return the month in which each source was published, counted from the beginning of the calendar."""
    return 36 + below("published", source, dates.MONTHS - 36 - 24)


def source_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `sources`."""
    outline, sources = made.outline, made.sources
    profile, contract = outline.profile, outline.profile.contract
    real, pattern = profile["sources"], below("source pattern", sources, len(profile["sources"]))
    basis = sprinkled(
        "basis",
        sources,
        real.column("published_basis", pattern),
        vocabulary(contract, "sources", "published_basis"),
        0.4,
    )
    ids = outline.source_ids.gather(pl.Series(sources))
    known: Flags = (basis != "unknown").to_numpy()
    published = dates.calendar()["date"].gather(
        pl.Series(dates.printed_date("published", sources, published_month(sources)))
    )
    kinds = vocabulary(contract, "sources", "source_type")
    rare = chance("has an address", sources, 0.1)
    cells: Cells = {
        "source_id": ids,
        "label": joined(any_of("label", sources, LABELS), ", number ", text(sources + 1)),
        "title": cell_where(chance("has a title", sources, 0.05), any_of("title", sources, TITLES)),
        "source_type": sprinkled("source type", sources, real.column("source_type", pattern), kinds, 0.25),
        "publisher_id": cell_where(
            real.has("publisher_id", pattern), outline.actor_ids(outline.popular_actors("publisher", sources))
        ),
        "author": cell_where(chance("has an author", sources, 0.05), any_of("author", sources, AUTHORS)),
        "published_on": cell_where(known, published),
        "published_basis": basis,
        "language": any_of("language", sources, ("en", "en", "en", "ko", "ru", "ja", "zh-Hans")),
        "translated_from": cell_where(
            real.has("translated_from", pattern), any_of("from", sources, ("fr", "de", "uk"))
        ),
        "url": cell_where(rare, joined("https://example.org/texts/", text(sources + 1), "?part=1,2")),
        "archive_url": cell_where(
            chance("is archived", sources, 0.05), joined("https://example.org/archive/", text(sources + 1))
        ),
        "access": sprinkled(
            "access", sources, real.column("access", pattern), vocabulary(contract, "sources", "access"), 0.1
        ),
        "text_name": joined("text-", text(sources + 1).str.zfill(6), ".txt"),
        "text_sha256": sha256("text", sources),
        "text_length": _text_lengths(made),
        "coded_by": joined("coder-", text(1 + below("coder", sources, 12))),
        "coded_on": joined(
            "2026-",
            text(1 + below("month", sources, 12)).str.zfill(2),
            "-",
            text(1 + below("day", sources, 28)).str.zfill(2),
        ),
        "codebook_version": real.column("codebook_version", pattern),
        # What a text lacks and how it was dated takes several sentences.
        "note": joined(*(notes(f"sources {each}", sources) if each % 2 == 0 else " " for each in range(11))),
    }
    return frame(contract["sources"], cells)


def _ends(made: Passages) -> Numbers:
    return made.end + np.where(made.aside_behind, made.aside_length + 1, 0)


def _text_lengths(made: Passages) -> Numbers:
    """Return the lengths of the texts: each ends with its last passage and a line end."""
    begins = made.outline.begins
    lengths: Numbers = _ends(made)[begins[made.sources + 1] - 1 - begins[made.first_source]] + 1
    return lengths


def set_aside_rows(made: Passages) -> pl.DataFrame:
    """Return the rows of `set_asides`: the heading of each source, and passages behind some claims."""
    outline = made.outline
    contract = outline.profile.contract
    real = outline.profile["set_asides"]
    behind = np.flatnonzero(made.aside_behind)
    claims = made.claims[behind]
    start = np.concatenate([np.zeros(len(made.sources), dtype=np.int64), made.end[behind] + 1])
    end = np.concatenate([heading_length(made.sources), made.end[behind] + 1 + made.aside_length[behind]])
    source = np.concatenate([made.sources, made.source[behind]])
    reason = sprinkled(
        *("reason", claims, real.column("reason", below("reason", claims, len(real)))),
        vocabulary(contract, "set_asides", "reason"),
        0.1,
    )
    reasons = pl.concat([pick(("heading",), np.zeros(len(made.sources), dtype=np.int64)), reason])
    order = np.lexsort((start, source))
    cells: Cells = {
        "source_id": outline.source_ids.gather(pl.Series(source[order])),
        "char_start": start[order],
        "char_end": end[order],
        "reason": reasons.gather(pl.Series(order)),
    }
    return frame(contract["set_asides"], cells)
