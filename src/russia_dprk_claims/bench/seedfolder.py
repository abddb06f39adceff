"""Generated seed folders: the same synthetic dataset as a package, as the records that people would have written."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from russia_dprk_claims.bench.package import Say, dataset_of, new_folder
from russia_dprk_claims.bench.synthetic.outline import Outline
from russia_dprk_claims.bench.synthetic.tables import parts
from russia_dprk_claims.bench.yamltext import BODY, Frames, bodies, items
from russia_dprk_claims.contract import SPAN, Contract, Table
from russia_dprk_claims.package.descriptor import schema_path
from russia_dprk_claims.seeds.records import DATASET_FILE
from russia_dprk_claims.seeds.seals import DERIVED, HEADER, SEALS_FOLDER

# How many records of a registry stand in one file.
RECORDS = 5_000


def write_seeds(made: Outline, home: Path, folder: Path, say: Say = lambda _: None) -> None:
    """Write a synthetic dataset as a project of seed records, without texts.

    Parameters
    ----------
    made
        The outline of the dataset.
    home
        The folder that holds `schemas/`, which are copied.
    folder
        A new or empty folder; `scripts/build.py --project` builds it.
    say
        Is told how many claims are written, after each part.

    Raises
    ------
    FolderError
        If the folder holds anything.
    """
    contract = made.profile.contract
    new_folder(folder)
    (folder / "schemas").mkdir()
    for table in contract:
        shutil.copyfile(home / schema_path(table.name), folder / schema_path(table.name))
    seeds = folder / "seeds"
    (seeds / SEALS_FOLDER).mkdir(parents=True)
    (seeds / DATASET_FILE).write_text(_description(made), encoding="utf-8")
    apart, registry, done = _apart(contract), _Registry(seeds), 0
    for part in parts(made):
        for table in _roots(contract, apart):
            if table.name in part and table.name == _file_a_row(contract):
                _write_files(seeds, contract, table, part, apart)
                _write_seals(seeds, contract, part)
            elif table.name in part:
                registry.write(table, bodies(contract, table, part, apart))
        done += len(part.get("claims", ()))
        say(done)


def _description(made: Outline) -> str:
    import yaml

    said = {name: value for name, value in dataclasses.asdict(dataset_of(made.claims)).items() if value}
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False)


def _apart(contract: Contract) -> list[str]:
    """Return the tables whose rows lead twice to the table that they nest in: they are about two records and stand in
    files of their own.
    """
    return [
        table.name
        for table in contract
        if table.nesting and sum(each.table == table.nesting.table for each in table.foreign_keys) > 1
    ]


def _roots(contract: Contract, apart: list[str]) -> Iterator[Table]:
    return (table for table in contract if table.nesting is None or table.name in apart)


def _file_a_row(contract: Contract) -> str:
    """Return the table that has a file a row: the one that the passages lie in."""
    spans = next(table for table in contract if table.has_span and table.nesting)
    assert spans.nesting  # noqa: S101
    return spans.nesting.table


@dataclasses.dataclass
class _Registry:
    """Writes lists of records into numbered files of a limited length."""

    seeds: Path
    files: dict[str, int] = dataclasses.field(default_factory=dict)

    def write(self, table: Table, records: pl.DataFrame) -> None:
        """Write records into the next files of a table."""
        for part in records.iter_slices(RECORDS):
            number = self.files[table.name] = self.files.get(table.name, 0) + 1
            text = "\n".join([f"{table.name}:", *part.select(items()).to_series(), ""])
            (self.seeds / f"{table.name}-{number:03}.yaml").write_text(text, encoding="utf-8")


def _write_files(seeds: Path, contract: Contract, table: Table, part: Frames, apart: list[str]) -> None:
    (seeds / table.name).mkdir(exist_ok=True)
    for key, body in bodies(contract, table, part, apart).select(table.primary_key[0], BODY).iter_rows():
        (seeds / table.name / f"{key}.yaml").write_text(f"{body}\n", encoding="utf-8")


def _write_seals(seeds: Path, contract: Contract, part: Frames) -> None:
    """Write the hashes of the long passages of each source."""
    for table in contract:
        if not any(each.derived == DERIVED for each in table.fields) or table.nesting is None:
            continue
        parent = table.nesting.columns[0]
        sealed = part[table.name].drop_nulls(DERIVED).sort(parent, *SPAN, maintain_order=True)
        lines = pl.concat_str(pl.concat_str(*SPAN, separator="-"), DERIVED, separator=",").str.join("\n")
        for key, text in sealed.group_by(parent, maintain_order=True).agg(lines.alias("lines")).iter_rows():
            (seeds / SEALS_FOLDER / f"{key}.csv").write_text(f"{','.join(HEADER)}\n{text}\n", encoding="utf-8")
