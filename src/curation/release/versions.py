"""How far a change must raise a version."""

from __future__ import annotations

from enum import IntEnum

from russia_dprk_claims.releases import Version


class Bump(IntEnum):
    """How much a change matters to those who use the data."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        """Return the level as people write it, as `major`."""
        return self.name.lower()


# Before it nothing has been promised to anybody.
FIRST = Version(1, 0, 0)


def raised(version: Version, level: Bump) -> Version:
    """Return the least version that tells of a change of a level.

    Examples
    --------
    >>> str(raised(Version(1, 9, 3), Bump.MINOR))
    '1.10.0'
    """
    if level is Bump.MAJOR:
        return Version(version.major + 1, 0, 0)
    if level is Bump.MINOR:
        return Version(version.major, version.minor + 1, 0)
    if level is Bump.PATCH:
        return Version(version.major, version.minor, version.patch + 1)
    return version
