"""JSON for programs. docs/FINDINGS.md documents the fields, which keep their names and meaning within a `version`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from curation.report.counts import by_rule, by_severity
from curation.report.escape import PATH_LIMIT, TEXT_LIMIT, TEXTS, encodable, truncate
from russia_dprk_claims.checks.findings import Finding

VERSION = 2


def write_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON object."""
    rules = {_text(rule): number for rule, number in by_rule(findings).items()}
    report = {
        "version": VERSION,
        "counts": {"severity": by_severity(findings), "rule": rules},
        "findings": [_finding(each) for each in findings],
    }
    lines = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True).split("\n")
    return "".join(f"{_escaped(line)}\n" for line in lines)


def _finding(finding: Finding) -> dict[str, object]:
    path, line, column = finding.location.path, finding.location.line, finding.location.column
    location = {"path": _text(path, PATH_LIMIT), "line": line or None, "column": column or None}
    texts = {name: _text(getattr(finding, name)) for name in ("severity", *TEXTS)}
    return {"location": location, **texts}


def _escaped(line: str) -> str:
    """Return a line of JSON with invisible characters as JSON escapes; a parser reads the same text."""
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def _text(text: str, limit: int = TEXT_LIMIT) -> str:
    return encodable(truncate(text, limit))
