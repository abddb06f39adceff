"""The gate: everything that must hold before a release is made, parse_version all at once.

Each question is a small function that yields one line for each thing that is wrong: what, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from curation.dataset import Dataset
from curation.generate import document_files
from curation.project import Project, read_project
from curation.release.changelog import CHANGELOG, Section, sections
from curation.release.diff import compare
from curation.release.git import uncommitted
from curation.release.last import Release, last_release
from curation.release.policy import RequiredBump, least_version, required_bumps
from curation.release.snapshot import Snapshot
from curation.release.versions import FIRST, Bump
from curation.released import RELEASED, released_csv
from curation.report.escape import escape_controls, truncate
from curation.validate import Progress, ProjectResult, validate_project
from curation.write import changed_paths
from russia_dprk_claims.checks.findings import Finding, Severity
from russia_dprk_claims.checks.tables import TextTable
from russia_dprk_claims.releases import Version, VersionError

_NAMED = 3
DATASET = "seeds/dataset.yaml"


@dataclass(frozen=True)
class ReleaseRequest:
    """What somebody wants to release.

    Parameters
    ----------
    root
        The project folder.
    version
        The version, as it was written.
    texts
        Where the source texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.
    previous
        The last release, or `none`; by default the tags say.
    program
        Whether a release is wanted although nothing in the data changed.
    """

    root: Path
    version: str
    texts: Path | None = None
    previous: str | None = None
    program: bool = False


@dataclass(frozen=True)
class ReleaseCheck:
    """What stands against a release, a line each; else what the changelog says of it and what was not verified."""

    problems: list[str]
    section: Section | None
    unverified: str


def check_release(request: ReleaseRequest, progress: Progress) -> ReleaseCheck:
    """Return everything that stands against a release.

    Parameters
    ----------
    request
        What is to be released.
    say
        Is told what is being done.

    Raises
    ------
    ContractError, GitError, SnapshotError
        If `schemas/` is not sound, git gives no answer, or the last release cannot be read.
    """
    version, problems = parse_version(request.version)
    progress("the repository and the changelog")
    problems += _unclean(request.root)
    told, unreadable = read_changelog(request.root)
    last = last_release(request.root, request.previous, version, told) if version else None
    result = validate_project(request.root, request.texts, progress)
    progress("the change since the last release")
    project = read_project(request.root, request.texts)
    problems += [*_invalid(result), *_not_built(result), *_not_generated(project)]
    if version:
        problems += [*_described(project.dataset, version, told), *unreadable, *_untold(told, version, unreadable)]
        problems += check_bump(request, version, last, project if _is_sound(project.findings) else None)
    section = next((each for each in told if each.version == version), None)
    return ReleaseCheck(problems, section, result.unverified)


def parse_version(text: str) -> tuple[Version | None, list[str]]:
    """Return the version that was parse_version for, or why it is none."""
    try:
        return Version.of(text), []
    except VersionError as error:
        return None, [str(error)]


def read_changelog(root: Path) -> tuple[list[Section], list[str]]:
    """Return the sections of the changelog, or why it cannot be read."""
    try:
        return sections((root / CHANGELOG).read_text(encoding="utf-8")), []
    except FileNotFoundError:
        return [], [f"{CHANGELOG}: missing: write what changed"]
    except (OSError, UnicodeDecodeError):
        return [], [f"{CHANGELOG}: cannot be read as UTF-8: save it with that encoding"]


# --- the questions ------------------------------------------------------------------------------------------------


def _unclean(root: Path) -> Iterator[str]:
    paths = uncommitted(root)
    if paths:
        yield f"the tree is not clean ({_some(paths)}): commit, or take away what does not belong"


def _invalid(result: ProjectResult) -> Iterator[str]:
    errors = [each for each in result.findings if each.severity is Severity.ERROR and each.rule != "stale"]
    if errors:
        first = escape_controls(truncate(str(errors[0])))
        number = "1 error" if len(errors) == 1 else f"{len(errors)} errors, the first"
        yield f"validation fails with {number}: {first}: run scripts/validate.py"


def _not_built(result: ProjectResult) -> Iterator[str]:
    stale = [each.location.path for each in result.findings if each.rule == "stale"]
    if stale:
        yield f"the data are not what the seeds give ({_some(stale)}): run scripts/build.py"


def _not_generated(project: Project) -> Iterator[str]:
    if project.dataset is None or not _is_sound(project.findings):
        return
    files = {
        **document_files(project.contract, project.dataset),
        RELEASED: released_csv(project.contract, project.tables),
    }
    stale = changed_paths(project.root, files)
    if stale:
        yield f"generated files are not up to date ({_some(stale)}): run scripts/release.py with --prepare"


def _described(dataset: Dataset | None, version: Version, told: Sequence[Section]) -> Iterator[str]:
    if dataset is None:
        return
    if dataset.version != str(version):
        yield f"{DATASET}: its version is {dataset.version}, not {version}: run scripts/release.py with --prepare"
    for each in told:
        if each.version == version and each.day not in {"", dataset.released}:
            days = f"released on {dataset.released or 'no day'} here, {each.day} in {CHANGELOG}"
            yield f"{DATASET}: {days}: write the day there and run scripts/release.py with --prepare"


def _untold(told: Sequence[Section], version: Version, unreadable: Sequence[str]) -> Iterator[str]:
    found = [each for each in told if each.version == version]
    if not found and not unreadable:
        yield f"{CHANGELOG}: has no section {version}: write what changed under ## [{version}] - and the day"
    elif len(found) > 1:
        yield f"{CHANGELOG}: has {len(found)} sections {version}: make them one"
    elif found and found[0].is_empty:
        yield f"{CHANGELOG}: the section {version} is empty: write what changed"
    elif found and not found[0].day:
        yield f"{CHANGELOG}: the section {version} names no day that exists: write ## [{version}] - 2026-11-22"


def check_bump(
    request: ReleaseRequest, version: Version, last: Release | None, project: Project | None
) -> Iterator[str]:
    """Yield why a version does not tell of the change since the last release.

    Parameters
    ----------
    request
        What is to be released.
    version
        The version.
    last
        The last release; None before the first.
    project
        What it is to be compared with; None where the records are too faulty for that.
    """
    if last is None:
        if version < FIRST:
            yield f"version {version} is too small: the first release is {FIRST} or greater"
        return
    if version <= last.version:
        yield f"version {version} is not greater than that of the last release, {last.version}"
    if project is None:
        return
    found = required_bumps(compare(last.snapshot, _as_snapshot(project)))
    if not found and not request.program:
        yield (
            f"nothing in the data changed since {last.version}: there is nothing to release; "
            "with --program where the program or the documents changed"
        )
        return
    level = found[0].level if found else Bump.PATCH
    least = least_version(last.version, level)
    if last.version < version < least:
        yield _smaller(version, last, least, found)


def _smaller(version: Version, last: Release, least: Version, found: Sequence[RequiredBump]) -> str:
    weighty = [each for each in found if each.level == found[0].level]
    more = f" and {len(weighty) - 1} more such" if len(weighty) > 1 else ""
    why = f"{escape_controls(truncate(weighty[0].why))}{more}"
    return f"version {version} is smaller than the change since {last.version} demands: {why}: at least {least}"


def _as_snapshot(project: Project) -> Snapshot:
    """Return what the records give as a release, a cell without text as an empty one."""
    tables = {
        name: TextTable(
            name, {column: [text or None for text in texts] for column, texts in raw.cells.items()}, raw.locator
        )
        for name, raw in project.tables.items()
    }
    return Snapshot("the records", None, project.contract, tables)


def _is_sound(findings: Sequence[Finding]) -> bool:
    return not any(each.severity is Severity.ERROR for each in findings)


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(escape_controls(each) for each in paths[:_NAMED]) + more
