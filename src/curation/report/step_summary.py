"""The summary of a step of GitHub Actions: a table of the rules and the findings by file, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from curation.report.counts import by_rule, numbered, tally
from curation.report.visible import shortened, shown, visible
from russia_dprk_claims.checks.findings import Finding, Severity, in_order

CAP = 500
# GitHub refuses a summary of more than 1 MiB, all of it.
BYTES = 900_000


def append_step_summary(findings: Iterable[Finding], rules: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Append the summary to the file that GITHUB_STEP_SUMMARY names, where it is set."""
    path = environment.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(step_summary(in_order(findings), rules))


def step_summary(findings: Sequence[Finding], rules: Mapping[str, str]) -> str:
    """Return the summary: the counts by rule, then as many findings as there is room for, and how many more.

    Parameters
    ----------
    findings
        The findings, in order.
    rules
        The one-sentence statement of every rule, by its id.
    """
    if not findings:
        return "## No findings\n\n"
    table = "".join(f"{line}\n" for line in _table(findings, rules))
    listed, number = _fitting(_list(findings[:CAP]), BYTES - len(table.encode()))
    more = len(findings) - number
    rest = f"\n{numbered(more, 'more finding')} not shown here.\n" if more else ""
    return f"## {tally(findings)}\n\n{table}{listed}{rest}\n"


def _fitting(pieces: Iterable[tuple[str, int]], room: int) -> tuple[str, int]:
    """Return the first pieces that fit into `room` bytes, joined, and how many findings they tell."""
    parts, number = [], 0
    for part, count in pieces:
        room -= len(part.encode())
        if room < 0:
            break
        parts.append(part)
        number += count
    return "".join(parts), number


def _table(findings: Sequence[Finding], rules: Mapping[str, str]) -> Iterator[str]:
    errors = by_rule(each for each in findings if each.severity is Severity.ERROR)
    yield "| rule | errors | warnings | what it says |"
    yield "|---|--:|--:|---|"
    for rule, number in by_rule(findings).items():
        cells = (escaped(visible(shortened(rule))), str(errors.get(rule, 0)), str(number - errors.get(rule, 0)))
        yield f"| {' | '.join(cells)} | {escaped(visible(rules.get(rule, '')))} |"


def _list(findings: Sequence[Finding]) -> Iterator[tuple[str, int]]:
    """Yield the pieces of the list, and for each how many findings it tells."""
    for path, group in groupby(map(shown, findings), key=lambda each: each.location.path):
        yield f"\n### {escaped(path)}\n\n", 0
        for each in group:
            place = ":".join(str(number) for number in (each.location.line, each.location.column) if number)
            hint = f" ({escaped(each.hint)})" if each.hint else ""
            start = f"{place} " if place else ""
            yield f"- {start}**{each.severity}** {escaped(each.rule)}: {escaped(each.message)}{hint}\n", 1


def escaped(text: str) -> str:
    """Return a text that is nothing but text in Markdown and in HTML, wherever it stands.

    Every punctuation mark becomes a reference, which builds neither markup nor links. The comment after `@` keeps
    GitHub from making a mention or an address of it.

    >>> escaped("a|b")
    'a&#124;b'
    >>> escaped("@a")
    '&#64;<!---->a'
    """
    return re.sub(r"[!-/:-@\[-`{-~]", _reference, text)


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};" + ("<!---->" if match[0] == "@" else "")
