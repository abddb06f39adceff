"""The form for code scanning: SARIF 2.1.0, one run, without anything that changes from run to run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from curation.report.visible import PATH_LIMIT, shortened, shown, visible
from russia_dprk_claims.checks.findings import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
TOOL = "russia-dprk-claims"


def write_sarif(findings: Sequence[Finding], rules: Mapping[str, str]) -> str:
    """Return the findings as a SARIF log.

    Parameters
    ----------
    findings
        The findings, in order.
    rules
        The one-sentence statement of every rule, by its id. A rule that is found and not in it is stated by its id.
    """
    ids = sorted({*rules, *(each.rule for each in findings)})
    index = {rule: number for number, rule in enumerate(ids)}
    run = {
        "tool": {"driver": {"name": TOOL, "rules": [_descriptor(each, rules.get(each, each)) for each in ids]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[each.rule]) for each in findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _descriptor(rule: str, statement: str) -> dict[str, object]:
    return {
        "id": visible(shortened(rule)),
        "shortDescription": {"text": visible(statement) or visible(shortened(rule))},
    }


def _result(finding: Finding, index: int) -> dict[str, object]:
    seen = shown(finding)
    result: dict[str, object] = {
        "ruleId": seen.rule,
        "ruleIndex": index,
        "level": str(seen.severity),
        "message": {"text": _unlinked(f"{seen.message} ({seen.hint})" if seen.hint else seen.message)},
    }
    if finding.origin.path:
        result["locations"] = [{"physicalLocation": _location(finding)}]
    cell = {name: getattr(seen, name) for name in ("table", "row", "column", "value")}
    if any(cell.values()):
        result["properties"] = {name: text for name, text in cell.items() if text}
    return result


def _location(finding: Finding) -> dict[str, object]:
    """Return the place of a finding, with as much of the region as is known."""
    origin = finding.origin
    location: dict[str, object] = {"artifactLocation": {"uri": _uri(origin.path)}}
    if origin.line:
        location["region"] = {"startLine": origin.line, **({"startColumn": origin.column} if origin.column else {})}
    return location


def _unlinked(text: str) -> str:
    """Return a text in which no viewer finds a link: `[text](target)` is one in the messages of SARIF."""
    return re.sub(r"(\\*)\]\(", r"\1\1\\](", text)


def _uri(path: str) -> str:
    """Return a path as a URI reference. A colon is escaped as well, so that no path begins with a scheme."""
    return quote(shortened(path, PATH_LIMIT).encode("utf-8", "surrogatepass"), safe="/")
