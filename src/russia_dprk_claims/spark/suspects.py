"""Suspects: the rows in which the contract or a rule may be broken, found on Spark by the declarations themselves.

What a rule reads elsewhere becomes a join or a count; the rules are Narwhals' expressions, as they are everywhere.
Where several packages are looked at together, their keys are told apart by the number of the package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

import narwhals as nw
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - what everybody calls it

from russia_dprk_claims.checks.rule import Count, Cyclic, Mapped, Rule
from russia_dprk_claims.checks.rules import RULES
from russia_dprk_claims.checks.structure import ROW
from russia_dprk_claims.contract import Contract, ForeignKey, Table, leading
from russia_dprk_claims.edtf import covered
from russia_dprk_claims.spark.conditions import any_of, row_condition, typed_cell, unclean_text, unusual_texts
from russia_dprk_claims.spark.expressions import column_name, for_spark
from russia_dprk_claims.spark.tables import PACKAGE

FEW = 100_000
"""Up to how many rows the other side of a join is sent to every worker, rather than both sides by the key's hash."""
_ID = (PACKAGE, ROW)
_DAYS = "earliest date, latest date"


@dataclass
class Spotter:
    """Spots suspect rows in the tables of one or more packages.

    Parameters
    ----------
    contract
        The tables.
    frames
        The rows of each table, as texts with package and number.
    sizes
        How many rows each table has in all.
    together
        Whether there are several packages.
    few
        Up to how many rows are sent to every worker.
    """

    contract: Contract
    frames: Mapping[str, DataFrame]
    sizes: Mapping[str, int]
    together: bool = False
    few: int = FEW
    _typed: dict[str, DataFrame] = field(default_factory=dict)
    _dates: DataFrame | None = None

    def suspects(self, table: str) -> DataFrame:
        """Return the suspect rows of a table, by package and number, each at least once."""
        found = [self._wrong_cells(table), *self._repeated(table), self.breaking(table)]
        return reduce(DataFrame.union, found).distinct()

    # --- the contract ---

    def _wrong_cells(self, name: str) -> DataFrame:
        table, frame = self.contract[name], self.frames[name]
        looked_at = frame.select(*_ID, row_condition(table).alias("#bad"), unusual_texts(table).alias("#unusual"))
        doubtful = looked_at.filter(F.col("#bad") | F.col("#unusual").isNotNull())
        wrong = F.when(F.col("#bad"), True).otherwise(unclean_text()(F.col("#unusual")))
        return doubtful.filter(wrong).select(*_ID)

    def _repeated(self, name: str) -> Iterator[DataFrame]:
        """Yield the rows that share what is unique."""
        table, frame = self.contract[name], self.frames[name]
        for columns in (table.primary_key, *((each.name,) for each in table.fields if each.unique)):
            keys = [*([PACKAGE] if self.together else []), *columns]
            shared = frame.select(*keys).dropna().groupBy(*keys).count().filter("count > 1").drop("count")
            yield frame.join(shared, keys, "left_semi").select(*_ID)

    # --- the rules ---

    def breaking(self, name: str) -> DataFrame:
        """Return the rows in which a rule may be broken, or a reference leads nowhere."""
        table, rules = self.contract[name], [rule for rule in RULES if rule.table == name]
        reads = list(dict.fromkeys(read for rule in rules for read in rule.reads))
        frame = self._reading(table, [each for each in reads if isinstance(each, str)], table.foreign_keys)
        counts = [each for each in reads if isinstance(each, Count)]
        for source, on in dict.fromkeys((each.table, each.on) for each in counts):
            frame = self._counting(frame, [each for each in counts if (each.table, each.on) == (source, on)])
        for read in reads:
            if isinstance(read, Cyclic):
                frame = self._circling(frame, table, read)
            if isinstance(read, Mapped):
                frame = self._mapping(frame, read)
        return self._judged(table, rules, frame)

    def _judged(self, table: Table, rules: Sequence[Rule], frame: DataFrame) -> DataFrame:
        verdict = for_spark(_broken(rules)) if rules else nw.lit(False)
        markers = [_marker(number) for number in range(len(table.foreign_keys))]
        judged = nw.from_native(frame).select(*map(nw.col, (*_ID, *markers)), verdict.alias("#bad")).to_native()
        dangling = any_of(F.col(each) for each in markers)
        return judged.filter(F.coalesce(F.col("#bad"), F.lit(True)) | dangling).select(*_ID)

    def typed(self, name: str) -> DataFrame:
        """Return a table with every cell as the rules read it."""
        if name not in self._typed:
            table = self.contract[name]
            keys = _key_columns(self.contract)
            columns = [
                (self._apart(cell) if (name, each.name) in keys else cell).alias(each.name)
                for each in table.fields
                for cell in [typed_cell(each)]
            ]
            self._typed[name] = self.frames[name].select(*_ID, *columns)
        return self._typed[name]

    def _apart(self, key: Column) -> Column:
        """Return a key that is no other package's; all rules only compare keys, or look at how they end."""
        return F.concat(F.col(PACKAGE).cast("string"), F.lit(":"), key) if self.together else key

    def _reading(self, table: Table, paths: Sequence[str], keys: Sequence[ForeignKey] = ()) -> DataFrame:
        """Return a table with the ends of some paths, and for each foreign key whether it leads nowhere."""
        frame = self.typed(table.name)
        dates = [path for path in paths if table.by_name[path.partition(".")[0]].is_edtf and "." in path]
        for column in dict.fromkeys(path.partition(".")[0] for path in dates):
            frame = self._dating(frame, column)
        led: dict[str, dict[str, None]] = {}
        for path in paths:
            first, _, rest = path.partition(".")
            if rest and path not in dates:
                led.setdefault(first, {})[rest] = None
        marked = {key.columns[0]: number for number, key in enumerate(keys) if len(key.columns) == 1}
        for first in dict.fromkeys((*led, *marked)):
            key = leading(self.contract, table, first)
            frame = self._joined(frame, (first,), key, list(led.get(first, ())), marked.get(first))
        for number, key in enumerate(keys):
            if len(key.columns) > 1:
                frame = self._joined(frame, key.columns, key, [], number)
        return frame

    def _joined(
        self, frame: DataFrame, ours: Sequence[str], key: ForeignKey, rests: Sequence[str], marker: int | None
    ) -> DataFrame:
        """Return a frame with what its rows read in those that a key leads to, and whether it leads nowhere."""
        target = self._reading(self.contract[key.table], rests)
        renamed = {theirs: f"#their {theirs}" for theirs in key.references}
        names = {rest: column_name(f"{ours[0]}.{rest}") for rest in rests}
        target = target.select(
            *(F.col(theirs).alias(name) for theirs, name in renamed.items()),
            *(F.col(column_name(rest)).alias(name) for rest, name in names.items()),
        ).dropDuplicates(list(renamed.values()))
        alike = reduce(and_, (F.col(mine) == F.col(name) for mine, name in zip(ours, renamed.values(), strict=True)))
        joined = frame.join(self._sent(target, key.table), alike, "left")
        if marker is not None:
            given = reduce(and_, (F.col(each).isNotNull() for each in ours))
            nowhere = given & F.col(next(iter(renamed.values()))).isNull()
            joined = joined.withColumn(_marker(marker), nowhere)
        return joined.drop(*renamed.values())

    def _sent(self, frame: DataFrame, table: str) -> DataFrame:
        """Return the other side of a join, to be sent to every worker if it is of a small table, else by the key."""
        return F.broadcast(frame) if self.sizes[table] <= self.few else frame.hint("merge")

    def _dating(self, frame: DataFrame, column: str) -> DataFrame:
        days = self._all_dates().select(
            F.col("#date"),
            *(F.col(f"#days.{side}").alias(column_name(f"{column}.{side}")) for side in ("earliest", "latest")),
        )
        return frame.join(F.broadcast(days), F.col(column) == F.col("#date"), "left").drop("#date")

    def _all_dates(self) -> DataFrame:
        """Return every different EDTF date of all tables with the days that it covers: there are few of them."""
        if self._dates is None:
            columns = [(table.name, each.name) for table in self.contract for each in table.fields if each.is_edtf]
            dates = reduce(
                DataFrame.union, (self.typed(name).select(F.col(each).alias("#date")) for name, each in columns)
            )
            self._dates = dates.dropna().distinct().withColumn("#days", F.udf(_days, _DAYS)("#date")).persist()
        return self._dates

    def _counting(self, frame: DataFrame, counts: Sequence[Count]) -> DataFrame:
        theirs, ours = [name for name, _ in counts[0].on], [name for _, name in counts[0].on]
        counted = self.typed(counts[0].table)
        if all(each.where for each in counts):
            counted = counted.filter(reduce(or_, map(_qualifies, counts)))
        names = {each.name: column_name(each.name) for each in counts}
        sums = [F.count_if(_qualifies(each)).alias(f"#{names[each.name]}") for each in counts]
        keys = [F.col(name).alias(f"#their {name}") for name in theirs]
        found = counted.groupBy(*keys).agg(*sums)
        alike = reduce(and_, (F.col(mine) == F.col(f"#their {name}") for name, mine in zip(theirs, ours, strict=True)))
        joined = frame.join(self._sent(found, counts[0].table), alike, "left")
        filled = {name: F.coalesce(F.col(f"#{name}"), F.lit(0)) for name in names.values()}
        return joined.withColumns(filled).drop(*(f"#{name}" for name in filled), *(f"#their {name}" for name in theirs))

    def _mapping(self, frame: DataFrame, read: Mapped) -> DataFrame:
        """Return a frame with what a function says of some cells; it is called once for each combination of them."""
        theirs = [f"#their {name}" for name in read.columns]
        different = frame.select(*(F.col(name).alias(other) for name, other in zip(read.columns, theirs, strict=True)))
        # Of a function with hints Spark would ask what kind it is.
        function = F.udf(lambda *cells: read.function(*cells), "boolean")  # noqa: PLW0108 - see above
        said = different.distinct().withColumn(column_name(read.name), function(*theirs))
        alike = (F.col(name).eqNullSafe(F.col(other)) for name, other in zip(read.columns, theirs, strict=True))
        return frame.join(said, reduce(and_, alike), "left").drop(*theirs)

    def _circling(self, frame: DataFrame, table: Table, read: Cyclic) -> DataFrame:
        """Return a frame that says from which rows the way up has no end.

        They are left when the rows that lead to an end are taken away, step by step from the top.
        """
        edges = self.typed(table.name).select(
            F.col(table.primary_key[0]).alias("#own"), F.col(read.column).alias("#up")
        )
        edges = edges.dropna().persist()
        number = edges.count()
        while number:
            below = edges.select(F.col("#own").alias("#above")).distinct()
            left = edges.join(below, F.col("#up") == F.col("#above"), "left_semi").localCheckpoint()
            before, number, edges = number, left.count(), left
            if number == before:
                break
        round_ = edges.select("#own").distinct()
        joined = frame.join(F.broadcast(round_), F.col(table.primary_key[0]) == F.col("#own"), "left")
        return joined.withColumn(column_name(read.name), F.col("#own").isNotNull()).drop("#own")


def _marker(number: int) -> str:
    return f"#leads nowhere {number}"


def _key_columns(contract: Contract) -> set[tuple[str, str]]:
    """Return the columns that are keys by themselves or lead to a row."""
    found = {(table.name, table.primary_key[0]) for table in contract if len(table.primary_key) == 1}
    for table in contract:
        for key in table.foreign_keys:
            found.update((table.name, each) for each in key.columns)
            found.update((key.table, each) for each in key.references)
    return found


def _qualifies(count: Count) -> Column:
    conditions: Iterable[Column] = (F.col(name) == value for name, value in count.where)
    return reduce(and_, conditions, F.lit(True))


def _days(*dates: str) -> tuple[object, object]:
    days = covered(*dates)
    return (days.earliest, days.latest) if days else (None, None)


def _broken(rules: Iterable[Rule]) -> nw.Expr:
    """Return whether a row may break one of some rules."""
    sure = (rule.holds if rule.surely is None else rule.surely for rule in rules)
    return nw.any_horizontal(*(~each.fill_null(True) for each in sure), ignore_nulls=False)
