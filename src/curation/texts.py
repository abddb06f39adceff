"""The source texts, where they are available: they are never published, and everything works without them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from curation.seeds.files import SEEDS
from curation.seeds.spans import text_folded_sha256
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.tables import TextTable

VARIABLE = "SEED_TEXTS"

ReadText = Callable[[str], bytes | None]
"""Returns the bytes of a text by its file name, or None where it is not available."""


@dataclass(frozen=True)
class Texts:
    """The available texts by source, and the sources whose text is not available."""

    by_source: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the text of every source is available."""
        return not self.missing


def text_reader(option: Path | None, root: Path) -> ReadText:
    """Return what reads texts: in the folder given, else that of the variable `SEED_TEXTS`, else `seeds/texts`."""
    folder = option or Path(os.environ.get(VARIABLE) or root / SEEDS / "texts")

    def read(name: str) -> bytes | None:
        path = folder / Path(name).name
        try:
            return path.read_bytes() if path.is_file() else None
        except OSError:  # such as a name that no file can have
            return None

    return read


def find_texts(sources: TextTable, read: ReadText) -> tuple[Texts, list[Finding]]:
    """Find the texts of the sources by file name."""
    found: dict[str, str] = {}
    missing: list[str] = []
    findings: list[Finding] = []
    for index, row in enumerate(sources.rows()):
        source, name = row["source_id"] or "", row["text_name"]
        data = read(name) if name else None
        different = _compare(sources, index, row, data) if data is not None else None
        if different:
            findings.append(different)
        if data is None or different:
            missing.append(source)
        else:
            found[source] = data.decode("utf-8")
    return Texts(found, tuple(sorted(missing))), findings


def _compare(sources: TextTable, index: int, row: Mapping[str, str | None], data: bytes) -> Finding | None:
    """Return a finding where the bytes are not the text that the record describes."""

    def different(column: str, message: str, hint: str | None = None) -> Finding:
        location = sources.locator.locate(index, column)
        cell = {"table": "sources", "row": row["source_id"] or "", "column": column, "value": row[column] or ""}
        return finding("text-identity", location, message, hint=hint, **cell)

    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != row["text_sha256"]:
        return different("text_sha256", f"the available text has the SHA-256 {sha256}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return different("text_name", "the text is not UTF-8", "convert it and code the converted text")
    if str(len(text)) != row["text_length"]:
        return different("text_length", f"the text has {len(text)} code points", f"write {len(text)}")
    folded = text_folded_sha256(text)
    if row["text_folded_sha256"] not in {None, folded}:
        return different("text_folded_sha256", "the folded text has another hash", f"write {folded}")
    return None
