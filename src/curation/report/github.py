"""The form for GitHub Actions: workflow commands, which GitHub shows as annotations at the lines that they name.

GitHub shows about ten of a kind for a step, so errors come first; the summary of the step (`step_summary`) has more.
"""

from __future__ import annotations

from collections.abc import Sequence

from curation.report.counts import numbered
from curation.report.visible import shown
from russia_dprk_claims.checks.findings import Finding, Severity

CAP = 500


def write_github(findings: Sequence[Finding]) -> str:
    """Return one workflow command a finding, errors first, and a notice of how many more there are than `CAP`."""
    urgent = sorted(findings, key=lambda each: each.severity is not Severity.ERROR)
    lines = [_annotation(shown(each)) for each in urgent[:CAP]]
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
    properties = ",".join(f"{name}={_in_property(value)}" for name, value in known.items() if value)
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    return f"::{finding.severity} {properties}::{_in_message(message)}"


def _in_message(text: str) -> str:
    """Return a text as the message of a command has it: percent signs and line ends are escaped."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_property(text: str) -> str:
    """Return a text as a property of a command has it: colons and commas are escaped besides."""
    return _in_message(text).replace(":", "%3A").replace(",", "%2C")
