"""Checks of a contribution that need its repository instead of the source texts.

They find a text that was committed, a released id that the base branch has and this one lacks, and an id that both
branches gave to different rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from curation.lineage import ROOT
from curation.project import Project
from curation.release.git import committable_files, file_of, merge_base
from curation.release.snapshot import read_revision
from curation.released import id_column
from curation.seeds.spans import Span, text_folded_sha256
from russia_dprk_claims.checks.catalogue import finding
from russia_dprk_claims.checks.findings import Finding, Location
from russia_dprk_claims.checks.tables import TextTable, cell_finding
from russia_dprk_claims.loading import RELEASED

LONGEST_TEXT = 10_000_000
"""A file of more bytes is not compared with the texts."""

LONGEST_GAP = 8
"""What lies between two passages, such as line breaks and a bullet, is not longer."""


def committed_texts(project: Project) -> Iterator[Finding]:
    """Yield a finding for each file in git that is a source text, whatever its name, also with other spaces.

    Files that git would add are among them, so that a text is found before it is committed. Nothing is found outside a
    git repository. A part of a text is not recognized.
    """
    sources = project.tables[ROOT]
    rows = {row[name]: row["source_id"] for row in sources.rows() for name in ("text_sha256", "text_folded_sha256")}
    for path in committable_files(project.root):
        file = project.root / path
        if not file.is_file() or file.is_symlink() or file.stat().st_size > LONGEST_TEXT:
            continue
        data = file.read_bytes()
        text = data.decode("utf-8", errors="replace")
        for sha256 in (hashlib.sha256(data).hexdigest(), text_folded_sha256(text)):
            if sha256 in rows:
                yield finding("committed-text", Location(path), f"this is the text of {rows[sha256]}")
                break


def gaps_without_text(project: Project) -> Iterator[Finding]:
    """Yield a finding for each long gap between the spans of a source whose text is not available."""
    sources, table = project.tables[ROOT], project.contract[ROOT]
    spans = project.lineage.spans_by_source()
    for index, row in enumerate(() if project.invalid.too_many else sources.rows()):
        source, length = row["source_id"], row["text_length"]
        if source not in project.texts.missing or length is None or (ROOT, index, "text_length") in project.invalid:
            continue
        covered = 0
        for span in (*sorted(spans.get(source, [])), Span(int(length), int(length))):
            if span.start - covered > LONGEST_GAP:
                message = f"no passage has the characters {covered} to {span.start}"
                hint = "code them, or set them aside with a reason"
                yield cell_finding(table, sources, index, "text_length", rule="coverage", message=message, hint=hint)
            covered = max(covered, span.end)


def against_base(project: Project, base: str) -> Iterator[Finding]:
    """Yield what does not fit the branch, tag or commit that the contribution goes to.

    Raises ReleaseError if the base, or the commit at which this branch left it, cannot be read.
    """
    yield from _lost_ids(project.root, base)
    fork = merge_base(project.root, base)
    there, before = (read_revision(each, project.root, base) for each in (base, fork))
    for table in project.contract:
        key = id_column(table)
        if key is None or table.nested_in or not {table.name} <= there.tables.keys() & before.tables.keys():
            continue
        here = project.tables[table.name]
        known, added = set(before.tables[table.name].cells[key]), dict(_rows(there.tables[table.name], key))
        for index, (id_, row) in enumerate(_rows(here, key)):
            if id_ in added and id_ not in known and added[id_] != {name: row.get(name) for name in added[id_]}:
                message = f"{id_} was given to another row on {base} meanwhile"
                hint = f"run scripts/renumber.py {id_} --base {base}" if table.name == ROOT else "choose another id"
                yield cell_finding(table, here, index, key, rule="id-clash", message=message, hint=hint)


def _rows(rows: TextTable, key: str) -> Iterator[tuple[str, dict[str, str | None]]]:
    return ((row[key] or "", row) for row in rows.rows())


def _lost_ids(root: Path, base: str) -> Iterator[Finding]:
    """Yield a finding if the list of released ids lacks a line that it has on the base branch."""
    old = (file_of(root, base, RELEASED) or b"").split(b"\n")
    path = root / RELEASED
    new = set(path.read_bytes().split(b"\n")) if path.is_file() else set()
    lost = [line.decode("utf-8", errors="replace") for line in old if line and line not in new]
    if lost:
        message = f"lines that {base} has are gone or changed, the first of {len(lost)} is {lost[0]!r}"
        yield finding("released-ids", Location(RELEASED), message, hint=f"git checkout {base} -- {RELEASED}")
