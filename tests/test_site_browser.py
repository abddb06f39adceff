"""The site in a real browser, opened from its folder without a network: what a reader sees and does.

All tests use one site of the dataset; a second one has cells that would do harm if they were treated as HTML.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import REPOSITORY, record_hashes, texts_folder
from pandas import NA
from sitebrowser import SCREENSHOTS, THEMES, Visit, chromium, visiting

from curation.seeds.spans import text_folded_sha256
from curation.site.content import read_content
from curation.site.make import site_files
from curation.write import sha256, write_folder
from russia_dprk_claims.questions.claims import claims, conflicts
from russia_dprk_claims.questions.events import event, events
from russia_dprk_claims.questions.transfers import estimates, transfers
from russia_dprk_claims.sentences import attribution
from russia_dprk_claims.wide import sentence

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.full

CLAIM = "SRC-0005-C012"
CONTESTED = "EVT-putin-visit-north-korea-2024-06"
VIEWS = (
    *("overview", "transfers", "events", "contradictions", "agreements", "sources", "method"),
    *("tables/claims_wide", "tables/quantities", "tables/claims_wide?q=nowhere", "search?q=Pyongyang"),
    *(CLAIM, "SRC-0005", "ACT-north-korea", "AGR-arms-for-aid", CONTESTED),
)
PHONE = (390, 844)
# Each would run if the page treated it as HTML, a script or an address.
HOSTILE = (
    "<img src=x onerror=window.hostile=1>",
    "</script><script>window.hostile=1</script>",
    "--><svg onload=window.hostile=1>",
    "{{constructor.constructor('window.hostile=1')()}}",
    "\u2028window.hostile=1\u2028",
)
ADDRESS = "javascript:window.hostile=1"


def build_site(package: Path, out: Path) -> Path:
    if package != REPOSITORY:
        record_hashes(package)
    write_folder(out, site_files(read_content(package), {}, lambda _: None), "site")
    return out


def copy_package(root: Path) -> Path:
    for name in ("data", "schemas"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(REPOSITORY / "datapackage.json", root)
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the dataset."""
    return build_site(REPOSITORY, tmp_path_factory.mktemp("site"))


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Visit]:
    """A visit that must end without a console message or a request."""
    with visiting(browser, site) as visit:
        yield visit
        assert visit.messages == []
        assert visit.requests == []


def rows(table: str) -> list[dict[str, str]]:
    with (REPOSITORY / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(visit: Visit, column: int = 0, address: str = "") -> list[str]:
    """Return a column of the table that is shown, or of that at an address."""
    if address:
        visit.open(address)
    return [row.strip() for row in visit.page.locator(f".grid tbody td:nth-child({column + 1})").all_inner_texts()]


# --- every view ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_no_view_logs_a_message_makes_a_request_or_has_a_serious_accessibility_problem(
    browser: Browser, site: Path, theme: str
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    found = {}
    with visiting(browser, site, theme) as visit:
        for view in VIEWS:
            visit.open(view)
            assert visit.page.locator("h1:visible").count() == 1
            visit.page.screenshot(
                path=SCREENSHOTS / f"{re.sub('[^A-Za-z0-9]+', '-', view)}-{theme}.png", full_page=True
            )
            found[view] = visit.violations()
    assert found == {view: [] for view in VIEWS}
    assert visit.messages == []
    assert visit.requests == []


def test_every_view_fits_a_phone(browser: Browser, site: Path) -> None:
    with visiting(browser, site, width=PHONE[0]) as visit:
        for view in VIEWS:
            page = visit.open(view)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], view
            assert page.locator("header.top").evaluate("node => node.offsetHeight") < PHONE[1] / 5
            wide = "nodes => nodes.filter(node => node.getBoundingClientRect().right > innerWidth + 1).length"
            figures = page.locator(".strip, .scale, .ribbon, .coverage, .ledger li, .event, .side, .amounts li")
            assert figures.evaluate_all(wide) == 0, view
            assert page.locator("td").evaluate_all(wide) == 0, view
            page.screenshot(path=SCREENSHOTS / f"{re.sub('[^A-Za-z0-9]+', '-', view)}-phone.png", full_page=True)


def test_the_theme_follows_the_system_until_the_reader_chooses(visit: Visit) -> None:
    page = visit.open("events")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground)
    assert light != dark
    page.get_by_role("button", name="Theme: system").click()
    assert page.evaluate(ground) == light
    page.get_by_role("button", name="Theme: light").click()
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == dark


# --- overview -------------------------------------------------------------------------------------------------------


