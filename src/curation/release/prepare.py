"""Preparing a release: every file that states the version, or is generated, is written for the new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from curation.generate import build
from curation.project import Project, read_project
from curation.release.changelog import Section, read_changelog
from curation.release.check import ReleaseRequest, check_bump, last_release, section_of, short
from curation.released import read_list, released_csv
from curation.seeds.files import DATASET
from curation.validate import Progress
from curation.write import stray_files, write_files
from russia_dprk_claims.checks.findings import Severity
from russia_dprk_claims.loading import RELEASED
from russia_dprk_claims.releases import Version

_VERSION = re.compile(r'^version: ("?)[0-9.]+\1 *(?:#.*)?$', re.MULTILINE)
_RELEASED = re.compile(r'^released: ("?)[0-9-]+\1 *(?:#.*)?\n?', re.MULTILINE)
# A date that is written otherwise.
_OTHER = re.compile(r"""^["']?released["']?[ \t]*:""", re.MULTILINE)


@dataclass(frozen=True)
class Prepared:
    """The problems, one line each; or else the paths that were written and removed."""

    problems: list[str]
    written: Sequence[str] = ()
    removed: Sequence[str] = ()
    section: Section | None = None


def prepare(request: ReleaseRequest, progress: Progress) -> Prepared:
    """Write the version, the list of released ids and all generated files; nothing if there is a problem."""
    progress("the last release")
    sections, _ = read_changelog(request.root)
    last = last_release(request, sections)
    progress("reading the seeds")
    project = read_project(request.root, request.texts)
    section = section_of(sections, request.version)
    files, problems = _files(project, request.version, section.day if section else "")
    problems += check_bump(request, last, project if files else None)
    if problems:
        return Prepared(problems)
    removed = stray_files(request.root, files)
    written = write_files(request.root, files, removed)
    return Prepared([], sorted(written), removed, section)


def _files(project: Project, version: Version, day: str) -> tuple[Mapping[str, bytes], list[str]]:
    """Return all files of a version, or the problem with the records."""
    if project.dataset is None:
        return {}, [f"{short(project.findings[0])}: run scripts/validate.py"]
    built = build(replace(project, dataset=replace(project.dataset, version=str(version), released=day)))
    if not built.files:
        first = next(each for each in built.findings if each.severity is Severity.ERROR)
        return {}, [f"the records are invalid: {short(first)}: run scripts/validate.py"]
    description = with_version((project.root / DATASET).read_bytes().decode("utf-8"), version, day)
    if description is None:
        line = f'version: "{project.dataset.version}"'
        return {}, [f"{DATASET}: version and released must each be on a line that is written like {line}: correct them"]
    released = released_csv(project.contract, project.tables, read_list(project.root))
    return {**built.files, RELEASED: released, DATASET: description.encode("utf-8")}, []


def with_version(text: str, version: Version, day: str) -> str | None:
    r"""Return the text of `seeds/dataset.yaml` with another version and date; None if they are not on one line each.

    >>> with_version('name: n\nversion: "1.0.0"\n', Version(1, 1, 0), "2030-04-05")
    'name: n\nversion: "1.1.0"\nreleased: "2030-04-05"\n'
    """
    released = f'\nreleased: "{day}"' if day else ""
    undated = _RELEASED.sub("", text)
    changed, number = _VERSION.subn(f'version: "{version}"{released}', undated)
    return changed if number == 1 and not _OTHER.search(undated) else None
