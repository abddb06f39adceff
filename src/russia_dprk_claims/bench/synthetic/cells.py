"""Cells: columns of texts put together, optional cells left empty, and vocabularies sprinkled with rarer values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from russia_dprk_claims.bench.synthetic.draws import Flags, Numbers, below, chance, words
from russia_dprk_claims.contract import Contract, Table

Part = pl.Series | str
Cells = Mapping[str, pl.Series | Numbers]
"""Columns of a table by name."""


class UnknownColumnError(ValueError):
    """A required column of the contract for which nothing is generated."""


def pick(phrases: Sequence[str], places: Numbers) -> pl.Series:
    """Return a phrase for each place."""
    return pl.Series(list(phrases), dtype=pl.String).gather(pl.Series(places))


def any_of(name: str, numbers: Numbers, phrases: Sequence[str]) -> pl.Series:
    """Return a phrase for each number."""
    return pick(phrases, below(name, numbers, len(phrases)))


def text(numbers: Numbers) -> pl.Series:
    """Return whole numbers as texts."""
    return pl.Series(numbers).cast(pl.String)


def joined(*parts: Part) -> pl.Series:
    """Return the texts that the parts make, one behind the other."""
    expressions = [pl.lit(each) if isinstance(each, str) else each.alias(str(n)) for n, each in enumerate(parts)]
    return pl.select(pl.concat_str(expressions)).to_series()


def where(flags: Flags, then: Part, otherwise: Part | None = None) -> pl.Series:
    """Return one text or the other; nothing where there is no other."""
    chosen = pl.when(pl.Series("flags", flags)).then(_expression(then, "then"))
    return pl.select(chosen.otherwise(_expression(otherwise, "otherwise")).alias("cell")).to_series()


def _expression(part: Part | None, name: str) -> pl.Expr | pl.Series:
    return part.alias(name) if isinstance(part, pl.Series) else pl.lit(part, dtype=pl.String)


def sprinkled(
    name: str, numbers: Numbers, cells: pl.Series, values: Sequence[str], share: float, only: Flags | None = None
) -> pl.Series:
    """Return cells of which a share has any of some values, where `only` allows it."""
    changed = chance(f"{name} is sprinkled", numbers, share)
    return where(changed if only is None else changed & only, any_of(f"{name} sprinkle", numbers, values), cells)


def sha256(name: str, numbers: Numbers) -> pl.Series:
    """Return 64 hexadecimal digits for each number."""
    import pyarrow as pa

    bits = np.stack([words(f"{name} {part}", numbers) for part in range(4)], axis=1).astype(">u8")
    octets = bits.view(np.uint8).reshape(-1)
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    data = np.stack([digits[octets >> 4], digits[octets & 15]], axis=1).reshape(-1)
    ends = np.arange(len(numbers) + 1, dtype=np.int64) * 64
    buffers = [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(data.tobytes())]
    made = pl.from_arrow(pa.LargeStringArray.from_buffers(len(numbers), *buffers[1:]))
    assert isinstance(made, pl.Series)  # noqa: S101
    return made


def frame(table: Table, cells: Cells) -> pl.DataFrame:
    """Return the rows of a table in the order of its columns; a column of which nothing is said has its default or is
    empty.

    Raises
    ------
    UnknownColumnError
        If nothing is said of a required column without a default, or the contract does not have the column.
    """
    unknown = sorted(set(cells) - set(table.columns))
    missing = [each.name for each in table.fields if each.required and not each.default and each.name not in cells]
    if unknown or missing:
        names = ", ".join([*unknown, *missing])
        raise UnknownColumnError(f"{table.name}: the generator and the contract differ on {names}")
    size = len(next(iter(cells.values())))
    columns = [
        pl.Series(each.name, cells[each.name])
        if each.name in cells
        else pl.Series(each.name, [each.default], dtype=pl.String).new_from_index(0, size)
        for each in table.fields
    ]
    return pl.DataFrame(columns)


def vocabulary(contract: Contract, table: str, column: str) -> tuple[str, ...]:
    """Return the vocabulary of a column."""
    return contract[table].by_name[column].enum
