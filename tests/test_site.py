"""The site holds what it should and no text of a source, draws nothing that the rows do not say, and lets nothing in.

What a reader sees and does is tested in a browser, in test_site_browser; here are the files.
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
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import vl_convert
from conftest import HARBOUR, REPOSITORY, texts_folder
from hypothesis import given
from hypothesis import strategies as st
from test_bundle import make_project

from curation.site import vendor
from curation.site.content import Content, SiteError, read_content
from curation.site.data import embedded
from curation.site.figures import all_figures
from curation.site.figures.export import VEGA_LITE, whole
from curation.site.figures.figure import Figure
from curation.site.make import PRINTED, printed, site_files
from curation.site.overview import source_lines
from curation.spans import runs_of, shared_run
from curation.write import SUMS, ForeignFilesError, listed, sums, write_folder
from russia_dprk_claims.checks import edtf
from russia_dprk_claims.loader.conflicts import conflicts
from russia_dprk_claims.loader.estimates import estimates

LARGEST = 4_000_000
# As in the test of the bundle: names and figures of a few words may stand in both.
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


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass
class Page:
    """What a parser of HTML finds in the page."""

    tags: list[tuple[str, dict[str, str | None]]]
    texts: dict[int, str]

    def inside(self, tag: str, **attributes: str) -> list[str]:
        """Return the texts of the elements of a name with such attributes."""
        return [
            self.texts.get(number, "")
            for number, (name, said) in enumerate(self.tags)
            if name == tag and attributes.items() <= said.items()
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
    place, said = next((number, said) for number, (_, said) in enumerate(html.tags) if "http-equiv" in said)
    assert place < min(names.index("script"), names.index("style"))
    policy = dict(part.split(" ", 1) for part in (said["content"] or "").split("; "))
    # What is not run at once is Vega, when a chart is first drawn.
    run = [
        text for text, (tag, said) in zip_texts(html) if tag == "script" and said.get("type") in {None, "text/plain"}
    ]
    assert policy["script-src"].split() == [sha(text) for text in run]
    assert len(run) == 2
    assert policy["style-src"].split() == [sha(text) for text in html.inside("style")]
    others = {name: value for name, value in policy.items() if name not in {"script-src", "style-src"}}
    assert others == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "default",
    }


def zip_texts(page: Page) -> Iterator[tuple[str, tuple[str, dict[str, str | None]]]]:
    return ((page.texts.get(number, ""), tag) for number, tag in enumerate(page.tags))


def test_the_page_has_no_style_no_handler_and_no_source_in_an_attribute(html: Page) -> None:
    names = {name for _, said in html.tags for name in said}
    assert "style" not in names
    assert "src" not in names
    assert [name for name in names if name.startswith("on")] == []


def test_the_data_of_the_page_are_the_tables_cell_by_cell(html: Page, content: Content) -> None:
    about = json.loads(html.inside("script", id="data-about")[0])
    assert [each["name"] for each in about["tables"]] == [table.name for table in content.contract]
    for table in about["tables"]:
        cells = json.loads(html.inside("script", id=f"data-cells-{table['name']}")[0])
        coded = {each["name"]: each["values"] for each in table["columns"] if "values" in each}
        cells = {
            name: column if isinstance(column, list) else [column["of"][number] for number in column["at"]]
            for name, column in cells.items()
        }
        read = {
            name: ["" if each is None else coded[name][each] if name in coded else each for each in column]
            for name, column in cells.items()
        }
        written = rows(table["name"])
        assert read == {name: [row[name] for row in written] for name in read}


def test_the_search_engines_description_names_files_that_are_there(html: Page, files: dict[str, bytes]) -> None:
    (said,) = (json.loads(each) for each in html.inside("script", type="application/ld+json"))
    assert (said["@type"], said["@context"]) == ("Dataset", "https://schema.org")
    assert all(each["contentUrl"] in files for each in said["distribution"])


def test_the_coverage_of_a_source_is_counted_character_by_character(content: Content) -> None:
    for line in source_lines(content):
        claimed: set[int] = set()
        for row in rows("claims"):
            if row["source_id"] == line.source_id:
                claimed |= set(range(int(row["char_start"]), int(row["char_end"])))
        assert line.claimed == pytest.approx(100 * len(claimed) / line.length)
        aside: set[int] = set()
        for row in rows("set_asides"):
            if row["source_id"] == line.source_id:
                aside |= set(range(int(row["char_start"]), int(row["char_end"])))
        assert line.aside == pytest.approx(100 * len(aside - claimed) / line.length)


def test_page_figures_and_libraries_are_small(files: dict[str, bytes]) -> None:
    assert sum(len(data) for name, data in files.items() if not name.startswith("downloads/")) < LARGEST


def test_no_text_of_a_source_is_in_the_site(files: dict[str, bytes]) -> None:
    folder = texts_folder()
    if folder is None:
        pytest.skip("the source texts are not here")
    runs = frozenset().union(
        *(runs_of(path.read_text(encoding="utf-8"), LONGEST_RUN) for path in sorted(folder.glob("*.txt")))
    )
    assert runs
    page = read_page(files["index.html"])
    told = [text for text, (tag, said) in zip_texts(page) if tag not in {"script", "style"}]
    for text in page.inside("script", type="application/json"):
        told += _strings(json.loads(text))
    assert [each for each in told if shared_run(each, runs, LONGEST_RUN)] == []


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


# --- what is embedded -----------------------------------------------------------------------------------------------


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_value_is_embedded_whole_and_ends_no_script(value: Any) -> None:
    text = embedded(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


def test_other_libraries_than_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "window.rdcVega" in vendor.vega_script()
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda snippet: f"{snippet}alert(1)")
    with pytest.raises(SiteError, match=r"is not the pinned 6\.2\.0 .* install the packages of constraints\.txt"):
        vendor.vega_script()


def test_the_licences_are_those_of_the_pinned_versions(files: dict[str, bytes]) -> None:
    said = files["THIRD-PARTY.txt"].decode("utf-8")
    versions = (
        vl_convert.get_vega_version(),
        vl_convert.get_vegalite_versions()[-1],
        vl_convert.get_vega_embed_version(),
    )
    assert versions[0] == vendor.VEGA
    assert versions[1] == VEGA_LITE
    for name, version in zip(("Vega", "Vega-Lite", "Vega-Embed"), versions, strict=True):
        assert f"{name} {version}" in said
    for name in ("vega-interpreter", "vega-scenegraph", "d3-scale", "topojson-client", "lodash.debounce"):
        assert re.search(rf"(^|, ){re.escape(name)}[, (]", said, re.MULTILINE), name


# --- figures that are true to the rows ------------------------------------------------------------------------------


def items(figure: Figure) -> list[dict[str, Any]]:
    """Return every item that is drawn, with the kind of its mark and where it stands in the drawing."""
    scene = vl_convert.vegalite_to_scenegraph(whole(figure), vl_version=VEGA_LITE)
    return list(_items(scene["scenegraph"], ""))


def _items(node: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    kind = node.get("marktype", kind)
    for item in node.get("items", []):
        if "items" in item or item.get("marktype"):
            yield from _items(item, kind)
        else:
            yield {**item, "mark": kind}


def drawn(figure: Figure) -> dict[str, list[dict[str, Any]]]:
    """Return the drawn items by the row that they are of, known by what they say."""
    named = {label(row): str(row["id"]) for row in figure.data["rows"]}
    found: dict[str, list[dict[str, Any]]] = {}
    for item in items(figure):
        if item.get("description") in named:
            found.setdefault(named[item["description"]], []).append(item)
    return found


def label(row: dict[str, Any]) -> str:
    """Return what a mark says; that of the timeline is put together where it is drawn."""
    return str(row.get("said") or f"{row['date']}: {row['claim']} {row['attribution']}, {row['surety']}.")


def value_at(figure: Figure, x: float, width: float = 860) -> float:
    return x / width * float(figure.params["farthest"])


def test_every_supplied_amount_is_drawn_and_no_rhetorical_one(figures: dict[str, Figure]) -> None:
    every = estimates()
    wanted = every[(every["stage"] != "not_applicable") & ~every["rhetorical"]]
    shown = [row["id"] for figure in figures.values() if figure.view == "estimates" for row in figure.data["rows"]]
    assert sorted(shown) == sorted(wanted["quantity_id"])
    for figure in figures.values():
        if figure.view == "estimates":
            assert set(drawn(figure)) == {row["id"] for row in figure.data["rows"]}


def test_an_interval_is_drawn_from_stated_end_to_stated_end_and_never_at_its_middle(figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        if figure.view != "estimates":
            continue
        farthest = float(figure.params["farthest"])
        for row in figure.data["rows"]:
            stated = [row[end] for end in ("low", "best", "high") if row[end] is not None]
            # An end that is left open is drawn to the edge of the scale.
            allowed = [*stated, *([0.0] if row["low"] is None else []), *([farthest] if row["high"] is None else [])]
            places = [
                item[key]
                for item in drawn(figure)[row["id"]]
                if item["mark"] != "text"
                for key in ("x", "x2")
                if key in item
            ]
            values = [value_at(figure, place) for place in places]
            assert all(any(abs(value - each) < farthest * 0.01 for each in allowed) for value in values), row
            for end in stated:
                assert any(value == pytest.approx(end, rel=1e-3) for value in values), row


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Content]:
    """Read the dataset with some cells of one row changed."""

    def change(table: str, key: str, **cells: str) -> Content:
        root = tmp_path / "package"
        if not root.exists():
            for name in ("data", "schemas"):
                shutil.copytree(REPOSITORY / name, root / name)
            shutil.copy(REPOSITORY / "datapackage.json", root)
        path = root / "data" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            names, found = list(reader.fieldnames or ()), list(reader)
        assert [row.update(cells) for row in found if row[names[0]] == key] == [None]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
        return read_content(root)

    return change


def shapes(content: Content, quantity: str) -> tuple[list[str], list[str]]:
    """Return the shapes of the marks of a quantity, and the dashes of its lines."""
    (figure,) = [each for each in all_figures(content) if each.name == "estimates-shell"]
    found = drawn(figure)[quantity]
    named = [str(item.get("shape", "circle")) for item in found if item["mark"] == "symbol"]
    return sorted(named), [str(item.get("strokeDash")) for item in found if item["mark"] == "rule"]


AT_LEAST = "SRC-0005-C018-Q1"


def test_an_open_end_is_an_arrow_and_a_sure_line_is_whole(content: Content) -> None:
    assert shapes(content, AT_LEAST) == (["circle", "triangle-right"], ["[1, 0]"])
    assert shapes(content, "SRC-0002-C008-Q1") == (["circle", "circle"], ["[1, 0]"])


def test_a_hedged_value_is_drawn_in_dashes(content: Content) -> None:
    assert shapes(content, "SRC-0005-C017-Q2") == (["circle", "triangle-left"], ["[7, 5]"])


def test_a_vague_figure_is_its_words_alone(content: Content, figures: dict[str, Figure]) -> None:
    assert shapes(content, "SRC-0001-C005-Q1") == ([], [])
    (words,) = [item for item in drawn(figures["estimates-shell"])["SRC-0001-C005-Q1"] if item["mark"] == "text"]
    assert "“so high”" in words["text"]


def test_a_denied_figure_is_crossed_out(changed: Callable[..., Content]) -> None:
    content = changed("claims", "SRC-0005-C018", polarity="denied")
    assert "cross" in shapes(content, AT_LEAST)[0]


def test_an_excluded_end_is_a_ring(changed: Callable[..., Content]) -> None:
    content = changed("quantities", AT_LEAST, bound_type="more_than")
    (figure,) = [each for each in all_figures(content) if each.name == "estimates-shell"]
    (ring,) = [item for item in drawn(figure)[AT_LEAST] if item.get("shape") == "circle"]
    assert ring.get("fill") in {None, "transparent"}
    assert ring["stroke"]


def test_a_rhetorical_figure_is_no_measurement(changed: Callable[..., Content]) -> None:
    content = changed("quantities", AT_LEAST, rhetorical="true")
    assert AT_LEAST not in {row["id"] for figure in all_figures(content) for row in figure.data.get("rows", ())}


def test_a_withdrawn_claim_is_in_no_figure(changed: Callable[..., Content]) -> None:
    content = changed("claims", "SRC-0005-C018", record_status="withdrawn")
    for figure in all_figures(content):
        assert "SRC-0005-C018" not in json.dumps(figure.data), figure.name


def test_a_date_is_drawn_as_the_days_that_it_covers(figures: dict[str, Figure]) -> None:
    dated = {row["claim_id"]: row["event_date"] for row in rows("claims") if row["event_date"]}
    figure = figures["timeline"]
    assert {row["id"] for row in figure.data["rows"]} == set(dated)
    for row in figure.data["rows"]:
        days = edtf.parse(dated[row["id"]])
        assert row["open_begin"] == (days.earliest is None)
        assert row["open_finish"] == (days.latest is None)
        if days.earliest:
            assert datetime.fromtimestamp(row["begin"] / 1000, UTC).date() == days.earliest
        if days.latest:
            assert datetime.fromtimestamp(row["finish"] / 1000, UTC).date() == days.latest + timedelta(days=1)
    assert set(drawn(figure)) == set(dated)


def test_no_two_bars_of_a_lane_overlap(figures: dict[str, Figure]) -> None:
    lanes: dict[str, list[tuple[float, float]]] = {}
    for row in figures["timeline"].data["rows"]:
        lanes.setdefault(row["key"], []).append((row["begin"], row["finish"]))
    for bars in lanes.values():
        bars.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(bars))


def test_the_supply_network_has_a_line_for_every_supplier_and_recipient_of_a_claim(figures: dict[str, Figure]) -> None:
    parts: dict[str, list[tuple[str, str]]] = {}
    for row in rows("claim_actors"):
        parts.setdefault(row["claim_id"], []).append((row["role"], row["actor_id"]))
    wanted = {
        (giver, taker, claim)
        for claim, roles in parts.items()
        for role, giver in roles
        for other, taker in roles
        if (role, other) == ("supplier", "recipient") and giver != taker
    }
    figure = figures["network-supply"]
    found = {(*edge["href"].split("/")[2:4], claim) for edge in figure.data[figure.table] for claim in edge["rows"]}
    assert found == wanted


def test_a_denied_supply_is_not_drawn_as_a_supply(figures: dict[str, Figure], content: Content) -> None:
    figure = figures["network-supply"]
    for edge in figure.data[figure.table]:
        polarities = {content.cells_of[claim]["polarity"] for claim in edge["rows"]}
        assert (edge["manner"] == "denied or open") == (polarities != {"affirmed"})
        assert polarities == {"affirmed"} or "affirmed" not in polarities


def test_the_contradictions_are_those_that_the_loader_gives(figures: dict[str, Figure]) -> None:
    pairs = conflicts()
    found = [(row["id"], row["other_id"], row["attribution"]) for row in figures["contradictions"].data["pairs"]]
    assert found == list(zip(pairs["claim_id"], pairs["related_claim_id"], pairs["attribution"], strict=True))


def test_every_file_of_a_figure_is_one_and_leads_to_the_page(
    files: dict[str, bytes], figures: dict[str, Figure]
) -> None:
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
    wanted = printed(files)
    assert len(wanted) == len(PRINTED)
    stale = [path for path, data in wanted.items() if (REPOSITORY / path).read_bytes() != data]
    assert stale == [], "run scripts/site.py --readme"


# --- the folder -----------------------------------------------------------------------------------------------------


def test_an_earlier_site_gives_way_and_files_of_others_do_not(tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_folder(out, with_sums({"index.html": b"old", "figures/old.svg": b"old"}), "site")
    write_folder(out, with_sums({"index.html": b"new"}), "site")
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {"index.html", SUMS}
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(ForeignFilesError, match=r"contains mine\.txt, which no earlier site wrote; choose a new or"):
        write_folder(out, with_sums({"index.html": b"newer"}), "site")
    assert (out / "index.html").read_bytes() == b"new"


def with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, SUMS: sums(files)}


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "scripts" / "site.py"), *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment},
    )


def test_the_site_of_a_project_has_the_files_of_its_bundle(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", HARBOUR / "seeds")
    done = run("--project", root)
    assert done.returncode == 0, done.stderr
    folder = root / "site" / "downloads"
    names = {path.name for path in folder.iterdir()}
    assert listed((folder / SUMS).read_bytes()) == names - {SUMS}
    assert {"harbour-claims-0.1.0.zip", "harbour-claims.db", "harbour-claims-claims.parquet", "claims.csv"} <= names
    assert (folder / "claims.csv").read_bytes() == (root / "data" / "claims.csv").read_bytes()
    links = re.findall(r'href="(downloads/[^"]+)"', (root / "site" / "index.html").read_text(encoding="utf-8"))
    assert {link.partition("/")[2] for link in links} == names


def test_the_site_is_the_same_in_every_zone_and_with_every_hash_seed(tmp_path: Path) -> None:
    made = []
    for number, environment in enumerate(({"TZ": "Asia/Pyongyang", "PYTHONHASHSEED": "1"}, {"TZ": "America/New_York"})):
        out = tmp_path / str(number)
        done = run("--package", REPOSITORY, "--out", out, **environment)
        assert done.returncode == 0, done.stderr
        made.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


def test_a_package_without_a_row_has_a_site(tmp_path: Path) -> None:
    root = bare(tmp_path / "package")
    for path in (root / "data").glob("*.csv"):
        path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    files = site_files(read_content(root), {}, lambda _: None)
    assert [name for name in files if name.startswith("figures/")] == []


def bare(root: Path) -> Path:
    for name in ("data", "schemas"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "datapackage.json", root)
    return root


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("datapackage.json", "{", "datapackage.json"),
        ("datapackage.json", '{"version": "1.0.0", "resources": []}', "datapackage.json"),
        ("data/claims.csv", "claim_id\n", "data/claims.csv"),
    ],
)
def test_a_damaged_package_is_told_in_one_line_and_writes_nothing(
    tmp_path: Path, path: str, text: str, said: str
) -> None:
    root = bare(tmp_path / "package")
    (root / path).write_text(text, encoding="utf-8")
    done = run("--package", root, "--out", tmp_path / "site")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {said}")
    assert done.stderr.endswith("nothing was written\n")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "site").exists()
