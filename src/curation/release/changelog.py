"""The changelog: its sections by version, in the form of Keep a Changelog. People write it; this only reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from curation.dataset import is_day
from russia_dprk_claims.releases import Version, is_version

CHANGELOG = "CHANGELOG.md"

_HEADING = re.compile(r"^##[ \t]+\[?([^\]\s]+)\]?(?:\([^)]*\))?(.*)$", re.MULTILINE)
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
# Headings of any level and link definitions are not content.
_NO_CONTENT = re.compile(r"\s*(#.*|\[[^\]]+\]:.*)?")


@dataclass(frozen=True)
class Section:
    """The section on one release: its date, if the heading has a valid one, and the lines below the heading."""

    version: Version
    day: str
    body: str

    @property
    def is_empty(self) -> bool:
        """Whether there are only headings and link definitions."""
        return all(_NO_CONTENT.fullmatch(line) for line in self.body.splitlines())


def read_changelog(root: Path) -> tuple[list[Section], list[str]]:
    """Return the sections of the changelog, or the problem with the file."""
    try:
        return sections((root / CHANGELOG).read_text(encoding="utf-8")), []
    except FileNotFoundError:
        return [], [f"{CHANGELOG}: missing: describe the changes in it"]
    except (OSError, UnicodeDecodeError):
        return [], [f"{CHANGELOG}: not readable as UTF-8: save it in that encoding"]


def sections(text: str) -> list[Section]:
    """Return the sections of a changelog that have a version, in their order.

    Examples
    --------
    >>> [(str(each.version), each.day) for each in sections("## [1.0.0] - 2030-04-05" + chr(10) + "- All.")]
    [('1.0.0', '2030-04-05')]
    """
    _, *parts = _HEADING.split(text)
    return [
        Section(Version.of(name), next(filter(is_day, _DAY.findall(rest)), ""), body.strip("\n"))
        for name, rest, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        if is_version(name)
    ]
