"""A table on Spark with those methods of a Polars lazy frame that the checks use.

Workers evaluate frames of Polars on parts of the rows. Spark brings together the rows that meet in a join or a group:
those with the same keys go to the same part of a fixed number, and a small table goes to every part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import methodcaller
from typing import Any, NamedTuple, TypeAlias

import polars as pl
from pyspark import RDD, StorageLevel

SMALL = 1 << 24
"""Up to how many bytes of its files a table is sent to every part of a larger one that it is joined to."""
Columns = str | pl.Expr | Iterable[str | pl.Expr]
Step = Callable[[pl.LazyFrame], pl.LazyFrame]
Row = tuple[int, tuple[int, pl.DataFrame]]
"""Rows for a part, with the numbers of the part and of their table."""
Sent: TypeAlias = "RDD[Row]"


class Split(NamedTuple):
    """Rows with the same values in some columns are in the same part; if one is null, only with `nulls`."""

    keys: tuple[str, ...]
    nulls: bool = True


@dataclass(frozen=True, eq=False)
class SparkFrame:
    """Rows of a table in parts, each of which has frames of Polars with these columns."""

    parts: RDD[pl.LazyFrame]
    schema: pl.Schema
    size: int
    """About how many bytes the rows have in files."""
    split: Split | None = None
    """By which columns they are divided; None if nobody knows."""

    def collect_schema(self) -> pl.Schema:
        """Return the columns, as `LazyFrame.collect_schema` does."""
        return self.schema

    def clear(self) -> pl.LazyFrame:
        """Return a frame with the same columns and no rows, which needs no Spark."""
        return pl.LazyFrame(schema=self.schema)

    def with_columns(self, *columns: Columns, **named: pl.Expr) -> SparkFrame:
        """Add or replace columns."""
        return self._by_row("with_columns", _listed(columns, named))

    def select(self, *columns: Columns, **named: pl.Expr) -> SparkFrame:
        """Select columns."""
        return self._by_row("select", _listed(columns, named))

    def drop(self, *names: str) -> SparkFrame:
        """Leave columns out."""
        return self.select(each for each in self.schema if each not in names)

    def filter(self, condition: str | pl.Expr) -> SparkFrame:
        """Keep the rows for which a condition is true."""
        return self._by_row("filter", _listed([condition], {}))

    def drop_nulls(self, subset: str | Sequence[str] | None = None) -> SparkFrame:
        """Keep the rows in which none of some columns is null."""
        return self.filter(pl.all_horizontal(pl.col(subset or list(self.schema)).is_not_null()))

    def unpivot(self, *, value_name: str) -> SparkFrame:
        """Put all columns below each other."""
        return self.then(methodcaller("unpivot", value_name=value_name))

    def unique(self) -> SparkFrame:
        """Keep one of equal rows."""
        return self._meeting(Split(tuple(self.schema)), methodcaller("unique"))

    def group_by(self, keys: Iterable[str]) -> _Groups:
        """Return the groups of rows that have the same values in some columns, for `agg`."""
        return _Groups(self, tuple(keys))

    def map_batches(self, function: Callable[[pl.DataFrame], pl.DataFrame], **options: Any) -> SparkFrame:
        """Call a function with all rows at once, in one worker."""
        return self._meeting(Split(()), methodcaller("map_batches", function, **options))

    def join(
        self,
        other: SparkFrame,
        on: str | Sequence[str] = (),
        *,
        left_on: Sequence[str] = (),
        right_on: Sequence[str] = (),
        **options: Any,
    ) -> SparkFrame:
        """Join rows: all, left or those without a match, as the options say that Polars takes."""
        same, nulls = [on] if isinstance(on, str) else on, options.get("nulls_equal", False)
        ours, theirs = (*same, *left_on), (*same, *right_on)
        options |= {"left_on": ours, "right_on": theirs}
        schema = self.clear().join(other.clear(), **options).collect_schema()
        if other.size < min(SMALL, self.size):
            split, left, right = self.split, self._left(0), other._sent(1, None)
        else:
            split = Split(ours, nulls)
            left, right = self._divided(0, split), other._divided(1, Split(theirs, nulls))
        join = partial(_joined, (self.schema, other.schema), options)
        parts = left.union(right).mapPartitions(join, preservesPartitioning=True)
        return SparkFrame(parts, schema, self.size + other.size, split)

    def then(self, step: Step) -> SparkFrame:
        """Take a step on the rows that are together."""
        parts = self.parts.map(lambda rows: step(rows.lazy()), preservesPartitioning=True)
        return replace(self, parts=parts, schema=step(self.clear()).collect_schema(), split=None)

    def persist(self) -> SparkFrame:
        """Return the frame with rows that are computed once, and kept."""
        parts = self.parts.map(_collected, preservesPartitioning=True)
        return replace(self, parts=parts.persist(StorageLevel.MEMORY_AND_DISK))

    def collect(self, **_options: Any) -> pl.DataFrame:
        """Return all rows."""
        return collect_all([self])[0]

    def _by_row(self, method: str, columns: list[pl.Expr]) -> SparkFrame:
        """Take a step that needs only the cells of a row; raise if it needs others."""
        if not columns:
            return self
        plan = self.clear().with_columns(each.alias(f"#{n}") for n, each in enumerate(columns))
        # Polars takes the first rows before a step only if the step works row by row.
        if plan.slice(0, 1).explain().startswith("SLICE"):
            raise NotImplementedError(f"on Spark, a condition must not read other rows: {list(map(str, columns))}")
        after = self.then(methodcaller(method, *columns))
        named = {each.meta.output_name(raise_if_undetermined=False) for each in columns if not each.meta.is_column()}
        stays = self.split and set(self.split.keys) <= set(after.schema) and named.isdisjoint(self.split.keys)
        return replace(after, split=self.split) if stays or method == "filter" else after

    def _meeting(self, split: Split, step: Step) -> SparkFrame:
        """Take a step on all rows that have the same keys."""
        parts = self._divided(0, split).mapPartitions(partial(_together, self.schema), preservesPartitioning=True)
        return replace(self, parts=parts).then(step)

    def _divided(self, table: int, split: Split) -> Sent:
        """Return the rows where they meet those with the same keys, with the number of their table."""
        return self._left(table) if self.split in (split, Split(split.keys)) else self._sent(table, split)

    def _left(self, table: int) -> Sent:
        return self.parts.map(lambda rows: (0, (table, _collected(rows))), preservesPartitioning=True)

    def _sent(self, table: int, split: Split | None) -> Sent:
        """Return the rows divided, or all of them in each part."""
        number = self.parts.getNumPartitions()
        return self.parts.flatMap(partial(_divided, table, split, number)).partitionBy(number, int)


class _Groups(NamedTuple):
    frame: SparkFrame
    keys: tuple[str, ...]

    def agg(self, *columns: Columns, **named: pl.Expr) -> SparkFrame:
        """Return a row for each group, with its keys and aggregates."""
        split = Split(self.keys)
        groups = self.frame._meeting(split, partial(_aggregated, self.keys, _listed(columns, named)))
        return replace(groups, split=split)


def collect_all(frames: Sequence[SparkFrame | pl.LazyFrame]) -> list[pl.DataFrame]:
    """Collect several frames in one job."""
    found = [[(each.clear() if isinstance(each, SparkFrame) else each).collect()] for each in frames]
    numbered = [each.parts.map(partial(_numbered, n)) for n, each in enumerate(frames) if isinstance(each, SparkFrame)]
    for number, rows in numbered[0].context.union(numbered).collect() if numbered else ():
        found[number].append(rows)
    return [pl.concat(each) for each in found]


def concat(frames: Sequence[SparkFrame]) -> SparkFrame:
    """Return the rows of all frames, which have the same number of parts."""
    together = reduce(RDD.union, (each.parts for each in frames))
    return replace(frames[0], parts=together, size=sum(each.size for each in frames))


def _listed(columns: Iterable[Columns], named: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    several = [[each] if isinstance(each, str | pl.Expr) else each for each in columns]
    listed = [pl.col(each) if isinstance(each, str) else each for some in several for each in some]
    return [*listed, *(each.alias(name) for name, each in named.items())]


# --- what workers do ------------------------------------------------------------------------------------------------


def _collected(rows: pl.LazyFrame) -> pl.DataFrame:
    return rows.lazy().collect(engine="in-memory")


def _numbered(number: int, rows: pl.LazyFrame) -> tuple[int, pl.DataFrame]:
    return number, _collected(rows)


def _divided(table: int, split: Split | None, parts: int, rows: pl.LazyFrame) -> Iterator[Row]:
    """Yield the rows for each part, with the number of their table."""
    frame = _collected(rows)
    if split is None:
        yield from ((part, (table, frame)) for part in range(parts))
    elif not split.keys:
        yield 0, (table, frame)
    else:
        place = pl.lit(frame.select(split.keys).hash_rows()) % parts
        if not split.nulls:
            # They match nothing, and may be too many for one part.
            is_null = pl.any_horizontal(pl.col(split.keys).is_null())
            place = pl.when(is_null).then(pl.int_range(pl.len()) % parts).otherwise(place)
        placed = frame.with_columns(place.cast(pl.Int32).alias("#part"))
        divided = placed.partition_by("#part", as_dict=True, include_key=False)
        yield from ((part, (table, some)) for (part,), some in divided.items())


def _together(schema: pl.Schema, received: Iterable[Row]) -> Iterator[pl.LazyFrame]:
    """Yield the rows that were sent to a part."""
    yield pl.concat([pl.DataFrame(schema=schema), *(rows for _, (_, rows) in received)]).lazy()


def _joined(
    schemas: Sequence[pl.Schema],
    options: Mapping[str, Any],
    received: Iterable[Row],
) -> Iterator[pl.LazyFrame]:
    """Yield the join of the rows of two tables that were sent to a part."""
    tables = [[pl.DataFrame(schema=each)] for each in schemas]
    for _, (table, rows) in received:
        tables[table].append(rows)
    left, right = (pl.concat(each).lazy() for each in tables)
    yield left.join(right, **options)


def _aggregated(keys: Sequence[str], columns: list[pl.Expr], rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by(keys).agg(columns)
