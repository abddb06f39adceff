"""A blind coding as claims with the values that are compared, and the claims of two codings matched one to one."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from curation.seeds.files import CODINGS, SEEDS
from curation.seeds.spans import Span
from curation.seeds.tables import read_seeds
from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.contract import SPAN, Contract, read_contract
from russia_dprk_claims.files import read_file

CODERS = ("coder-2", "coder-3")
Level = Literal["nominal", "ordinal", "set", "unit"]
Value = frozenset[tuple[str, ...]]
"""The rows of one claim, as the cells that are compared; a column of `claims` has one row."""


@dataclass(frozen=True)
class Attribute:
    """What is compared under the name of a column: the cells of each row, by default those of the column.

    `shared` marks ids that each coder chose: they only show which claims belong together.
    """

    table: str
    column: str
    level: Level = "nominal"
    cells: tuple[str, ...] = ()
    shared: bool = False


_CLAIM = ("topic", "statement_kind", "polarity", "temporal_status", "hedge", "event_date", "date_basis", "date_status")
_TRANSFER = ("giver_id", "receiver_id", "item_id", "realization")
_QUANTITY = ("value_low", "value_best", "value_high", "bound_type", "unit")
ATTRIBUTES = (
    *(Attribute("claims", column) for column in (*_CLAIM, "as_of")),
    Attribute("claims", "modality", "ordinal"),
    Attribute("claims", "origin_id", shared=True),
    *(Attribute("claim_attributions", column) for column in ("act", "specificity", "evidence", "stance")),
    Attribute("claim_attributions", "actor_id", "set"),
    Attribute("claim_actors", "actor_id", "set"),
    Attribute("claim_actors", "role", "set", ("actor_id", "role")),
    Attribute("claim_events", "event_id", shared=True),
    Attribute("claim_events", "bearing", "set"),
    Attribute("claim_agreements", "agreement_id", shared=True),
    Attribute("claim_agreements", "bearing", "set"),
    Attribute("transfers", "transfer_id", "set", _TRANSFER),
    Attribute("transfers", "realization", "set"),
    Attribute("quantities", "quantity_id", "set", _QUANTITY),
)


@dataclass(frozen=True)
class Claim:
    """A claim of one coding, with its value of each attribute."""

    claim_id: str
    source_id: str
    span: Span
    text: str
    values: Mapping[Attribute, Value]


Unit = tuple[Claim | None, Claim | None]
"""A claim of each coder that match, or one claim and None."""


def read_codings(root: Path) -> tuple[Contract, list[Claim], list[Claim]]:
    """Return the contract that the blind coders of a project were given, and the claims of each."""
    folder = root / SEEDS / CODINGS
    contract = read_contract(folder / "contract")
    paths = [(folder / coder).rglob("*.yaml") for coder in CODERS]
    files = [{path.relative_to(folder).as_posix(): read_file(path, root) for path in each} for each in paths]
    return contract, read_coding(files[0], contract), read_coding(files[1], contract)


def read_coding(files: Mapping[str, bytes], contract: Contract) -> list[Claim]:
    """Return the claims of a coding, in the order of their passages.

    Parameters
    ----------
    files : mapping of str to bytes
        The bytes of its seed records by path, such as `coder-2/sources/SRC-0001.yaml`.
    contract : Contract
        The contract that the coder was given.

    Raises
    ------
    ValueError
        If a record cannot be read.
    """
    seeds = read_seeds(files, contract)
    if seeds.findings:
        raise ValueError(f"{seeds.findings[0].location.path}: {seeds.findings[0].message}")
    rows: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for name in {each.table for each in ATTRIBUTES}:
        for index, claim_id in enumerate(seeds.tables[name].cells["claim_id"]):
            rows[name][claim_id or ""].append(index)
    claims = []
    for index in range(len(seeds.tables["claims"])):
        key = seeds.tables["claims"].key(index, ("claim_id", "source_id", *SPAN, "claim_text"))
        values = {each: _value(each, seeds.tables[each.table], rows[each.table][key[0]]) for each in ATTRIBUTES}
        claims.append(Claim(key[0], key[1], Span(int(key[2]), int(key[3])), key[4], values))
    return sorted(claims, key=lambda each: (each.source_id, each.span, each.claim_id))


def _value(attribute: Attribute, table: TextTable, rows: Sequence[int]) -> Value:
    """Return the value of a claim from its rows in a table."""
    if attribute.table == "claim_attributions":
        steps = {row: int(table.cells["step"][row] or 0) for row in rows}
        # The innermost voices count; for the stance all others, because the innermost voice is always neutral.
        outer = attribute.column == "stance"
        rows = [row for row in rows if (steps[row] < max(steps.values())) is outer]
    value = frozenset(table.key(row, attribute.cells or (attribute.column,)) for row in rows)
    if attribute.column == "hedge":
        return frozenset({("absent",) if value == {("",)} else ("present",)})
    if attribute.column == "stance":
        return value - {("neutral",)} or frozenset({("neutral",)})
    return value - {("",)} if attribute.shared else value


def changed_codings(root: Path) -> list[str]:
    """Return the frozen files of a project that differ from their hash in `SHA256SUMS`, by their paths."""
    folder = root / SEEDS / CODINGS
    if not (folder / "SHA256SUMS").is_file():
        return []
    lines = read_file(folder / "SHA256SUMS", root).decode("utf-8", errors="replace").splitlines()
    frozen = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    parts = [
        path for name in ("CODING.md", "contract", *CODERS) for path in (folder / name, *(folder / name).rglob("*"))
    ]
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(read_file(path, root)).hexdigest()
        for path in parts
        if path.is_file()
    }
    names = [name for name in sorted(frozen | found) if frozen.get(name) != found.get(name)]
    return [f"{SEEDS}/{CODINGS}/{name}" for name in names]


def units(first: Sequence[Claim], second: Sequence[Claim], threshold: float) -> list[Unit]:
    """Match claims one to one within each source, and return the pairs and all other claims.

    The pair with the highest IoU of its spans is taken first; with the same IoU, the one whose texts have more words in
    common; then the one that comes first. Neither the order of records nor that of the coders matters.
    """
    candidates = [
        (-iou, -_share(_words(one.text), _words(other.text)), i + j, i, j)
        for i, one in enumerate(first)
        for j, other in enumerate(second)
        if one.source_id == other.source_id and (iou := one.span.iou(other.span)) >= threshold
    ]
    partners: dict[int, int] = {}
    for _, _, _, i, j in sorted(candidates):
        if i not in partners and j not in partners.values():
            partners[i] = j
    matched: list[Unit] = [(first[i], second[j]) for i, j in partners.items()]
    matched += [(each, None) for i, each in enumerate(first) if i not in partners]
    matched += [(None, each) for j, each in enumerate(second) if j not in partners.values()]
    return sorted(matched, key=lambda unit: sorted((each.source_id, each.span, each.text) for each in unit if each))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)
