"""The form for programs: one JSON object, whose fields keep their names and meaning for as long as `version` does.

The object has `version` (a whole number, now 1), `counts` (`severity`: the number of `error` and of `warning`;
`rule`: the number of findings of each rule that has any) and `findings`, in the order of their places. A finding has

- `origin`: `path`, `line` and `column`; line and column count from 1 and are null where they are not known;
- `rule`, `severity` (`error` or `warning`), `message`, `hint`;
- `table`, `row`, `column`, `value`: the cell, as far as there is one.

Every field is always there; a text that says nothing is empty. A text of more than 600 characters keeps its beginning
and its end. Keys are sorted, and the last line ends. Characters that cannot be seen are escaped, so that the report can
be looked at; a lone surrogate, which UTF-8 cannot encode, is replaced by its code. docs/FINDINGS.md has an example.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from curation.report.counts import by_rule, by_severity
from curation.report.visible import PATH_LIMIT, TEXT_LIMIT, encodable, shortened
from russia_dprk_claims.checks.findings import Finding

VERSION = 1
TEXTS = ("rule", "severity", "message", "hint", "table", "row", "column", "value")


def write_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON object."""
    report = {
        "version": VERSION,
        "counts": {
            "severity": by_severity(findings),
            "rule": {_text(rule): number for rule, number in by_rule(findings).items()},
        },
        "findings": [_finding(each) for each in findings],
    }
    lines = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True).split("\n")
    return "".join(f"{_escaped(line)}\n" for line in lines)


def _finding(finding: Finding) -> dict[str, object]:
    location = finding.location
    place = {"path": _text(location.path, PATH_LIMIT), "line": location.line or None, "column": location.column or None}
    return {"origin": place, **{name: _text(getattr(finding, name)) for name in TEXTS}}


def _escaped(line: str) -> str:
    """Return a line of JSON with references for what cannot be seen; whoever parses it gets the same."""
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def _text(text: str, limit: int = TEXT_LIMIT) -> str:
    return encodable(shortened(text, limit))