def test_the_overview_shows_the_counts_and_links_to_the_tables(visit: Visit, site: Path) -> None:
    page = visit.open()
    assert page.locator(".counts").inner_text().split("\n")[0:1] == [f"{len(rows('actors'))} actors"]
    links = page.locator(".downloads a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert {f"downloads/{each.stem}.csv" for each in (REPOSITORY / "data").glob("*.csv")} <= set(links)
    assert all((site / link).is_file() for link in links)


def test_the_citation_is_copied(visit: Visit) -> None:
    page = visit.open()
    page.locator("[data-copy=citation-text]").click()
    visit.wait("document.getElementById('status').textContent === 'Copied.'")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#citation-text").inner_text()


# --- browsing -------------------------------------------------------------------------------------------------------


def test_an_alias_finds_the_claims_of_its_actor(visit: Visit) -> None:
    page = visit.open("tables/claims_wide")
    page.get_by_label("Search, including names and aliases").fill("Pyongyang")
    aliased = {
        row["claim_id"]
        for table in ("claim_actors", "claim_attributions")
        for row in rows(table)
        if row["actor_id"] == "ACT-north-korea"
    }
    visit.wait("location.hash.includes('q=Pyongyang')")
    found = int(page.locator("p[role=status]").first.inner_text().split(" ")[0])
    assert found >= len(aliased) > 0
    assert set(shown(visit)) & aliased


def test_a_filter_keeps_the_rows_with_the_value_and_is_in_the_address(visit: Visit) -> None:
    page = visit.open("tables/claims")
    page.locator("select[data-column=topic]").select_option("un_vote")
    expected = [row["claim_id"] for row in rows("claims") if row["topic"] == "un_vote"]
    assert shown(visit) == expected
    address = page.evaluate("location.hash.slice(1)")
    visit.open(address)
    assert shown(visit) == expected
    assert page.locator("select[data-column=topic]").input_value() == "un_vote"


@pytest.mark.parametrize("column", ["Span start", "Claim", "Modality"])
def test_a_column_sorts_both_ways_and_announces_it(visit: Visit, column: str) -> None:
    page = visit.open("tables/claims?f.topic=sanctions")
    header = page.locator("thead th").filter(has=page.get_by_role("button", name=column, exact=True))
    page.get_by_role("button", name=column, exact=True).click()
    assert header.get_attribute("aria-sort") == "ascending"
    upwards = shown(visit)
    names = {"Span start": "char_start", "Claim": "claim_text", "Modality": "modality"}
    ordered = {"modality": ["underspecified", "possible", "probable", "certain"]}
    name = names[column]
    key: Callable[[dict[str, str]], object] = (
        (lambda row: int(row[name]))
        if name == "char_start"
        else (lambda row: ordered[name].index(row[name]))
        if name in ordered
        else (lambda row: row[name])
    )
    chosen = [row for row in rows("claims") if row["topic"] == "sanctions"]
    assert upwards == [row["claim_id"] for row in sorted(chosen, key=key)]  # type: ignore[arg-type]
    page.get_by_role("button", name=column, exact=True).click()
    assert header.get_attribute("aria-sort") == "descending"
    assert page.evaluate("document.activeElement.textContent") == column
    assert shown(visit) != upwards
    assert sorted(shown(visit)) == sorted(upwards)


def test_every_table_can_be_browsed_whole(visit: Visit) -> None:
    for path in sorted((REPOSITORY / "data").glob("*.csv")):
        page = visit.open(f"tables/{path.stem}")
        number = len(rows(path.stem))
        assert page.locator("p[role=status]").first.inner_text() == f"{number} row{'s' if number > 1 else ''}"
        assert page.locator(".grid > tbody > tr").count() == min(30, number)
        assert page.locator(".grid thead th").count() == len(rows(path.stem)[0])


def test_a_code_is_explained_at_the_pointer(visit: Visit) -> None:
    page = visit.open("tables/claims?f.modality=possible")
    page.locator(".grid .term", has_text="possible").first.hover()
    definition = read_content(REPOSITORY).contract["claims"].by_name["modality"].definitions["possible"]
    assert page.locator("#tip").inner_text() == definition
    page.keyboard.press("Escape")
    assert not page.locator("#tip").is_visible()


def test_the_header_searches_names_and_claims(visit: Visit) -> None:
    page = visit.open()
    page.get_by_label("Search claims and names").fill("Vladimir Poutine")
    page.keyboard.press("Enter")
    page.wait_for_selector("#other h1")
    known = {row["actor_id"] for row in rows("actor_names") if row["name"] == "Vladimir Poutine"}
    found = page.locator("#other section li a").evaluate_all("links => links.map(link => link.hash.slice(1))")
    assert known <= set(found) if known else "No claim" in page.inner_text("#other")


@pytest.mark.parametrize(
    ("query", "claim"),
    [
        ("152mm", "SRC-0001-C002"),
        ("152 mm", "SRC-0001-C002"),
        ("10000 containers", "SRC-0005-C017"),
        ("10,000 containers", "SRC-0005-C017"),
        ("4.8 million", "SRC-0005-C017"),
        ("ROK shells", "SRC-0005-C017"),
        ("sattelite", "SRC-0002-C022"),
    ],
)
def test_the_search_knows_figures_aliases_and_misspellings(visit: Visit, query: str, claim: str) -> None:
    links = visit.open(f"search?q={query}").locator("#other section a.ref").all_inner_texts()
    assert claim in links
    assert claim in shown(visit, address=f"tables/claims_wide?q={query}")


def test_a_misspelling_is_corrected_and_said_to_be(visit: Visit) -> None:
    page = visit.open("search?q=Pyongang")
    assert "“pyongyang”" in page.locator("#other .note").inner_text()
    claims = page.locator("#other section a.ref").all_inner_texts()
    assert claims == visit.open("search?q=Pyongyang").locator("#other section a.ref").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "meant"),
    [("Ukrainian intelligence", {"Ukrainian sources", "US intelligence"}), ("South Korean officials", {"South Korea"})],
)
def test_a_search_for_an_unknown_actor_names_those_who_have_most_of_its_words(
    visit: Visit, query: str, meant: set[str]
) -> None:
    section = visit.open(f"search?q={query}").locator("#other section", has_text="did you mean")
    named = section.locator("li > a").all_inner_texts()
    assert meant <= set(named)
    assert len(named) < 6


