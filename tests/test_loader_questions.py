"""Questions are answered correctly for the small project, and for every row of the real data."""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pytest
import yaml
from conftest import HARBOUR, REPOSITORY, read

import russia_dprk_claims as rdc
from curation.dataset import Dataset, read_dataset
from curation.documents.metadata import citation_cff, cite_as
from curation.generate import build, write
from russia_dprk_claims import package
from russia_dprk_claims.citation import citation
from russia_dprk_claims.contract import Contract
from russia_dprk_claims.errors import AmbiguousNameError, UnknownNameError
from russia_dprk_claims.names import find_actors, find_events, fold, resolve_name
from russia_dprk_claims.questions.claims import CONFLICTING
from russia_dprk_claims.sentences import Voice, attribution_chains, chain_in_words

MODALITY = ["underspecified", "possible", "probable", "certain"]
EDITS = {
    "sources/SRC-0001.yaml": (
        ("  - {actor_id: ACT-harbour-master, ", "  - {actor_id: ACT-northport-officials, step: 1, joint: true, "),
        (
            "specificity: unnamed_official, act: asserts}\nset",
            "specificity: unnamed_group, act: asserts}\n"
            "  - {actor_id: ACT-harbour-master, specificity: unnamed_official, act: asserts, step: 1, joint: true}\n"
            "set",
        ),
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project, built; in its last claim two voices speak jointly."""
    return build_harbour(tmp_path_factory.mktemp("built"), EDITS)


@pytest.fixture
def use_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Let the loader read the data of a folder."""

    def use(root: Path) -> None:
        monkeypatch.setattr(package, "data_dir", lambda: root)
        package.installed.cache_clear()

    yield use
    package.installed.cache_clear()


def build_harbour(root: Path, edits: dict[str, Any]) -> Path:
    """Build the small project with some texts of its records replaced, and return its folder."""
    shutil.copytree(HARBOUR / "seeds", root / "seeds")
    shutil.copytree(HARBOUR / "texts", root / "seeds" / "texts")
    shutil.copytree(REPOSITORY / "schemas", root / "schemas")
    for name, replaced in edits.items():
        path = root / "seeds" / name
        text = path.read_text(encoding="utf-8")
        for old, new in replaced:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    result = build(read(root))
    assert [str(each) for each in result.findings] == []
    write(root, result.files)
    return root


@pytest.fixture
def harbour_data(built: Path, use_data: Callable[[Path], None]) -> Path:
    """The loader with the data of the small project."""
    use_data(built)
    return built


def test_paths_and_released_ids_are_those_of_the_package_that_is_read(
    built: Path, tmp_path: Path, use_data: Callable[[Path], None]
) -> None:
    use_data(built)
    assert rdc.path("claims") == built / "data" / "claims.csv"
    assert rdc.resolve("ACT-sarn").status == "current"
    copy = shutil.copytree(built, tmp_path / "copy")
    (copy / "seeds" / "released.csv").write_text("table,id,successor\nactors,ACT-gone,ACT-sarn\n", encoding="utf-8")
    use_data(copy)
    assert (rdc.resolve("ACT-gone").status, rdc.resolve("ACT-gone").successor) == ("removed", "ACT-sarn")


# Chains


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("SRC-0001-C001", "The text reports that Northport officials estimate"),
        ("SRC-0001-C003", "The text reports that Governor of Sarn says, in denial"),
        ("SRC-0001-C004", "The text says"),
        ("SRC-0001-C005", "The text reports that Northport officials and the Harbour master say"),
    ],
)
def test_a_chain_is_put_into_words(harbour_data: Path, claim: str, words: str) -> None:
    assert rdc.attribution(claim) == words


def test_joint_voices_with_different_acts_have_separate_verbs() -> None:
    chain = [Voice(0, "the text", "reports"), Voice(1, "A", "asserts"), Voice(1, "B", "denies"), Voice(2, "C", "warns")]
    assert chain_in_words(chain) == "The text reports that A says and B says, in denial that C warns"
    assert chain_in_words([Voice(0, name, "denies") for name in "abc"]) == "A, b and c say, in denial"
    assert chain_in_words([Voice(0, "many", "proposes", plural=True)]) == "Many propose"


