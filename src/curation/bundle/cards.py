"""What people read who have only a part of a release: the README of the zip, and the card of a Hugging Face dataset."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import yaml

from curation.bundle.inputs import DOCUMENTS
from curation.bundle.typed import TypedTable
from curation.dataset import Dataset
from curation.documents.codebook import markdown_table
from curation.documents.metadata import cite_as
from curation.documents.responsible import responsible_ai
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.citation import citation
from russia_dprk_claims.contract import SUMMARY, WIDE
from russia_dprk_claims.frames import rows_of
from russia_dprk_claims.package import data_path

README = "README.md"
_PAGE = Path(__file__).with_name("readme.md")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_FOLDERS = {posixpath.basename(path): posixpath.dirname(path) for path in DOCUMENTS}
_TEXTS = yaml.safe_load(Path(__file__).with_name("cards.yaml").read_text(encoding="utf-8"))
FILTERS: Mapping[str, str] = _TEXTS["filters"]
_CREATORS = {"language_model": "machine-generated", "person": "expert-generated"}


def package_readme(dataset: Dataset, tables: Sequence[TypedTable], members: Collection[str]) -> bytes:
    """Return the README of the zip that has these files."""
    beside_data = {WIDE, SUMMARY}
    paths = (f"{name}.csv" if (name := each.table.name) in beside_data else data_path(name) for each in tables)
    rows = [
        (f"[{path}]({path})", str(len(each)), each.table.description) for path, each in zip(paths, tables, strict=True)
    ]
    beside = ((f"[{path}]({path})", about) for path, about in _TEXTS["beside"].items() if path in members)
    page = _PAGE.read_text(encoding="utf-8").format(
        title=dataset.title,
        description=dataset.description,
        version=dataset.version,
        wide=WIDE,
        tables="\n".join(markdown_table("table | rows | one row is, or what it has", rows)),
        beside="\n".join(markdown_table("file | what it has", beside)),
        filters="\n".join(markdown_table("to find | filter, or look at", FILTERS.items())),
    )
    return _text([page, *_limits(dataset), *_cite(dataset, tables[0])])


def dataset_card(dataset: Dataset, tables: Sequence[TypedTable], texts: TextTables) -> bytes:
    """Return the card of a Hugging Face dataset that consists of the Parquet files."""
    licences = [each["name"].lower() for each in dataset.licenses]
    kinds = {row["kind"] or "" for row in texts["coders"].rows()}
    about = {
        "pretty_name": dataset.title,
        "license": licences[0] if len(licences) == 1 else licences,
        # The claims are in English, words from a text in its language.
        "language": sorted({"en", *((row["language"] or "en").split("-")[0] for row in texts["sources"].rows())}),
        "annotations_creators": sorted(_CREATORS[kind] for kind in kinds),
        "tags": dataset.keywords,
        "configs": [
            {"config_name": each.table.name, "data_files": parquet_name(dataset, each)}
            | ({"default": True} if each.table.name == WIDE else {})
            for each in tables
        ],
    }
    lines = ["---", yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=110).rstrip(), "---", ""]
    lines += [f"# {dataset.title}", "", dataset.description, "", "```python", "from datasets import load_dataset", ""]
    lines += [f'claims = load_dataset("path/to/this/repository", "{WIDE}", split="train")', "```", ""]
    rows = ((f"`{each.table.name}`", str(len(each)), each.table.description) for each in tables)
    lines += [*markdown_table("config | rows | one row is, or what it has", rows), "", *_limits(dataset)]
    said = responsible_ai(dataset, texts)
    for name, title in _TEXTS["sections"].items():
        lines += [f"## {title}", "", str(said[name]), ""] if name in said else []
    return _text([*lines, *_cite(dataset, tables[0]), "", "```bibtex", citation(asdict(dataset), "bibtex"), "```"])


def parquet_name(dataset: Dataset, table: TypedTable) -> str:
    """Return the name of the Parquet file of a table."""
    return f"{dataset.name}-{table.table.name}.parquet"


def _limits(dataset: Dataset) -> Iterator[str]:
    yield from ("## Limits", "", *(f"- {each}" for each in dataset.limits), "")


def _cite(dataset: Dataset, wide: TypedTable) -> Iterator[str]:
    """Yield how to cite the dataset, how to cite a claim (by the example of one with bounds), and the licence."""
    yield from ("## Cite", "", "Cite the version that you used:", "", f"> {cite_as(dataset)}", "")
    rows = rows_of(wide.cells)
    examples = (row for row in rows if row["figures"] and row["figures"] in str(row["sentence"]) and row["through"])
    if row := next(examples, next(iter(rows), None)):
        yield "Cite a claim by its `sentence`, which has its voices, certainty and bounds, and its text:"
        yield from ("", f"> {row['sentence']} {row['source_id']}: {row['source']}. In: {cite_as(dataset)}", "")
    licences = ", ".join(f"[{each['title']}]({each['path']})" for each in dataset.licenses)
    yield from ("## Licence", "", f"The data are licensed under {licences}.")


def _text(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8")


def with_links(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files of the repository with Markdown whose links work beside each other, as in a zip.

    A link to a file that is not among them becomes its text.
    """
    return {path: _linked(path, content, files) if path.endswith(".md") else content for path, content in files.items()}


def _linked(path: str, content: bytes, files: Collection[str]) -> bytes:
    def place(link: re.Match[str]) -> str:
        target, mark, part = link[2].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return link[0]
        place = posixpath.normpath(posixpath.join(_FOLDERS.get(path, ""), target)).removeprefix("docs/")
        return f"[{link[1]}]({place}{mark}{part})" if place in files else link[1]

    return _LINK.sub(place, content.decode("utf-8")).encode("utf-8")
