"""The version of a release: `1.2.3` parsed and compared. It is said here alone what a version looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Nine digits are more than a release will ever need, and few enough for every reader's integers.
_FORM = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


class VersionError(ValueError):
    """A text that is no version."""


@dataclass(frozen=True, order=True)
class Version:
    """A version by the rules of Semantic Versioning, without labels for what comes before a release.

    Examples
    --------
    >>> Version.of("1.10.0") > Version.of("1.9.3")
    True
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


def is_version(text: str) -> bool:
    """Return whether a text is a version.

    Examples
    --------
    >>> is_version("1.2.0"), is_version("1.02.0")
    (True, False)
    """
    return _FORM.fullmatch(text) is not None
