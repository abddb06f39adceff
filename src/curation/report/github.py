"""For GitHub Actions: workflow commands, which GitHub shows as annotations, and the summary of a step.

GitHub shows about ten annotations of a kind for a step, so errors come first; the summary has more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from curation.report.counts import by_rule, numbered, tally
from curation.report.escape import TEXT_LIMIT, escape_markdown, fitting, for_display, table_lines
from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import Finding, Severity

CAP = 500
# GitHub rejects a summary of more than 1 MiB.
BYTES = 900_000
_COLUMNS = ("rule", "requirement", "errors", "warnings")


def write_github(findings: Sequence[Finding]) -> str:
    """Return one workflow command per finding, errors first, and a notice of how many more than `CAP` there are."""
    urgent = sorted(findings, key=lambda each: each.severity is not Severity.ERROR)
    lines = [_annotation(for_display(each)) for each in urgent[:CAP]]
    if len(urgent) > CAP:
        lines.append(f"::notice title=findings::{numbered(len(urgent) - CAP, 'more finding')}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding) -> str:
    location = finding.location
    known = {
        "file": location.path,
        "line": str(location.line or ""),
        "col": str((location.line and location.column) or ""),
        "title": finding.rule,
    }
    escaped = {name: _escape(value).replace(":", "%3A").replace(",", "%2C") for name, value in known.items() if value}
    properties = ",".join(f"{name}={value}" for name, value in escaped.items())
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    return f"::{finding.severity} {properties}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def append_step_summary(findings: Sequence[Finding], environment: Mapping[str, str]) -> None:
    """Append the summary to the file that GITHUB_STEP_SUMMARY names, if it is set."""
    path = environment.get("GITHUB_STEP_SUMMARY")
    if path:
        statements = {each.id: each.statement for each in catalogue()}
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(step_summary(findings, statements))


def step_summary(findings: Sequence[Finding], statements: Mapping[str, str]) -> str:
    """Return Markdown: the counts by rule with its statement, and as many findings by file as there is room for."""
    if not findings:
        return "## No findings\n\n"
    errors = by_rule(each for each in findings if each.severity is Severity.ERROR)
    rows = [
        (rule, statements.get(rule, ""), str(errors.get(rule, 0)), str(number - errors.get(rule, 0)))
        for rule, number in by_rule(findings).items()
    ]
    lines = [f"## {tally(findings)}", "", *table_lines(_COLUMNS, rows, numbers=2, width=TEXT_LIMIT)]
    for path, own in groupby(map(for_display, findings), lambda each: each.location.path):
        lines += ["", f"### {escape_markdown(path)}", "", *map(_item, own)]
    more = "… and more, which do not fit here: run scripts/validate.py."
    return "\n".join(fitting(lines, BYTES, more)) + "\n\n"


def _item(finding: Finding) -> str:
    position = ":".join(str(each) for each in (finding.location.line, finding.location.column) if each)
    rule, message, hint = (escape_markdown(text) for text in (finding.rule, finding.message, finding.hint))
    start = f"- {position} " if position else "- "
    return f"{start}**{finding.severity}** {rule}: {message}{f' ({hint})' if hint else ''}"
