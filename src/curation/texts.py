"""The source texts. They are never published, and everything works without them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from curation.seeds.files import SEEDS, TEXTS
from curation.seeds.spans import text_folded_sha256
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.tables import TextTable, cell_finding
from russia_dprk_claims.contract import Table
from russia_dprk_claims.files import LIMITS, read_file

VARIABLE = "SEED_TEXTS"

ReadText = Callable[[str], bytes | None]
"""Returns the bytes of a text by its file name, or None where it is not available."""


@dataclass(frozen=True)
class Texts:
    """The available texts by source, and the sources whose text is not available."""

    by_source: Mapping[str, str]
    missing: tuple[str, ...]


def texts_folder(option: Path | None, root: Path) -> Path:
    """Return the folder of the texts: the one given, else that in `SEED_TEXTS`, else `seeds/texts`."""
    return option or Path(os.environ.get(VARIABLE) or root / SEEDS / TEXTS)


def text_reader(option: Path | None, root: Path) -> ReadText:
    """Return a reader of the texts in their folder."""
    folder = texts_folder(option, root)
    outermost = root if folder == root / SEEDS / TEXTS else folder

    def read(name: str) -> bytes | None:
        try:
            return read_file(folder / Path(name).name, outermost, LIMITS.text)
        except OSError:  # for example, a file name that is too long
            return None

    return read


def find_texts(table: Table, sources: TextTable, read: ReadText) -> tuple[Texts, list[Finding]]:
    """Find the texts of the sources by file name."""
    found: dict[str, str] = {}
    missing: list[str] = []
    findings: list[Finding] = []
    for index, row in enumerate(sources.rows()):
        source, name = row["source_id"] or "", row["text_name"]
        data = read(name) if name else None
        different = None if data is None else _difference(row, data)
        if different:
            column, message, hint = different
            rule = "text-identity"
            findings.append(cell_finding(table, sources, index, column, rule=rule, message=message, hint=hint))
        if data is None or different:
            missing.append(source)
        else:
            found[source] = data.decode("utf-8")
    return Texts(found, tuple(sorted(missing))), findings


def _only_difference(row: Mapping[str, str | None], data: bytes) -> str | None:
    """Return what alone distinguishes the bytes from the text that was coded, or None if the words differ."""
    plain = data.replace(b"\r\n", b"\n")
    if row["text_sha256"] in {hashlib.sha256(each).hexdigest() for each in (plain, plain.replace(b"\n", b"\r\n"))}:
        return "line ends"
    folded = text_folded_sha256(data.decode("utf-8-sig", errors="replace"))
    return "spaces and line ends" if row["text_folded_sha256"] == folded else None


def _difference(row: Mapping[str, str | None], data: bytes) -> tuple[str, str, str | None] | None:
    """Return how the bytes differ from the text that the record describes: column, message and hint."""
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != row["text_sha256"]:
        what = _only_difference(row, data)
        hint = f"restore its {what}; the text is still the one that was coded" if what else None
        return "text_sha256", f"the available text {f'has other {what}' if what else f'has the SHA-256 {sha256}'}", hint
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "text_name", "the text is not UTF-8", "convert it and code the converted text"
    if str(len(text)) != row["text_length"]:
        return "text_length", f"the text has {len(text)} code points", f"write {len(text)}"
    folded = text_folded_sha256(text)
    if row["text_folded_sha256"] not in {None, folded}:
        return "text_folded_sha256", "the folded text has another hash", f"write {folded}"
    return None