@pytest.mark.parametrize(
    ("name", "person", "words"),
    [
        ("Russian shipping official", True, "The Russian shipping official"),
        ("senior official in Pyongyang", True, "The senior official in Pyongyang"),
        ("Russian ambassador in Pyongyang", True, "The Russian ambassador in Pyongyang"),
        ("Shin Wonsik", True, "Shin Wonsik"),
        ("Mohammed bin Salman", True, "Mohammed bin Salman"),
        ("Russian foreign ministry", False, "The Russian foreign ministry"),
        ("US intelligence", False, "US intelligence"),
        ("Bain & Company", False, "Bain & Company"),
    ],
)
def test_a_described_voice_has_an_article_and_a_name_has_none(name: str, person: bool, words: str) -> None:
    assert chain_in_words([Voice(0, name, "asserts", person=person)]) == f"{words} says"


def test_every_act_has_a_plural_verb(contract: Contract) -> None:
    acts = contract["claim_attributions"].by_name["act"].enum
    plurals = [chain_in_words([Voice(0, "they", act, plural=True)]).removeprefix("They ") for act in acts]
    assert plurals == [
        *("report", "say", "confirm", "estimate", "allege", "say, in accusation", "suggest", "say, in denial"),
        *("warn", "predict", "promise", "propose", "urge"),
    ]


def test_every_claim_of_the_data_has_a_chain_in_words() -> None:
    words = rdc.claims()["attribution"]
    assert words.str.match(r"The text \w+s( with doubt)?( that .+ \w+(, in \w+)?( \(.+\))?)*$").all()
    assert rdc.attribution("SRC-0001-C002") == "The text reports that somebody suggests"


def test_an_unknown_claim_gets_a_suggestion(harbour_data: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"^there is no claim 'SRC-0001-C01' \(did you mean 'SRC-0001-C001' or "):
        rdc.attribution("SRC-0001-C01")


# Estimates


def test_every_figure_has_its_bounds_voice_date_and_source(harbour_data: Path) -> None:
    rows = rdc.estimates().set_index("quantity_id")
    assert rows.loc["SRC-0001-C001-Q1"].dropna().to_dict() == {
        "claim_id": "SRC-0001-C001",
        "item": "crates of ammunition",
        "value_text": "at least 40",
        "value_low": 40.0,
        "bound_type": "at_least",
        "unit": "{crate}",
        "property": "count",
        "realization": "occurred",
        "transfer_measure": "carrier",
        "transfer_id": "SRC-0001-C001-T1",
        "rhetorical": False,
        "modality": "certain",
        "polarity": "affirmed",
        "voice": "Northport officials",
        "through": "the text",
        "attribution": "The text reports that Northport officials estimate",
        "event_date": "2021-05-04",
        "source_id": "SRC-0001",
        "source": "Short report on crates and ferries",
        "published_on": "2021-05",
        "claim_text": "No fewer than 40 ammunition crates went from Northport to Sarn.",
    }


def test_the_modality_of_a_figure_is_its_own_or_that_of_the_claim(harbour_data: Path) -> None:
    modality = rdc.estimates().set_index("quantity_id")["modality"]
    assert (modality["SRC-0001-C001-Q1"], modality["SRC-0001-C002-Q1"]) == ("certain", "possible")
    assert modality.cat.ordered and modality.cat.categories.tolist() == MODALITY


def test_a_figure_that_is_less_sure_than_its_claim_says_so() -> None:
    figures = rdc.estimates().set_index("quantity_id")["modality"]
    claims = rdc.load("claims").set_index("claim_id")["modality"]
    assert (claims["SRC-0005-C017"], figures["SRC-0005-C017-Q2"]) == ("certain", "possible")


