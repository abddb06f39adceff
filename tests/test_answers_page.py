"""The page answers the ten questions as `answers.yaml` expects, asked in a browser as a reader would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from answers import Cell, all_expected, expected, function_for
from conftest import REPOSITORY
from sitebrowser import Visit, chromium, visiting

import russia_dprk_claims as rdc
from curation.site.content import read_content
from curation.site.make import site_files
from curation.write import write_folder
from russia_dprk_claims.sentences import date_in_words

pytestmark = pytest.mark.full

# What the page shows of each row, by table and id.
Found = dict[str, dict[str, str]]
QUESTIONS = pytest.mark.parametrize("question", all_expected())
WEAPONS = re.compile("weapons|rockets|missiles go|shells|ammunition")
BY_ID = "all => all.map(each => [each.dataset.id, each.innerText])"


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("site") / "site"
    write_folder(folder, site_files(read_content(REPOSITORY), {}, lambda _: None), "site")
    with chromium() as browser, visiting(browser, folder) as visit:
        visit.open()
        yield visit


def listed(visit: Visit, address: str, selector: str) -> dict[str, str]:
    """Return the texts of the elements of a view that stand for a row."""
    return dict(visit.follow(f"#{address}").locator(selector).evaluate_all(BY_ID))


def lines(visit: Visit, address: str, section: str = "") -> dict[str, str]:
    """Return the claims that a section of a view lists, with their lines."""
    items = visit.follow(f"#{address}").locator("#other section", has_text=section).first.locator(".list > li")
    every = [(claims_in(text), text) for text in items.all_inner_texts()]
    return {ids[0]: text for ids, text in every if ids}


def claims_in(text: str) -> list[str]:
    return re.findall(r"SRC-\d{4}-C\d{3}", text)


def claims_of(visit: Visit, ids: Iterable[str]) -> dict[str, str]:
    """Return what the pages of claims show."""
    return {each: visit.follow(f"#{each}").locator("#other").inner_text() for each in sorted(ids)}


def quantities_of(claims: dict[str, str]) -> dict[str, str]:
    """Return the quantities on the pages of claims, each with its own lines."""
    found: dict[str, str] = {}
    for text in claims.values():
        section = text.partition("\nQuantities\n")[2].partition("\nActors\n")[0]
        parts = re.split(r"\n(?=“)", f"\n{section}")
        found |= {each[0]: part for part in parts if (each := re.findall(r"SRC-\d{4}-C\d{3}-Q\d+", part))}
    return found


def pairs(visit: Visit, address: str) -> dict[str, str]:
    """Return the relations of a view of contradictions."""
    items = visit.follow(f"#{address}").locator(".pairs > li")
    shown = items.evaluate_all("all => all.map(each => [each.dataset.pair, each.innerText])")
    return {pair: text for names, text in shown for pair in names.split("; ")}


def relations_of(claims: dict[str, str]) -> dict[str, str]:
    """Return the relations on the pages of claims, from either side."""
    found = {}
    for claim, text in claims.items():
        section = text.partition("\nRelations to other claims\n")[2].partition("\nPassage\n")[0]
        for part in re.split(r"\n(?=This claim |Another claim )", f"\n{section}"):
            if match := re.match(r"(This claim|Another claim) (\w+).*?(SRC-\d{4}-C\d{3})", part.strip()):
                one, two = (claim, match[3]) if match[1] == "This claim" else (match[3], claim)
                found[f"{one} {match[2]} {two}"] = part
    return found


def affirming(visit: Visit, events: Iterable[str]) -> dict[str, str]:
    """Return the claims that the pages of events list as affirming them."""
    found: dict[str, str] = {}
    for each in events:
        text = visit.follow(f"#{each}").locator("#other").inner_text()
        section = re.search(r"\naffirms \(\d+\)\n(.*?)(\n\w+ \(\d+\)\n|\nCite\n)", text, re.DOTALL)
        found |= dict.fromkeys(claims_in(section[1] if section else ""), text)
    return claims_of(visit, found)


def transfers_of(visit: Visit, claims: Iterable[str]) -> dict[str, str]:
    return {id_: text for id_, text in listed(visit, "transfers", ".ledger li").items() if id_[:13] in set(claims)}


def shells(visit: Visit) -> Found:
    quantities = listed(visit, "transfers?item=ITM-artillery-shells&realization=occurred", ".amounts li")
    return {"quantities": quantities, "claims": claims_of(visit, {each[:13] for each in quantities})}


def denials(visit: Visit) -> Found:
    transfers = listed(visit, "transfers?q=denial", ".ledger li")
    relations = pairs(visit, "contradictions?relation=denies")
    return {
        "transfers": transfers,
        "claims": claims_of(visit, {each[:13] for each in transfers}),
        "relations": relations,
    }


def south_korea(visit: Visit) -> Found:
    claims = claims_of(visit, lines(visit, "ACT-south-korea", "What it says"))
    return {"claims": claims, "quantities": quantities_of(claims), "transfers": transfers_of(visit, claims)}


def satellites(visit: Visit) -> Found:
    relations = pairs(visit, "contradictions?q=satellite")
    return {
        "relations": relations,
        "claims": claims_of(visit, {each for pair in relations for each in claims_in(pair)}),
    }


def received(visit: Visit) -> Found:
    transfers = listed(visit, "transfers?receiver=ACT-north-korea", ".ledger li")
    return {"transfers": transfers, "claims": claims_of(visit, {each[:13] for each in transfers})}


def intelligence(visit: Visit) -> Found:
    claims = claims_of(visit, lines(visit, "ACT-us-intelligence", "What it says"))
    return {"claims": claims, "quantities": quantities_of(claims)}


def visits(visit: Visit) -> Found:
    events = listed(visit, "events?kind=visit", ".event")
    claims = affirming(visit, events)
    return {"events": events, "claims": claims, "relations": relations_of(claims)}


def corroborations(visit: Visit) -> Found:
    given = listed(visit, "transfers?item=ITM-weapons&realization=occurred", ".ledger li")
    claims = {each[:13] for each in given}
    relations = {
        pair: text
        for pair, text in relations_of(claims_of(visit, claims)).items()
        if " corroborates " in pair and "origins: independent" in text and set(claims_in(pair)) <= claims
    }
    events = listed(visit, "events?kind=delivery", ".event")
    affirmed = {id_: text for id_, text in events.items() if "no claim that it happened" not in text}
    return {"relations": relations, "events": {id_: text for id_, text in affirmed.items() if WEAPONS.search(text)}}


def single_origin(visit: Visit) -> Found:
    events = listed(visit, "events?rests_on=a+single+known+origin", ".event")
    return {"events": events, "claims": affirming(visit, events)}


def citation(visit: Visit) -> Found:
    claims = claims_of(visit, lines(visit, "search?q=10%2C000+containers", "Claims ("))
    return {"claims": claims, "quantities": quantities_of(claims)}


@pytest.fixture(scope="module")
def answers(visit: Visit) -> Callable[[str], Found]:
    """Ask each question only once."""
    asked: dict[str, Found] = {}

    def ask(question: str) -> Found:
        if question not in asked:
            asked[question] = function_for(question, globals())(visit)
        return asked[question]

    return ask


@QUESTIONS
def test_the_page_answers_with_the_expected_rows(answers: Callable[[str], Found], question: str) -> None:
    answer, found = expected(question), answers(question)
    for table, rows in answer.expects.items():
        assert set(rows) - set(found[table]) == set(), f"missing {table}"
    for table, shown in found.items():
        assert set(shown) & set(answer.excludes.get(table, {})) == set(), f"excluded {table}"


@QUESTIONS
def test_the_answers_of_the_page_say_what_is_expected_of_each_row(
    answers: Callable[[str], Found], question: str
) -> None:
    found = answers(question)
    missing = {
        row: [word for word in words(table, row, cells) if word not in found[table][row]]
        for table, rows in expected(question).expects.items()
        for row, cells in rows.items()
    }
    assert {row: lacking for row, lacking in missing.items() if lacking} == {}


def words(table: str, row: str, cells: dict[str, Cell]) -> list[str]:
    """Return what a reader has to see of a row: voices, bounds, doubts, denials, dates and origins."""
    names = {each.actor_id: each.name for each in rdc.load("actors").itertuples()} | {"document": "The text"}
    found = [names[each] for each in cells.get("voices", ())]
    if "voices" in cells and not cells["voices"]:
        found.append("somebody")
    for name in ("polarity", "modality", "realization", "stage", "act"):
        cell = cells.get(name, "")
        # The words of a transfer leave out what is not in doubt; `open` stands there for an unknown polarity.
        if table in {"transfers", "claims"} and cell not in {"", "affirmed", "certain", "underspecified"}:
            found.append("open" if (table, cell) == ("transfers", "unknown") else str(cell))
    if table == "quantities":
        found.append(str(rdc.estimates().set_index("quantity_id").loc[row, "value_text"]))
        found += ["possible"] if cells.get("modality") == "possible" else []
    if cells.get("date"):
        found.append(date_in_words(str(cells["date"])))
    if cells.get("date_status") == "disputed_elsewhere":
        found.append("a public reference gives another date")
    if cells.get("texts_without_origin"):
        number = len(cells["texts_without_origin"])
        found.append(f"{number} text{'' if number == 1 else 's'} without origin")
    if table == "relations" and cells.get("independence") == "independent":
        found.append("independent")
    return found


@QUESTIONS
def test_what_stands_apart_is_not_shown_as_certain(answers: Callable[[str], Found], question: str) -> None:
    transfers = answers(question).get("transfers", {})
    for row in set(transfers) & set(expected(question).apart.get("transfers", {})):
        assert re.search("possible|denied|open", transfers[row]), row


def test_the_citation_of_a_claim_has_all_that_it_needs(answers: Callable[[str], Found], visit: Visit) -> None:
    cited = visit.follow("#SRC-0005-C017").locator("#other .citation").inner_text()
    assert [part for part in expected("citation").parts if part.casefold() not in cited.casefold()] == []
    assert rdc.cite(claim="SRC-0005-C017") in cited


def test_the_contested_visit_names_both_days(visit: Visit) -> None:
    text = visit.follow("#EVT-putin-visit-north-korea-2024-06").locator("#other").inner_text()
    assert [part for part in expected("visits").parts if part not in text] == []


def test_the_visits_are_in_the_order_of_their_dates(answers: Callable[[str], Found]) -> None:
    assert list(answers("visits")["events"]) == list(expected("visits").expects["events"])
