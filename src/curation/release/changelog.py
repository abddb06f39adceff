"""The changelog: its sections by version, as Keep a Changelog lays them out. People write it; this only reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curation.dataset import is_day
from russia_dprk_claims.releases import Version, VersionError

CHANGELOG = "CHANGELOG.md"

_HEADING = re.compile(r"##[ \t]+\[?(?P<name>[^\]\s]+)\]?(?:\([^)]*\))?(?P<rest>.*)")
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# A heading of any level, or where a link leads to, says nothing by itself.
_SAYS_NOTHING = re.compile(r"\s*(#.*|\[[^\]]+\]:.*)?")


@dataclass(frozen=True)
class Section:
    """What the changelog says of one release: its day, as far as one that exists is named, and the lines below the
    heading.
    """

    version: Version
    day: str
    body: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said but headings, comments and where links lead."""
        lines = _COMMENT.sub("", self.body).splitlines()
        return all(_SAYS_NOTHING.fullmatch(line) for line in lines)


def sections(text: str) -> list[Section]:
    """Return the sections of a changelog that name a version, in the order in which they stand.

    Examples
    --------
    >>> [(str(each.version), each.day) for each in sections("## [1.0.0] - 2030-04-05" + chr(10) + "- All.")]
    [('1.0.0', '2030-04-05')]
    """
    found: list[tuple[Version, str, list[str]] | None] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark:
            fence = "" if fence == mark[1][:3] else fence or mark[1][:3]
        heading = None if fence or mark else _HEADING.fullmatch(line)
        if heading:
            found.append(_begun(heading))
        elif found and found[-1]:
            found[-1][2].append(line)
    return [Section(each[0], each[1], "\n".join(each[2]).strip("\n")) for each in found if each]


def _begun(heading: re.Match[str]) -> tuple[Version, str, list[str]] | None:
    """Return a section without lines, or None for a heading that names no version, as `Unreleased`."""
    try:
        version = Version.of(heading["name"])
    except VersionError:
        return None
    return version, next(filter(is_day, _DAY.findall(heading["rest"])), ""), []
