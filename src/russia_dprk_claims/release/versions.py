"""Versions: `1.2.3` parsed and compared, and how far a change must raise them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

# Nine digits are more than a release will ever need, and few enough for every reader's integers.
_FORM = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


class Level(IntEnum):
    """How much a change matters to those who use the data."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        """Return the level as people write it, as `major`."""
        return self.name.lower()


class VersionError(ValueError):
    """A text that is no version."""


@dataclass(frozen=True, order=True)
class Version:
    """A version by the rules of Semantic Versioning, without labels for what comes before a release.

    Examples
    --------
    >>> Version.of("1.10.0") > Version.of("1.9.3")
    True
    >>> str(Version.of("1.9.3").raised(Level.MINOR))
    '1.10.0'
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def of(cls, text: str) -> Version:
        """Return the version that a text is.

        Raises
        ------
        VersionError
            If the text is not three numbers with dots between them, without leading zeros.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise VersionError(f"{text!r} is not a version: write it as 1.2.0")
        return cls(*map(int, match.groups()))

    def __str__(self) -> str:
        """Return the version as it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def tag(self) -> str:
        """The name of the tag of the release."""
        return f"v{self}"

    def raised(self, level: Level) -> Version:
        """Return the least version that tells of a change of a level."""
        if level is Level.MAJOR:
            return Version(self.major + 1, 0, 0)
        if level is Level.MINOR:
            return Version(self.major, self.minor + 1, 0)
        if level is Level.PATCH:
            return Version(self.major, self.minor, self.patch + 1)
        return self


# Before it nothing has been promised to anybody.
FIRST = Version(1, 0, 0)
