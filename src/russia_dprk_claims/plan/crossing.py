"""What crosses families: references, repeated values, and what rules read elsewhere, collected and settled at the end.

A batch gives pieces: small frames with hashes in the place of texts. What is settled of them are pieces again, with
those of their rows in which something is wrong; which rows of the tables these are is told by looking through the
batches once more, and whether it is so, by judging them by their texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import narwhals as nw
import polars as pl

from russia_dprk_claims.checks.rule import Count
from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import ForeignKey, Table
from russia_dprk_claims.plan.judging import Judged, broken, counted_rows, qualifies
from russia_dprk_claims.plan.reads import Plan, TablePlan

KEY, OWN = "#key", "#own"
MERGED_FROM = 200_000


@dataclass(frozen=True)
class Piece:
    """What a piece is: its kind, the table that it is of, and the columns that it is about."""

    kind: str
    table: str
    about: tuple[object, ...] = ()


def across(table: Table) -> tuple[ForeignKey, ...]:
    """Return the foreign keys of a table that its family does not answer."""
    return tuple(key for key in table.foreign_keys if key != table.nesting)


class Crossing:
    """The pieces of all batches."""

    def __init__(self, plan: Plan) -> None:
        """Begin with none."""
        self._plan = plan
        self._pieces: dict[Piece, list[pl.DataFrame]] = {}
        keys = [key for table in plan.contract for key in across(table)]
        self._targets = {(key.table, key.references) for key in keys} | {
            (each.table, (each.references,)) for plan_ in plan.tables.values() for each in plan_.lookups
        }
        counts = [each for plan_ in plan.tables.values() for each in plan_.cross_counts]
        self._counts: dict[tuple[str, tuple[str, ...]], list[Count]] = {}
        for each in counts:
            self._counts.setdefault((each.table, _theirs(each)), []).append(each)

    def add(self, judged: Judged) -> None:
        """Keep the pieces of a batch."""
        for piece, frame in self.pieces(judged):
            frames = self._pieces.setdefault(piece, [])
            frames.append(self._merged(piece, [frame.drop(ROW) if piece.kind in {"reference", "ask"} else frame]))
            # What was merged once is merged again when as much has come to it, so that each row is merged a few times.
            if sum(map(len, frames[1:])) > max(len(frames[0]), MERGED_FROM):
                self._pieces[piece] = [self._merged(piece, frames)]

    def _merged(self, piece: Piece, frames: list[pl.DataFrame]) -> pl.DataFrame:
        """Return pieces as one, with what repeats in them once."""
        whole = pl.concat(frames) if len(frames) > 1 else frames[0]
        if piece.kind == "count":
            return whole.group_by(KEY).agg(pl.exclude(KEY).sum())
        repeats = piece.kind == "reference" or (piece.kind == "ask" and self._plan.tables[piece.table].asks_repeat)
        return whole.unique() if repeats else whole

    def pieces(self, judged: Judged) -> Iterator[tuple[Piece, pl.DataFrame]]:
        """Yield the pieces of a batch, with the numbers of the rows that they are of."""
        for name, texts in judged.texts.items():
            table, rows = self._plan.contract[name], judged.rows[name]
            for key in across(table):
                frame = _keyed(texts, key.columns).drop_nulls()
                yield Piece("reference", name, (*key.columns, key.table, *key.references)), frame
            for target, columns in self._targets:
                if target == name:
                    looked_up = _numbers(rows, self._plan.looked_up.get(name, ()))
                    yield (
                        Piece("target", name, columns),
                        pl.concat([_keyed(texts, columns), looked_up], how="horizontal"),
                    )
            for column in table.fields:
                if column.unique:
                    yield Piece("unique", name, (column.name,)), _keyed(texts, (column.name,)).drop_nulls()
            for (counted, columns), counts in self._counts.items():
                if counted == name:
                    yield Piece("count", name, columns), _counted(texts, columns, counts)
            for cycle in self._plan.tables[name].cycles:
                own, leads = (_hash_of(texts.schema, each) for each in (table.primary_key, (cycle.column,)))
                yield Piece("cycle", name, (cycle.column,)), texts.select(own, leads.alias(OWN)).drop_nulls()
            if self._plan.tables[name].crossing:
                yield Piece("ask", name), _asked(self._plan.tables[name], texts, rows)

    def settle(self) -> dict[Piece, pl.DataFrame]:
        """Return the pieces in which something is wrong, with the rows of theirs that are."""
        wrong: dict[Piece, pl.DataFrame] = {}
        for piece in [each for each in self._pieces if each.kind in {"reference", "unique", "ask"}]:
            frame = pl.concat(self._pieces.pop(piece))
            if piece.kind == "reference":
                bad = self._dangling(piece, frame)
            elif piece.kind == "unique":
                bad = frame.select(KEY).filter(pl.col(KEY).is_duplicated())
            else:
                bad = self._broken(self._plan.tables[piece.table], frame)
            if len(bad):
                wrong[piece] = bad.unique()
        return wrong

    def _all(self, piece: Piece) -> pl.DataFrame:
        """Return a piece of all batches as one."""
        frames = self._pieces.get(piece, [])
        if len(frames) > 1:
            self._pieces[piece] = frames = [pl.concat(frames)]
        return frames[0] if frames else pl.DataFrame(schema={KEY: pl.UInt64, OWN: pl.UInt64})

    def _dangling(self, piece: Piece, frame: pl.DataFrame) -> pl.DataFrame:
        table = self._plan.contract[piece.table]
        key = next(each for each in across(table) if (*each.columns, each.table, *each.references) == piece.about)
        targets = self._all(Piece("target", key.table, key.references))
        return frame.join(targets.select(KEY), on=KEY, how="anti")

    def _broken(self, plan: TablePlan, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of an asking piece that break a rule."""
        full = frame
        for column in dict.fromkeys(each.key for each in plan.lookups):
            lookups = [each for each in plan.lookups if each.key == column]
            targets = self._all(Piece("target", lookups[0].table, (lookups[0].references,)))
            read = targets.select(
                KEY, pl.col(ROW).alias(column), *(pl.col(each.rest).alias(each.name) for each in lookups)
            )
            full = full.join(
                read.unique(KEY, keep="any"), left_on=f"#{column}", right_on=KEY, how="left", maintain_order="left"
            )
        for on in dict.fromkeys(each.on for each in plan.cross_counts):
            for source in dict.fromkeys(each.table for each in plan.cross_counts if each.on == on):
                counts = [each for each in plan.cross_counts if (each.table, each.on) == (source, on)]
                full = _with_counts(full, counts, self._all(Piece("count", source, _theirs(counts[0]))))
        for cycle in plan.cycles:
            round_ = _coming_round(self._all(Piece("cycle", plan.table.name, (cycle.column,))))
            full = full.with_columns(pl.col(OWN).is_in(round_.implode()).alias(cycle.name))
        bad = nw.from_native(full).select(bad=broken(plan.crossing)).to_native()["bad"]
        return frame.filter(bad)


