"""The files of the site: complete, without source text, with figures that show only the rows.

What a reader sees and does is tested in a browser, in test_site_browser. Two slow tests run in `make test-all` only.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import vl_convert
from conftest import HARBOUR, REPOSITORY, record_hashes, run_script, texts_folder
from hypothesis import given
from hypothesis import strategies as st
from test_bundle import make_project

from curation.seeds.spans import ngram_index, shared_ngrams
from curation.site import answers
from curation.site.content import Content, read_content
from curation.site.data import embedded
from curation.site.estimates import estimates as estimate_figures
from curation.site.figures import VEGA_LITE, Figure, complete_spec
from curation.site.make import README_FIGURES, all_figures, readme_figures, site_files
from curation.site.page import MEASURES, reliability
from curation.site.timeline import timeline
from curation.write import SUMS, listed, sha256
from russia_dprk_claims.checks import edtf
from russia_dprk_claims.errors import DamagedDataError
from russia_dprk_claims.questions.transfers import estimates, transfers
from russia_dprk_claims.wide import wide_cells

LARGEST = 1_400_000
# As in the test of the bundle: names and figures of a few words may be in both.
LONGEST_RUN = 8


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(REPOSITORY)


@pytest.fixture(scope="module")
def figures(content: Content) -> dict[str, Figure]:
    return {figure.name: figure for figure in all_figures(content)}


@pytest.fixture(scope="module")
def files(content: Content) -> dict[str, bytes]:
    return site_files(content, {}, lambda _: None)


@pytest.fixture(scope="module")
def html(files: dict[str, bytes]) -> Page:
    return read_page(files["index.html"])


def rows(table: str) -> list[dict[str, str]]:
    with (REPOSITORY / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the page --------------------------------------------------------------------------------------------------------


@dataclass
class Page:
    """The elements and texts that an HTML parser finds in the page."""

    tags: list[tuple[str, dict[str, str | None]]]
    texts: dict[int, str]

    def inside(self, tag: str, **attributes: str) -> list[str]:
        """Return the texts of the elements with a tag and attributes."""
        return [
            self.texts.get(number, "")
            for number, (name, found) in enumerate(self.tags)
            if name == tag and attributes.items() <= found.items()
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page([], {})
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, dict(attrs)))
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        self.open = False

    def handle_data(self, data: str) -> None:
        last = len(self.page.tags) - 1
        if self.open:
            self.page.texts[last] = self.page.texts.get(last, "") + data


def read_page(data: bytes) -> Page:
    reader = _Reader()
    reader.feed(data.decode("utf-8"))
    return reader.page


def sha(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_comes_first_and_allows_exactly_the_scripts_and_styles_of_the_page(html: Page) -> None:
    names = [tag for tag, _ in html.tags]
    position, meta = next((number, found) for number, (_, found) in enumerate(html.tags) if "http-equiv" in found)
    assert position < min(names.index("script"), names.index("style"))
    policy = dict(part.split(" ", 1) for part in (meta["content"] or "").split("; "))
    run = [text for text, (tag, found) in zip_texts(html) if tag == "script" and "type" not in found]
    assert policy["script-src"].split() == [sha(text) for text in run]
    assert len(run) == 1
    assert policy["style-src"].split() == [sha(text) for text in html.inside("style")]
    others = {name: value for name, value in policy.items() if name not in {"script-src", "style-src"}}
    assert others == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def zip_texts(page: Page) -> Iterator[tuple[str, tuple[str, dict[str, str | None]]]]:
    return ((page.texts.get(number, ""), tag) for number, tag in enumerate(page.tags))


def test_the_page_has_no_style_no_handler_and_no_source_in_an_attribute(html: Page) -> None:
    names = {name for _, attributes in html.tags for name in attributes}
    assert "style" not in names
    assert "src" not in names
    assert [name for name in names if name.startswith("on")] == []


def test_the_data_of_the_page_are_the_tables_cell_by_cell(html: Page, content: Content) -> None:
    about = json.loads(html.inside("script", id="data-about")[0])
    assert [each["name"] for each in about["tables"]] == ["claims_wide", *(table.name for table in content.contract)]
    for table in about["tables"]:
        cells = json.loads(html.inside("script", id=f"data-cells-{table['name']}")[0])
        read = {name: ["" if each is None else each for each in column] for name, column in cells.items()}
        wide = {
            name: ["" if each is None else each for each in cells]
            for name, cells in wide_cells(content.package).items()
        }
        written = rows(table["name"]) if table["name"] != "claims_wide" else []
        assert read == ({name: [row[name] for row in written] for name in read} if written else wide)


def test_the_description_for_search_engines_names_existing_files(html: Page, files: dict[str, bytes]) -> None:
    (about,) = (json.loads(each) for each in html.inside("script", type="application/ld+json"))
    assert (about["@type"], about["@context"]) == ("Dataset", "https://schema.org")
    assert all(each["contentUrl"] in files for each in about["distribution"])


def test_the_coverage_of_a_source_is_counted_character_by_character(content: Content) -> None:
    for line in answers.sources(content):
        claimed: set[int] = set()
        for row in rows("claims"):
            if row["source_id"] == line["source_id"]:
                claimed |= set(range(int(row["char_start"]), int(row["char_end"])))
        assert line["claimed"] == pytest.approx(100 * len(claimed) / line["length"])
        aside: set[int] = set()
        for row in rows("set_asides"):
            if row["source_id"] == line["source_id"]:
                aside |= set(range(int(row["char_start"]), int(row["char_end"])))
        assert line["aside"] == pytest.approx(100 * len(aside - claimed) / line["length"])


def test_page_figures_and_libraries_are_small(files: dict[str, bytes]) -> None:
    assert sum(len(data) for name, data in files.items() if not name.startswith("downloads/")) < LARGEST


def test_no_text_of_a_source_is_in_the_site(files: dict[str, bytes]) -> None:
    folder = texts_folder()
    if folder is None:
        pytest.skip("not all source texts are available")
    index = ngram_index({each.name: each.read_text(encoding="utf-8") for each in folder.glob("*.txt")}, LONGEST_RUN)
    assert index
    page = read_page(files["index.html"])
    texts = [text for text, (tag, _) in zip_texts(page) if tag not in {"script", "style"}]
    for text in page.inside("script", type="application/json"):
        texts += _strings(json.loads(text))
    assert [each for each in texts if shared_ngrams(each, index, LONGEST_RUN)] == []


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


# --- embedded data -------------------------------------------------------------------------------------


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_value_is_embedded_unchanged_and_cannot_end_a_script(value: Any) -> None:
    text = embedded(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


# --- figures that show only what the rows say ------------------------------------------------------------------------


def items(figure: Figure) -> list[dict[str, Any]]:
    """Return every item of the drawing, with its mark and position."""
    scene = vl_convert.vegalite_to_scenegraph(complete_spec(figure), vl_version=VEGA_LITE)
    return list(_items(scene["scenegraph"], ""))


def _items(node: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    kind = node.get("marktype", kind)
    for item in node.get("items", []):
        if "items" in item or item.get("marktype"):
            yield from _items(item, kind)
        else:
            yield {**item, "mark": kind}


def drawn(figure: Figure) -> dict[str, list[dict[str, Any]]]:
    """Return the items of the drawing by the id of their row, which is known by its label."""
    named = {row["label"]: str(row["id"]) for row in figure.rows}
    found: dict[str, list[dict[str, Any]]] = {}
    for item in items(figure):
        if item.get("description") in named:
            found.setdefault(named[item["description"]], []).append(item)
    return found


def value_at(figure: Figure, x: float, width: float = 860) -> float:
    return x / width * float(figure.spec["params"][0]["value"])


def test_every_supplied_amount_is_drawn_and_no_rhetorical_one(figures: dict[str, Figure]) -> None:
    every = estimates()
    wanted = every[(every["transfer_measure"] == "amount") & ~every["rhetorical"]]
    shown = [row["id"] for name, figure in figures.items() if name != "timeline" for row in figure.rows]
    assert sorted(shown) == sorted(wanted["quantity_id"])
    for name, figure in figures.items():
        if name != "timeline":
            assert set(drawn(figure)) == {row["id"] for row in figure.rows}


def test_an_interval_is_drawn_from_stated_end_to_stated_end_and_never_at_its_middle(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        if name == "timeline":
            continue
        farthest = float(figure.spec["params"][0]["value"])
        for row in figure.rows:
            stated = [row[end] for end in ("low", "best", "high") if row[end] is not None]
            # An open end is drawn to the edge of the scale.
            allowed = [*stated, *([0.0] if row["low"] is None else []), *([farthest] if row["high"] is None else [])]
            positions = [
                item[key]
                for item in drawn(figure)[row["id"]]
                if item["mark"] != "text"
                for key in ("x", "x2")
                if key in item
            ]
            values = [value_at(figure, each) for each in positions]
            assert all(any(abs(value - each) < farthest * 0.01 for each in allowed) for value in values), row
            for end in stated:
                assert any(value == pytest.approx(end, rel=1e-3) for value in values), row


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Content]:
    """Read the dataset with some cells of one row changed."""

    def change(table: str, key: str, **cells: str) -> Content:
        root = bare(tmp_path / "package")
        path = root / "data" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            names, found = list(reader.fieldnames or ()), list(reader)
        assert [row.update(cells) for row in found if row[names[0]] == key] == [None]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
        record_hashes(root)
        return read_content(root)

    return change


def shapes(content: Content, quantity: str) -> tuple[list[str], list[str]]:
    """Return the shapes of the marks of a quantity, and the dashes of its lines."""
    (figure,) = [each for each in estimate_figures(content) if each.name == "estimates-shell"]
    found = drawn(figure)[quantity]
    named = [str(item.get("shape", "circle")) for item in found if item["mark"] == "symbol"]
    return sorted(named), [str(item.get("strokeDash")) for item in found if item["mark"] == "rule"]


AT_LEAST = "SRC-0005-C018-Q1"


def test_an_open_end_is_an_arrow_and_an_unhedged_line_is_solid(content: Content) -> None:
    assert shapes(content, AT_LEAST) == (["circle", "triangle-right"], ["[1, 0]"])
    assert shapes(content, "SRC-0002-C008-Q1") == (["circle", "circle"], ["[1, 0]"])


def test_a_hedged_value_is_drawn_in_dashes(content: Content) -> None:
    assert shapes(content, "SRC-0005-C017-Q2") == (["circle", "triangle-left"], ["[7, 5]"])


def test_a_vague_figure_is_shown_as_its_words(changed: Callable[..., Content]) -> None:
    content = changed("quantities", AT_LEAST, value_text="many", value_low="", bound_type="vague")
    assert shapes(content, AT_LEAST) == ([], [])
    figure = next(each for each in estimate_figures(content) if each.name == "estimates-shell")
    (words,) = [item for item in drawn(figure)[AT_LEAST] if item["mark"] == "text"]
    assert "“many”" in words["text"]


def test_a_denied_figure_is_crossed_out(changed: Callable[..., Content]) -> None:
    content = changed("claims", "SRC-0005-C018", polarity="denied")
    assert "cross" in shapes(content, AT_LEAST)[0]


def test_an_excluded_end_is_a_ring(changed: Callable[..., Content]) -> None:
    content = changed("quantities", AT_LEAST, bound_type="more_than")
    (figure,) = [each for each in estimate_figures(content) if each.name == "estimates-shell"]
    (ring,) = [item for item in drawn(figure)[AT_LEAST] if item.get("shape") == "circle"]
    assert ring.get("fill") in {None, "transparent"}
    assert ring["stroke"]


def test_a_rhetorical_figure_is_not_drawn(changed: Callable[..., Content]) -> None:
    content = changed("quantities", AT_LEAST, rhetorical="true")
    assert AT_LEAST not in {row["id"] for figure in estimate_figures(content) for row in figure.rows}


def test_a_withdrawn_claim_is_in_no_figure(changed: Callable[..., Content]) -> None:
    content = changed("claims", "SRC-0005-C018", record_status="withdrawn")
    for figure in all_figures(content):
        assert "SRC-0005-C018" not in json.dumps(figure.rows), figure.name


def test_a_date_is_drawn_as_the_days_it_covers(figures: dict[str, Figure]) -> None:
    figure = figures["timeline"]
    for row in figure.rows:
        days = edtf.parse(row["date"])
        assert row["open_begin"] == (days.earliest is None)
        assert row["open_finish"] == (days.latest is None)
        if days.earliest:
            assert datetime.fromtimestamp(row["begin"] / 1000, UTC).date() == days.earliest
        if days.latest:
            assert datetime.fromtimestamp(row["finish"] / 1000, UTC).date() == days.latest + timedelta(days=1)
    dated = {row["event_id"] for row in rows("events") if row["date"]}
    assert dated <= set(drawn(figure)) == {row["id"] for row in figure.rows}


def test_each_date_that_a_claim_gives_to_an_event_has_a_line_with_its_voice(changed: Callable[..., Content]) -> None:
    content = changed("claims", "SRC-0005-C005", event_date="2024-06-19")
    (figure,) = timeline(content)
    found = {row["date"]: row["label"] for row in figure.rows if row["id"] == "EVT-putin-visit-north-korea-2024-06"}
    assert "19 June 2024 (SRC-0005)" in found["2024-06-19"]
    assert "22 June 2024 to 23 June 2024 (SRC-0002" in found["2024-06-22/2024-06-23"]
    assert all("disputed elsewhere" in label for label in found.values())


# --- answers ---------------------------------------------------------------------------------------------------------


def test_only_an_affirmed_and_certain_transfer_that_occurred_is_marked_as_such(content: Content) -> None:
    claims = {row["claim_id"]: row for row in rows("claims")}
    marked = {row["transfer_id"]: row for row in answers.transfers(content)}
    assert set(marked) == {
        row["transfer_id"] for row in rows("transfers") if claims[row["claim_id"]]["record_status"] == "active"
    }
    for row in rows("transfers"):
        claim, mark = claims[row["claim_id"]], marked[row["transfer_id"]]["mark"]
        said = row["realization"] in {"occurred", "ongoing"} and claim["polarity"] == "affirmed"
        assert (mark in {"happened", "possible"}) == said, row
        if mark == "happened":
            assert claim["modality"] == "certain"
        if claim["polarity"] != "affirmed":
            assert mark == {"denied": "denied", "unknown": "open"}[claim["polarity"]]
    # The containers are certain, the shells in them are not.
    assert marked["SRC-0005-C017-T1"]["mark"] == "possible"


def test_the_words_of_a_transfer_are_those_of_the_loader(content: Content) -> None:
    words = transfers().set_index("transfer_id")["transfer"]
    for row in answers.transfers(content):
        assert f"{row['sides']}: {row['item']} ({row['notes']})" == words[row["transfer_id"]]


def test_a_date_known_only_to_the_year_says_so(content: Content) -> None:
    dates = answers.dates(content)
    assert dates["2018"][0] == "2018, of which only the year is known"
    assert dates["2024-06-23"][0] == "23 June 2024"
    assert dates["2022/.."][0] == "from 2022 on"
    assert dates["2022/.."][2] is None


def test_who_quotes_whom_is_sorted_by_the_number_of_active_claims(content: Content) -> None:
    quotes = answers.quotes(content)
    numbers = [len(row["claims"].split()) for row in quotes]
    assert numbers == sorted(numbers, reverse=True)
    active = {row["claim_id"] for row in rows("claims") if row["record_status"] == "active"}
    assert {claim for row in quotes for claim in row["claims"].split()} <= active
    found = {(row["outer"], row["inner"]): row["claims"].split() for row in quotes}
    assert found["SRC-0005", "US intelligence"] == ["SRC-0005-C018"]


def test_a_source_states_its_limits(content: Content) -> None:
    first = next(line for line in answers.sources(content) if line["source_id"] == "SRC-0001")
    assert [limit.partition(":")[0] for limit in first["limits"][:4]] == [
        *("Cut off", "No date is printed", "Not recorded", "Coded by a language model"),
    ]


def test_the_method_has_every_limit_and_every_column_with_its_band(html: Page, content: Content) -> None:
    items = html.inside("li")
    assert set(content.dataset.limits) <= {unescape(each) for each in items}
    columns = {
        f"{row['table_name']}.{row['column_name']}" for row in rows("reliability") if row["measure"] == MEASURES[0][0]
    }
    assert columns <= set(html.inside("code"))
    bands = [name for name, _ in reliability(content)]
    assert bands == [band for band in ("reliable", "tentative", "caution", "undefined") if band in bands]


def test_every_figure_is_exported_and_links_to_the_page(files: dict[str, bytes], figures: dict[str, Figure]) -> None:
    exported = {name for name in files if name.startswith("figures/")}
    assert exported == {f"figures/{name}.{kind}" for name in figures for kind in ("svg", "png")}
    for name in figures:
        root = ElementTree.fromstring(files[f"figures/{name}.svg"])  # noqa: S314 our own drawing
        links = [
            each.get("{http://www.w3.org/1999/xlink}href", "") for each in root.iter("{http://www.w3.org/2000/svg}a")
        ]
        assert links, name
        assert all(link.startswith("../index.html#") for link in links), name
        assert files[f"figures/{name}.png"].startswith(b"\x89PNG\r\n")


def test_the_figures_of_the_readme_are_those_of_the_data(files: dict[str, bytes]) -> None:
    wanted = readme_figures(files)
    assert len(wanted) == len(README_FIGURES)
    stale = [path for path, data in wanted.items() if (REPOSITORY / path).read_bytes() != data]
    assert stale == [], "run scripts/site.py --readme"


# --- the command -----------------------------------------------------------------------------------------------------


def bare(root: Path) -> Path:
    """Copy the package alone."""
    for name in ("data", "schemas"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "datapackage.json", root)
    return root


def build(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_script("site", *arguments, cwd=cwd)


@pytest.mark.full
def test_the_site_of_a_project_has_the_files_of_its_bundle(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", HARBOUR / "seeds")
    done = build("--project", root, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = root / "site" / "downloads"
    names = {path.name for path in folder.iterdir()}
    assert listed((folder / SUMS).read_bytes()) == names - {SUMS}
    assert {"harbour-claims-0.1.0.zip", "harbour-claims.db", "harbour-claims-claims.parquet", "claims.csv"} <= names
    assert (folder / "claims.csv").read_bytes() == (root / "data" / "claims.csv").read_bytes()
    links = re.findall(r'href="(downloads/[^"]+)"', (root / "site" / "index.html").read_text(encoding="utf-8"))
    assert {link.partition("/")[2] for link in links} == names


SAME = """
import sys
from pathlib import Path
from curation.site.content import read_content
from curation.site.make import site_files
from curation.write import sha256
for name, data in sorted(site_files(read_content(Path(sys.argv[1])), {}, lambda _: None).items()):
    print(sha256(data), name)
