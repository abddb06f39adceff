"""Expressions have over the numbers of the plan what Narwhals has over Polars, also where cells are empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from russia_dprk_claims.plan.errors import NotPlannedError
from russia_dprk_claims.plan.expressions import evaluate
from russia_dprk_claims.plan.kernels.constants import NO_CODE, NO_WHOLE
from russia_dprk_claims.plan.reading import hashes_of
from russia_dprk_claims.plan.values import Kind, Values, of_codes, of_decimals, of_truths, of_wholes, truth
from russia_dprk_claims.plan.windows import Windows

WORDS = ("low", "middle", "high")
EPOCH = date(1970, 1, 1)
_COLUMNS: dict[str, Any] = {
    "family": pl.Int32,
    "number": pl.Int32,
    "level": pl.Enum(WORDS),
    "grade": pl.Enum(WORDS),
    "size": pl.Int32,
    "width": pl.Float64,
    "text": pl.String,
    "other": pl.String,
    "day": pl.Date,
    "yes": pl.Boolean,
}
SCHEMA = pl.Schema(_COLUMNS)


class FrameRows:
    """The rows of a frame, as expressions read them."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.windows = Windows(len(frame), ("family", "number"))

    def read(self, name: str) -> Values:
        column = self.frame[name]
        if isinstance(column.dtype, pl.Enum):
            return of_codes(column.to_physical().cast(pl.Int8).fill_null(NO_CODE).to_numpy(), WORDS)
        if column.dtype == pl.Boolean:
            return of_truths(column.cast(pl.Int8).fill_null(NO_CODE).to_numpy())
        if column.dtype == pl.Float64:
            return of_decimals(column.fill_null(float("nan")).to_numpy())
        if column.dtype == pl.String:
            known = column.is_not_null().to_numpy()
            return Values(Kind.TEXT, np.where(known, hashes_of([(each or "").encode() for each in column]), 0), known)
        return of_wholes(column.cast(pl.Int32).fill_null(NO_WHOLE).to_numpy())

    def matches(self, values: Values, pattern: str) -> Values:
        raise NotImplementedError

    def shortened(self, values: Values, sign: str) -> Values:
        raise NotImplementedError

    def hash_of(self, text: str) -> int:
        return int(hashes_of([text.encode()])[0])


def by_the_plan(expression: nw.Expr, frame: pl.DataFrame) -> list[Any]:
    values = evaluate(expression, FrameRows(frame))
    data = np.broadcast_to(values.data, len(frame)).tolist()
    known = [True] * len(frame) if values.known is None else np.broadcast_to(values.known, len(frame)).tolist()
    return [each if there else None for each, there in zip(data, known, strict=True)]


def by_polars(expression: nw.Expr, frame: pl.DataFrame) -> list[Any]:
    found = nw.from_native(frame).select(found=expression).to_native()["found"].to_list()
    return found * len(frame) if len(found) == 1 != len(frame) else found


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def row() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "family": st.integers(1, 3),
            "level": maybe(st.sampled_from(WORDS)),
            "grade": maybe(st.sampled_from(WORDS)),
            "size": maybe(st.integers(-3, 3)),
            "width": maybe(st.sampled_from([-1.0, 0.0, 0.5, 2.0, 2.5])),
            "text": maybe(st.sampled_from(["a", "b", "a longer text of more than sixteen bytes"])),
            "other": maybe(st.sampled_from(["a", "b"])),
            "day": maybe(st.dates(date(2023, 12, 30), date(2024, 1, 2))),
            "yes": maybe(st.booleans()),
        }
    )


