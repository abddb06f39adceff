"""Reads and checks a project: contract, description, seed records, passage hashes and texts. It writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curation.dataset import Dataset, parse_dataset
from curation.lineage import Lineage, fill_hashes, read_hashes
from curation.registries import check_order
from curation.released import check_released
from curation.seeds.files import DATASET, SeedFiles, read_seed_files
from curation.seeds.tables import start_reading
from curation.texts import ReadText, Texts, find_texts, text_reader
from russia_dprk_claims.checks.findings import Finding
from russia_dprk_claims.checks.tables import Invalid, TextTables
from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.loading import RELEASED


@dataclass(frozen=True)
class Project:
    """The content of a project folder, and all findings on it."""

    root: Path
    contract: Contract
    dataset: Dataset | None
    lineage: Lineage
    texts: Texts
    findings: list[Finding]
    invalid: Invalid

    @property
    def tables(self) -> TextTables:
        """The tables with their computed columns."""
        return self.lineage.tables


def read_project(root: Path, texts: Path | None = None, contract: Contract | None = None) -> Project:
    """Read a project folder and check everything but the semantic rules; ContractError if `schemas/` is invalid.

    `texts` is the folder of the source texts, by default that in `SEED_TEXTS` or `seeds/texts`; `contract` saves
    reading it again.
    """
    contract = contract or read_contract(root / "schemas")
    files, findings = read_seed_files(root)
    read_text = text_reader(texts, root)
    return check_project(root, contract, files, read_text, findings)


def check_project(
    root: Path, contract: Contract, files: SeedFiles, read_text: ReadText, findings: Sequence[Finding] = ()
) -> Project:
    """Turn the files of a project into tables, and check them."""
    finish_reading = start_reading(files, contract, complete=not findings)
    # Other processes read large seeds while this one imports Polars.
    from curation.computed import fill_computed
    from curation.passages import Passages, check_passages
    from curation.wording import check_wording
    from russia_dprk_claims.checks.structure import check_structure

    dataset, dataset_findings = parse_dataset(files.get(DATASET))
    hashes, hash_findings = read_hashes(files)
    seeds = finish_reading()
    available, text_findings = find_texts(contract["sources"], seeds.tables["sources"], read_text)

    lineage = Lineage(contract, seeds.tables)
    fill_computed(contract, seeds.tables)
    missing = fill_hashes(lineage, hashes, seeds.unread, {each.row for each in hash_findings})

    structure = check_structure(contract, seeds.tables, seeds.unread)
    released = check_released(files[RELEASED], contract, seeds.tables, structure.invalid) if RELEASED in files else []
    rows = Passages(lineage, available, structure.invalid)
    passages = [*check_passages(rows, hashes), *(check_wording(rows) if available.by_source else ())]
    # A cell that was found wrong before is not reported again.
    wrong = {(each.table, each.row, each.column) for each in structure.findings}
    found = [
        *findings,
        *dataset_findings,
        *seeds.findings,
        *structure.findings,
        *check_order(contract, seeds.tables, structure.invalid),
        *released,
        *hash_findings,
        *missing,
        *(each for each in text_findings if (each.table, each.row, each.column) not in wrong),
        *passages,
    ]
    return Project(root, contract, dataset, lineage, available, found, structure.invalid)