"""


@pytest.mark.full
def test_the_site_is_the_same_in_every_zone_and_with_every_hash_seed(small: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Asia/Pyongyang", "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", SAME, str(small)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    files = site_files(read_content(small), {}, lambda _: None)
    assert {"figures/timeline.png", "figures/estimates-shell.svg"} <= set(files)
    assert done.stdout.splitlines() == [f"{sha256(data)} {name}" for name, data in sorted(files.items())]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The package with the claims of one source only, which has both kinds of figures."""
    root = bare(tmp_path / "small")
    for path in (root / "data").glob("*.csv"):
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        other = re.compile(r"(?:^|,)SRC-000[1-4](?:-[A-Z][A-Z0-9-]*)?(?:,|$)")
        path.write_text("".join([header, *(line for line in lines if not other.search(line))]), encoding="utf-8")
    record_hashes(root)
    return root


def without_rows(root: Path) -> Path:
    for path in (bare(root) / "data").glob("*.csv"):
        path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    record_hashes(root)
    return root


def test_a_package_without_a_row_has_a_site(tmp_path: Path) -> None:
    files = site_files(read_content(without_rows(tmp_path / "package")), {}, lambda _: None)
    assert [name for name in files if name.startswith("figures/")] == []


def test_a_folder_with_foreign_files_is_left_alone(tmp_path: Path) -> None:
    package, out = without_rows(tmp_path / "package"), tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    done = build("--package", package, "--out", out, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "contains mine.txt, which no earlier site wrote" in done.stderr
    assert done.stderr.endswith("nothing was written\n")
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_a_reference_to_a_missing_row_is_reported_with_its_place(tmp_path: Path) -> None:
    root = bare(tmp_path / "package")
    path = root / "data" / "claim_events.csv"
    path.write_text(path.read_text(encoding="utf-8") + "SRC-0001-C001,EVT-nowhere,affirms\n", encoding="utf-8")
    record_hashes(root)
    with pytest.raises(DamagedDataError, match=r"^data/claim_events\.csv:\d+:\d+: .*there is no 'EVT-nowhere'"):
        read_content(root)


@pytest.mark.parametrize(
    ("path", "text", "where"),
    [
        ("datapackage.json", "{", "datapackage.json"),
        ("datapackage.json", '{"version": "1.0.0", "resources": []}', "datapackage.json"),
        ("data/claims.csv", "claim_id\n", "data/claims.csv"),
    ],
)
def test_a_damaged_package_is_reported_in_one_line_and_nothing_is_written(
    tmp_path: Path, path: str, text: str, where: str
) -> None:
    root = bare(tmp_path / "package")
    (root / path).write_text(text, encoding="utf-8")
    done = build("--package", root, "--out", tmp_path / "site", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {where}")
    assert done.stderr.endswith("nothing was written\n")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "site").exists()
