"""The form for test reports: JUnit XML, in which every rule is a test that passes or fails.

One test case a rule, under a name that stays the same, so that GitLab and Jenkins can tell since when a rule fails.
Both read only one failure of a test case: it has all errors of the rule, a line each. Warnings stop nothing, so they
fail no test; they are the output of theirs. There are no times and no host names: the same findings, the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from curation.report.plain import plain_line
from curation.report.visible import shortened, shown, visible
from russia_dprk_claims.checks.findings import Finding, Severity

SUITE = "validate"
CAP = 500


def write_junit(findings: Sequence[Finding], rules: Mapping[str, str]) -> str:
    """Return the findings as a JUnit XML report.

    Parameters
    ----------
    findings
        The findings, in order.
    rules
        The one-sentence statement of every rule, by its id. A rule that is found and not in it is a test too.
    """
    found: dict[str, list[Finding]] = {rule: [] for rule in rules}
    for each in findings:
        found.setdefault(each.rule, []).append(each)
    failed = sum(any(each.severity is Severity.ERROR for each in group) for group in found.values())
    counts = {"tests": str(len(found)), "failures": str(failed), "errors": "0"}
    root = Element("testsuites", counts)
    suite = SubElement(root, "testsuite", {"name": SUITE, **counts, "skipped": "0"})
    for rule, group in sorted(found.items()):
        _add_case(suite, rule, rules.get(rule, ""), group)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_case(suite: Element, rule: str, statement: str, findings: Sequence[Finding]) -> None:
    case = SubElement(suite, "testcase", {"classname": SUITE, "name": visible(shortened(rule))})
    errors = [each for each in findings if each.severity is Severity.ERROR]
    warnings = [each for each in findings if each.severity is Severity.WARNING]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        failure = SubElement(case, "failure", {"message": f"{shown(errors[0]).message}{more}", "type": "error"})
        failure.text = _lines([visible(statement)] if statement else [], errors)
    if warnings:
        SubElement(case, "system-out").text = _lines([], warnings)


def _lines(first: Iterable[str], findings: Sequence[Finding]) -> str:
    """Return a line a finding, and how many more there are than `CAP`."""
    more = [f"and {len(findings) - CAP} more"] if len(findings) > CAP else []
    return "\n".join([*first, *map(plain_line, findings[:CAP]), *more])
