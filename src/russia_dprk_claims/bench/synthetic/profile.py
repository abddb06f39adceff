"""The profile: the rows of the real dataset as patterns, each with all that nests in it.

A synthetic claim copies the coded values of a real one, with its chain, figures, actors, agreements and relations as
they hang together, and has texts, names, dates, figures and references of its own. So proportions, vocabularies and
empty cells are those of the real dataset without being listed anywhere, and what the rules demand of values that hang
together holds, as it holds of the real rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic.draws import Flags, Numbers
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.package.descriptor import data_path


class ProfileError(ValueError):
    """Tables from which no dataset can be made."""


@dataclass(frozen=True)
class Patterns:
    """The rows of one real table, and where those of each row of the table that it nests in begin and how many there
    are.
    """

    rows: pl.DataFrame
    begin: Numbers
    count: Numbers

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def column(self, name: str, rows: Numbers) -> pl.Series:
        """Return the cells of a column in some rows."""
        return self.rows[name].gather(pl.Series(rows))

    def has(self, name: str, rows: Numbers) -> Flags:
        """Return in which of some rows a column is not empty."""
        known: Flags = self.rows[name].is_not_null().to_numpy()
        return known[rows]

    def equals(self, name: str, value: str, rows: Numbers) -> Flags:
        """Return in which of some rows a column has a value."""
        known: Flags = (self.rows[name] == value).fill_null(False).to_numpy()
        return known[rows]


@dataclass(frozen=True, eq=False)
class Profile:
    """The patterns of all tables."""

    contract: Contract
    tables: Mapping[str, Patterns]

    def __getitem__(self, name: str) -> Patterns:
        """Return the patterns of a table."""
        return self.tables[name]

    def rows_for(self, name: str, claims: int) -> int:
        """Return how many rows a table has for so many claims."""
        return max(1, round(len(self[name]) * claims / len(self["claims"])))

    @cached_property
    def slots(self) -> Numbers:
        """The number of each row of `claim_actors` among the different actors of its claim."""
        return _slots(self["claim_actors"], "actor_id")


def _slots(patterns: Patterns, column: str) -> Numbers:
    slots = np.zeros(len(patterns), dtype=np.int64)
    values = patterns.rows[column].to_list()
    for begin, count in zip(patterns.begin.tolist(), patterns.count.tolist(), strict=True):
        own = values[begin : begin + count]
        different = list(dict.fromkeys(own))
        slots[begin : begin + count] = [different.index(each) for each in own]
    return slots


def read_profile(folder: Path, contract: Contract) -> Profile:
    """Read the tables of the real dataset.

    Parameters
    ----------
    folder
        The folder that holds `data/`.
    contract
        The tables.

    Returns
    -------
    Profile
        The patterns of every table.

    Raises
    ------
    ProfileError
        If a table is missing, has other columns than the contract says, or has no rows.
    """
    frames = {}
    for table in contract:
        try:
            frame = pl.read_csv(folder / data_path(table.name), infer_schema=False)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise ProfileError(f"{data_path(table.name)}: cannot be read; run scripts/build.py") from error
        if tuple(frame.columns) != table.columns or not len(frame):
            raise ProfileError(f"{data_path(table.name)}: not a table of the dataset; run scripts/build.py")
        frames[table.name] = frame
    return Profile(contract, {table.name: _patterns(contract, frames, table.name) for table in contract})


def _patterns(contract: Contract, frames: Mapping[str, pl.DataFrame], name: str) -> Patterns:
    frame, nesting = frames[name], contract[name].nesting
    if nesting is None:
        every = np.arange(len(frame), dtype=np.int64)
        return Patterns(frame, every, np.ones(len(frame), dtype=np.int64))
    # Both are sorted by primary key, of which the key of the parent is the beginning.
    parents = frames[nesting.table][nesting.references[0]]
    counts = dict(frame[nesting.columns[0]].value_counts().iter_rows())
    count = np.array([counts.get(each, 0) for each in parents], dtype=np.int64)
    return Patterns(frame, np.cumsum(count) - count, count)
