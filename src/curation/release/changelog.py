"""The changelog: its sections by version, in the form of Keep a Changelog. People write it; this only reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from curation.dataset import is_day
from russia_dprk_claims.releases import Version, is_version

CHANGELOG = "CHANGELOG.md"

_HEADING = re.compile(r"##[ \t]+\[?(?P<name>[^\]\s]+)\]?(?:\([^)]*\))?(?P<rest>.*)")
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
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
        """Whether there are only headings, comments and link definitions."""
        lines = _COMMENT.sub("", self.body).splitlines()
        return all(_NO_CONTENT.fullmatch(line) for line in lines)


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
    found: list[tuple[str, str, list[str]]] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark:
            fence = "" if fence == mark[1][:3] else fence or mark[1][:3]
        heading = None if fence or mark else _HEADING.fullmatch(line)
        if heading:
            found.append((heading["name"], next(filter(is_day, _DAY.findall(heading["rest"])), ""), []))
        elif found:
            found[-1][2].append(line)
    return [
        Section(Version.of(name), day, "\n".join(lines).strip("\n")) for name, day, lines in found if is_version(name)
    ]
