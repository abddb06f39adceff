"""Reports: the findings of a run as text in one of several formats.

Every writer is a pure function: findings and rules in, text out. What prints, saves or uploads it is elsewhere.
docs/FINDINGS.md describes the formats for those who read them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

from russia_dprk_claims.checks.findings import Finding, in_order

FORMATS = ("text", "json", "github")


@dataclass(frozen=True)
class Screen:
    """A terminal that somebody looks at: how many columns it has, and whether it is to be in colours."""

    width: int
    colours: bool


def screen_of(stream: TextIO, environment: Mapping[str, str]) -> Screen | None:
    """Return the terminal that `stream` writes to, or None where it writes to a file or another program."""
    if not stream.isatty():
        return None
    colours = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return Screen(shutil.get_terminal_size().columns, colours)


def write(format_: str, findings: Iterable[Finding], screen: Screen | None = None) -> str:
    """Return the findings, each once and in order, in one of the `FORMATS`; the last line ends, if there is one.

    Parameters
    ----------
    format_
        The name of the format.
    findings
        What a check found wrong, in any order.
    screen
        Where `text` is to be shown. Without one it is the plain form, one line a finding, for grep and editors.
    """
    found = in_order(findings)
    if format_ == "text" and screen:
        from curation.report.terminal import write_grouped

        return write_grouped(found, screen.width, screen.colours)
    if format_ == "text":
        from curation.report.plain import write_plain

        return write_plain(found)
    return _write_for_machines(format_, found)


def _write_for_machines(format_: str, findings: list[Finding]) -> str:
    if format_ == "json":
        from curation.report.json_report import write_json

        return write_json(findings)
    if format_ == "github":
        from curation.report.github import write_github

        return write_github(findings)
    raise ValueError(f"{format_!r} is no format of reports; one of: {', '.join(FORMATS)}")