def test_an_unknown_filter_in_an_address_is_said_to_be(visit: Visit) -> None:
    page = visit.open("transfers?thing=shells")
    assert "does not filter by “thing”, only by q, mark, giver" in page.locator("#other .note").inner_text()
    page = visit.open("transfers?item=shells")
    assert "“shells” alone fits 0" in page.locator("#other .note").inner_text()
    visit.open("transfers?item=ITM-artillery-shells&mark=happened")
    assert page.locator("#other .note").count() == 0


def test_a_voice_is_chosen_alone_or_together_with_others(visit: Visit) -> None:
    together = {row["claim_id"] for row in claims().to_dict("records") if row["voice"] == "Russia and North Korea"}
    assert together
    assert together <= set(shown(visit, address="tables/claims_wide?f.voice=Russia"))
    offered = visit.page.locator("select[data-column=voice] option").all_inner_texts()
    assert [each for each in offered if " and " in each or ", " in each] == []
    names = [row["name"] for row in rows("actors")]
    assert [name for name in names if re.search(", | and ", name)] == []


@pytest.mark.parametrize(
    ("query", "claim"),
    [
        ("Seoul", "SRC-0002-C046"),
        ("ROK denial", None),
        ("ballistic missiles", "SRC-0005-C013"),
        ("ammunition", "SRC-0002-C047"),
    ],
)
def test_contradictions_are_found_by_voices_and_by_what_both_claims_say(
    visit: Visit, query: str, claim: str | None
) -> None:
    pairs = visit.open(f"contradictions?q={query}").locator(".pairs > li")
    found = {each for text in pairs.all_inner_texts() for each in re.findall(r"SRC-\d{4}-C\d{3}", text)}
    assert claim in found if claim else not found
    assert pairs.count() < len(conflicts()) / 2


def test_a_short_name_is_not_found_inside_other_words(visit: Visit) -> None:
    texts = visit.open("search?q=ROK").locator("#other section .list > li").all_inner_texts()
    assert "South Korea" in texts[0]
    of_south_korea = {
        row["claim_id"]
        for table in ("claim_actors", "claim_attributions")
        for row in rows(table)
        if row["actor_id"] in {each["actor_id"] for each in rows("actors") if "ACT-south-korea" in each.values()}
    }
    found = {match[0] for text in texts if (match := re.match(r"SRC-\d{4}-C\d{3}", text))}
    assert found
    assert found <= of_south_korea


def test_what_fits_nothing_says_which_filter_to_change(visit: Visit) -> None:
    page = visit.open("tables/claims_wide?q=container&f.topic=space")
    number = sum(row["topic"] == "space" and row["record_status"] == "active" for row in rows("claims"))
    text = page.locator("#other .note").inner_text()
    assert f"“space” alone fits {number}" in text
    assert re.search(r"“container” alone fits [1-9]", text)
    page = visit.open("transfers?mark=possible&realization=declined")
    assert "“declined” alone fits 1" in page.locator("#other .note").inner_text()


def saved(visit: Visit) -> str:
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Download CSV").click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_the_download_of_all_rows_is_the_file_of_the_dataset(visit: Visit) -> None:
    for table in ("claims", "quantities", "claim_attributions"):
        visit.open(f"tables/{table}")
        assert saved(visit) == (REPOSITORY / "data" / f"{table}.csv").read_text(encoding="utf-8")


def test_the_download_has_the_filtered_rows_in_their_order(visit: Visit) -> None:
    visit.open("tables/claims_wide?f.topic=un_vote&sort=-claim_id")
    written = list(csv.DictReader(saved(visit).splitlines()))
    expected = [row["claim_id"] for row in rows("claims") if row["topic"] == "un_vote"]
    assert [row["claim_id"] for row in written] == sorted(expected, reverse=True)
    assert written[-1]["sentence"] == sentence(expected[0])


