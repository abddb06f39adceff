"""Drafts of records: what is found in a text about a harbour treaty, and the way from a draft to a built record."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
from conftest import HARBOUR, REPOSITORY, TEXT, Script, run_script, texts_folder

from curation.draft.candidates import Candidate, draft
from curation.draft.cues import read_cues
from curation.draft.measure import kept, measure
from curation.draft.passages import LONGEST_TEXT, split_passages
from curation.draft.record import draft_lists, render, scalar
from curation.project import read_project
from curation.seeds.anchor import anchor_quotes
from curation.seeds.files import read_seed_files
from curation.seeds.spans import Span
from curation.seeds.tables import read_seeds
from curation.seeds.template import RefusedError, template
from russia_dprk_claims.checks.tables import TextTables
from russia_dprk_claims.contract import Contract

TREATY = """\
Sarn and Northport renew their harbour treaty

Northport and Sarn signed a new harbour treaty on 9 May 2022, the Coastal Institute said. It lets up to 30 ferries of \
Northport use the two quays of the island, which had been closed to them for three years.

“We have waited long for this day,” Mayor Ada Lund told reporters. “Nobody should lose a berth over an old quarrel.” \
However, Jonas Field, an analyst at the Coastal Institute, noted that the treaty could cost Sarn at least 2 million \
crowns. According to Northport officials, Sarn will supply dried fish in exchange for rope.

Will the ferries come?

Sarn’s governor denied that Northport had been promised any fish. It is not clear whether the treaty needs a vote.