def test_a_figure_in_a_denial_says_so(harbour_data: Path) -> None:
    figure = rdc.estimates().set_index("quantity_id").loc["SRC-0001-C003-Q1"]
    assert (figure["value_best"], figure["polarity"], figure["voice"]) == (0.0, "denied", "Governor of Sarn")


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ("SHELLS", ["SRC-0001-C002-Q1"]),
        ("up to", ["SRC-0001-C002-Q1"]),
        ("crate", ["SRC-0001-C001-Q1", "SRC-0001-C002-Q1", "SRC-0001-C003-Q1"]),
        ("", [f"SRC-0001-C00{each}" for each in ("1-Q1", "2-Q1", "3-Q1", "4-Q1", "4-Q2")]),
    ],
)
def test_figures_are_found_by_what_is_counted_and_by_their_words(
    harbour_data: Path, item: str, found: list[str]
) -> None:
    rows = rdc.estimates(item)
    assert sorted(rows["quantity_id"]) == found
    assert rows.index.tolist() == list(range(len(found)))


def test_no_figure_of_the_data_is_left_out() -> None:
    assert sorted(rdc.estimates()["quantity_id"]) == rdc.load("quantities")["quantity_id"].tolist()
    assert rdc.estimates()["rhetorical"].any()


# Claims


@pytest.mark.parametrize("name", ["ACT-sarn", "act-SARN", "Sarn", " the  island of sarn ", "The Island-of Sarn"])
def test_any_name_of_an_actor_finds_its_claims(harbour_data: Path, name: str) -> None:
    assert rdc.claims(actor=name)["claim_id"].tolist() == [f"SRC-0001-C00{number}" for number in (1, 2, 3)]


def test_a_voice_finds_what_it_says_alone_or_with_others(harbour_data: Path) -> None:
    assert rdc.claims(voice="Harbour master")["claim_id"].tolist() == ["SRC-0001-C005"]
    assert rdc.claims(voice="Northport officials")["voice"].tolist() == [
        *("Northport officials", "Northport officials", "Northport officials and Harbour master"),
    ]


def test_an_actor_stands_for_its_bodies_and_officials(harbour_data: Path) -> None:
    assert (
        rdc.claims(voice="Northport")["claim_id"].tolist()
        == rdc.claims(voice="Northport officials")["claim_id"].tolist()
    )
    assert {"ACT-john-kirby", "ACT-united-states"} < find_actors(package.open_package(REPOSITORY), "USA")


@pytest.mark.parametrize("name", ["South Korea", "United States", "Ukrainian sources", "Teneo Intelligence"])
def test_a_filter_of_claims_wide_finds_all_that_rests_on_the_word_of_an_actor(name: str) -> None:
    wide = rdc.claims()
    listed = [name in each.split("; ") for each in wide["word_of"].fillna("")]
    assert any(listed)
    assert wide.loc[listed, "claim_id"].tolist() == rdc.claims(voice=name)["claim_id"].tolist()


def test_claims_wide_has_every_relation_from_either_side() -> None:
    wide = rdc.claims().set_index("claim_id")["relations"].fillna("")
    relations = rdc.load("claim_relations")
    relations = relations[relations["claim_id"].isin(wide.index) & relations["related_claim_id"].isin(wide.index)]
    passive = {
        "corroborates": "corroborated",
        "contradicts": "contradicted",
        "qualifies": "qualified",
        "repeats": "repeated",
        "denies": "denied",
        "resolves": "resolved",
    }
    expected: dict[str, list[str]] = {claim: [] for claim in wide.index}
    for row in relations.itertuples():
        expected[row.claim_id].append(f"{row.relation} {row.related_claim_id}")
        expected[row.related_claim_id].append(f"{passive[row.relation]} by {row.claim_id}")
    for claim, cell in wide.items():
        words = [each.partition(" (")[0].removeprefix("independently ") for each in cell.split("; ") if each]
        assert sorted(words) == sorted(expected[str(claim)])
    every = "; ".join(wide)
    independent = every.count("independent origins") + every.count("independently")
    assert independent == 2 * (relations["independence"] == "independent").sum()
    supported = {claim for claim, cell in wide.items() if "independently corroborate" in cell}
    assert supported >= {"SRC-0005-C018", "SRC-0005-C017", "SRC-0002-C008"}
    assert every.count("under a condition") == 2 * relations["conditional"].sum()
    assert "denied by SRC-0005-C015 (existence, unknown whether independent)" in wide["SRC-0005-C013"]


