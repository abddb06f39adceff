"""What the workers of Spark do: they run programs of Polars on rows that lie together, and send on the results.

All that Spark sees are numbers of buckets, and rows as bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
from pyspark import TaskContext

Program = Callable[[Sequence[pl.LazyFrame]], pl.LazyFrame]
Unpack = Callable[[pa.RecordBatch], Iterable[tuple[int, pl.LazyFrame]]]
ROWS = "bucket int, slot int, rows binary"


class Split(NamedTuple):
    """Rows with the same values in some columns are in the same bucket; if one is null, only with `nulls`."""

    keys: tuple[str, ...]
    nulls: bool = True


WHOLE, COPY, STAY = Split(()), "copy", "stay"
"""All rows in one bucket, all in each bucket, and those that are together wherever."""


@dataclass(frozen=True)
class Step:
    """A program, and a step on what it makes."""

    before: Program
    step: Callable[[pl.LazyFrame], pl.LazyFrame]

    def __call__(self, frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
        """Run it on the frames of the inputs."""
        return self.step(self.before(frames))


@dataclass(frozen=True)
class Join:
    """Two programs, and how Polars joins what they make."""

    left: Program
    right: Program
    places: Sequence[int]
    options: Mapping[str, Any]

    def __call__(self, frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
        """Run it on the frames of the inputs."""
        right = self.right([frames[each] for each in self.places])
        return self.left(frames).join(right, **self.options)


class Send(NamedTuple):
    """Sends rows to buckets, as one of the inputs of what comes next."""

    slot: int
    split: Split | str
    buckets: int

    def __call__(self, rows: pl.DataFrame) -> Iterator[pa.RecordBatch]:
        """Yield the rows for each bucket."""
        for bucket, some in self._divided(rows) if rows.height else ():
            data = some.write_ipc_stream(None).getvalue()
            columns = [pa.array([bucket], pa.int32()), pa.array([self.slot], pa.int32()), pa.array([data], pa.binary())]
            yield pa.RecordBatch.from_arrays(columns, ["bucket", "slot", "rows"])

    def _divided(self, rows: pl.DataFrame) -> Iterable[tuple[int, pl.DataFrame]]:
        if self.split == COPY:
            return ((bucket, rows) for bucket in range(self.buckets))
        if self.buckets == 1 or self.split == WHOLE:
            return [(0, rows)]
        if not isinstance(self.split, Split):
            return [(TaskContext.get().partitionId() % self.buckets, rows)]
        hashes = rows.select(self.split.keys).hash_rows()
        place = pl.lit(hashes) % self.buckets
        if not self.split.nulls:
            # They match nothing, and may be too many for one bucket.
            is_null = pl.any_horizontal(pl.col(self.split.keys).is_null())
            place = pl.when(is_null).then(pl.int_range(pl.len()) % self.buckets).otherwise(place)
        divided = rows.with_columns(place.cast(pl.Int32).alias("#bucket"))
        return (
            (key[0], some) for key, some in divided.partition_by("#bucket", as_dict=True, include_key=False).items()
        )


class Output(NamedTuple):
    """What a program makes of some of the inputs, and where it goes."""

    program: Program
    places: Sequence[int]
    columns: list[str]
    send: Send


def work(
    unpack: Unpack,
    schemas: Sequence[Mapping[str, Any]],
    outputs: Sequence[Output],
    batches: Iterable[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    """Run programs on the rows of their inputs that lie together, and send on the results."""
    received: list[list[pl.LazyFrame]] = [[] for _ in schemas]
    for slot, rows in (each for batch in batches for each in unpack(batch)):
        received[slot].append(rows)
    if any(received):
        frames = [_complete(each, schema) for each, schema in zip(received, schemas, strict=True)]
        for program, places, columns, send in outputs:
            yield from send(program([frames[each] for each in places]).select(columns).collect(engine="in-memory"))


def _complete(parts: list[pl.LazyFrame], schema: Mapping[str, Any]) -> pl.LazyFrame:
    """Return the rows that were received, with the columns that nothing reads."""
    if not parts:
        return pl.LazyFrame(schema=schema)
    rows = pl.concat(parts)
    lacking = set(schema).difference(rows.collect_schema())
    return rows.with_columns(pl.lit(None, dtype=schema[name]).alias(name) for name in lacking).select(list(schema))


def only(frames: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """Return the frame of the only input."""
    return frames[0]


def aggregated(keys: Sequence[str], columns: list[pl.Expr], rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return a row for each group."""
    return rows.group_by(keys).agg(columns)


def unpacked(batch: pa.RecordBatch) -> Iterator[tuple[int, pl.LazyFrame]]:
    """Yield the rows that were sent, with the number of their input."""
    for slot, data in zip(batch["slot"], batch["rows"], strict=True):
        yield slot.as_py(), pl.read_ipc_stream(data.as_py()).lazy()


def numbered(read: Callable[[int], pl.LazyFrame], batch: pa.RecordBatch) -> Iterator[tuple[int, pl.LazyFrame]]:
    """Return the rows that a function reads, by number."""
    return ((0, read(number)) for number in batch["id"].to_pylist())
