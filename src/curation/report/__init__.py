"""Reports: findings as text in one of several formats, which docs/FINDINGS.md describes.

Every writer is a pure function: findings in, text out. Printing and uploading happen elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from curation.report.counts import by_rule, by_severity
from curation.report.escape import PATH_LIMIT, TEXT_LIMIT, TEXTS, encodable, truncate
from curation.report.github import write_github
from curation.report.text import write_plain
from russia_dprk_claims.checks.findings import Finding

FORMATS = ("text", "json", "github")
# Within a version, the fields of the JSON keep their names and meaning.
VERSION = 2


def write(format_: str, findings: Sequence[Finding]) -> str:
    """Return findings, which are in order, in one of the `FORMATS`."""
    if format_ == "text":
        return write_plain(findings)
    if format_ == "json":
        return _json(findings)
    if format_ == "github":
        return write_github(findings)
    raise ValueError(f"unknown report format {format_!r}; use one of: {', '.join(FORMATS)}")


def _json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON object, with invisible characters as JSON escapes."""
    rules = {_text(rule): number for rule, number in by_rule(findings).items()}
    report = {
        "version": VERSION,
        "counts": {"severity": by_severity(findings), "rule": rules},
        "findings": [_finding(each) for each in findings],
    }
    lines = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True).split("\n")
    return "".join(f"{_escaped(line)}\n" for line in lines)


def _escaped(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def _finding(finding: Finding) -> dict[str, object]:
    path, line, column = finding.location.path, finding.location.line, finding.location.column
    location = {"path": _text(path, PATH_LIMIT), "line": line or None, "column": column or None}
    texts = {name: _text(getattr(finding, name)) for name in ("severity", *TEXTS)}
    return {"location": location, **texts}


def _text(text: str, limit: int = TEXT_LIMIT) -> str:
    return encodable(truncate(text, limit))
