"""Anchoring turns a quote into a span, changes nothing else, and never guesses."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import TEXT, Script, read

from curation.seeds.anchor import Anchored, Quote, anchor_quotes
from curation.seeds.spans import Span
from russia_dprk_claims.contract import Contract

PATH = "seeds/sources/SRC-0001.yaml"


def anchor(contract: Contract, record: str) -> Anchored:
    return anchor_quotes(PATH, record.encode("utf-8"), TEXT, contract)


def claim(quote: str) -> str:
    return f"# é comment stays  \nclaims:\n-   claim_id: C001\n    quote: {quote}\n    topic:   visit # stays\n"


def test_only_the_quote_is_rewritten(contract: Contract) -> None:
    anchored = anchor(contract, claim("Two ferries … the quay"))
    start = TEXT.index("Two ferries")
    end = TEXT.index("the quay", start) + len("the quay")
    assert anchored.data.decode("utf-8") == claim("@").replace("quote: @", f"span: {start}-{end}")


@pytest.mark.parametrize(
    "quote",
    [
        "Two ferries left",
        "'Two ferries left'",
        '"Two ferries left"',
        "Two ferries left # a comment",
        ">-\n      Two ferries\n      left",
        "Two ferries\n      left",
    ],
)
def test_a_quote_can_be_written_in_every_style(contract: Contract, quote: str) -> None:
    anchored = anchor(contract, claim(quote))
    start = TEXT.index("Two ferries left")
    comment = " # a comment" if "# a comment" in quote else ""
    assert anchored.data.decode("utf-8") == claim("@").replace("quote: @", f"span: {start}-{start + 16}{comment}")


def test_a_quote_in_braces_leaves_its_neighbours(contract: Contract) -> None:
    record = "set_asides:\n- {quote: Crates on the quay, reason: heading}  # kept\n"
    assert anchor(contract, record).data.decode() == "set_asides:\n- {span: 0-18, reason: heading}  # kept\n"


@pytest.mark.parametrize("quote", ["Crates, on the quay", "4,800", "Crates on, the, quay"])
def test_a_quote_that_its_comma_cuts_off_changes_nothing(contract: Contract, quote: str) -> None:
    record = f"set_asides:\n- {{quote: {quote}, reason: heading}}\n"
    anchored = anchor(contract, record)
    assert (anchored.data.decode(), anchored.number) == (record, 0)
    first, last = quote.partition(",")[0].split()[0], quote.rpartition(",")[2].split()[-1]
    assert [str(each) for each in anchored.findings] == [
        f"{PATH}:2:11: quote: a quote without quotation marks ends at its comma "
        f"(put it in quotation marks, from {first!r} to {last!r})"
    ]


def test_a_figure_is_searched_in_the_passage_of_its_claim(contract: Contract) -> None:
    record = "claims:\n- claim_id: C001\n  quote: Sarn’s governor … one crate.”\n  quantities:\n  - {quote: one}\n"
    text = anchor(contract, record).data.decode("utf-8")
    start = TEXT.index("one crate")
    assert f"- {{span: {start}-{start + 3}}}" in text


def test_a_quote_that_is_not_in_the_text_is_reported(contract: Contract) -> None:
    anchored = anchor(contract, claim("Three ferries"))
    assert [str(each) for each in anchored.findings] == [
        "seeds/sources/SRC-0001.yaml:4:12: quote: 'Three ferries' is not in the text "
        "(copy the words from the text; case and punctuation count)"
    ]
    assert anchored.data.decode("utf-8") == claim("Three ferries")


def test_a_quote_that_occurs_twice_is_reported_with_its_candidates(contract: Contract) -> None:
    (finding,) = anchor(contract, claim("crate")).findings
    assert str(finding) == (
        "seeds/sources/SRC-0001.yaml:4:12: quote: 'crate' occurs 3 times in the text: "
        "@1 …ay 2021 that at least 40 [crate]s of ammunition had gone…; "
        "@2 …t for our friends”. Each [crate], they said, may hold up…; "
        "@3 …ceived nothing – not one [crate].” Two ferries left the… "
        "(quote more words, or add ' @2' for the second occurrence)"
    )


def test_the_nearest_end_is_offered_if_a_quote_has_several(contract: Contract) -> None:
    (finding,) = anchor(contract, claim("they said … .")).findings
    assert finding.hint == "quote more words, or add ' @1' for the nearest end"


def test_the_number_of_an_occurrence_selects_it(contract: Contract) -> None:
    anchored = anchor(contract, claim("crate @3"))
    assert f"span: {TEXT.index('crate.')}-" in anchored.data.decode("utf-8")


def test_the_quotes_of_a_candidate_stay_until_it_is_accepted(contract: Contract) -> None:
    record = claim("Two ferries left") + "    draft: true\n    quantities:\n    - {quote: Two}\n"
    data = record.encode("utf-8")
    assert anchor_quotes(PATH, data, TEXT, contract, with_candidates=False) == Anchored(data, 0, [])
    accepted = data.replace(b"    draft: true\n", b"")
    assert anchor_quotes(PATH, accepted, TEXT, contract, with_candidates=False).number == 2


def test_quotes_inside_a_claim_that_is_not_found_are_left_for_later(contract: Contract) -> None:
    record = "claims:\n- claim_id: C001\n  quote: nowhere\n  quantities:\n  - {quote: Two}\n"
    anchored = anchor(contract, record)
    assert (len(anchored.findings), anchored.data.decode()) == (1, record)


def test_anchoring_twice_changes_nothing(contract: Contract) -> None:
    once = anchor(contract, claim("Two ferries")).data
    again = anchor_quotes(PATH, once, TEXT, contract)
    assert (again.data, again.number) == (once, 0)


def test_the_command_writes_record_and_hashes_together(harbour: Path, record: Path, script: Script) -> None:
    before = record.read_text(encoding="utf-8")
    record.write_text(before.replace("span: 20-157", "quote: Officials in Northport … friends”."), encoding="utf-8")
    seals = harbour / "seeds" / "seals" / "SRC-0001.csv"
    wanted = seals.read_bytes()
    seals.unlink()
    done = script("seal", "SRC-0001")
    assert (done.returncode, done.stdout) == (0, "SRC-0001: 1 quote anchored, 3 long passages hashed\n")
    assert record.read_text(encoding="utf-8") == before
    assert seals.read_bytes() == wanted
    assert read(harbour).findings == []


def test_the_command_reports_what_it_cannot_anchor(record: Path, script: Script) -> None:
    text = record.read_text(encoding="utf-8").replace("span: 20-157", "quote: nowhere to be found")
    record.write_text(text, encoding="utf-8")
    done = script("seal")
    assert done.returncode == 1
    assert "seeds/sources/SRC-0001.yaml:19:10: quote: 'nowhere to be found' is not in the text" in done.stdout
    assert record.read_text(encoding="utf-8") == text


def test_the_command_says_when_the_text_is_not_available(harbour: Path, script: Script) -> None:
    (harbour / "seeds" / "texts" / "harbour.txt").unlink()
    done = script("seal")
    assert done.returncode == 1
    assert done.stdout == (
        "seeds/sources/SRC-0001.yaml: text-missing: the text harbour.txt is not in seeds/texts/ "
        "(save it there, or name its folder with --texts or SEED_TEXTS)\n"
    )
    (harbour / "seeds" / "texts").rmdir()
    assert "is not in seeds/texts/, and there is no such folder (save it there" in script("seal").stdout
    elsewhere = script("seal", SEED_TEXTS=str(harbour / "nowhere")).stdout
    assert "is not in nowhere/, and there is no such folder (save it there" in elsewhere


def test_the_command_suggests_a_source_with_a_similar_id(script: Script) -> None:
    done = script("seal", "SRC-001")
    assert (done.returncode, done.stdout) == (
        1,
        "SRC-001: source: there is no record of this source (did you mean 'SRC-0001'?)\n",
    )


def test_the_command_reports_a_record_that_cannot_be_read(record: Path, script: Script) -> None:
    record.write_text("label: [\n", encoding="utf-8")
    done = script("seal")
    assert done.returncode == 1
    assert done.stdout.startswith("seeds/sources/SRC-0001.yaml:2:1: yaml-syntax: ")


def test_a_byte_order_mark_and_unusual_line_breaks_are_kept(contract: Contract) -> None:
    record = claim("Two ferries left").replace("claims:", "note: 'a\u2028 b'\nclaims:")
    start = TEXT.index("Two ferries left")
    expected = record.replace("quote: Two ferries left", f"span: {start}-{start + 16}")
    anchored = anchor(contract, f"\ufeff{record}")
    assert anchored.data.decode("utf-8") == f"\ufeff{expected}"


# --- quotes -----------------------------------------------------------------------------------------------------------

CREW = "The crew said “we saw it”. The crew’s boat left.\nThe boat  came back."


def found(quote: str, within: Span | None = None) -> list[str]:
    return [span.of(CREW) for span in Quote.parse(quote).find(CREW, within)]


def test_a_whole_phrase_is_found() -> None:
    assert found("came back") == ["came back"]


def test_first_and_last_words_span_the_text_between_them() -> None:
    assert found("The crew said … saw it”.") == ["The crew said “we saw it”."]
    assert found("The crew said ... saw it”.") == ["The crew said “we saw it”."]


def test_straight_quotes_match_curly_ones_and_any_spaces_match() -> None:
    assert found("The crew's boat") == ["The crew’s boat"]
    assert found('"we saw it"') == ["“we saw it”"]
    assert found("The boat came") == ["The boat  came"]


def test_characters_that_nobody_sees_do_not_defeat_a_quote() -> None:
    text = "Forty crates of am\u00admuni\u00adtion\u200b left."
    assert [span.of(text) for span in Quote.parse("of ammunition left").find(text)] == [text[text.index("of") : -1]]
    assert [span.of(CREW) for span in Quote.parse("came b\u00adack").find(CREW)] == ["came back"]


def test_every_possible_passage_is_a_candidate() -> None:
    assert len(found("The … boat")) == 5
    assert len(found("boat")) == 2


def test_an_occurrence_selects_one_candidate() -> None:
    assert found("boat @2") == ["boat"]
    assert Quote.parse("boat @2").find(CREW)[0].start > CREW.index("boat")
    assert found("boat @3") == found(f"boat @{'9' * 5_000}") == []


def test_a_quote_is_searched_inside_a_passage_only() -> None:
    line = Span(CREW.index("\n") + 1, len(CREW))
    assert len(found("boat", line)) == 1
    assert found("crew", line) == []


@pytest.mark.parametrize("quote", ["… it", "The crew …", "…"])
def test_a_quote_with_an_open_side_is_refused(quote: str) -> None:
    with pytest.raises(ValueError, match="words on both sides"):
        Quote.parse(quote)