def test_an_answer_without_rows_says_what_each_argument_matches(harbour_data: Path) -> None:
    with pytest.warns(UserWarning, match=r"^nothing fits all of these: voice='Harbour master' alone matches 1, topic="):
        rows = rdc.claims(voice="Harbour master", topic="arms transfer")
    assert len(rows) == 0
    assert rows.columns.tolist() == rdc.claims().columns.tolist()


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Kim Jong- Univ", "ACT-kim-jong-un"),
        ("PYONGYANG", "ACT-north-korea"),
        ("Democratic People's Republic of Korea", "ACT-north-korea"),
        ("hermit kingdom", "ACT-north-korea"),
    ],
)
def test_misspellings_metonyms_and_epithets_find_their_actor(name: str, id_: str) -> None:
    real = package.open_package(REPOSITORY)
    assert find_actors(real, name) == find_actors(real, id_) >= {id_}


def test_a_plural_finds_the_same_topic_kind_and_events_and_no_longer_word() -> None:
    assert rdc.claims(topic="visits").equals(rdc.claims(topic="visit"))
    assert set(rdc.events(kind="visits")["kind"]) == {"visit"}
    pairs = rdc.conflicts(event="satellites")
    assert pairs.equals(rdc.conflicts(event="satellite")) and len(pairs) == 2
    labels = rdc.load("events").set_index("event_id")["label"]
    found = labels[sorted(find_events(package.open_package(REPOSITORY), "arms"))]
    assert len(found) and not found.str.contains("armistice").any()
    with pytest.raises(UnknownNameError, match="there is no kind 'visitor'"):
        rdc.events(kind="visitor")


def test_arms_are_weapons_and_a_word_of_a_topic_suggests_it() -> None:
    assert rdc.transfers(item="arms").equals(rdc.transfers(item="weapons"))
    for word in ("arms", "arms deals"):
        with pytest.raises(UnknownNameError, match=f"there is no topic '{word}' .did you mean 'arms_transfer'"):
            rdc.claims(topic=word)


def test_an_unknown_voice_suggests_only_those_who_speak() -> None:
    with pytest.raises(UnknownNameError, match="'Ukrainian sources'") as caught:
        rdc.claims(voice="Ukrainian intelligence")
    assert "children" not in str(caught.value)


def test_a_voice_that_says_nothing_names_those_of_its_country() -> None:
    with pytest.warns(UserWarning, match="voice='Ukraine'; of the same country: 'Ukrainian sources'$"):
        assert rdc.claims(voice="Ukraine").empty


def test_every_name_of_the_data_finds_its_actor_or_is_ambiguous() -> None:
    rows = rdc.load("actor_names")
    named = list(zip(rows["actor_id"], rows["name"], strict=True))
    for id_, name in named:
        others = {other for other, form in named if fold(form) == fold(name)}
        if len(others) == 1:
            assert resolve_name("actor", name, named) == id_
        else:
            with pytest.raises(AmbiguousNameError):
                resolve_name("actor", name, named)


def test_a_name_of_several_actors_lists_them() -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        resolve_name("actor", "the port", [("ACT-b", "The Port"), ("ACT-a", "the port"), ("ACT-a", "The port")])
    assert str(caught.value) == "'the port' names more than one actor; give one of: ACT-a, ACT-b"


@pytest.mark.parametrize(("name", "nearest"), [("Northprot", "Northport"), ("act-northprot", "ACT-northport")])
def test_an_unknown_name_of_an_actor_gets_a_suggestion(harbour_data: Path, name: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        rdc.claims(actor=name)
    assert str(caught.value).startswith(f"there is no actor {name!r} (did you mean {nearest!r}")


@pytest.mark.parametrize(
    "ask",
    [
        lambda word: rdc.claims(actor=word),
        lambda word: rdc.claims(topic=word),
        lambda word: rdc.claims(event=word),
        lambda word: rdc.transfers(item=word),
        lambda word: rdc.estimates(item=word),
        lambda word: rdc.events(kind=word),
        rdc.agreement,
        rdc.sentence,
    ],
)
def test_a_very_long_name_is_read_a_few_times_and_compared_with_no_other(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[str], object]
) -> None:
    word, read = "shells " * 10_000, unicodedata.normalize
    work = [0]

    def count(form: Literal["NFKD"], text: str) -> str:
        work[0] += len(text)
        return read(form, text)

    def compare(_: object, text: str) -> None:
        work[0] += 1_000 * len(text)

    monkeypatch.setattr(unicodedata, "normalize", count)
    monkeypatch.setattr(difflib.SequenceMatcher, "set_seq2", compare)
    with pytest.raises(UnknownNameError) as caught:
        ask(word)
    assert work[0] < 10 * len(word)
    assert len(str(caught.value)) < 2_000


