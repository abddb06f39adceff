"""For GitHub Actions: workflow commands, which GitHub shows as annotations, and the summary of a step.

GitHub shows about ten annotations of a kind for a step, so errors come first; the summary has more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from curation.report.counts import by_rule, numbered, tally
from curation.report.escape import escape_controls, escape_markdown, for_display, truncate
from russia_dprk_claims.checks.catalogue import catalogue
from russia_dprk_claims.checks.findings import Finding, Severity

CAP = 500
# GitHub rejects a summary of more than 1 MiB.
BYTES = 900_000


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
    text = f"## {tally(findings)}\n\n" + "".join(f"{line}\n" for line in _table(findings, statements))
    room, shown, path = BYTES - len(text.encode()), 0, None
    for each in map(for_display, findings):
        heading = "" if each.location.path == path else f"\n### {escape_markdown(each.location.path)}\n\n"
        item = heading + _item(each)
        room -= len(item.encode())
        if room < 0:
            break
        text, shown, path = text + item, shown + 1, each.location.path
    more = len(findings) - shown
    return text + (f"\n{numbered(more, 'more finding')} not shown here.\n\n" if more else "\n")


def _table(findings: Sequence[Finding], statements: Mapping[str, str]) -> Iterator[str]:
    errors = by_rule(each for each in findings if each.severity is Severity.ERROR)
    yield "| rule | errors | warnings | requirement |"
    yield "|---|--:|--:|---|"
    for rule, number in by_rule(findings).items():
        name, statement = (
            escape_markdown(escape_controls(truncate(text))) for text in (rule, statements.get(rule, ""))
        )
        yield f"| {name} | {errors.get(rule, 0)} | {number - errors.get(rule, 0)} | {statement} |"


def _item(finding: Finding) -> str:
    position = ":".join(str(each) for each in (finding.location.line, finding.location.column) if each)
    rule, message, hint = (escape_markdown(text) for text in (finding.rule, finding.message, finding.hint))
    start = f"- {position} " if position else "- "
    return f"{start}**{finding.severity}** {rule}: {message}{f' ({hint})' if hint else ''}\n"