def test_a_note_and_a_long_text_are_folded_and_open(visit: Visit) -> None:
    page = visit.open("tables/claims_wide?q=SRC-0005-C017")
    heights = page.locator(".grid tbody tr").evaluate_all("all => all.map(each => each.offsetHeight)")
    assert max(heights) < 140
    note = next(row["note"] for row in rows("claims") if row["claim_id"] == "SRC-0005-C017")
    fold = page.locator(".fold", has_text=note)
    assert fold.locator("summary").inner_text() == "Note"
    fold.locator("summary").click()
    assert note in fold.inner_text()


def test_every_address_of_the_documentation_finds_something(visit: Visit) -> None:
    documentation = (REPOSITORY / "docs" / "SITE.md").read_text(encoding="utf-8")
    addresses = re.findall(r"`#([^`]+)`", documentation)
    assert len(addresses) > 10
    for address in addresses:
        page = visit.open(address)
        text = page.locator("#other" if address != "method" else "#method").inner_text()
        assert "Not found" not in text, address
        assert "Nothing fits" not in text, address
        assert "0 of" not in text, address


# --- a claim --------------------------------------------------------------------------------------------------------


def test_a_permanent_link_opens_the_claim_with_its_nested_rows(visit: Visit) -> None:
    page = visit.open("SRC-0005-C017")
    text = page.inner_text("#other")
    (claim,) = [row for row in rows("claims") if row["claim_id"] == "SRC-0005-C017"]
    assert claim["claim_text"] in text
    assert attribution("SRC-0005-C017") in text
    for row in rows("quantities"):
        if row["claim_id"] == "SRC-0005-C017":
            assert f"“{row['value_text']}”" in text
    assert "no lower end stated" in text
    for row in rows("claim_relations"):
        if "SRC-0005-C017" in (row["claim_id"], row["related_claim_id"]):
            assert row["claim_id"] in text and row["related_claim_id"] in text
    assert page.locator(".ribbon rect.here").count() == 2
    assert page.locator(".ribbon rect.claim, .ribbon rect.aside").count() > 10


def test_the_ribbon_of_a_source_marks_what_was_set_aside_as_such(visit: Visit) -> None:
    page = visit.open("SRC-0005")
    asides = sum(row["source_id"] == "SRC-0005" for row in rows("set_asides"))
    assert page.locator(".ribbon rect.aside").count() == asides > 0
    assert page.locator(".ribbon rect.here").count() == 0


def test_no_fact_is_without_a_value(visit: Visit) -> None:
    for view in VIEWS:
        facts = visit.open(view).locator(".facts li:visible, .where:visible, .key span:visible")
        assert [text for text in facts.all_inner_texts() if not text.strip() or text.strip().endswith(":")] == [], view


def test_the_ribbon_shows_the_position_of_the_span(visit: Visit) -> None:
    page = visit.open("SRC-0005-C017")
    (claim,) = [row for row in rows("claims") if row["claim_id"] == "SRC-0005-C017"]
    (source,) = [row for row in rows("sources") if row["source_id"] == "SRC-0005"]
    here = page.locator(".ribbon").first.locator("rect.here")
    start = float(here.get_attribute("x") or "nan")
    assert start == pytest.approx(1000 * int(claim["char_start"]) / int(source["text_length"]))
    width = float(here.get_attribute("width") or "nan")
    length = int(claim["char_end"]) - int(claim["char_start"])
    assert width == pytest.approx(1000 * length / int(source["text_length"]))


def test_a_link_in_the_ribbon_opens_its_claim_and_back_returns(visit: Visit) -> None:
    page = visit.open("SRC-0005-C017")
    other = page.locator(".ribbon a").filter(has=page.locator("rect.claim")).first
    target = other.get_attribute("href")
    other.click()
    visit.wait(f"location.hash === '{target}'")
    page.go_back()
    visit.wait("location.hash === '#SRC-0005-C017'")
    visit.wait("document.querySelector('#other h1').textContent.includes('SRC-0005-C017')")


def test_the_permanent_link_and_the_citation_of_a_claim_are_copied(visit: Visit) -> None:
    page = visit.open(CLAIM)
    page.get_by_role("button", name="Copy permanent link").click()
    visit.wait("document.getElementById('status').textContent === 'Copied.'")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"#{CLAIM}")
    assert CLAIM in page.get_by_role("region", name="Citation of this row").inner_text()


def test_addresses_of_earlier_versions_lead_to_the_views_that_replaced_them(visit: Visit) -> None:
    for old, new in (("estimates?of=shell", "transfers"), ("timeline?topic=visit", "events")):
        heading = visit.open(old).locator("#other h1").inner_text()
        assert heading == visit.open(new).locator("#other h1").inner_text()


def test_an_unknown_address_is_reported(visit: Visit) -> None:
    assert "No view and no row is called “SRC-9999-C001”" in visit.open("SRC-9999-C001").inner_text("#other")


