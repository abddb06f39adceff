"""Guards a CSV against what Polars reads too leniently, by counts over the whole file.

Polars fills short rows with empty cells, reads an empty line as a row, and skips a byte order mark and the header. The
rows that it read are those of the file if the file has the same commas, quotes and line feeds as these rows written by
`tables.to_csv`. This also fixes where each cell begins.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from russia_dprk_claims.checks.scanned import BREAKS

BLOCK = 1 << 20
SIGNS = {"#commas": ",", "#quotes": '"', BREAKS: "\n"}


class NotPlainError(Exception):
    """A file that Polars may read otherwise than the strict reader; the message says why."""


def plain_signs(file: Path, columns: Sequence[str]) -> dict[str, int]:
    """Count the signs of a CSV, by name; `NotPlainError` if its header, characters or end are not those of `to_csv`."""
    counts = dict.fromkeys(SIGNS, 0)
    header = f"{','.join(columns)}\n".encode()
    with file.open("rb") as opened:
        if opened.read(len(header)) != header:
            raise NotPlainError("its header is not that of the table")
        # Without it, no sign might be missing of a last row that Polars cannot read.
        opened.seek(-1, os.SEEK_END)
        if opened.read() != b"\n":
            raise NotPlainError("it does not end with a line feed")
        opened.seek(0)
        while data := opened.read(BLOCK):
            if b"\0" in data or b"\r" in data:
                raise NotPlainError("it has a NUL byte or a carriage return")
            block = np.frombuffer(data, dtype=np.uint8)
            for name, sign in SIGNS.items():
                counts[name] += int(np.count_nonzero(block == ord(sign)))
    return counts


def split_records(path: Path, begin: int, size: int) -> list[tuple[int, int, int]]:
    """Return where groups of records begin and end, each of about a size in bytes, and the number of the first record.

    A record ends with a line feed that is not quoted.
    """
    starts, records, quoted, position = [(begin, 0)], 0, False, begin
    end = path.stat().st_size
    with path.open("rb") as file:
        file.seek(begin)
        while end - starts[-1][0] > size and (data := file.read(BLOCK)):
            block = np.frombuffer(data, dtype=np.uint8)
            is_quoted = np.logical_xor.accumulate(block == ord('"')) ^ quoted
            ends = np.flatnonzero((block == ord("\n")) & ~is_quoted)
            records += len(ends)
            quoted = bool(is_quoted[-1])
            if len(ends) and position + len(data) - starts[-1][0] >= size:
                starts.append((position + int(ends[-1]) + 1, records))
            position += len(data)
    ends_of_groups = [*(start for start, _ in starts[1:]), end]
    return [(start, stop, record) for (start, record), stop in zip(starts, ends_of_groups, strict=True)]
