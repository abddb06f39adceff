"""Sealing turns a quote into a span, changes nothing else, and never guesses."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import TEXT, Script, read

from curation.seeds.records import SeedFile
from curation.seeds.sealing import Sealed, seal_record
from russia_dprk_claims.contract import Contract

FILE = SeedFile("seeds/sources/SRC-0001.yaml", Path("SRC-0001.yaml"), "sources")


def seal(contract: Contract, record: str) -> Sealed:
    return seal_record(FILE, record.encode("utf-8"), TEXT, contract)


def claim(quote: str) -> str:
    return f"# é comment stays  \nclaims:\n-   claim_id: C001\n    quote: {quote}\n    topic:   visit # stays\n"


def test_only_the_quote_is_rewritten(contract: Contract) -> None:
    sealed = seal(contract, claim("Two ferries … the quay"))
    start = TEXT.index("Two ferries")
    end = TEXT.index("the quay", start) + len("the quay")
    assert sealed.data.decode("utf-8") == claim("@").replace("quote: @", f"span: {start}-{end}")


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
    sealed = seal(contract, claim(quote))
    start = TEXT.index("Two ferries left")
    text = sealed.data.decode("utf-8")
    assert f"    span: {start}-{start + 16}" in text
    assert text.endswith("    topic:   visit # stays\n")
    assert ("# a comment" in text) == ("# a comment" in quote)


def test_a_quote_in_braces_leaves_its_neighbours(contract: Contract) -> None:
    record = "set_asides:\n- {quote: Crates on the quay, reason: heading}  # kept\n"
    assert seal(contract, record).data.decode() == "set_asides:\n- {span: 0-18, reason: heading}  # kept\n"


def test_a_figure_is_looked_for_in_the_passage_of_its_claim(contract: Contract) -> None:
    record = "claims:\n- claim_id: C001\n  quote: Sarn’s governor … one crate.”\n  quantities:\n  - {quote: one}\n"
    text = seal(contract, record).data.decode("utf-8")
    start = TEXT.index("one crate")
    assert f"- {{span: {start}-{start + 3}}}" in text


def test_a_quote_that_stands_nowhere_is_told(contract: Contract) -> None:
    sealed = seal(contract, claim("Three ferries"))
    assert [str(each) for each in sealed.findings] == [
        "seeds/sources/SRC-0001.yaml:4:12: quote: 'Three ferries' does not stand in the text "
        "(copy the words from the text; the case counts, and so does every mark)"
    ]
    assert sealed.data.decode("utf-8") == claim("Three ferries")


def test_a_quote_that_stands_twice_is_told_with_its_candidates(contract: Contract) -> None:
    (finding,) = seal(contract, claim("crate")).findings
    assert str(finding) == (
        "seeds/sources/SRC-0001.yaml:4:12: quote: 'crate' stands 3 times in the text: "
        "@1 …ay 2021 that at least 40 [crate]s of ammunition had gone…; "
        "@2 …t for our friends”. Each [crate], they said, may hold up…; "
        "@3 …ceived nothing – not one [crate].” Two ferries left the… "
        "(take more words, or add ' @2' for the second)"
    )


def test_the_number_of_an_occurrence_settles_it(contract: Contract) -> None:
    sealed = seal(contract, claim("crate @3"))
    assert f"span: {TEXT.index('crate.')}-" in sealed.data.decode("utf-8")


def test_what_nests_in_a_claim_that_is_not_found_waits(contract: Contract) -> None:
    record = "claims:\n- claim_id: C001\n  quote: nowhere\n  quantities:\n  - {quote: Two}\n"
    sealed = seal(contract, record)
    assert (len(sealed.findings), sealed.data.decode()) == (1, record)


def test_sealing_twice_changes_nothing(contract: Contract) -> None:
    once = seal(contract, claim("Two ferries")).data
    again = seal_record(FILE, once, TEXT, contract)
    assert (again.data, again.number) == (once, 0)


def test_the_command_writes_record_and_seals_together(harbour: Path, record: Path, script: Script) -> None:
    before = record.read_text(encoding="utf-8")
    record.write_text(before.replace("span: 20-157", "quote: Officials in Northport … friends”."), encoding="utf-8")
    seals = harbour / "seeds" / "seals" / "SRC-0001.csv"
    wanted = seals.read_bytes()
    seals.unlink()
    done = script("seal", "SRC-0001")
    assert (done.returncode, done.stdout) == (0, "SRC-0001: 1 quote sealed, 3 long passages hashed\n")
    assert record.read_text(encoding="utf-8") == before
    assert seals.read_bytes() == wanted
    assert read(harbour).findings == []


def test_the_command_names_what_it_cannot_seal(record: Path, script: Script) -> None:
    text = record.read_text(encoding="utf-8").replace("span: 20-157", "quote: nowhere to be found")
    record.write_text(text, encoding="utf-8")
    done = script("seal")
    assert done.returncode == 1
    assert "seeds/sources/SRC-0001.yaml:18:10: quote: 'nowhere to be found' does not stand in the text" in done.stdout
    assert record.read_text(encoding="utf-8") == text


def test_the_command_says_when_the_text_is_not_at_hand(harbour: Path, script: Script) -> None:
    (harbour / "seeds" / "texts" / "harbour.txt").unlink()
    done = script("seal")
    assert done.returncode == 1
    assert done.stdout == (
        "seeds/sources/SRC-0001.yaml: text-missing: the text of the record is not at hand "
        "(put it in seeds/texts/, or name its folder with --texts or SEED_TEXTS)\n"
    )


def test_the_command_names_a_source_that_resembles(script: Script) -> None:
    done = script("seal", "SRC-001")
    assert (done.returncode, done.stdout) == (
        1,
        "SRC-001: source: there is no record of this source (did you mean 'SRC-0001'?)\n",
    )
