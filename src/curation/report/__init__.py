"""Reports: findings as text in one of several formats, which docs/FINDINGS.md describes.

Every writer is a pure function: findings in, text out. Printing and uploading happen elsewhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from russia_dprk_claims.checks.findings import Finding

FORMATS = ("text", "json", "github")


@dataclass(frozen=True)
class Screen:
    """A terminal: its width in columns, and whether to use colours."""

    width: int
    colours: bool


def screen_of(stream: TextIO, environment: Mapping[str, str]) -> Screen | None:
    """Return the terminal that `stream` writes to, or None if it is a file or a pipe."""
    if not stream.isatty():
        return None
    colours = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return Screen(shutil.get_terminal_size().columns, colours)


def write(format_: str, findings: Sequence[Finding], screen: Screen | None = None) -> str:
    """Return findings in one of the `FORMATS`.

    Parameters
    ----------
    format_
        The name of the format.
    findings
        The findings, sorted by `in_order`.
    screen
        The terminal that shows `text`. Without one, `text` is the plain form: one line per finding.

    Returns
    -------
    str
        The report. It ends with a newline unless it is empty.
    """
    if format_ == "text":
        from curation.report.text import write_grouped, write_plain

        return write_grouped(findings, screen.width, screen.colours) if screen else write_plain(findings)
    if format_ == "json":
        from curation.report.json import write_json

        return write_json(findings)
    if format_ == "github":
        from curation.report.github import write_github

        return write_github(findings)
    raise ValueError(f"unknown report format {format_!r}; use one of: {', '.join(FORMATS)}")
