"""Creators: who is cited, from the contributors that the description lists, in its order.

Whoever gave only a title is cited by it, as an alias; no name is made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from curation.dataset import Dataset

ORCID = re.compile(r"^https://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?$")


@dataclass(frozen=True)
class Creator:
    """One contributor: the title, and as far as they are given the names and the ORCID."""

    title: str
    family: str = ""
    given: str = ""
    orcid: str = ""

    @property
    def listed(self) -> str:
        """The name as a list of references has it.

        Examples
        --------
        >>> Creator("A. Lee", "Lee", "Ada").listed, Creator("coder-1").listed
        ('Lee, Ada', 'coder-1')
        """
        return ", ".join(filter(None, (self.family, self.given))) or self.title


def creators(dataset: Dataset) -> tuple[Creator, ...]:
    """Return whom a citation names: every contributor."""
    found = []
    for each in dataset.contributors:
        orcid = ORCID.fullmatch(each.get("path", ""))
        found.append(
            Creator(each["title"], each.get("familyName", ""), each.get("givenName", ""), orcid[1] if orcid else "")
        )
    return tuple(found)
