"""A table on Spark with those methods of a Polars lazy frame that the checks use.

Polars does the work: workers evaluate frames on parts of the rows. Spark brings rows together: those with equal keys go
to the same bucket, and a small table to each. All that it sees are numbers of buckets, and rows as bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import methodcaller
from typing import Any, NamedTuple

import polars as pl
from polars.io.plugins import register_io_source
from pyspark.sql import DataFrame, SparkSession

from russia_dprk_claims.checks.engine.sparkwork import (
    COPY,
    ROWS,
    STAY,
    WHOLE,
    Join,
    Output,
    Program,
    Send,
    Split,
    Step,
    Unpack,
    aggregated,
    numbered,
    only,
    unpacked,
    work,
)

Columns = str | pl.Expr | Iterable[str | pl.Expr]


class Cluster(NamedTuple):
    """A session of Spark, its cores, and into how many buckets the rows of large tables are divided."""

    session: SparkSession
    cores: int
    buckets: int


class _Origin(NamedTuple):
    rows: DataFrame
    unpack: Unpack
    schema: Mapping[str, Any]


class _Input(NamedTuple):
    frame: SparkFrame
    split: Split | str


@dataclass(frozen=True, eq=False)
class SparkFrame:
    """What a program makes of the rows of a table that lie together, or of those of several tables in each bucket."""

    cluster: Cluster
    schema: pl.Schema
    small: bool
    program: Program
    origin: _Origin | None = None
    inputs: tuple[_Input, ...] = ()
    placed: Split | None = None
    base: SparkFrame | None = None
    """Its origin before any step: small tables are sent as they are, so that many plans can share them."""

    def collect_schema(self) -> pl.Schema:
        """Return the columns, as `LazyFrame.collect_schema` does."""
        return self.schema

    def with_columns(self, *columns: Columns, **named: pl.Expr) -> SparkFrame:
        """Add or replace columns."""
        return self._by_row("with_columns", _listed(columns, named))

    def select(self, *columns: Columns, **named: pl.Expr) -> SparkFrame:
        """Select columns."""
        return self._by_row("select", _listed(columns, named))

    def drop(self, *names: str) -> SparkFrame:
        """Leave columns out."""
        return self.select(each for each in self.schema if each not in names)

    def filter(self, condition: pl.Expr) -> SparkFrame:
        """Keep the rows for which a condition is true."""
        return self._by_row("filter", [condition])

    def drop_nulls(self, subset: str | Sequence[str] | None = None) -> SparkFrame:
        """Keep the rows in which none of some columns is null."""
        return self.filter(pl.all_horizontal(pl.col(subset or list(self.schema)).is_not_null()))

    def unpivot(self, *, value_name: str) -> SparkFrame:
        """Put all columns below each other."""
        return self.then(methodcaller("unpivot", value_name=value_name))

    def clear(self) -> pl.LazyFrame:
        """Return a frame with the same columns and no rows, which needs no Spark."""
        return pl.LazyFrame(schema=self.schema)

    def unique(self) -> SparkFrame:
        """Keep one of equal rows."""
        return self.gathered(Split(tuple(self.schema)), self.small).then(methodcaller("unique"))

    def group_by(self, keys: Iterable[str]) -> _Groups:
        """Return the groups of rows that have the same values in some columns, for `agg`."""
        return _Groups(self, tuple(keys))

    def map_batches(self, function: Callable[[pl.DataFrame], pl.DataFrame], **options: Any) -> SparkFrame:
        """Call a function with all rows at once, in one worker."""
        return self.gathered(WHOLE, self.small).then(methodcaller("map_batches", function, **options))

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
        small = self.small and other.small
        if other.small and not small:
            left, right = self.gathered(None, small), other._stage(COPY)
        else:
            left = self.gathered(Split(ours, nulls), small)
            right = other.gathered(Split(theirs, nulls), small)
        inputs = list(left.inputs)
        inputs += [each for each in right.inputs if each not in inputs]
        places = tuple(inputs.index(each) for each in right.inputs)
        step = Join(left.program, right.program, places, {"left_on": ours, "right_on": theirs, **options})
        schema = self.clear().join(other.clear(), left_on=ours, right_on=theirs, **options).collect_schema()
        return replace(left, schema=schema, small=small, program=step, inputs=tuple(inputs))

    def then(self, step: Callable[[pl.LazyFrame], pl.LazyFrame]) -> SparkFrame:
        """Take a step on the rows that lie together."""
        schema, program = step(self.clear()).collect_schema(), Step(self.program, step)
        base = self.base or (self if self.origin else None)
        return replace(self, schema=schema, program=program, placed=None, base=base)

    def persist(self) -> SparkFrame:
        """Return the frame with rows that are computed once, and kept."""
        rows = self.rows(list(self.schema), Send(0, STAY, 1)).persist()
        return SparkFrame(self.cluster, self.schema, self.small, only, _Origin(rows, unpacked, self.schema))

    def collect(self, **_options: Any) -> pl.DataFrame:
        """Return all rows."""
        return collect_all([self])[0]

    def rows(self, columns: list[str], send: Send) -> DataFrame:
        """Return some columns of the rows, as Spark sends them on."""
        if self.origin:
            rows, unpack, schema = self.origin
            output = Output(self.program, (0,), columns, send)
            return rows.mapInArrow(partial(work, unpack, [schema], [output]), ROWS)
        return _computed([self], [columns], [send])

    def _asked(self, columns: list[str]) -> list[list[str]]:
        """Return the columns that the program reads of each of its inputs: those that Polars asks for."""
        asked: list[set[str]] = [
            set(each.split.keys) if isinstance(each.split, Split) else set() for each in self.inputs
        ]

        def placeholder(slot: int, schema: pl.Schema) -> pl.LazyFrame:
            def read(names: list[str] | None, *_limits: object) -> Iterator[pl.DataFrame]:
                names = list(schema) if names is None else names
                asked[slot].update(names)
                yield pl.DataFrame(schema=schema).select(names)

            return register_io_source(read, schema=schema)

        frames = [placeholder(slot, each.frame.schema) for slot, each in enumerate(self.inputs)]
        self.program(frames).select(columns).collect(engine="in-memory")
        return [sorted(names) for names in asked]

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
        stays = self.placed and set(self.placed.keys) <= set(after.schema) and named.isdisjoint(self.placed.keys)
        return replace(after, placed=self.placed) if stays or method == "filter" else after

    def gathered(self, split: Split | None, small: bool) -> SparkFrame:
        """Return the frame with rows that are divided so, in one bucket if the result is small."""
        if small and self.base:
            return replace(self, origin=None, base=None, inputs=(_Input(self.base, WHOLE),))
        fits = small or split is None or (self.placed and self.placed in {split, Split(split.keys)})
        return self if fits and not self.origin and self.small == small else self._stage(split or STAY)

    def _stage(self, split: Split | str) -> SparkFrame:
        placed = split if isinstance(split, Split) else None
        return SparkFrame(self.cluster, self.schema, self.small, only, None, (_Input(self, split),), placed)


class _Groups(NamedTuple):
    frame: SparkFrame
    keys: tuple[str, ...]

    def agg(self, *columns: Columns, **named: pl.Expr) -> SparkFrame:
        """Return a row for each group, with its keys and aggregates."""
        split = Split(self.keys)
        grouped = self.frame.gathered(split, self.frame.small)
        return replace(grouped.then(partial(aggregated, self.keys, _listed(columns, named))), placed=split)


def source(
    cluster: Cluster, number: int, read: Callable[[int], pl.LazyFrame], schema: pl.Schema, small: bool
) -> SparkFrame:
    """Return the rows that a function reads, by the numbers from 0; one worker reads one number."""
    rows = cluster.session.range(0, number, 1, number)
    return SparkFrame(cluster, schema, small, only, _Origin(rows, partial(numbered, read), schema))


def collect_all(frames: Sequence[SparkFrame | pl.LazyFrame]) -> list[pl.DataFrame]:
    """Collect several frames in one job."""
    found = [[(each.clear() if isinstance(each, SparkFrame) else each).collect()] for each in frames]
    plans = {number: each for number, each in enumerate(frames) if isinstance(each, SparkFrame)}
    sends = {number: Send(number, STAY, 1) for number in plans}
    small = [number for number, each in plans.items() if each.small]
    rows = [each.rows(list(each.schema), sends[number]) for number, each in plans.items() if not each.small]
    groups = [
        small[first :: each.cluster.cores] for each in list(plans.values())[:1] for first in range(each.cluster.cores)
    ]
    for group in filter(None, groups):
        some = [plans[number].gathered(WHOLE, small=True) for number in group]
        rows.append(_computed(some, [list(each.schema) for each in some], [sends[number] for number in group]))
    for _, number, data in reduce(DataFrame.unionAll, rows).collect() if rows else ():
        found[number].append(pl.read_ipc_stream(bytes(data)))
    return [pl.concat(each) for each in found]


def _computed(frames: Sequence[SparkFrame], columns: Sequence[list[str]], sends: Sequence[Send]) -> DataFrame:
    """Return some columns of frames, as Spark sends them on, computed in one task for each bucket."""
    inputs: dict[_Input, set[str]] = {}
    outputs = []
    for frame, names, send in zip(frames, columns, sends, strict=True):
        for each, asked in zip(frame.inputs, frame._asked(names), strict=True):
            inputs.setdefault(each, set()).update(asked)
        places = [list(inputs).index(each) for each in frame.inputs]
        outputs.append(Output(frame.program, places, names, send))
    buckets = 1 if frames[0].small else frames[0].cluster.buckets
    read = [(each, sorted(names)) for each, names in inputs.items()]
    sent = [each.frame.rows(names, Send(slot, each.split, buckets)) for slot, (each, names) in enumerate(read)]
    schemas = [each.frame.schema for each, _ in read]
    rows = reduce(DataFrame.unionAll, sent).repartitionById(buckets, "bucket")
    return rows.mapInArrow(partial(work, unpacked, schemas, outputs), ROWS)


def _listed(columns: Iterable[Columns], named: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    several = [[each] if isinstance(each, str | pl.Expr) else each for each in columns]
    listed = [pl.col(each) if isinstance(each, str) else each for some in several for each in some]
    return [*listed, *(each.alias(name) for name, each in named.items())]
