"""Every format reports the same findings completely, in the same bytes, and escapes what it quotes.

First each format is compared whole, then hostile contents are reported, then a Markdown renderer reads the summary.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marko.ext.gfm import gfm

from curation import report
from curation.cli import print_findings
from curation.report import FORMATS
from curation.report.github import BYTES, append_step_summary, step_summary
from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import Finding, Location, Severity, in_order

RULES = {
    "quantity-bounds": "The values of a figure fit its kind of bound.",
    "unique": "No id stands twice.",
    "vocabulary": "A value is in the vocabulary of its column.",
}
RECORD = "seeds/sources/SRC-0005.yaml"
VOCABULARY = Finding(
    Location(RECORD, 212, 9),
    "vocabulary",
    "'affirm' is not in the vocabulary of polarity",
    "did you mean 'affirmed'?",
    table="claims",
    row="SRC-0005-C012",
    column="polarity",
    value="affirm",
)
BOUNDS = Finding(Location(RECORD, 40), "quantity-bounds", "bound_type 'up_to' has value_low")
UNSURE = Finding(Location(RECORD, 7, 3), "vocabulary", "'other' says little", severity=Severity.WARNING)
STALE = Finding(
    Location("data/claims.csv"),
    "stale",
    "the file does not match the seed records",
    "run scripts/build.py",
    severity=Severity.WARNING,
)
FINDINGS = [VOCABULARY, BOUNDS, UNSURE, STALE]

HOSTILE = {
    "line ends": "one\ntwo\r\nthree\u2028four\u0085five",
    "a command": "\n::error file=x::gotcha\n::stop-commands::x",
    "percent": "100%25 %0A::error::x",
    "colours": "\x1b[31mred\x1b[0m \x9b31m [red]red[/red] [/] :smile:",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)> &lt;b&gt; <!-- -->",
    "cdata": "]]> <![CDATA[ ]]> &amp; &#0; <?xml?>",
    "markdown": "| a | `b` **c** [d](http://e.f) ![g](h) ``` ~~i~~ # j \\| @octocat k@l.mn www.o.pq https://r.st",
    "nul": "a\0b",
    "bidi": "\u202egpj.exe\u202c \u2066x\u2069 \u200b \ufeff \U000e0041",
    "surrogate": "\ud800 and \udfff",
    "noncharacter": "\ufffe \uffff \U0010ffff",
}


def write(format_: str, findings: Iterable[Finding]) -> str:
    return report.write(format_, in_order(findings))


PROBES = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def hostile(text: str) -> Finding:
    return Finding(Location(text, 1, 1), text, text, text, table=text, row=text, column=text, value=text)


def test_text_has_one_line_per_finding() -> None:
    assert write("text", FINDINGS) == (
        "warning: data/claims.csv: stale: the file does not match the seed records (run scripts/build.py)\n"
        "warning: seeds/sources/SRC-0005.yaml:7:3: vocabulary: 'other' says little\n"
        "seeds/sources/SRC-0005.yaml:40: quantity-bounds: bound_type 'up_to' has value_low\n"
        "seeds/sources/SRC-0005.yaml:212:9: vocabulary: 'affirm' is not in the vocabulary of polarity "
        "(did you mean 'affirmed'?)\n"
    )


def test_json_is_written_as_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "FINDINGS.md").read_text(encoding="utf-8")
    assert f"```json\n{write('json', [VOCABULARY])}```\n" in page


def test_json_has_null_for_an_unknown_location() -> None:
    assert json.loads(write("json", [STALE, BOUNDS])) == {
        "version": 2,
        "counts": {"severity": {"error": 1, "warning": 1}, "rule": {"quantity-bounds": 1, "stale": 1}},
        "findings": [
            {
                "location": {"path": "data/claims.csv", "line": None, "column": None},
                "rule": "stale",
                "severity": "warning",
                "message": "the file does not match the seed records",
                "hint": "run scripts/build.py",
                "table": "",
                "row": "",
                "column": "",
                "value": "",
            },
            {
                "location": {"path": RECORD, "line": 40, "column": None},
                "rule": "quantity-bounds",
                "severity": "error",
                "message": "bound_type 'up_to' has value_low",
                "hint": "",
                "table": "",
                "row": "",
                "column": "",
                "value": "",
            },
        ],
    }


def test_github_has_errors_before_warnings() -> None:
    assert write("github", FINDINGS) == (
        "::error file=seeds/sources/SRC-0005.yaml,line=40,title=quantity-bounds::bound_type 'up_to' has value_low\n"
        "::error file=seeds/sources/SRC-0005.yaml,line=212,col=9,title=vocabulary::"
        "'affirm' is not in the vocabulary of polarity%0Adid you mean 'affirmed'?\n"
        "::warning file=data/claims.csv,title=stale::the file does not match the seed records%0Arun scripts/build.py\n"
        "::warning file=seeds/sources/SRC-0005.yaml,line=7,col=3,title=vocabulary::'other' says little\n"
    )


def test_github_escapes_properties_more_than_messages() -> None:
    finding = Finding(Location("a,b:c%.csv", 1), "frictionless:type-error", "50%, or: so")
    assert write("github", [finding]) == (
        "::error file=a%2Cb%3Ac%25.csv,line=1,title=frictionless%3Atype-error::50%25, or: so\n"
    )


def test_github_says_how_many_findings_it_leaves_out() -> None:
    many = [Finding(Location("a.csv", line), "r", "m") for line in range(1, 1003)]
    lines = write("github", many).splitlines()
    assert (len(lines), lines[-1]) == (501, "::notice title=findings::502 more findings")


def test_the_summary_counts_by_rule_and_lists_by_file() -> None:
    assert step_summary(in_order(FINDINGS), RULES) == (
        "## 2 errors, 2 warnings\n"
        "\n"
        "| rule | requirement | errors | warnings |\n"
        "| --- | --- | ---: | ---: |\n"
        "| quantity-bounds | The values of a figure fit its kind of bound\\. | 1 | 0 |\n"
        "| stale |  | 0 | 1 |\n"
        "| vocabulary | A value is in the vocabulary of its column\\. | 1 | 1 |\n"
        "\n"
        "### data/claims\\.csv\n"
        "\n"
        "- **warning** stale: the file does not match the seed records (run scripts/build\\.py)\n"
        "\n"
        "### seeds/sources/SRC-0005\\.yaml\n"
        "\n"
        "- 7:3 **warning** vocabulary: 'other' says little\n"
        "- 40 **error** quantity-bounds: bound\\_type 'up\\_to' has value\\_low\n"
        "- 212:9 **error** vocabulary: 'affirm' is not in the vocabulary of polarity "
        "(did you mean 'affirmed'?)\n"
        "\n"
    )


def test_the_summary_is_appended_to_the_file_of_github(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    append_step_summary([], {"GITHUB_STEP_SUMMARY": str(path)})
    append_step_summary([STALE], {"GITHUB_STEP_SUMMARY": str(path)})
    append_step_summary([STALE], {})
    text = path.read_text(encoding="utf-8")
    statements = {each.id: each.statement for each in catalogue()}
    assert text == "before\n## No findings\n\n" + step_summary([STALE], statements)


def test_the_summary_has_every_finding_however_many() -> None:
    many = [Finding(Location("a.csv", line), "r", "m") for line in range(1, 2002)]
    assert step_summary(many, {}).count("\n- ") == 2001


def test_the_summary_stays_below_the_limit_of_github() -> None:
    many = [Finding(Location("a.csv", line), "r", "\U000e0041" * 600, "@" * 600) for line in range(1, 500)]
    text = step_summary(many, {})
    assert BYTES / 2 < len(text.encode()) < 2**20
    assert text.endswith("\n\n… and more, which do not fit here: run scripts/validate.py.\n\n")


def test_every_format_reports_no_findings() -> None:
    assert write("text", []) == ""
    assert write("github", []) == ""
    assert json.loads(write("json", []))["counts"] == {"severity": {"error": 0, "warning": 0}, "rule": {}}


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^unknown report format 'yaml'; use one of: text, json, github$"):
        write("yaml", [])


@pytest.mark.parametrize("format_", FORMATS)
def test_findings_are_reported_in_order_and_each_once(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    ties = [Finding(Location("a"), "r", "m", hint, value=value) for hint in "abc" for value in "xyz"]
    expected = write(format_, ties + FINDINGS)
    for seed in range(5):
        print_findings(in_order(random.Random(seed).sample(ties * 2 + FINDINGS * 2, 26)), format_)  # noqa: S311
        assert capsys.readouterr() == (expected, "11 errors, 2 warnings\n")


def everything(finding: Finding, rules: Mapping[str, str]) -> dict[str, str]:
    """Every text that a finding can become, by format."""
    return {
        **{each: write(each, [finding]) for each in FORMATS},
        "summary": step_summary([finding], rules),
    }


def unseen(text: str) -> set[str]:
    return {each for each in text if category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or each in "\ufffe\uffff"}


@PROBES
def test_no_format_prints_invisible_characters(text: str) -> None:
    for format_, output in everything(hostile(text), {text: text}).items():
        assert unseen(output) <= {"\n"}, format_
        assert output.encode("utf-8").decode("utf-8") == output


@PROBES
def test_a_finding_is_one_line_whatever_it_quotes(text: str) -> None:
    for format_ in ("text", "github"):
        assert write(format_, [hostile(text)]).count("\n") == 1


@PROBES
def test_json_keeps_the_original_text(text: str) -> None:
    (finding,) = json.loads(write("json", [hostile(text)]))["findings"]
    assert finding["value"] == re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):x}", text)


def test_a_value_of_a_megabyte_is_cut_in_the_middle() -> None:
    finding = Finding(Location("a.csv", 1), "r", f"'{'x' * 2**20}' is too long", value="y" * 2**20)
    for format_, output in everything(finding, {}).items():
        assert len(output) < 5_000, format_
    assert re.fullmatch(
        r"a\.csv:1: r: 'x{449} \[…1047990 characters…\] x{137}' is too long\n", write("text", [finding])
    )


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@PROBES
def test_the_summary_renders_as_nothing_but_its_own_markup(text: str) -> None:
    page = Tags()
    page.feed(gfm.convert(step_summary([hostile(text)], {text: text})))
    own = {"h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong"}
    assert page.tags - {"p"} == own
    if not unseen(text):
        assert page.text.count(text) == 6  # rule and statement; path; rule, message and hint


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=())), min_size=4, max_size=4), line=st.integers(0, 3))
def test_any_text_at_all_can_be_reported(texts: list[str], line: int) -> None:
    path, rule, message, hint = texts
    finding = Finding(Location(path, line, line), rule, message, hint, value=message)
    outputs = everything(finding, {rule: hint})
    assert all(unseen(each) <= {"\n"} for each in outputs.values())
    assert len(json.loads(outputs["json"])["findings"]) == 1