def test_a_withdrawn_claim_is_marked_and_is_in_no_comparison(browser: Browser, tmp_path: Path) -> None:
    linked = {row["claim_id"] for row in rows("claim_agreements")}
    claim = next(each for each in conflicts()["claim_id"] if each in linked)
    root = copy_package(tmp_path / "package")

    def withdraw(_: int, row: dict[str, str]) -> None:
        if row["claim_id"] == claim:
            row["record_status"] = "withdrawn"

    rewrite(root / "data" / "claims.csv", withdraw)
    with visiting(browser, build_site(root, tmp_path / "site")) as visit:
        assert "This claim was withdrawn" in visit.open(claim).inner_text("#other")
        sides = visit.open("contradictions").locator(".side a").all_inner_texts()
        assert len(sides) > 0
        assert claim not in sides
        counts = re.findall(r"\d+", " ".join(visit.open("agreements").locator(".comparison td a").all_inner_texts()))
        withdrawn = sum(row["claim_id"] == claim for row in rows("claim_agreements"))
        assert sum(map(int, counts)) == len(rows("claim_agreements")) - withdrawn
        assert visit.messages == []


def test_the_link_of_a_quantity_scrolls_to_it_at_once(visit: Visit) -> None:
    target = visit.open("SRC-0005-C017-Q2").locator("#target")
    assert target.inner_text() == "“up to 4.8 million”"
    assert target.evaluate("node => node.getBoundingClientRect().bottom < window.innerHeight")


# --- figures --------------------------------------------------------------------------------------------------------


def test_the_transfers_are_those_of_the_loader_by_how_far_they_went(visit: Visit) -> None:
    page = visit.open("transfers")
    shown = page.locator(".ledger li").evaluate_all("all => all.map(each => [each.dataset.id, each.dataset.mark])")
    table = transfers().set_index("transfer_id")
    assert sorted(each for each, _ in shown) == sorted(table.index)
    for transfer, mark in shown:
        row = table.loc[transfer]
        said = row["polarity"] == "affirmed" and row["realization"] in {"occurred", "ongoing"}
        assert (mark in {"happened", "possible"}) == said, transfer
    text = page.locator('[data-id="SRC-0005-C015-T1"]').inner_text()
    assert "occurred, denied" in text
    assert "Russia and North Korea say, in denial" in text
    heads = [head.strip() for head in page.locator("#other h2").all_inner_texts()]
    assert heads[0].startswith("Said to have happened")
    assert [head for head in heads if head.startswith("Denied")]


def test_the_marks_of_transfers_look_different(visit: Visit) -> None:
    page = visit.open("transfers")
    signs = page.locator("h2 .sign").evaluate_all(
        "all => all.map(each => each.innerHTML + getComputedStyle(each.firstChild).stroke)"
    )
    assert len(set(signs)) == len(signs) == 6


def test_a_receiver_stands_also_for_its_officials(visit: Visit) -> None:
    page = visit.open("transfers")
    page.locator("select[data-column=receiver]").select_option("ACT-north-korea")
    ids = page.locator(".ledger li").evaluate_all("all => all.map(each => each.dataset.id)")
    assert sorted(ids) == sorted(transfers(receiver="North Korea")["transfer_id"])
    assert page.evaluate("location.hash") == "#transfers?receiver=ACT-north-korea"


def test_the_estimates_are_the_amounts_of_the_transfers_shown_and_no_carriers(visit: Visit) -> None:
    figures = estimates()
    wanted = figures[(figures["transfer_measure"] == "amount") & ~figures["rhetorical"]]
    shown = "all => all.map(each => each.dataset.id)"
    assert sorted(visit.open("transfers").locator(".amounts li").evaluate_all(shown)) == sorted(wanted["quantity_id"])
    page = visit.open("transfers?source_id=SRC-0005")
    assert sorted(page.locator(".amounts li").evaluate_all(shown)) == sorted(
        wanted[wanted["source_id"] == "SRC-0005"]["quantity_id"]
    )
    assert "No amount is stated" in visit.open("transfers?item_id=ITM-food&receiver=ACT-north-korea").inner_text(
        "#amounts"
    )


def test_an_interval_is_drawn_from_stated_end_to_stated_end(visit: Visit) -> None:
    page = visit.open("transfers")
    figures = estimates().set_index("quantity_id")
    largest = max(3e6, 5e6, 4.8e6)
    for each in page.locator(".amounts li").all():
        row = figures.loc[each.get_attribute("data-id")]
        (line,) = each.locator(".strip line:not(.tick)").all()
        ends = [float((line.get_attribute(name) or "").rstrip("%")) for name in ("x1", "x2")]
        low, high = (
            None if row[name] is NA else 100 * row[name] / (1.12 * largest) for name in ("value_low", "value_high")
        )
        assert ends == [pytest.approx(low or 0, abs=0.01), pytest.approx(high or 100, abs=0.01)]
        assert each.locator(".strip circle").count() == (low is not None) + (high is not None)
        assert ("hedged" in (line.get_attribute("class") or "")) == (row["modality"] != "certain")