def test_a_question_on_conflicts_without_an_answer_names_the_events_that_have_some() -> None:
    pairs = rdc.conflicts()
    apart = pairs["events"].isna().sum()
    expected = (
        "^nothing fits event='arms', which names 'South Korea signs arms deals with Poland'; events with conflicts: "
        f"'North Korean artillery.*'; {apart} conflicts are about no common event$"
    )
    assert 0 < apart < len(pairs)
    with pytest.warns(UserWarning, match=expected):
        assert rdc.conflicts(event="arms").empty


@pytest.mark.parametrize("word", ["drone", "Drones"])
@pytest.mark.parametrize("ask", [rdc.transfers, rdc.estimates])
def test_a_word_that_defines_a_category_but_names_no_item_shows_the_category(
    ask: Callable[..., pd.DataFrame], word: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        ask(item=word)
    category = "definitions with the word: 'aircraft' (Military aircraft, helicopters and drones.)"
    assert str(caught.value).startswith("there is no item") and str(caught.value).endswith(f" {word!r}; {category}")


def test_a_word_for_no_item_and_no_category_gets_no_suggestion() -> None:
    with pytest.raises(UnknownNameError, match=r"^there is no item 'cheese'$"):
        rdc.transfers(item="cheese")


@pytest.mark.parametrize(
    ("voice", "suggested"),
    [
        ("South Korean officials", "'South Korea'"),
        ("Ukrainian intelligence", "'US intelligence' or 'Ukrainian sources'"),
    ],
)
def test_an_unknown_voice_gets_those_that_share_most_words(voice: str, suggested: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        rdc.claims(voice=voice)
    assert str(caught.value) == f"there is no actor {voice!r} (did you mean {suggested}?)"


# Agreements and conflicts


def test_an_agreement_has_its_parties_transfers_and_what_each_source_says(harbour_data: Path) -> None:
    found = rdc.agreement("AGR-crates")
    assert (found.name, found.form) == ("Alleged gift of ammunition to Sarn", "understanding")
    assert (found.existence, found.status, found.status_as_of) == ("alleged", "not_established", "2021-05")
    assert found.parties.values.tolist() == [
        ["ACT-northport", "Northport", "alleged_party"],
        ["ACT-sarn", "Sarn", "alleged_party"],
    ]
    assert found.transfers[["claim_id", "giver", "receiver", "item", "realization", "polarity"]].values.tolist() == [
        ["SRC-0001-C001", "Northport", "Sarn", "ammunition", "occurred", "affirmed"],
        ["SRC-0001-C003", "Northport", "Sarn", "ammunition", "occurred", "denied"],
    ]
    assert found.transfers["attribution"][0] == "The text reports that Northport officials estimate"
    assert found.claims[["claim_id", "bearing", "voice"]].values.tolist() == [
        ["SRC-0001-C001", "asserts", "Northport officials"],
        ["SRC-0001-C003", "denies", "Governor of Sarn"],
    ]
    (counts,) = found.by_source.to_dict("records")
    assert (counts["source_id"], counts["asserts"], counts["denies"], counts["describes"]) == ("SRC-0001", 1, 1, 0)


def test_an_agreement_is_found_by_its_name() -> None:
    found = rdc.agreement("mandate of the panel of experts on north korea")
    assert found.agreement_id == "AGR-panel-mandate"
    assert repr(found).startswith("Agreement(agreement_id='AGR-panel-mandate', name='Mandate of")
    with pytest.raises(UnknownNameError, match=r"^there is no agreement 'AGR-panel' \(did you mean"):
        rdc.agreement("AGR-panel")


def test_every_agreement_of_the_data_has_an_answer(contract: Contract) -> None:
    transfers, claims = rdc.load("transfers"), rdc.load("claim_agreements")
    bearings = list(contract["claim_agreements"].by_name["bearing"].enum)
    for key in rdc.load("agreements")["agreement_id"]:
        found = rdc.agreement(key)
        assert len(found.transfers) == transfers["claim_id"].isin(found.claims["claim_id"]).sum()
        assert len(found.claims) == (claims["agreement_id"] == key).sum()
        assert found.by_source[bearings].to_numpy().sum() == len(found.claims)


def test_a_denial_is_listed_with_the_claim_it_denies(harbour_data: Path) -> None:
    (pair,) = rdc.conflicts().to_dict("records")
    assert (pair["relation"], pair["aspect"]) == ("denies", "existence")
    assert (pair["claim_id"], pair["attribution"]) == (
        "SRC-0001-C003",
        "The text reports that Governor of Sarn says, in denial",
    )
    assert (pair["related_claim_id"], pair["related_attribution"]) == (
        "SRC-0001-C001",
        "The text reports that Northport officials estimate",
    )
    assert (pair["polarity"], pair["related_polarity"]) == ("denied", "affirmed")


def test_every_conflict_of_the_data_is_listed(contract: Contract) -> None:
    assert set(CONFLICTING) <= set(contract["claim_relations"].by_name["relation"].enum)
    relations = rdc.load("claim_relations")["relation"]
    assert len(rdc.conflicts()) == relations.isin(CONFLICTING).sum() > 0
    assert (
        rdc.conflicts()[["claim_text", "attribution", "related_claim_text", "related_attribution"]]
        .notna()
        .all(axis=None)
    )


def test_no_answer_has_a_withdrawn_claim(tmp_path: Path, use_data: Callable[[Path], None]) -> None:
    withdrawn = ("  polarity: denied\n", "  polarity: denied\n  record_status: withdrawn\n  note: Misread.\n")
    root = build_harbour(tmp_path, {"sources/SRC-0001.yaml": [withdrawn]})
    use_data(root)
    withdrawn_id = "SRC-0001-C003"
    assert withdrawn_id in set(rdc.load("claims")["claim_id"])
    assert withdrawn_id not in set(rdc.estimates()["claim_id"]) | set(rdc.claims(actor="Sarn")["claim_id"])
    assert rdc.agreement("AGR-crates").claims["claim_id"].tolist() == ["SRC-0001-C001"]
    assert len(rdc.conflicts()) == 0
    assert rdc.attribution(withdrawn_id) == "The text reports that Governor of Sarn says, in denial"


def test_answers_carry_their_version_and_source_through_pickle_and_parquet(tmp_path: Path) -> None:
    answers = [rdc.claims(), rdc.transfers(), rdc.events(), rdc.estimates("shells"), rdc.conflicts()]
    for answer in [*answers, rdc.event("EVT-summit-2023-09"), rdc.related("SRC-0005-C013")]:
        assert answer.attrs == {"version": rdc.__version__, "source": rdc.cite()}
        assert not [name for name, dtype in answer.dtypes.items() if str(dtype) in {"object", "str"}]
        answer.to_pickle(tmp_path / "answer.pickle")
        pd.testing.assert_frame_equal(pd.read_pickle(tmp_path / "answer.pickle"), answer)  # noqa: S301
        answer.to_parquet(tmp_path / "answer.parquet")
        stored = pd.read_parquet(tmp_path / "answer.parquet")
        assert stored.attrs == answer.attrs
        pd.testing.assert_frame_equal(stored.astype(answer.dtypes), answer, check_categorical=False)


def test_counts_have_no_unused_values_but_ordered_ones_can_be_compared() -> None:
    rows = rdc.claims(voice="South Korea")
    assert (rows["topic"].value_counts() > 0).all()
    assert rows["modality"].cat.categories.tolist() == MODALITY
    assert (rows["modality"] >= "probable").any()


# Citations


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The description of the data as after a release, with a person besides the coders."""
    described, findings = read_dataset(REPOSITORY / "seeds")
    assert described is not None and findings == []
    person = {
        "title": "A. Lee",
        "familyName": "Lee",
        "givenName": "Ada",
        "path": "https://orcid.org/0000-0002-1825-0097",
    }
    return replace(
        described,
        contributors=[*described.contributors, person],
        released="2026-11-22",
        doi="10.5281/zenodo.1234567",
        homepage="https://example.org/claims_and_more",
        repository="https://example.org/repository",
    )


def as_descriptor(dataset: Dataset) -> dict[str, Any]:
    return {key: value for key, value in asdict(dataset).items() if value}


def test_the_citation_is_that_of_the_release(dataset: Dataset) -> None:
    bare = replace(dataset, released="", doi="", homepage="", repository="", contributors=dataset.contributors[:1])
    for each in (dataset, bare):
        descriptor = as_descriptor(each)
        assert citation(descriptor, "text") == cite_as(each)
        assert yaml.safe_load(citation(descriptor, "cff")) == yaml.safe_load(citation_cff(each))


def test_the_text_citation_has_authors_year_version_and_doi(dataset: Dataset) -> None:
    assert citation(as_descriptor(replace(dataset, version="1.0.0")), "text") == (
        "Russia–DPRK Partnership Claims project; Lee, Ada (2026). "
        "Russia–DPRK Partnership Claims (version 1.0.0) [Data set]. https://doi.org/10.5281/zenodo.1234567"
    )


def test_bibtex_escapes_special_characters_and_keeps_titles(dataset: Dataset) -> None:
    cited = citation(as_descriptor(replace(dataset, version="1.0.0", title="R&D: 50% of {A_B}")), "bibtex")
    assert cited.splitlines() == [
        "@misc{russia_dprk_claims_1_0_0,",
        "  author = {{Russia–DPRK Partnership Claims project} and Lee, Ada},",
        r"  title = {{R\&D: 50\% of \{A\_B\}}},",
        "  year = {2026},",
        "  version = {1.0.0},",
        "  note = {Data set, version 1.0.0},",
        "  doi = {10.5281/zenodo.1234567},",
        "  url = {https://example.org/claims_and_more},",
        "}",
    ]


def test_csl_is_json_for_a_dataset(dataset: Dataset) -> None:
    (item,) = json.loads(citation(as_descriptor(dataset), "csl"))
    assert (item["type"], item["issued"], item["DOI"]) == (
        "dataset",
        {"date-parts": [[2026, 11, 22]]},
        "10.5281/zenodo.1234567",
    )
    assert item["author"] == [
        {"literal": "Russia–DPRK Partnership Claims project"},
        {"family": "Lee", "given": "Ada"},
    ]


def test_without_a_release_date_the_citation_has_no_year() -> None:
    descriptor = {key: value for key, value in rdc.datapackage().items() if key not in {"released", "doi"}}
    assert not any("20" in line for line in citation(descriptor, "bibtex").splitlines()[1:4])
    assert "issued" not in citation(descriptor, "csl")
    assert "date-released" not in citation(descriptor, "cff")


def test_the_cff_is_valid_by_its_schema(tmp_path: Path, dataset: Dataset) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema, which has the schema, is not installed")
    for number, cited in enumerate((rdc.cite("cff"), citation(as_descriptor(dataset), "cff"))):
        path = tmp_path / f"{number}.cff"
        path.write_text(cited, encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.citation-file-format",
            str(path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_joint_innermost_voices_are_all_named() -> None:
    voices = rdc.load("claim_attributions")
    innermost = voices[voices["step"] == voices.groupby("claim_id")["step"].transform("max")]
    names = rdc.load("actors").set_index("actor_id")["name"]
    joint = innermost[innermost["joint"]].groupby("claim_id")["actor_id"].agg(list)
    shown = attribution_chains(package.installed())["voice"]
    assert len(joint) > 5
    lost = {
        (claim, names[actor]) for claim, actors in joint.items() for actor in actors if names[actor] not in shown[claim]
    }
    assert lost == set()
