"""Generated packages: a synthetic dataset written as CSV part by part, with its schemas and its descriptor."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

from russia_dprk_claims.bench.synthetic.outline import Outline, outline
from russia_dprk_claims.bench.synthetic.profile import read_profile
from russia_dprk_claims.bench.synthetic.tables import parts
from russia_dprk_claims.contract import read_contract
from russia_dprk_claims.dataset import Dataset
from russia_dprk_claims.package.descriptor import DESCRIPTOR, data_path, descriptor, schema_path

Say = Callable[[int], None]


class FolderError(ValueError):
    """A folder into which nothing is generated."""


def dataset_of(claims: int) -> Dataset:
    """Return the description of a synthetic dataset."""
    return Dataset(
        name="generated-claims",
        title=f"{claims} generated claims",
        description="Made up to measure programs with. Nobody said any of it.",
        version="0.0.0",
        licenses=[{"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}],
        contributors=[{"title": "the generator", "roles": ["generator"]}],
        sources=[{"title": "None: there are no texts"}],
        keywords=["generated", "benchmark"],
    )


def read_outline(home: Path, claims: int) -> Outline:
    """Return the outline of a dataset of so many claims, patterned after the tables in `home`."""
    return outline(read_profile(home, read_contract(home / "schemas")), claims)


def new_folder(folder: Path) -> Path:
    """Return a folder to generate into.

    Raises
    ------
    FolderError
        If it holds anything already, or is no folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder}: is there already; name another folder or remove it")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_package(made: Outline, home: Path, folder: Path, say: Say = lambda _: None) -> None:
    """Write a synthetic dataset as a package.

    Parameters
    ----------
    made
        The outline of the dataset.
    home
        The folder that holds `schemas/`, which are copied.
    folder
        A new or empty folder.
    say
        Is told how many claims are written, after each part.

    Raises
    ------
    FolderError
        If the folder holds anything.
    """
    contract = made.profile.contract
    new_folder(folder)
    for table in contract:
        for path in (data_path(table.name), schema_path(table.name)):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home / schema_path(table.name), folder / schema_path(table.name))
    _write_tables(made, folder, say)
    names = [table.name for table in contract]
    (folder / DESCRIPTOR).write_bytes(descriptor(contract, dataset_of(made.claims), dict.fromkeys(names, b"")))
    measure_tables(folder, names)


def _write_tables(made: Outline, folder: Path, say: Say) -> None:
    with ExitStack() as stack:
        files = {}
        for table in made.profile.contract:
            files[table.name] = stack.enter_context((folder / data_path(table.name)).open("wb"))
            files[table.name].write((",".join(table.columns) + "\n").encode())
        done = 0
        for part in parts(made):
            for name, rows in part.items():
                rows.write_csv(files[name], include_header=False, quote_style="necessary", null_value="")
            done += len(part.get("claims", ()))
            say(done)


def measure_tables(folder: Path, names: Iterable[str]) -> None:
    """Bring the sizes and the hashes of some tables in the descriptor of a package up to date, read piece by piece."""
    content = json.loads((folder / DESCRIPTOR).read_bytes())
    changed = {data_path(name) for name in names}
    for resource in content["resources"]:
        if resource["path"] in changed:
            path = folder / resource["path"]
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            resource |= {"bytes": path.stat().st_size, "hash": f"sha256:{digest}"}
    (folder / DESCRIPTOR).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