def _theirs(count: Count) -> tuple[str, ...]:
    return tuple(theirs for theirs, _ in count.on)


def _ours(count: Count) -> tuple[str, ...]:
    return tuple(ours for _, ours in count.on)


def _name(count: Count) -> str:
    """Return the name of a count by what it counts, as two rules may call the same thing differently."""
    return repr((count.table, count.where))


def _hash_of(schema: Mapping[str, pl.DataType], columns: Sequence[str]) -> pl.Expr:
    """Return one hash of some cells of each row; null where one of them is empty."""
    whole: pl.Expr = pl.lit(0, dtype=pl.UInt64)
    for name in columns:
        cell = pl.col(name) if schema[name] == pl.String else pl.col(name).cast(pl.String)
        # Sums and products wrap around, which does a hash no harm.
        whole = whole * 1_000_003 + cell.hash()
    full = pl.all_horizontal(pl.col(name).is_not_null() for name in columns)
    return pl.when(full).then(whole).alias(KEY)


def _keyed(texts: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    return texts.select(ROW, _hash_of(texts.schema, columns))


def _numbers(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return some columns with hashes for texts."""
    return rows.select(
        pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash()).alias(name)
        if rows.schema[name] == pl.String
        else pl.col(name)
        for name in names
    )


def _counted(texts: pl.DataFrame, columns: Sequence[str], counts: Sequence[Count]) -> pl.DataFrame:
    rows = texts.with_columns(_hash_of(texts.schema, columns))
    if all(each.where for each in counts):
        rows = rows.filter(reduce(pl.Expr.__or__, map(qualifies, counts)))
    different = {_name(each): each for each in counts}
    return rows.group_by(KEY).agg(counted_rows(each).alias(name) for name, each in different.items()).drop_nulls(KEY)


def _asked(plan: TablePlan, texts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return what the crossing rules of a table need of its rows."""
    found = {each.key for each in plan.lookups}
    names = [name for name in plan.asks if name in rows.columns and name not in found]
    keys: dict[str, tuple[str, ...]] = {f"#{each.key}": (each.key,) for each in plan.lookups}
    keys |= {f"#{_ours(each)}": _ours(each) for each in plan.cross_counts}
    if plan.cycles:
        keys[OWN] = plan.table.primary_key
    hashes = texts.select(ROW, *(_hash_of(texts.schema, columns).alias(name) for name, columns in keys.items()))
    return pl.concat([hashes, _numbers(rows, names)], how="horizontal") if names else hashes


def _with_counts(full: pl.DataFrame, counts: Sequence[Count], counted: pl.DataFrame) -> pl.DataFrame:
    names = {_name(each) for each in counts}
    summed = counted.group_by(KEY).agg(pl.col(name).sum() for name in sorted(names))
    joined = full.join(summed, left_on=f"#{_ours(counts[0])}", right_on=KEY, how="left", maintain_order="left")
    return joined.with_columns(pl.col(_name(each)).fill_null(0).alias(each.name) for each in counts).drop(names)


def _coming_round(edges: pl.DataFrame) -> pl.Series:
    """Return the keys from which the way up has no end: what is left when all that lead to an end are taken away."""
    while True:
        left = edges.join(edges.select(KEY), left_on=OWN, right_on=KEY, how="semi")
        if len(left) == len(edges):
            return left[KEY]
        edges = left


def rows_of(
    wrong: Mapping[Piece, pl.DataFrame], pieces: Iterator[tuple[Piece, pl.DataFrame]]
) -> Iterator[tuple[str, pl.Series]]:
    """Yield the rows of a batch that wrong pieces are of, by table."""
    for piece, frame in pieces:
        if piece in wrong:
            bad = wrong[piece]
            yield piece.table, frame.join(bad, on=bad.columns, how="semi", nulls_equal=True)[ROW]