def test_the_events_are_those_of_the_loader_and_open_to_all_that_is_said(visit: Visit) -> None:
    page = visit.open("events")
    ids = page.locator(".event").evaluate_all("all => all.map(each => each.dataset.id)")
    assert ids == events()["event_id"].tolist()
    opened = page.locator(f'[data-id="{CONTESTED}"]')
    opened.locator("summary").first.click()
    opened.locator(".inside").wait_for()
    said = event(CONTESTED)
    links = opened.locator(".inside .list a.ref").all_inner_texts()
    assert set(said["claim_id"]) == set(links)
    assert "foretells (4)" in opened.inner_text()
    assert "19 June 2024" in opened.inner_text()


def test_independent_origins_are_counted_with_texts_without_origin_beside(visit: Visit) -> None:
    text = visit.open("events").locator('[data-id="EVT-shells-to-russia-2023-2024"]').inner_text()
    assert "2 independent known origins, 2 texts without origin" in text


def test_a_date_known_only_to_the_year_says_so_and_a_contested_one_warns(visit: Visit) -> None:
    page = visit.open("events")
    assert "only the year is known" in page.locator('[data-id="EVT-inter-korean-agreement-2018"]').inner_text()
    contested = page.locator(f'[data-id="{CONTESTED}"]')
    assert "a public reference gives another date" in contested.inner_text()
    assert contested.locator(".strip .contested").count() == 1


def test_each_voice_that_gives_another_date_has_a_strip(browser: Browser, tmp_path: Path) -> None:
    root = copy_package(tmp_path / "package")

    def redate(_: int, row: dict[str, str]) -> None:
        if row["claim_id"] == "SRC-0005-C005":
            row["event_date"] = "2024-06-19"

    rewrite(root / "data" / "claims.csv", redate)
    with visiting(browser, build_site(root, tmp_path / "site")) as visit:
        strips = visit.open("events").locator(f'[data-id="{CONTESTED}"] .strip')
        dates = strips.evaluate_all("all => all.map(each => each.dataset.date)")
        assert dates == ["2024-06-19", "2024-06-22/2024-06-23"]
        assert "19 June 2024 or 22 June 2024 to 23 June 2024" in visit.page.inner_text(f'[data-id="{CONTESTED}"]')


def test_the_count_of_undated_events_is_that_of_the_filtered_ones(visit: Visit) -> None:
    page = visit.open("events?kind=visit")
    visits = events()
    visits = visits[visits["kind"] == "visit"]
    undated = int(visits["date"].isna().sum())
    # The texts date one of them by the claims alone.
    assert page.locator("p[role=status]").first.inner_text() == (
        f"{len(visits)} of {len(events())} events; no claim dates {undated} of them"
    )


def test_the_contradictions_are_those_of_the_loader_each_pair_once_by_event(visit: Visit) -> None:
    page = visit.open("contradictions")
    pairs = conflicts()
    shown = page.locator(".pairs > li").evaluate_all("all => all.map(each => each.dataset.pair)")
    words = {f"{row.claim_id} {row.relation} {row.related_claim_id}" for row in pairs.itertuples()}
    assert {part for each in shown for part in each.split("; ")} == words
    couples = [frozenset(part.split(" ")[::2]) for each in shown for part in each.split("; ")[:1]]
    assert len(set(couples)) == len(couples)
    named = pairs["events"].fillna("About no event in common")
    assert page.locator("#other h2").all_inner_texts() == list(dict.fromkeys(named))
    chains = {*pairs["attribution"], *pairs["related_attribution"]}
    assert set(page.locator(".pairs .who").all_inner_texts()) == chains


def test_the_sources_show_their_limits_and_who_quotes_whom(visit: Visit) -> None:
    page = visit.open("sources")
    assert "Cut off: The text breaks off" in page.locator('[data-id="SRC-0001"]').inner_text()
    assert page.locator(".card").count() == len(rows("sources"))
    quote = page.locator('[data-quote="SRC-0005 → US intelligence"]')
    quote.locator("summary").click()
    quote.locator("a.ref").first.wait_for()
    assert quote.locator("a.ref").all_inner_texts() == ["SRC-0005-C018"]


def test_the_agreements_are_compared_source_by_source(visit: Visit) -> None:
    page = visit.open("agreements")
    active = {row["claim_id"]: row["source_id"] for row in rows("claims") if row["record_status"] == "active"}
    counts = Counter(
        (row["agreement_id"], active[row["claim_id"]], row["bearing"].replace("_", " "))
        for row in rows("claim_agreements")
        if row["claim_id"] in active
    )
    cells = page.locator(".comparison td a").evaluate_all("all => all.map(each => [each.hash, each.textContent])")
    found = {
        (*re.fullmatch(r"#(.+)\?source=(.+)", address).groups(), *part.rsplit(" ", 1))  # type: ignore[union-attr]
        for address, text in cells
        for part in text.split(", ")
    }
    assert found == {(*key, str(number)) for key, number in counts.items()}
    assert page.locator(".comparison tbody tr").count() == len(rows("agreements"))