Read more in our weekend issue.
"""


@pytest.fixture(scope="module")
def tables(contract: Contract) -> TextTables:
    """The tables of the small project."""
    return read_seeds(read_seed_files(HARBOUR)[0], contract).tables


@pytest.fixture(scope="module")
def candidates(tables: TextTables) -> list[Candidate]:
    """The candidates of the text."""
    return list(draft(TREATY, tables).candidates)


def holding(candidates: list[Candidate], words: str) -> Candidate:
    """Return the candidate whose passage has some words."""
    return next(each for each in candidates if words in each.span.of(TREATY))


def voices(candidate: Candidate) -> list[list[str]]:
    """Return the voices of each chain."""
    return [[each.actor for each in chain.voices] for chain in candidate.chains]


def test_the_passages_cover_the_text_in_order(candidates: list[Candidate]) -> None:
    covered = "".join(each.span.of(TREATY) for each in candidates)
    assert "".join(covered.split()) == "".join(TREATY.split())


def test_what_states_nothing_is_set_aside_with_its_reason(candidates: list[Candidate]) -> None:
    found = [(each.reason, each.span.of(TREATY)) for each in candidates if each.reason]
    assert found == [
        ("heading", "Sarn and Northport renew their harbour treaty"),
        ("question", "Will the ferries come?"),
        ("boilerplate", "Read more in our weekend issue."),
    ]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("on 9 May", ["ACT-coastal-institute"]),
        ("It lets", []),
        ("waited", ["ACT-ada-lund"]),
        ("lose a berth", ["ACT-ada-lund"]),
        ("could cost", ["ACT-jonas-field"]),
        ("dried fish", ["ACT-northport-officials"]),
        ("promised", ["ACT-sarn-governor"]),
        ("needs a vote", []),
    ],
)
def test_the_first_chain_has_the_voice_that_the_cue_names(
    candidates: list[Candidate], words: str, first: list[str]
) -> None:
    assert voices(holding(candidates, words))[0] == first


def test_other_chains_follow_the_first(candidates: list[Candidate]) -> None:
    assert voices(holding(candidates, "could cost")) == [["ACT-jonas-field"], []]


def test_modality_and_polarity_follow_the_words(candidates: list[Candidate]) -> None:
    cost, fish, vote = (holding(candidates, each).cues for each in ("could cost", "promised", "needs a vote"))
    assert (cost.modality, cost.hedges) == ("possible", ("could",))
    assert (fish.modality, fish.polarity) == ("certain", "denied")
    assert (vote.modality, vote.polarity) == ("underspecified", "unknown")


def test_figures_have_their_bounds_and_units(candidates: list[Candidate]) -> None:
    figures = [each for candidate in candidates for each in candidate.cues.figures]
    assert [(each.text, each.bound, each.values, each.unit) for each in figures] == [
        ("up to 30", "up_to", {"value_high": 30.0}, "{ferry}"),
        ("two", "exact", {"value_best": 2.0}, "{quay}"),
        ("three years", "exact", {"value_best": 3.0}, "a"),
        ("at least 2 million", "at_least", {"value_low": 2e6}, "{crown}"),
    ]


def test_names_are_found_in_their_longest_form_and_possessive(candidates: list[Candidate]) -> None:
    quays = holding(candidates, "It lets").actors
    assert [(each.actors, each.span.of(TREATY)) for each in quays] == [(("ACT-northport",), "Northport")]
    # The governor of Sarn is the voice, and Sarn is no actor.
    assert [each.actors for each in holding(candidates, "promised").actors] == [("ACT-northport",)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It cost $50 million a year.", [("$50 million", 5e7, "USD")]),
        ("The parties met for ten days.", [("ten days", 10, "d")]),
        ("It sank in 2022, on 3 May and 4 June.", []),
        ("The KN-23, the SU-35s and Article-5 are no figures.", []),
        ("A 152 mm shell fell.", [("152 mm", 152, "mm")]),
        ("It was the second visit.", [("second", 2, "")]),
        ("1. It is full.\n(2) It left at once.", []),
        ("Several ferries left.", [("Several", None, "{ferry}")]),
    ],
)
def test_figures_are_what_measures_something(text: str, figures: list[tuple[str, float | None, str]]) -> None:
    found = read_cues(text, Span(0, len(text))).figures
    assert [(each.text, each.values.get("value_best"), each.unit) for each in found] == figures


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "Two Sarn diplomats, who would not be named, told the Harbour Times that the pact was off.",
            "ACT-sarn-diplomats",
        ),
        ("The pact was off, said Bo Lind, a fisher.", "ACT-bo-lind"),
        ("The pact is off, the Harbour Institute reported on Monday.", "ACT-harbour-institute"),
        ("Sarn’s foreign ministry, meanwhile, said the pact was off.", "ACT-sarn-foreign-ministry"),
        ("The pact, proposed by Bo Lind, a fisher, is off.", "ACT-bo-lind"),
        ("Lund’s visit to Sarn underscores that the pact is off.", ""),
        ("The visit to Northport suggests that the pact is off.", ""),
        ("Northport warned that the pact was off.", "ACT-northport"),
        ("The report says little, and no claim was made.", ""),
        ("The council was told that the pact was off.", ""),
    ],
)
def test_the_voice_is_the_subject_of_the_verb(tables: TextTables, text: str, first: str) -> None:
    chains = [each.chains[0] for each in draft(text, tables).candidates if each.reason is None]
    assert {voice.actor for chain in chains for voice in chain.voices} == ({first} if first else set())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Minister of Fish of Sarn said so.", []),
        ("The Minister for Dried Fish said so. Between May and June it left.", []),
        ("The Defence Minister spoke. Sarn’s Finance Minister Bo Lind said so.", ["Bo Lind"]),
        ("Mr. Lind said so.", []),  # a family name alone is not enough for an actor
        ("Bo Lind, a fisher, left. Mr. Lind said so.", ["Bo Lind"]),
        ("The fishers met at the Institute of Fish.", ["Institute of Fish"]),
        ("A new KN-23 and the Topol-M1 were shown.", []),
    ],
)
def test_names_that_no_actor_has_are_proposed(tables: TextTables, text: str, names: list[str]) -> None:
    assert [each.name for each in draft(text, tables).new_actors if each.actor_type != "state"] == names


def test_a_text_of_the_dataset_can_be_drafted_as_if_it_were_new(tables: TextTables) -> None:
    text = (HARBOUR / "texts" / "harbour.txt").read_text(encoding="utf-8")
    named = [
        {each.actors[0] for one in draft(text, tables, without).candidates for each in one.actors}
        for without in (None, "SRC-0001")
    ]
    assert ["ACT-sarn" in each for each in named] == [True, False]


def test_a_draft_is_accepted_anchored_and_built(harbour: Path, script: Script) -> None:
    text = harbour / "seeds" / "texts" / "treaty.txt"
    text.write_text(TREATY, encoding="utf-8")
    done = script("add_source", "--draft", text)
    assert (done.returncode, done.stderr) == (0, "")
    path = harbour / "seeds" / "sources" / "SRC-0002.yaml"
    record = path.read_text(encoding="utf-8")

    done = script("validate", "--no-frictionless")
    drafted = [line for line in done.stdout.splitlines() if "SRC-0002" in line and ": required: " not in line]
    assert [re.sub(r":\d+:\d+:.*? in lines [\d, ]+", "", each) for each in drafted] == [
        'seeds/sources/SRC-0002.yamland 2 more (accept each by deleting its "draft: true", or delete the candidate)'
    ]

    done = script("seal", "SRC-0002")
    assert (done.returncode, done.stdout.partition(",")[0]) == (0, "SRC-0002: 0 quotes anchored")
    assert path.read_text(encoding="utf-8") == record
    actors = harbour / "seeds" / "actors.yaml"
    new = re.findall(r"^# (.*)$", record.partition("remove the #.\n")[2], re.MULTILINE)
    head, *rows = re.split(
        r"^(?=- )", "\n".join([actors.read_text(encoding="utf-8").rstrip(), *new, ""]), flags=re.MULTILINE
    )
    actors.write_text("".join([head, *sorted(rows)]), encoding="utf-8")
    path.write_text(accepted(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = script("seal", "SRC-0002")
    assert (done.returncode, done.stdout.partition(",")[0]) == (0, "SRC-0002: 16 quotes anchored")
    done = script("build")
    assert done.returncode == 0, done.stdout  # there are warnings: the test does not write the texts of the claims well
    done = script("validate", "--no-frictionless")
    assert done.returncode == 0, done.stdout


def accepted(record: str) -> str:
    """Return a record with every candidate accepted and every blank filled in, as a coder does."""
    texts = (f"claim_text: The new treaty of Sarn has the point {number}.\n" for number in range(1, 99))
    record = re.sub(r"^  draft: true\n|, draft: true(?=})|\?(?=}|$)", "", record, flags=re.MULTILINE)
    record = re.sub(r"claim_text:.*\n", lambda _: next(texts), record)
    for column, value in {
        "topic": "transport",
        "statement_kind": "state",
        "temporal_status": "ongoing",
        "label": "Report on a treaty",
        "source_type": "news",
        "published_basis": "unknown",
        "access": "open",
        "coded_by": "coder-1",
        "coded_on": '"2026-11-22"',
        "codebook_version": '"1.0.0"',
    }.items():
        record = re.sub(rf"^( *){column}:(?: .*)?$", rf"\1{column}: {value}", record, flags=re.MULTILINE)
    # A denial names the allegation, as the rules want.
    record = re.sub(
        r"^( *)  polarity: denied\n", r"\g<0>\1  note: It denies that fish was promised.\n", record, flags=re.MULTILINE
    )
    for blank, value in {"role: ": "subject", "bearing: ": "presupposes", "item: ": "parts of the treaty"}.items():
        record = record.replace(f"{blank},", f"{blank}{value},").replace(f"{blank}}}", f"{blank}{value}}}")
    return record


def test_a_draft_needs_a_text_that_a_coder_can_finish(harbour: Path, script: Script, tmp_path: Path) -> None:
    text = tmp_path / "long.txt"
    text.write_text("x" * 10_000_000, encoding="utf-8")
    done = script("add_source", "--draft", text)
    message = f"the text has 10000000 characters, and a draft is made of at most {LONGEST_TEXT}"
    assert (done.returncode, done.stderr) == (2, f"error: {message}; leave --draft out, or split the text\n")
    assert not (harbour / "seeds" / "sources" / "SRC-0002.yaml").exists()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 50_000,
        "said " * 2_000,
        "A said B. " * 500,
        "“" * 20_000,
        "1,000 " * 2_000,
        "Mr. " * 2_000,
        "a\x00b\x1bc\x7f\x85\u2028\ufeff d. " * 500,
        "Northport and " * 2_000,
        ", which " * 1_000,
        "no twenty-one " * 1_000,
        "… said … @2 … ... : { } # ' \" & * !\n" * 200,
        "\n".join(f"- {number}. Line" for number in range(200)),
        "İt mıght coſt 5 per\ncent, saıd Bo Lınd, and 3 mınutes of ammunıtıon were ſent to Sarn. " * 20,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_text_gives_a_short_valid_draft(text: str, tables: TextTables, contract: Contract) -> None:
    started = time.process_time()
    lists = render(text, draft(text, tables))
    record = template("SRC-0002", "hostile.txt", text.encode(), contract, lists).encode()
    anchored = anchor_quotes("SRC-0002.yaml", record, text, contract)
    assert anchored.findings == []
    seeds = read_seeds({"seeds/sources/SRC-0002.yaml": anchored.data}, contract)
    assert {each.rule for each in seeds.findings} <= {"unaccepted-draft"}
    assert time.process_time() - started < 60  # a guard against hanging, far above what it takes


def test_a_draft_never_quotes_seven_words_in_a_row(tables: TextTables) -> None:
    words = TREATY.split()
    runs = {" ".join(words[at : at + 7]) for at in range(len(words) - 6)}
    drafted = " ".join("\n".join(draft_lists(TREATY, tables).values()).split())
    assert [each for each in runs if each in drafted] == []


GERMAN = """\
Der Minister sagte am Montag, dass die Fähre im Hafen war und also in Sarn auf die Ladung wartet. Nach Angaben der
Behörde wurden bis zu 30 Boote gemeldet, aber niemand weiß, ob der Vertrag gilt. The Harbour Times berichtete darüber.
"""
RUSSIAN = (
    "Министр сообщил в понедельник, что паром стоял в порту. По данным ведомства, прибыло до 30 лодок (The Times).\n"
)


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, "12 34 56\n"], ids=["German", "Russian", "figures"])
def test_a_text_that_is_not_english_is_refused(text: str, harbour: Path, script: Script, tmp_path: Path) -> None:
    path = tmp_path / "wire.txt"
    path.write_text(text, encoding="utf-8")
    done = script("add_source", "--draft", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(
        r"error: \d+% of the words of the text are common English ones, and only English texts are drafted; "
        r"leave --draft out, and write the candidates by hand\n",
        done.stderr,
    )
    assert not (harbour / "seeds" / "sources" / "SRC-0002.yaml").exists()
    assert script("add_source", path).returncode == 0


def test_drafting_without_its_packages_says_how_to_install_them(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nupunkt", None)
    text = tmp_path / "treaty.txt"
    text.write_text(TREATY, encoding="utf-8")
    done = script("add_source", "--draft", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.endswith(
        f'install what is missing with {sys.executable} -m pip install -e "{REPOSITORY}[draft]"\n'
    )


@pytest.mark.parametrize("wide", ["", "A long line shows that each line is a paragraph of its own. " * 3])
def test_rows_of_a_table_are_set_aside_as_such(wide: str) -> None:
    rows = ["Harbour | 2021 | 2022", "|---|---|", "Sarn\t35\t40", "Northport    12    14", "Both harbours 47 54 101.5"]
    text = "\n".join(["Ferries of Sarn", "", *rows, "", "The ferries of 2021 left on 3 May at noon.", wide])
    passages = [(each.reason, each.span.of(text)) for each in split_passages(text)]
    assert passages[:7] == [
        ("heading", "Ferries of Sarn"),
        *(("table", row) for row in rows),
        (None, "The ferries of 2021 left on 3 May at noon."),
    ]


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("SARN, 3 May 2022 — The ferry left at noon.", ["SARN, 3 May 2022 —"]),
        ("Northport, Sarn (Wire) - The ferry left at noon.", ["Northport, Sarn (Wire) -"]),
        ("SARN (Wire) -- “The ferry left at noon.”", ["SARN (Wire) --"]),
        ("The quay — Sarn has two — is new.", []),
        ("WHARF — which is a fund — paid for it.", []),
        ("Sarn sent 30 ferries, all new - Northport sent none.", []),
    ],
)
def test_a_dateline_is_no_part_of_a_claim(text: str, aside: list[str]) -> None:
    assert [each.span.of(text) for each in split_passages(text) if each.reason == "boilerplate"] == aside


def test_a_long_title_is_a_heading_but_a_long_line_elsewhere_is_not() -> None:
    line = "Sarn and Northport renew the treaty that lets up to thirty ferries use the two quays of the island"
    passages = split_passages(f"{line}\n\nThe quay is new.\n\n{line}\n")
    assert [each.reason for each in passages] == ["heading", None, None]


def test_a_voice_goes_on_with_a_pronoun_or_its_title(tables: TextTables) -> None:
    text = (
        "Governor Bo Lind, a fisher, said on Monday that the pact was off; she added that the ferries stay. "
        "The governor also warned that the quay is full. The quay has two berths."
    )
    assert [[each.actor for each in one.chains[0].voices] for one in draft(text, tables).candidates] == [
        *[["ACT-bo-lind"]] * 3,
        [],
    ]


def test_a_name_that_a_comma_sets_apart_is_a_person_who_speaks(tables: TextTables) -> None:
    [candidate] = draft("The head of the quay, Oleg Lund, said the work is done.", tables).candidates
    assert [each.specificity for each in candidate.chains[0].voices] == ["named_person"]


def test_an_official_of_whom_nothing_is_said_needs_an_actor(tables: TextTables) -> None:
    text = "The pact is off, an official said."
    found = draft(text, tables)
    assert "  - {actor_id: , specificity: unnamed_official, act: asserts}" in render(text, found)["claims"]
    assert found.new_actors == ()


def test_a_condition_or_a_forecast_leaves_the_time_and_the_act_open(tables: TextTables) -> None:
    text = "Lund’s ferry left, Bo Lind said on Monday. Bo Lind said it will return. It may be late."
    record = render(text, draft(text, tables))["claims"]
    assert re.findall("  temporal_status:(.*)", record) == [" past?", "", ""]
    assert re.findall("named_person, act: (.*)}", record) == ["asserts", "asserts?"]
    assert "  modality: possible?\n  temporal_status:\n  hedge: may\n" in record


def test_guesses_are_refused_until_they_are_accepted(harbour: Path, script: Script) -> None:
    text = harbour / "seeds" / "texts" / "cargo.txt"
    text.write_text("At least 40 ammunition crates were shipped from Northport to Sarn.\n", encoding="utf-8")
    assert script("add_source", "--draft", text).returncode == 0
    path = harbour / "seeds" / "sources" / "SRC-0002.yaml"
    record = path.read_text(encoding="utf-8")
    assert "  topic:\n  statement_kind:\n  temporal_status: past?\n" in record
    assert "  - {event_id: EVT-crates, bearing: , draft: true}" in record
    sides = "giver_id: ACT-northport, receiver_id: ACT-sarn"
    assert f"  - {{transfer_id: T1, {sides}, item_id: ITM-ammunition, realization: , draft: true}}" in record
    assert "  - {actor_id: ACT-sarn, role: , name_as_stated: Sarn}" in record
    similar = re.findall("  # similar: (.*?): (.*)", record)
    assert similar[0] == ("SRC-0001-C001", "No fewer than 40 ammunition crates went from Northport to Sarn.")
    assert len(similar) <= 2
    path.write_text(record.replace("  draft: true\n", ""), encoding="utf-8")
    found = script("validate", "--no-frictionless").stdout
    assert "unaccepted-draft: candidates that are not accepted: 2, in lines" in found
    assert "'past?' is not in the vocabulary of temporal_status (did you mean 'past'?)" in found


def test_an_item_may_be_transferred_by_and_to_those_whom_the_passage_names(tables: TextTables) -> None:
    texts = ("Munitions left for Sarn.", "Some ammunition and shells were lost.", "Northport and Sarn want peace.")
    assert [draft(each, tables).candidates[0].transfers for each in texts] == [
        {"ITM-ammunition": ("", "ACT-sarn")},
        {"ITM-ammunition": ("", ""), "ITM-shells": ("", "")},
        {},
    ]


def test_a_too_long_text_is_refused_before_it_is_read(tables: TextTables) -> None:
    with pytest.raises(RefusedError, match="at most"):
        draft_lists("x" * (LONGEST_TEXT + 1), tables)


def test_lines_of_a_wrapped_text_are_joined() -> None:
    text = (
        "Heading\n\nThe ferries that lay in the harbour of Sarn\nwill leave on Monday, officials said. They\nreturn.\n"
    )
    assert [each.span.of(text) for each in split_passages(text)][1:] == [
        "The ferries that lay in the harbour of Sarn\nwill leave on Monday, officials said.",
        "They\nreturn.",
    ]


def test_a_registered_name_is_found_across_a_line_break_and_in_its_case(tables: TextTables) -> None:
    text = "The HARBOUR master left. The ferries that were seen by the harbour\nmaster are old.\n"
    named = [[each.span.of(text) for each in one.actors] for one in draft(text, tables).candidates]
    assert named == [[], ["harbour\nmaster"]]


def test_a_name_below_a_quotation_belongs_to_it() -> None:
    quotation, name = "They would like a quay of their own, which is no wonder.", "Tom Bell, Harbour Fund Quay Expert"
    text = f"{quotation}\n\n{name}\n\nThe quay is new.\n"
    signed, other = split_passages(text)
    assert (signed.is_signed, other.is_signed) == (True, False)
    assert signed.span.of(text).endswith("Quay Expert")


@pytest.mark.parametrize("text", ["a: b", "no", "#x", "- a", "“x”, y", "a\x07b", "'", '"', "x #y", "1.5", " a", ""])
def test_a_scalar_is_read_as_it_was(text: str) -> None:
    import yaml

    assert yaml.load(f"[{scalar(text)}]", yaml.CBaseLoader) == [text]  # noqa: S506


def test_the_page_has_what_is_measured() -> None:
    folder = texts_folder()
    if folder is None:
        pytest.skip("not all source texts are available")
    done = run_script("drafting", "--check", "--texts", folder, cwd=REPOSITORY)
    assert (done.returncode, done.stdout) == (0, "up to date\n")


def test_measuring_needs_the_texts(harbour: Path, script: Script) -> None:
    (harbour / "seeds" / "texts" / "harbour.txt").unlink()
    done = script("drafting")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the texts of SRC-0001 are not available" in done.stderr


def test_a_perfect_claim_is_counted_as_drafted(harbour: Path) -> None:
    project = read_project(harbour)
    measures = measure(TEXT, project.lineage, "SRC-0001")
    recall, precision = measures["figures"]
    assert (len(recall), len(precision)) == (5, 5)
    assert len(measures["voice other than the document, the first"][0]) == 4
    shares = kept(TEXT, project.lineage, "SRC-0001", (harbour / "seeds/sources/SRC-0001.yaml").read_text("utf-8"))
    written, once, copied = (shares[each] for each in ("written", "kept", "copied"))
    assert 0 < once["claim_attributions"] <= copied["claim_attributions"] <= written["claim_attributions"]
    assert once["claim_text"] < written["claim_text"]
