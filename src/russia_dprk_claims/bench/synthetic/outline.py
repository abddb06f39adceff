"""The outline: how many rows there are, which claims belong to which source, and which claim speaks first of which
actor and agreement.

It is the only thing that is known of the whole dataset at a time: a few numbers a source, an actor and an agreement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic.draws import Flags, Numbers, below, chance, popular, spread
from russia_dprk_claims.bench.synthetic.phrases import ORIGINS, SLUGS
from russia_dprk_claims.bench.synthetic.profile import Profile

FEWEST, MOST = 100, 50_000_000
BLOCK = 1_000_000
MOST_IN_SOURCE = 100
# Claims that may have an origin in common lie in one block of this many.
ORIGIN_BLOCK = 48
WITHDRAWN = 0.006
LINKS_BEHIND = 3


class SizeError(ValueError):
    """A number of claims for which no dataset can be made."""


@dataclass(frozen=True, eq=False)
class Outline:
    """What is known of a whole synthetic dataset of `claims` claims."""

    profile: Profile
    claims: int

    @cached_property
    def sources(self) -> int:
        """The number of sources."""
        return self.profile.rows_for("sources", self.claims)

    @cached_property
    def actors(self) -> int:
        """The number of actors."""
        return self.profile.rows_for("actors", self.claims)

    @cached_property
    def agreements(self) -> int:
        """The number of agreements."""
        return self.profile.rows_for("agreements", self.claims)

    @cached_property
    def source_ids(self) -> pl.Series:
        """The ids of the sources in the order of their code points."""
        return pl.Series([f"SRC-{number:04}" for number in range(1, self.sources + 1)], dtype=pl.String).sort()

    @cached_property
    def begins(self) -> Numbers:
        """The first claim of each source, and the number of claims behind the last one."""
        real = self.profile["claims"].rows["source_id"].value_counts(sort=True)["count"].to_numpy().astype(np.int64)
        sizes = np.sort(real)[below("source size", np.arange(self.sources), len(real))]
        # What is missing or too much is shared out evenly.
        missing = self.claims - int(sizes.sum())
        each, rest = divmod(missing, self.sources)
        sizes = sizes + each + (np.arange(self.sources) < rest)
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def source_of(self, claims: Numbers) -> Numbers:
        """Return the number of the source of each claim."""
        return np.searchsorted(self.begins, claims, side="right").astype(np.int64) - 1

    def claim_ids(self, claims: Numbers) -> pl.Series:
        """Return the ids of claims."""
        source = self.source_of(claims)
        number = pl.Series("number", claims - self.begins[source] + 1)
        of_source = self.source_ids.gather(pl.Series(source)).alias("source")
        padded = number.cast(pl.String).str.zfill(3)
        return pl.select(pl.concat_str(of_source, pl.lit("-C"), padded)).to_series()

    def pattern(self, claims: Numbers) -> Numbers:
        """Return the row of the real claim that each claim is patterned after."""
        return below("claim pattern", claims, len(self.profile["claims"]))

    def is_withdrawn(self, claims: Numbers) -> Flags:
        """Return which claims are withdrawn: never one that has none behind it in its source, nor two in a row, nor
        one that an agreement may rest on.
        """
        source = self.source_of(claims)
        within = claims - self.begins[source]
        unlinked = self.profile["claim_agreements"].count[self.pattern(claims)] == 0
        last = claims + 1 == self.begins[source + 1]
        withdrawn: Flags = chance("withdrawn", claims, 2 * WITHDRAWN) & (within % 2 == 0) & ~last & unlinked
        return withdrawn

    def origin(self, claims: Numbers) -> Numbers:
        """Return the number of the utterance that a claim goes back to, or -1: one of a few that neighbours share, or
        one that sources far apart share.
        """
        near = 2 * (claims // ORIGIN_BLOCK) + below("origin", claims, 2)
        far = 2 * (self.claims // ORIGIN_BLOCK + 1) + popular("far origin", claims, max(1, self.claims // 100))
        known = self.profile["claims"].has("origin_id", self.pattern(claims))
        return np.where(known, np.where(chance("origin is far", claims, 0.2), far, near), -1)

    @cached_property
    def actor_homes(self) -> Numbers:
        """The claim that each actor is surely named in, in ascending order."""
        naming = self._claims_with("claim_actors")
        return naming[np.arange(self.actors) * len(naming) // self.actors]

    @cached_property
    def linking(self) -> Numbers:
        """The claims that speak of an agreement."""
        return self._claims_with("claim_agreements")

    @cached_property
    def agreement_homes(self) -> Numbers:
        """The place, among the claims that speak of an agreement, of the first that speaks of each."""
        return np.arange(self.agreements, dtype=np.int64) * len(self.linking) // self.agreements

    def linked_places(self, agreements: Numbers) -> Numbers:
        """Return how many of the claims from its first on surely speak of each agreement."""
        nexts = np.append(self.agreement_homes, len(self.linking))[agreements + 1]
        return np.minimum(nexts - self.agreement_homes[agreements], LINKS_BEHIND)

    def actor_ids(self, actors: Numbers) -> pl.Series:
        """Return the ids of actors, whose code points are in the order of their numbers."""
        return _slugs("ACT", actors, self.actors)

    def agreement_ids(self, agreements: Numbers) -> pl.Series:
        """Return the ids of agreements, whose code points are in the order of their numbers."""
        return _slugs("AGR", agreements, self.agreements)

    def origin_ids(self, origins: Numbers) -> pl.Series:
        """Return the ids of origins, null for -1."""
        kind = pl.Series("kind", ORIGINS).gather(pl.Series(origins % len(ORIGINS)))
        whole = pl.concat_str(pl.lit("ORI-"), kind, pl.lit("-"), pl.Series("number", origins).cast(pl.String))
        return pl.select(pl.when(pl.Series("known", origins >= 0)).then(whole)).to_series()

    def popular_actors(self, name: str, numbers: Numbers) -> Numbers:
        """Return actors, a few of them very often."""
        return spread(popular(name, numbers, self.actors), self.actors)

    def popular_agreements(self, name: str, numbers: Numbers) -> Numbers:
        """Return agreements, a few of them very often."""
        return spread(popular(name, numbers, self.agreements), self.agreements)

    def chunks(self, size: int) -> Iterator[tuple[int, int]]:
        """Yield the numbers of sources, first and behind the last, that have about `size` claims together."""
        first = 0
        while first < self.sources:
            behind = int(np.searchsorted(self.begins, self.begins[first] + size, side="right")) - 1
            behind = min(max(behind, first + 1), self.sources)
            yield first, behind
            first = behind

    def _claims_with(self, table: str) -> Numbers:
        counts = self.profile[table].count
        blocks = (np.arange(at, min(at + BLOCK, self.claims), dtype=np.int64) for at in range(0, self.claims, BLOCK))
        return np.concatenate([block[counts[self.pattern(block)] > 0] for block in blocks])


def outline(profile: Profile, claims: int) -> Outline:
    """Return the outline of a dataset.

    Raises
    ------
    SizeError
        If there are too few claims or too many.
    """
    if not FEWEST <= claims <= MOST:
        raise SizeError(f"{claims} claims: choose a number from {FEWEST} to {MOST}")
    return Outline(profile, claims)


def _slugs(prefix: str, numbers: Numbers, size: int) -> pl.Series:
    """Return ids whose words ascend with the numbers, and whose figures tell those of one word apart."""
    word = pl.Series("word", SLUGS).gather(pl.Series(numbers * len(SLUGS) // size))
    figures = pl.Series("figures", numbers).cast(pl.String).str.zfill(len(str(size)))
    return pl.select(pl.concat_str(pl.lit(f"{prefix}-"), word, pl.lit("-"), figures)).to_series()
