"""The source texts, where they are at hand: they are never published, and everything works without them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.tables import TextTable

VARIABLE = "SEED_TEXTS"


@dataclass(frozen=True)
class Texts:
    """The texts at hand by source, and the sources whose text is not."""

    by_source: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the text of every source is at hand."""
        return not self.missing


def texts_folder(option: Path | None, seeds: Path) -> Path:
    """Return where texts are looked for: the option, else the variable `SEED_TEXTS`, else `seeds/texts`."""
    if option is not None:
        return option
    variable = os.environ.get(VARIABLE)
    return Path(variable) if variable else seeds / "texts"


def decode_text(data: bytes) -> str:
    """Return the text of the bytes of a source: UTF-8, no character changed or dropped.

    Raises
    ------
    UnicodeDecodeError
        If the bytes are not UTF-8.
    """
    return data.decode("utf-8")


def find_texts(sources: TextTable, folder: Path) -> tuple[Texts, list[Finding]]:
    """Find the texts of the sources in a folder, by file name.

    Parameters
    ----------
    sources
        The table `sources`.
    folder
        Where the texts are; it may not exist.

    Returns
    -------
    Texts, list of Finding
        The texts whose hash is the one in the record, and a finding for each file that is another text.
    """
    found: dict[str, str] = {}
    missing: list[str] = []
    findings: list[Finding] = []
    for index, row in enumerate(sources.rows()):
        source, name = row["source_id"] or "", row["text_name"] or ""
        path = folder / Path(name).name
        if not name or not _is_file(path):
            missing.append(source)
            continue
        data = path.read_bytes()
        finding = _compare(sources, index, row, data)
        if finding:
            findings.append(finding)
            missing.append(source)
        else:
            found[source] = decode_text(data)
    return Texts(found, tuple(sorted(missing))), findings


def _is_file(path: Path) -> bool:
    """Return whether there is such a file; a name that no file can have names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _compare(sources: TextTable, index: int, row: Mapping[str, str | None], data: bytes) -> Finding | None:
    """Return a finding where the bytes are not the text that the record describes."""
    source = row["source_id"] or ""

    def finding(column: str, message: str, hint: str) -> Finding:
        origin = sources.locator.locate(index, column)
        return Finding(
            origin, "text-identity", message, hint, table="sources", row=source, column=column, value=row[column] or ""
        )

    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != row["text_sha256"]:
        return finding("text_sha256", f"the text at hand has the SHA-256 {sha256}", "it is not the text that was coded")
    try:
        length = len(decode_text(data))
    except UnicodeDecodeError:
        return finding("text_name", "the text is not UTF-8", "convert it and code the converted text")
    if str(length) != row["text_length"]:
        return finding("text_length", f"the text has {length} code points", f"write {length}")
    return None
