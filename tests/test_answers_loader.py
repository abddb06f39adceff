"""The loader and the program of the README answer the ten questions as `answers.yaml` expects."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

import pandas as pd
import pytest
from answers import Cell, all_expected, expected, function_for
from clients import client_python
from conftest import REPOSITORY
from loadersite import make_site, run_there

import russia_dprk_claims as rdc
from russia_dprk_claims.sentences import enumeration

Found = dict[str, set[str]]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
KEYS = {"claims": "claim_id", "quantities": "quantity_id", "transfers": "transfer_id", "events": "event_id"}


def relations(rows: pd.DataFrame) -> set[str]:
    """Return the relations of an answer as `CLAIM relation CLAIM`."""
    columns = rows[["claim_id", "relation", "related_claim_id"]].astype(str)
    return {" ".join(each) for each in columns.itertuples(index=False)}


def of_claims(claims: Iterable[str]) -> set[str]:
    """Return the relations of some claims, as `related` finds them from either side."""
    found = set()
    for claim in claims:
        for _, row in rdc.related(claim).iterrows():
            one, two = (claim, row["related_claim_id"])[:: 1 if row["direction"] == "to" else -1]
            found.add(f"{one} {row['relation']} {two}")
    return found


def shells() -> Found:
    figures = rdc.estimates("shells")
    sent = figures[(figures["transfer_measure"] == "amount") & (figures["realization"] == "occurred")]
    return {"quantities": set(sent["quantity_id"]), "claims": set(sent["claim_id"])}


def denials() -> Found:
    claims = rdc.claims()
    denied = claims[claims["attribution"].str.contains("in denial")]["claim_id"]
    transfers = rdc.transfers()
    pairs = rdc.conflicts()
    return {
        "claims": set(denied),
        "transfers": set(transfers[transfers["claim_id"].isin(denied)]["transfer_id"]),
        "relations": relations(pairs[pairs["relation"] == "denies"]),
    }


def south_korea() -> Found:
    claims = rdc.claims(voice="South Korea")["claim_id"]
    figures, transfers = rdc.estimates(), rdc.transfers()
    return {
        "claims": set(claims),
        "quantities": set(figures[figures["claim_id"].isin(claims)]["quantity_id"]),
        "transfers": set(transfers[transfers["claim_id"].isin(claims)]["transfer_id"]),
    }


def satellites() -> Found:
    pairs = rdc.conflicts(event="satellite")
    return {"relations": relations(pairs), "claims": {*pairs["claim_id"], *pairs["related_claim_id"]}}


def received() -> Found:
    transfers = rdc.transfers(receiver="North Korea")
    spoken = set(rdc.transfers(receiver="DPRK")["claim_id"])
    return {"transfers": set(transfers["transfer_id"]), "claims": spoken}


def intelligence() -> Found:
    claims = rdc.claims(voice="US intelligence")["claim_id"]
    figures = rdc.estimates()
    return {"claims": set(claims), "quantities": set(figures[figures["claim_id"].isin(claims)]["quantity_id"])}


def visits() -> Found:
    events = rdc.events()
    visits = events[events["kind"] == "visit"]["event_id"]
    claims = pd.concat([rdc.event(each) for each in visits])
    affirming = set(claims[claims["bearing"] == "affirms"]["claim_id"])
    return {"events": set(visits), "claims": affirming, "relations": of_claims(affirming)}


def corroborations() -> Found:
    sent = rdc.transfers(item="weapons", realization="occurred")["claim_id"].unique()
    pairs = pd.concat([rdc.related(each).assign(claim_id=each) for each in sent])
    pairs = pairs[(pairs["relation"] == "corroborates") & (pairs["independence"] == "independent")]
    pairs = pairs[(pairs["direction"] == "to") & pairs["related_claim_id"].isin(sent)]
    events = rdc.events()
    affirmed = events["independent_origins"] + events["without_origin"] > 0
    deliveries = events[(events["kind"] == "delivery") & affirmed & events["label"].str.contains(WEAPONS)]
    return {"relations": relations(pairs), "events": set(deliveries["event_id"])}


WEAPONS = "weapons|rockets|missiles go|shells|ammunition"


def single_origin() -> Found:
    events = rdc.events()
    found = events[(events["independent_origins"] == 1) & (events["without_origin"] == 0)]["event_id"]
    claims = pd.concat([rdc.event(each) for each in found])
    return {"events": set(found), "claims": set(claims[claims["bearing"] == "affirms"]["claim_id"])}


def citation() -> Found:
    claims = rdc.claims()
    found = claims[claims["figures"].str.contains("10,000", na=False)]["claim_id"]
    figures = rdc.estimates()
    return {"claims": set(found), "quantities": set(figures[figures["claim_id"].isin(found)]["quantity_id"])}


QUESTIONS = pytest.mark.parametrize("question", all_expected())


@QUESTIONS
def test_the_loader_answers_with_the_expected_rows(question: str) -> None:
    answer, found = expected(question), function_for(question, globals())()
    for table, rows in answer.expects.items():
        assert set(rows) - found[table] == set(), f"missing {table}"
    for table, ids in found.items():
        assert ids & set(answer.excludes.get(table, {})) == set(), f"excluded {table}"


@QUESTIONS
def test_the_answers_show_the_expected_cells(question: str) -> None:
    frames = {
        "claims": rdc.claims(),
        "quantities": rdc.estimates(),
        "transfers": rdc.transfers(),
        "events": rdc.events(),
    }
    different = {}
    for table, rows in expected(question).expects.items():
        if table in frames:
            shown = frames[table].set_index(KEYS[table])
            for row, wanted in rows.items():
                cells = {**wanted, **named(wanted)}
                for name in sorted(set(cells) & set(shown.columns)):
                    cell = shown.loc[row, name]
                    text = "" if pd.isna(cell) else f"{cell:.15g}" if isinstance(cell, float) else str(cell)
                    if text != cells[name]:
                        different[row, name] = (text, cells[name])
    assert different == {}


def named(cells: dict[str, Cell]) -> dict[str, str]:
    """Return the cells of voices and origins as the loader shows them, by name."""
    found = {}
    if "voices" in cells:
        names = rdc.load("actors").set_index("actor_id")["name"].to_dict() | {"document": "the text"}
        found["voice"] = enumeration([names[each] for each in cells["voices"]] or ["somebody"])
        found["through"] = "the text" if cells["voices"] != ("document",) else ""
    if "origins" in cells:
        labels = rdc.load("origins").set_index("origin_id")["label"]
        found["origins"] = "; ".join(labels[each] for each in cells["origins"])
        found["without_origin"] = str(len(cells["texts_without_origin"]))
    return found


def test_the_words_that_an_answer_needs_are_in_it() -> None:
    cited = rdc.cite(claim="SRC-0005-C017")
    assert [part for part in expected("citation").parts if part.casefold() not in cited.casefold()] == []
    note = " ".join(rdc.events().set_index("event_id").loc[list(expected("visits").expects["events"]), "note"].dropna())
    assert [part for part in expected("visits").parts if part not in note] == []


# The questions of the README in its order, each with the tables whose rows its answer shows by their ids.
SHOWN = {
    "shells": ("quantities", "claims"),
    "denials": ("relations", "claims"),
    "received": ("transfers",),
    "south-korea": ("claims",),
    "satellites": ("relations", "claims"),
    "intelligence": ("claims",),
    "visits": ("events",),
    "corroborations": ("relations", "events"),
    "single-origin": ("events",),
    "citation": ("claims",),
}
IDS = {
    "claims": "SRC-[0-9]{4}-C[0-9]{3}",
    "quantities": "SRC-[0-9]{4}-C[0-9]{3}-Q[0-9]+",
    "transfers": "SRC-[0-9]{4}-C[0-9]{3}-T[0-9]+",
    "events": "EVT-[a-z0-9-]+",
    "relations": "SRC-[0-9]{4}-C[0-9]{3} +[a-z]+ +SRC-[0-9]{4}-C[0-9]{3}",
}


@pytest.fixture(scope="module", params=["", pytest.param("pandas-2.2", marks=pytest.mark.full)])
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the program of the README prints for each question: here, and with the oldest pandas in `make test-all`."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    python = client_python(request.param) if request.param else sys.executable
    separated = re.sub("(?m)^# ", 'print("\\f")\n# ', block)
    done = run_there(make_site(tmp_path_factory.mktemp("site")), separated, python)
    assert done.stderr == ""
    return dict(zip(SHOWN, done.stdout.split("\f\n")[1:], strict=True))


@QUESTIONS
def test_the_program_of_the_readme_answers_with_the_expected_rows_and_no_other(
    question: str, printed: dict[str, str]
) -> None:
    answer = expected(question)
    for table, form in IDS.items():
        shown = {re.sub(" +", " ", each) for each in re.findall(form, printed[question])}
        wanted = set(answer.expects.get(table, {}))
        if table in SHOWN[question]:
            assert (wanted - shown, shown - wanted - set(answer.apart.get(table, {}))) == (set(), set()), table
        assert shown & set(answer.excludes.get(table, {})) == set(), table
    lacking = [part for part in answer.parts if part.casefold() not in printed[question].casefold()]
    assert lacking == []


def test_the_program_of_the_readme_shows_bounds_and_denials_in_words(printed: dict[str, str]) -> None:
    assert "at least 3 million" in printed["shells"]
    assert "say, in denial" in printed["denials"]
    assert "US sources and Ukrainian sources allege" in printed["intelligence"]
