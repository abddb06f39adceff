"""A table on Spark with those methods of a Polars lazy frame that the checks use.

Workers evaluate frames of Polars on parts of the rows. Spark brings together the rows that meet in a join or a group:
those with the same keys go to the same part of a fixed number, and a small table goes to every part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import count
from operator import itemgetter, methodcaller
from types import SimpleNamespace
from typing import Any, NamedTuple

import polars as pl
from pyspark import RDD, StorageLevel

SMALL = 1 << 24
"""Up to how many bytes of its files a table is sent to every part of a larger one that it is joined to."""
Columns = str | pl.Expr | Iterable[str | pl.Expr]
Step = Callable[[pl.LazyFrame], pl.LazyFrame]
Row = tuple[int, tuple[int, pl.DataFrame]]
"""Rows of an input with the numbers of their part and of the input."""
_numbers = count()


class Split(NamedTuple):
    """Rows with the same values in some columns are in the same part; if one is null, only with `nulls`."""

    keys: tuple[str, ...]
    nulls: bool = True


class Input(NamedTuple):
    """Rows that Spark has brought to their parts."""

    rows: RDD[Row]
    schema: pl.Schema


@dataclass(frozen=True, eq=False)
class SparkFrame:
    """What a program makes of the rows of its inputs in each part."""

    inputs: Mapping[int, Input]
    program: Callable[[Mapping[int, pl.LazyFrame]], pl.LazyFrame]
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

    def group_by(self, keys: Sequence[str]) -> Any:
        """Return the groups of rows that have the same values in some columns, with the method `agg` alone."""

        def agg(*columns: Columns, **named: pl.Expr) -> SparkFrame:
            return self._meeting(Split(tuple(keys)), lambda rows: rows.group_by(keys).agg(*columns, **named))

        return SimpleNamespace(agg=agg)

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
            left, right = self, other._moved(None)
        else:
            left, right = self._divided(Split(ours, nulls)), other._divided(Split(theirs, nulls))
        first, second = left.program, right.program
        return SparkFrame(
            {**left.inputs, **right.inputs},
            lambda frames: first(frames).join(second(frames), **options),
            schema,
            self.size + other.size,
            left.split,
        )

    def then(self, step: Step) -> SparkFrame:
        """Take a step on the rows that are together."""
        before, schema = self.program, step(self.clear()).collect_schema()
        return replace(self, program=lambda frames: step(before(frames)), schema=schema, split=None)

    def persist(self, key: str) -> SparkFrame:
        """Return the frame with rows that are computed once, and kept where they meet those with the same key."""
        divided = self._moved(Split((key,)))
        for each in divided.inputs.values():
            # Spark drops them when nobody refers to them any more.
            each.rows.persist(StorageLevel.MEMORY_AND_DISK)
        return divided

    def collect(self, **_options: Any) -> pl.DataFrame:
        """Return all rows."""
        parts: list[pl.DataFrame] = self._parts().collect()
        return pl.concat([self.clear().collect(), *parts])

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
        is_coarser = self.split and self.split.nulls and set(self.split.keys) <= set(split.keys)
        divided = self if is_coarser else self._divided(split)
        return replace(divided.then(step), split=divided.split)

    def _divided(self, split: Split) -> SparkFrame:
        """Return the frame with rows that are divided so."""
        return self if self.split in (split, Split(split.keys)) else self._moved(split)

    def _moved(self, split: Split | None) -> SparkFrame:
        """Let Spark move the rows to their parts, or to every part."""
        rows, number = self._parts(), next(_numbers)
        parts = rows.getNumPartitions()
        moved = rows.flatMap(partial(_placed, number, split, parts)).partitionBy(parts, int)
        return SparkFrame({number: Input(moved, self.schema)}, itemgetter(number), self.schema, self.size, split)

    def _parts(self) -> RDD[pl.DataFrame]:
        """Return what the program makes in each part."""
        run = partial(_run, self.program, {number: each.schema for number, each in self.inputs.items()})
        together = reduce(RDD.union, (each.rows for each in self.inputs.values()))
        return together.mapPartitions(run, preservesPartitioning=True)


def source(
    dealt: RDD[tuple[int, Any]], read: Callable[[Any], pl.LazyFrame], schema: pl.Schema, size: int
) -> SparkFrame:
    """Return the rows that a function reads of what was dealt out to the parts."""
    number = next(_numbers)
    rows = dealt.map(lambda each: (each[0], (number, read(each[1]).collect())), preservesPartitioning=True)
    return SparkFrame({number: Input(rows, schema)}, itemgetter(number), schema, size)


def concat(frames: Sequence[SparkFrame]) -> SparkFrame:
    """Return the rows of all frames."""
    programs = [each.program for each in frames]
    splits = {each.split for each in frames}
    return SparkFrame(
        {number: each for frame in frames for number, each in frame.inputs.items()},
        lambda rows: pl.concat([each(rows) for each in programs]),
        frames[0].schema,
        sum(each.size for each in frames),
        splits.pop() if len(splits) == 1 else None,
    )


def _listed(columns: Iterable[Columns], named: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    several = [[each] if isinstance(each, str | pl.Expr) else each for each in columns]
    listed = [pl.col(each) if isinstance(each, str) else each for some in several for each in some]
    return [*listed, *(each.alias(name) for name, each in named.items())]


# --- what workers do ------------------------------------------------------------------------------------------------


def _run(
    program: Callable[[Mapping[int, pl.LazyFrame]], pl.LazyFrame],
    schemas: Mapping[int, pl.Schema],
    received: Iterable[Row],
) -> Iterator[pl.DataFrame]:
    """Yield what a program makes of the rows that came to a part."""
    inputs = {number: [pl.DataFrame(schema=schema)] for number, schema in schemas.items()}
    for _, (number, rows) in received:
        inputs[number].append(rows)
    if any(len(each) > 1 for each in inputs.values()):
        frames = {number: pl.concat(each).lazy() for number, each in inputs.items()}
        yield program(frames).collect(engine="in-memory")


def _placed(number: int, split: Split | None, parts: int, rows: pl.DataFrame) -> Iterator[Row]:
    """Yield the rows for each part, with the number of their input."""
    if split is None:
        yield from ((part, (number, rows)) for part in range(parts))
    elif not split.keys:
        yield 0, (number, rows)
    else:
        place = pl.lit(rows.select(split.keys).hash_rows()) % parts
        if not split.nulls:
            # They match nothing, and may be too many for one part.
            is_null = pl.any_horizontal(pl.col(split.keys).is_null())
            place = pl.when(is_null).then(pl.int_range(pl.len()) % parts).otherwise(place)
        placed = rows.with_columns(place.cast(pl.Int32).alias("#part"))
        divided = placed.partition_by("#part", as_dict=True, include_key=False)
        yield from ((part, (number, some)) for (part,), some in divided.items())