def test_an_agreement_shows_its_transfers_in_each_direction_and_what_each_source_says(visit: Visit) -> None:
    page = visit.open("AGR-arms-for-aid")
    heads = page.locator(".terms b").all_inner_texts()
    assert {"North Korea → Russia", "Russia → North Korea"} <= set(heads)
    claims = {row["claim_id"] for row in rows("claim_agreements") if row["agreement_id"] == "AGR-arms-for-aid"}
    assert page.locator(".terms li").count() == sum(row["claim_id"] in claims for row in rows("transfers"))
    sources = {row["claim_id"][:8] for row in rows("claim_agreements") if row["agreement_id"] == "AGR-arms-for-aid"}
    assert page.locator("#other details summary").filter(has_text=re.compile(r"^SRC-\d+: ")).count() == len(sources)


# --- keyboard -------------------------------------------------------------------------------------------------------


def test_the_skip_link_comes_first(visit: Visit) -> None:
    page = visit.open(CLAIM)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    visit.wait("document.activeElement.id === 'view'")
    assert page.evaluate("location.hash") == f"#{CLAIM}"


def test_a_new_view_takes_the_focus_and_is_announced(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("link", name="Events", exact=True).click()
    visit.wait("document.activeElement.id === 'view'")
    assert page.locator("#status").inner_text().startswith("What the claims say happened when")
    assert page.locator("nav a[aria-current=page]").inner_text() == "Events"


# --- your copy ------------------------------------------------------------------------------------------------------

# Signs of two UTF-16 units and of several code points come before the spans.
OWN_TEXT = (
    "\ufeff😀 Ca\u0301ptains of the 🇰🇵 island e\u0301 said:\r\n"
    "Crates went north. 𝔸 boat came back 👩\u200d✈\ufe0f on Monday.\n"
)
SPANS = ("Crates went north.", "𝔸 boat came back 👩\u200d✈\ufe0f", "came back 👩\u200d✈\ufe0f on Monday.")


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a package whose first source is a text of our own, with three claims in it."""
    root = copy_package(tmp_path_factory.mktemp("own"))
    texts = {"SRC-0001": OWN_TEXT, "SRC-0002": "Another text.\n"}
    places = iter(SPANS)

    def describe(_: int, row: dict[str, str]) -> None:
        if text := texts.get(row["source_id"]):
            row["text_sha256"] = sha256(text.encode())
            row["text_folded_sha256"] = text_folded_sha256(text)
            row["text_length"] = str(len(text))

    def place(_: int, row: dict[str, str]) -> None:
        if row["source_id"] == "SRC-0001" and (words := next(places, None)):
            start = OWN_TEXT.index(words)
            row["char_start"], row["char_end"] = str(start), str(start + len(words))
        elif row["source_id"] == "SRC-0001":
            row["record_status"] = "withdrawn"

    rewrite(root / "data" / "sources.csv", describe)
    rewrite(root / "data" / "claims.csv", place)
    return build_site(root, tmp_path_factory.mktemp("own-site"))


def give(visit: Visit, text: bytes) -> str:
    """Choose a file on the page of a source, and return what the page says of it."""
    page = visit.open("SRC-0001")
    page.locator("#copy-file").set_input_files({"name": "text.txt", "mimeType": "text/plain", "buffer": text})
    page.locator(".drop + div > *").first.wait_for()
    return page.locator(".drop + div").inner_text()


def marks(visit: Visit) -> dict[str, str]:
    """Return what is marked for each claim."""
    found: dict[str, str] = {}
    for ids, text in visit.page.locator(".copy mark").evaluate_all(
        "all => all.map(each => [each.dataset.claims, each.textContent])"
    ):
        for each in ids.split():
            found[each] = found.get(each, "") + text
    return found


def test_the_claims_are_marked_in_a_readers_own_copy_by_code_points(browser: Browser, own_site: Path) -> None:
    with visiting(browser, own_site) as visit:
        assert "This is the text that was coded" in give(visit, OWN_TEXT.encode())
        claims = [row["claim_id"] for row in rows("claims") if row["source_id"] == "SRC-0001"][: len(SPANS)]
        assert marks(visit) == dict(zip(claims, SPANS, strict=True))
        plain = visit.page.locator(".copy").evaluate(
            "node => [...node.childNodes].filter(each => each.tagName !== 'SUP').map(each => each.textContent).join('')"
        )
        assert plain == OWN_TEXT
        assert visit.page.locator(".copy sup a").all_inner_texts() == ["C001", "C002", "C003"]
        assert visit.violations() == []
        assert visit.messages == []
        assert visit.requests == []


def test_a_dropped_file_is_checked_as_a_chosen_one(browser: Browser, own_site: Path) -> None:
    with visiting(browser, own_site) as visit:
        page = visit.open("SRC-0001")
        files = page.evaluate_handle(
            "text => { const files = new DataTransfer(); files.items.add(new File([text], 'a.txt')); return files; }",
            OWN_TEXT,
        )
        page.dispatch_event(".drop", "drop", {"dataTransfer": files})
        page.locator(".copy mark").first.wait_for()
        assert len(marks(visit)) == len(SPANS)


def test_another_file_is_refused_with_the_reason(browser: Browser, own_site: Path) -> None:
    with visiting(browser, own_site) as visit:
        assert "Only spaces or line breaks differ" in give(visit, OWN_TEXT.replace("\r\n", "\n").encode())
        assert "This is the text of SRC-0002" in give(visit, b"Another text.\n")
        assert f"its SHA-256 is {sha256(b'Else')}" in give(visit, b"Else")
        assert "This is not the text" in give(visit, b"\xff\xfe")
        assert visit.page.locator(".copy").count() == 0
        assert visit.messages == []


def test_the_claims_are_marked_in_the_source_texts(visit: Visit) -> None:
    folder = texts_folder()
    if folder is None:
        pytest.skip("not all source texts are available")
    source = rows("sources")[0]
    text = (folder / source["text_name"]).read_bytes()
    assert "This is the text that was coded" in give(visit, text)
    active = [row for row in rows("claims") if (row["source_id"], row["record_status"]) == ("SRC-0001", "active")]
    spans = {row["claim_id"]: text.decode()[int(row["char_start"]) : int(row["char_end"])] for row in active}
    assert marks(visit) == spans


# --- hostile cells --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a package in which every free text is hostile."""
    root = copy_package(tmp_path_factory.mktemp("hostile"))
    contract = read_content(REPOSITORY).contract
    for table in contract:
        free = [each.name for each in table.fields if each.text and each.name != "text_name"]
        free += [each for each in ("name", "label", "author", "url", "archive_url") if each in table.columns]
        poison(root / "data" / f"{table.name}.csv", set(free))
    descriptor = (root / "datapackage.json").read_text(encoding="utf-8")
    poisoned = descriptor.replace("Russia–DPRK Partnership Claims", HOSTILE[1].replace("<", "\\u003c"))
    assert poisoned != descriptor
    (root / "datapackage.json").write_text(poisoned, encoding="utf-8")
    return build_site(root, tmp_path_factory.mktemp("hostile-site"))


def poison(path: Path, columns: set[str]) -> None:
    def change(number: int, row: dict[str, str]) -> None:
        for column in columns & set(row):
            text = HOSTILE[number % len(HOSTILE)]
            row[column] = ADDRESS if column.endswith("url") else f"{text} {number}"

    rewrite(path, change)


def rewrite(path: Path, change: Callable[[int, dict[str, str]], None]) -> None:
    """Change each row of a CSV file in place."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, cells = list(reader.fieldnames or ()), list(reader)
    for number, row in enumerate(cells):
        change(number, row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(cells)


def test_hostile_cells_are_shown_as_text_and_nothing_runs(browser: Browser, hostile: Path) -> None:
    with visiting(browser, hostile) as visit:
        for view in VIEWS:
            page = visit.open(view)
            assert page.evaluate("window.hostile") is None, view
            assert page.locator("img, #view script, iframe, [onerror], [onload]").count() == 0, view
            links = page.locator("[href]").evaluate_all("all => all.map(each => each.getAttribute('href'))")
            safe = re.compile(r"#|https?://|figures/|downloads/|data:image/svg\+xml,")
            assert [link for link in links if not safe.match(link)] == [], view
        assert HOSTILE[0] in visit.open("tables/claims").inner_text("#other")
        assert HOSTILE[1] in visit.open("SRC-0005").inner_text("#other")
        assert visit.messages == []
        assert visit.requests == []


def test_a_hostile_address_is_harmless(browser: Browser, site: Path) -> None:
    with visiting(browser, site) as visit:
        for text in (
            *HOSTILE,
            "%E0%A4%A",
            "tables/claims?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.hostile%3D1%3E",
            "__proto__",
        ):
            page = visit.open(text)
            assert page.evaluate("window.hostile") is None
            assert page.locator("img").count() == 0
        assert visit.messages == []


def test_the_policy_refuses_other_scripts_and_html(browser: Browser, site: Path) -> None:
    with visiting(browser, site) as visit:
        page = visit.open()
        added = (
            "() => { const script = document.createElement('script'); script.textContent = 'window.hostile = 1'; %s }"
        )
        with pytest.raises(Exception, match="TrustedScript"):
            page.evaluate(added % "document.body.append(script);")
        with pytest.raises(Exception, match="TrustedHTML"):
            page.evaluate("() => { document.body.innerHTML = '<img src=x onerror=window.hostile=1>'; }")
        with pytest.raises(Exception, match=r"(?i)eval|TrustedScript"):
            page.evaluate("() => setTimeout('window.hostile = 1')")
        assert page.evaluate("window.hostile") is None