def frames() -> st.SearchStrategy[pl.DataFrame]:
    def numbered(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
        ordered = sorted(rows, key=lambda each: each["family"])
        return pl.DataFrame([{**each, "number": n} for n, each in enumerate(ordered)], schema=SCHEMA)

    return st.lists(row(), min_size=1, max_size=9).map(numbered)


col = nw.col
NUMBERS = st.sampled_from(
    [
        col("size"),
        col("width"),
        col("size") - col("number"),
        col("size") + 1,
        col("width").round(0),
        col("size").fill_null(-1),
        col("yes").cast(nw.Int64).sum().over("family"),
        col("size").max().over("family"),
        col("size").min().over("level", "yes"),
        col("size").shift(1).over("family", order_by=["number"]),
        col("size").shift(1).over("family", order_by=["number"]).fill_null(-1),
    ]
)
SIMPLE = [
    col("level") == "high",
    col("level") != "nowhere",
    col("level") == col("grade"),
    col("level").is_in(["low", "high", "nowhere"]),
    col("size").is_in([0, 1]),
    col("text").is_in(["a", "c"]),
    col("text") == "a longer text of more than sixteen bytes",
    col("text") == col("other"),
    col("text") != col("other"),
    col("text").is_null(),
    col("day") <= nw.lit(date(2024, 1, 1)),
    col("yes") == (col("size") > 1),
    col("yes"),
    col("width") == col("width").round(0),
    (col("size").is_null()).any().over("family"),
    nw.when(col("yes")).then(col("level") == "low"),
    nw.when(~col("size").is_null().any().over("family")).then(col("size") == col("size").max().over("family")),
    nw.when(col("yes")).then(col("number")).min().over("family", "level") == col("number"),
]


def truths() -> st.SearchStrategy[nw.Expr]:
    compared = st.tuples(
        st.sampled_from(["__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"]), NUMBERS, NUMBERS
    )
    simple = st.one_of(st.sampled_from(SIMPLE), compared.map(lambda each: getattr(each[1], each[0])(each[2])))
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: pair[0] & pair[1]),
            st.tuples(inner, inner).map(lambda pair: pair[0] | pair[1]),
            st.tuples(inner, inner).map(lambda pair: pair[0] == pair[1]),
            inner.map(lambda each: ~each),
            inner.map(lambda each: each.is_null()),
            st.tuples(inner, st.booleans()).map(lambda pair: pair[0].fill_null(pair[1])),
            st.lists(inner, min_size=1, max_size=3).map(lambda all_: nw.any_horizontal(*all_, ignore_nulls=False)),
            st.lists(inner, min_size=1, max_size=3).map(lambda all_: nw.all_horizontal(*all_, ignore_nulls=False)),
        ),
        max_leaves=6,
    )


@given(truths(), frames())
@settings(max_examples=max(400, settings().max_examples))
def test_expressions_have_the_values_that_narwhals_has(expression: nw.Expr, frame: pl.DataFrame) -> None:
    assert by_the_plan(expression, frame) == by_polars(expression, frame)


# --- what is settled later -------------------------------------------------------------------------------------------


class OpenRows(FrameRows):
    """The same rows, where what one column has is not known yet for some of them."""

    def __init__(self, frame: pl.DataFrame, name: str, later: Sequence[bool]) -> None:
        super().__init__(frame)
        self.name, self.later = name, np.array(later)

    def read(self, name: str) -> Values:
        values = super().read(name)
        if name != self.name:
            return values
        known = np.ones(len(self.later), dtype=np.bool_) if values.known is None else values.known
        return truth(values.data & ~self.later, known & ~self.later, self.later)


@given(truths(), frames(), st.data())
@settings(max_examples=max(300, settings().max_examples))
def test_what_is_decided_while_something_is_open_is_decided_whatever_comes(
    expression: nw.Expr, frame: pl.DataFrame, data: st.DataObject
) -> None:
    later = data.draw(st.lists(st.booleans(), min_size=len(frame), max_size=len(frame)))
    try:
        verdict = evaluate(expression, OpenRows(frame, "yes", later))
    except NotPlannedError:
        return  # a window over what is open
    open_ = np.broadcast_to(np.bool_(False) if verdict.open is None else verdict.open, len(frame))
    known = np.broadcast_to(np.bool_(True) if verdict.known is None else verdict.known, len(frame))
    broken = np.broadcast_to(~verdict.data, len(frame)) & known & ~open_
    for value in (True, False, None):
        chosen = pl.Series(
            "yes", [value if is_later else own for is_later, own in zip(later, frame["yes"], strict=True)]
        )
        settled = by_polars(expression, frame.with_columns(chosen.cast(pl.Boolean)))
        for row, is_open in enumerate(open_.tolist()):
            if not is_open:
                assert (settled[row] is False) == bool(broken[row])


def test_a_window_by_what_is_settled_later_is_refused() -> None:
    frame = pl.DataFrame([dict.fromkeys(SCHEMA)] * 2, schema=SCHEMA)
    with pytest.raises(NotPlannedError, match="settled later"):
        evaluate(col("size").min().over("level", "yes") > 0, OpenRows(frame, "yes", [True, False]))


@pytest.mark.parametrize(
    "expression",
    [
        col("size").mean().over("family") > 1,
        col("size") * 2 > 1,
        col("level") > "low",
        col("text") > "a",
        col("level") == col("text"),
        col("size").shift(1).over("family", order_by=["size"]) == 1,
        col("size").shift(2).over("family", order_by=["number"]) == 1,
        col("text").str.replace("a+", "") == "b",
        nw.any_horizontal(col("yes"), ignore_nulls=True),
        nw.when(col("yes")).then(col("size")).otherwise(1) > 0,
    ],
    ids=str,
)
def test_what_is_not_understood_is_refused_and_never_guessed(expression: nw.Expr) -> None:
    frame = pl.DataFrame([dict.fromkeys(SCHEMA)], schema=SCHEMA).with_columns(family=1, number=0)
    with pytest.raises(NotPlannedError):
        evaluate(expression, FrameRows(frame.cast(SCHEMA)))
