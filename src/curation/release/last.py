"""The last release: found by the tags of the repository, or named by whoever makes the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curation.release.changelog import CHANGELOG, Section
from curation.release.files import SnapshotError
from curation.release.git import commit_of, tagged_releases
from curation.release.snapshot import NOTHING, Snapshot, read_revision, read_snapshot
from russia_dprk_claims.releases import Version


@dataclass(frozen=True)
class Release:
    """A release that was made: its name for people, its version, and what it held."""

    name: str
    version: Version
    snapshot: Snapshot


def last_release(root: Path, named: str | None, next_: Version, told: Iterable[Section]) -> Release | None:
    """Return the release before the one that is being made, or None before the first.

    Parameters
    ----------
    root
        The project folder.
    named
        The zip file, folder or revision that holds it, or `none`; by default the newest tag by version decides.
    next_
        The version that is being made. A tag of it on the commit that is checked out is this release, not the last.
    told
        What the changelog tells of.

    Raises
    ------
    SnapshotError
        If it cannot be read, or states no version.
    GitError
        If the repository cannot say.
    """
    if named == NOTHING:
        return None
    if named is not None:
        snapshot = read_snapshot(named, root)
        if snapshot.version is None:
            raise SnapshotError(f"{named}: its datapackage.json states no version, so it cannot be the last release")
        return Release(named, snapshot.version, snapshot)
    tags = tagged_releases(root)
    if next_ in tags and tags[next_] == commit_of(root, "HEAD"):
        del tags[next_]
    if tags:
        newest = max(tags)
        return Release(newest.tag, newest, read_revision(f"refs/tags/{newest.tag}", root, newest.tag))
    _refuse_without_tags(next_, told)
    return None


def _refuse_without_tags(next_: Version, told: Iterable[Section]) -> None:
    """Refuse to take a release for the first where the changelog tells of earlier ones: the tags were not fetched."""
    earlier = [each.version for each in told if each.version < next_]
    if earlier:
        why = f"{CHANGELOG} tells of {max(earlier)}, but there is no tag {max(earlier).tag} here"
        raise SnapshotError(f"{why}: fetch the tags, or name the last release with --previous")
