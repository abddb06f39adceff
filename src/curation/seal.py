"""Sealing on disk: the records of a project, their texts, and the files of seals, rewritten together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curation.lineage import ROOT
from curation.seeds.nodes import UnreadableError
from curation.seeds.records import SeedFile, read_record, seed_files
from curation.seeds.sealing import seal_record
from curation.seeds.seals import SEALS_FOLDER, seals_csv, take_seals
from curation.texts import VARIABLE, find_texts, texts_folder
from curation.write import write_files
from russia_dprk_claims.checks.findings import Finding, Location, did_you_mean
from russia_dprk_claims.contract import Contract, read_contract


@dataclass(frozen=True)
class SealedSource:
    """What was done to one record: how many quotes became spans, and how many hashes its file of seals holds."""

    source_id: str
    quotes: int
    seals: int


@dataclass(frozen=True)
class SealResult:
    """What was sealed, and what could not be."""

    sealed: list[SealedSource]
    findings: list[Finding]


def seal_sources(root: Path, texts: Path | None, names: Sequence[str]) -> SealResult:
    """Seal the records of some sources, or of all.

    Parameters
    ----------
    root
        The project folder.
    texts
        Where the texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.
    names
        The ids of the sources; none for all.

    Returns
    -------
    SealResult
        What was done. Where one quote of a record cannot be sealed, the others are, and the record is written all
        the same.
    """
    contract = read_contract(root / "schemas")
    seeds = root / "seeds"
    files = {each.path.stem: each for each in seed_files(seeds, contract)[0] if each.table == ROOT}
    unknown = [name for name in names if name not in files]
    if unknown:
        message = "there is no record of this source"
        return SealResult(
            [], [Finding(Location(each), "source", message, did_you_mean(each, files)) for each in unknown]
        )
    sealed: list[SealedSource] = []
    findings: list[Finding] = []
    outputs: dict[str, bytes] = {}
    for name in names or sorted(files):
        try:
            done = _seal_source(files[name], contract, texts_folder(texts, seeds), outputs, findings)
        except UnreadableError as error:
            findings.append(error.finding)
        else:
            sealed += done
    write_files(root, outputs)
    return SealResult(sealed, findings)


def _seal_source(
    file: SeedFile, contract: Contract, texts: Path, outputs: dict[str, bytes], findings: list[Finding]
) -> list[SealedSource]:
    """Seal one record and take its seals; what is to be written goes to `outputs`."""
    data = file.path.read_bytes()
    before = read_record(file, data, contract)
    at_hand, found = find_texts(before.tables[ROOT], texts)
    findings += found
    for source_id, text in at_hand.by_source.items():
        result = seal_record(file, data, text, contract)
        findings += result.findings
        after = read_record(file, result.data, contract)
        seals = take_seals(contract, after.tables, source_id, text)
        outputs[file.name] = result.data
        outputs[f"seeds/{SEALS_FOLDER}/{source_id}.csv"] = seals_csv(seals)
        return [SealedSource(source_id, result.number, len(seals))]
    if not found:
        hint = f"put it in seeds/texts/, or name its folder with --texts or {VARIABLE}"
        findings.append(Finding(Location(file.name), "text-missing", "the text of the record is not at hand", hint))
    return []
