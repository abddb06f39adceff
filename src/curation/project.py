"""The project read as one: contract, description, seed records, seals and texts become tables and findings. Nothing
is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from curation.computed import fill_dates
from curation.dataset import Dataset, read_dataset
from curation.released import check_released
from curation.seeds.records import SeedSet, read_seeds
from curation.seeds.seals import apply_seals, read_seals
from curation.texts import Texts, find_texts, texts_folder
from russia_dprk_claims.checks.findings import Finding, in_order
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract, read_contract


@dataclass(frozen=True)
class Project:
    """Everything that a project folder says, and everything that is wrong with it."""

    root: Path
    contract: Contract
    dataset: Dataset | None
    tables: TextTables
    texts: Texts
    findings: list[Finding]
    invalid: Invalid


def read_project(
    root: Path, texts: Path | None = None, contract: Contract | None = None, records: SeedSet | None = None
) -> Project:
    """Read a project folder and check it, but for the rules that need Pandera.

    Parameters
    ----------
    root
        The folder that holds `schemas/` and `seeds/`.
    texts
        Where the source texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.
    contract
        The contract, where it has been read already.
    records
        The seed records, where they have been read already.

    Returns
    -------
    Project
        The tables with their computed columns, and the findings of reading, structure, seals and texts.

    Raises
    ------
    ContractError
        If `schemas/` is not sound.
    """
    from curation.passages import Passages, check_passages
    from russia_dprk_claims.checks.structure import check_structure

    contract = contract or read_contract(root / "schemas")
    seeds = root / "seeds"
    dataset, dataset_findings = read_dataset(seeds)
    records = records or read_seeds(seeds, contract)
    fill_dates(contract, records.tables)
    seals, seal_findings = read_seals(seeds)
    unsealed = apply_seals(contract, records.tables, seals, records.unread, {each.row for each in seal_findings})
    structure = check_structure(contract, records.tables, records.unread)
    at_hand, text_findings = find_texts(records.tables["sources"], texts_folder(texts, seeds))
    passages = Passages(contract, records.tables, at_hand, structure.invalid)
    findings = [
        *dataset_findings,
        *records.findings,
        *structure.findings,
        *check_released(seeds, contract, records.tables, structure.invalid),
        *seal_findings,
        *unsealed,
        *_without_echoes(text_findings, structure.findings),
        *check_passages(passages, seals),
    ]
    return Project(root, contract, dataset, records.tables, at_hand, in_order(findings), structure.invalid)


def _without_echoes(findings: Iterable[Finding], before: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings on cells that were not found wrong before."""
    wrong = {(each.table, each.row, each.column) for each in before}
    return (each for each in findings if (each.table, each.row, each.column) not in wrong)
