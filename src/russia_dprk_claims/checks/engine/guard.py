"""Guards a CSV against what Polars reads too leniently, by counts over the whole file.

Polars fills short rows with empty cells, reads an empty line as a row, and skips a byte order mark and the header. The
rows that it read are those of the file if the file has the same commas, quotes and line feeds as these rows written by
`tables.to_csv`. This also fixes where each cell begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BLOCK = 1 << 20
_COUNTED = {"commas": ord(","), "quotes": ord('"'), "breaks": ord("\n")}


@dataclass(frozen=True)
class Signs:
    """How many commas, quotes and line feeds a CSV has."""

    commas: int
    quotes: int
    breaks: int


def count_signs(path: Path) -> Signs | None:
    """Count the signs of a file; None if it has a NUL or a carriage return, which no CSV of the dataset has."""
    counts = dict.fromkeys(_COUNTED, 0)
    with path.open("rb") as file:
        while data := file.read(BLOCK):
            if b"\0" in data or b"\r" in data:
                return None
            block = np.frombuffer(data, dtype=np.uint8)
            for name, sign in _COUNTED.items():
                counts[name] += int(np.count_nonzero(block == sign))
    return Signs(**counts)


def has_header(path: Path, columns: Sequence[str]) -> bool:
    """Return whether the first line of a file has these columns, without quotes or a byte order mark."""
    header = f"{','.join(columns)}\n".encode()
    with path.open("rb") as file:
        return file.read(len(header)) == header
