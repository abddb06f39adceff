"""scripts/check.py takes a record from its quotes to its review, and shows every finding once for each cause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from conftest import REPOSITORY, Script

from curation.generate import build
from curation.project import read_project
from curation.record_review import RecordReview, ReviewedClaim, as_html, grouped
from curation.seeds.anchor import anchor_sources
from curation.seeds.template import add_source
from russia_dprk_claims.checks.findings import Finding, Location

GERMAN = REPOSITORY / "tests" / "german.yaml"


def test_a_valid_record_is_anchored_built_and_shown_beside_its_text(harbour: Path, script: Script) -> None:
    record = harbour / "seeds" / "sources" / "SRC-0001.yaml"
    text = record.read_text(encoding="utf-8")
    span = text.split("span: ")[1].split("\n")[0]
    passage = (harbour / "seeds" / "texts" / "harbour.txt").read_text(encoding="utf-8")
    start, end = map(int, span.split("-"))
    words = passage[start:end].split()
    quote = f"{' '.join(words[:4])} … {' '.join(words[-4:])}"
    record.write_text(text.replace(f"span: {span}", f"quote: {quote}", 1), encoding="utf-8")
    done = script("check", "SRC-0001")
    assert (done.returncode, done.stderr) == (0, "valid; the same page is review/SRC-0001.html\n")
    assert record.read_text(encoding="utf-8") == text
    assert (harbour / "datapackage.json").is_file()
    lines = done.stdout.splitlines()
    shown = lines[lines.index("SRC-0001-C003") :]
    assert "  attribution     The text reports that Governor of Sarn says, in denial" in shown
    assert "  statement kind  event" in shown
    assert "  heading         » Crates on the quay «" in shown
    assert lines[-1] == "5 claims; 0 passages not covered"
    page = (harbour / "review" / "SRC-0001.html").read_text(encoding="utf-8")
    assert "says, in denial" in page
    assert "<dt>heading</dt><dd>Crates on the quay</dd>" in page
    assert " ".join(words[:4]) in page


def test_one_missing_actor_is_one_finding(harbour: Path, script: Script) -> None:
    record = harbour / "seeds" / "sources" / "SRC-0001.yaml"
    text = record.read_text(encoding="utf-8").replace("ACT-northport-officials", "ACT-nobody")
    assert text.count("ACT-nobody") > 1
    record.write_text(text, encoding="utf-8")
    done = script("check", "SRC-0001")
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if "foreign-key" in line]
    assert len(lines) == 1
    assert " — also at " in lines[0]
    assert not (harbour / "review").exists()


def test_the_careful_record_of_a_text_in_another_language_has_no_findings(harbour: Path) -> None:
    files = yaml.safe_load(GERMAN.read_text(encoding="utf-8"))
    text = harbour / "seeds" / "texts" / "faehre.txt"
    text.write_text(files.pop("seeds/texts/faehre.txt"), encoding="utf-8")
    record = harbour / add_source(harbour, text)
    known = re.findall(r"^(?:source_id|text_\w+): .*\n", record.read_text(encoding="utf-8"), re.MULTILINE)
    record.write_text("".join(known), encoding="utf-8")
    for name, lines in files.items():
        with (harbour / name).open("a", encoding="utf-8") as file:
            file.write(lines)
    actors = harbour / "seeds" / "actors.yaml"
    name = "  - {name: Sarn’s governor, source_id: SRC-0001}\n"
    more = f"{name}  - {{name: Gouverneur, source_id: SRC-0002}}\n"
    actors.write_text(actors.read_text(encoding="utf-8").replace(name, more), encoding="utf-8")
    anchored = anchor_sources(harbour, None, ["SRC-0002"])
    assert (anchored.findings, build(read_project(harbour)).findings) == ([], [])


TREATY = "Treaty on Comprehensive Partnership between the Free Port of Northport and the Island of Sarn"
FISH = "Agreement on Fish and Nets for the Long Season of the Cod"


@pytest.mark.parametrize(
    ("words", "is_copied"),
    [
        (f"The {TREATY} has come into force.", False),
        (f"A council judges by the {FISH}.", False),
        ("All the boats of Sarn would come home.", True),
        ("A council judges by the Law on Crabs and Nets for the Long Season.", True),
    ],
)
def test_the_official_name_of_a_treaty_is_not_copied_but_a_sentence_in_quotes_is(
    harbour: Path, words: str, is_copied: bool
) -> None:
    text = harbour / "seeds" / "texts" / "treaty.txt"
    sentences = (
        f"Sarn signed the “{TREATY}”. The governor hoped “all the boats of Sarn would come home”. The {FISH} binds all."
    )
    text.write_text(f"{sentences} So does the Law on Crabs and Nets for the Long Season.", encoding="utf-8")
    record = harbour / add_source(harbour, text)
    known = re.findall(r"^(?:source_id|text_\w+): .*\n", record.read_text(encoding="utf-8"), re.MULTILINE)
    record.write_text("".join([*known, "claims:\n- claim_id: C001\n", f"  claim_text: {words}\n"]), encoding="utf-8")
    agreements = harbour / "seeds" / "agreements.yaml"
    row = f"- {{agreement_id: AGR-fish, name: {FISH}, form: treaty, existence: documented, status: in_force}}\n"
    agreements.write_text(agreements.read_text(encoding="utf-8") + row, encoding="utf-8")
    found = [each.table for each in read_project(harbour).findings if each.rule == "own-words"]
    assert found == (["claims"] if is_copied else [])


def test_a_new_text_makes_no_words_of_another_record_wrong(harbour: Path) -> None:
    actors = harbour / "seeds" / "actors.yaml"
    role = "one who watches the boats of the island at night"
    actors.write_text(actors.read_text(encoding="utf-8").replace("role: governor, not named", f"role: {role}"), "utf-8")
    relations = harbour / "seeds" / "relations.yaml"
    relations.write_text(
        relations.read_text(encoding="utf-8").replace("existence}", f"existence, note: {role}}}"), "utf-8"
    )
    text = harbour / "seeds" / "texts" / "copy.txt"
    text.write_text(f"No fewer than 40 ammunition crates went from Northport to Sarn, says {role}.", encoding="utf-8")
    add_source(harbour, text)
    found = sorted((each.table, each.message) for each in read_project(harbour).findings if each.rule == "own-words")
    shared = "shares 7 words in a row with SRC-0002: 'one who watches the boats of the'"
    assert found == [("actors", f"role {shared}"), ("claim_relations", f"note {shared}")]


def test_an_error_of_form_does_not_hide_those_of_meaning(harbour: Path, script: Script) -> None:
    record, coders = (harbour / "seeds" / each for each in ("sources/SRC-0001.yaml", "coders.yaml"))
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("modality: possible", "modality: certain", 1), encoding="utf-8")
    coders.write_text(
        coders.read_text(encoding="utf-8").replace("languages: en", "languages: en, de"), encoding="utf-8"
    )
    done = script("check", "SRC-0001")
    assert done.returncode == 1
    rules = [line.split(": ")[1] for line in done.stdout.splitlines()]
    assert rules == ["pattern", "hedge-missing", "hedge-modality"]


def test_a_comma_in_a_quote_is_one_finding(harbour: Path, script: Script) -> None:
    record = harbour / "seeds" / "sources" / "SRC-0001.yaml"
    text = record.read_text(encoding="utf-8")
    figure = "- {quantity_id: Q2, span: 317-324, value_text: a third,"
    assert figure in text
    record.write_text(
        text.replace(figure, "- {quantity_id: Q2, quote: a third, and more, value_text: a third,"), "utf-8"
    )
    (line,) = script("check", "SRC-0001").stdout.splitlines()
    assert (
        "quote: a quote without quotation marks ends at its comma (put it in quotation marks, from 'a' to 'more')"
        in line
    )


def test_an_unknown_source_and_a_quote_that_is_not_in_the_text_are_findings(harbour: Path, script: Script) -> None:
    done = script("check", "SRC-0009")
    assert (done.returncode, "there is no record of this source" in done.stdout) == (1, True)
    record = harbour / "seeds" / "sources" / "SRC-0001.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("span: ", "quote: nowhere in it #", 1), encoding="utf-8")
    done = script("check", "SRC-0001")
    assert (done.returncode, "is not in the text" in done.stdout) == (1, True)


@pytest.mark.parametrize("number", [1, 2, 30])
def test_findings_about_one_value_are_one_line(number: int) -> None:
    findings = [
        Finding(Location("a.yaml", each + 1, 3), "vocabulary", f"in row {each}", value="x") for each in range(number)
    ]
    (line,) = grouped([*findings])
    assert line.startswith("a.yaml:1:3: vocabulary: in row 0")
    assert line.count(":3") == min(number, 11)
    assert (f"and {number - 11} more" in line) == (number > 11)


def test_the_page_escapes_what_it_shows() -> None:
    nasty = "<script>alert('x')</script>"
    page = as_html(
        RecordReview(nasty, [ReviewedClaim(nasty, nasty, [(nasty, nasty)], [nasty])], [(nasty, nasty)], [nasty])
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 11
