"""The plain form: `path:line:column: rule: message (hint)`, one line a finding, as compilers write them."""

from __future__ import annotations

from collections.abc import Sequence

from curation.report.visible import shown
from russia_dprk_claims.checks.findings import Finding, Severity


def write_plain(findings: Sequence[Finding]) -> str:
    """Return one line a finding; a warning says so at its beginning."""
    return "".join(f"{plain_line(each)}\n" for each in findings)


def plain_line(finding: Finding) -> str:
    """Return the line of one finding, without its end."""
    mark = "" if finding.severity is Severity.ERROR else f"{finding.severity}: "
    return f"{mark}{shown(finding)}"
