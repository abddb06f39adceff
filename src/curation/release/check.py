"""The checks before a release: each yields one line per problem, with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from curation.generate import document_files
from curation.project import Project, read_project
from curation.release.changelog import CHANGELOG, Section, read_changelog
from curation.release.diff import compare
from curation.release.git import ReleaseError, commit_of, tagged_releases, uncommitted
from curation.release.policy import FIRST, Bump, least_version, required_bumps
from curation.release.snapshot import NOTHING, Snapshot, read_revision, read_snapshot
from curation.released import read_list, released_csv
from curation.report.counts import first_names, numbered
from curation.report.escape import escape_controls, truncate
from curation.seeds.files import DATASET
from curation.show import unverified
from curation.validate import Progress, validate_project
from curation.write import changed_paths
from russia_dprk_claims.checks.findings import Finding, Severity, has_errors
from russia_dprk_claims.loading import RELEASED
from russia_dprk_claims.releases import Version

_PREPARE = "run scripts/release.py with --prepare"


@dataclass(frozen=True)
class ReleaseRequest:
    """The release that somebody wants to make."""

    root: Path
    version: Version
    texts: Path | None = None
    previous: str | None = None  # the last release, or `none`; by default the newest tag
    program: bool = False  # release although no data changed


@dataclass(frozen=True)
class ReleaseCheck:
    """The problems, one line each, the section of the changelog, and the line on texts that were not available."""

    problems: list[str]
    section: Section | None
    unverified: str


def check_release(request: ReleaseRequest, progress: Progress) -> ReleaseCheck:
    """Return every problem of a release at once; an exception says why the check cannot run."""
    root, version = request.root, request.version
    progress("the repository and the changelog")
    problems = _if_any(uncommitted(root), "uncommitted changes", "commit or remove them")
    sections, unreadable = read_changelog(root)
    last = last_release(request, sections)
    progress("reading the seed records")
    project = read_project(root, request.texts)
    findings = validate_project(project, progress).findings
    progress("the change since the last release")
    stale = [each.location.path for each in findings if each.rule == "stale"]
    problems += _invalid(findings)
    problems += _if_any(stale, "the data differs from the seeds", "run scripts/build.py")
    problems += _out_of_date(project)
    problems += _misdescribed(project, version, sections)
    problems += unreadable or _undocumented(sections, version)
    problems += check_bump(request, last, None if has_errors(project.findings) else project)
    return ReleaseCheck(problems, section_of(sections, version), unverified(project))


def section_of(sections: Sequence[Section], version: Version) -> Section | None:
    """Return the section of the changelog on a version."""
    return next((each for each in sections if each.version == version), None)


def last_release(request: ReleaseRequest, sections: Sequence[Section]) -> Snapshot | None:
    """Return the release before the requested one, with its version; None before the first."""
    root, name, version = request.root, request.previous, request.version
    if name == NOTHING:
        return None
    if name is not None:
        return read_snapshot(name, root)
    tags = tagged_releases(root)
    # A tag on the current commit is that of this release, which is checked again.
    if version in tags and tags[version] == commit_of(root, "HEAD"):
        del tags[version]
    if tags:
        newest = max(tags)
        return replace(read_revision(f"refs/tags/{newest.tag}", root, newest.tag), version=newest)
    earlier = [each.version for each in sections if each.version < version]
    if earlier:
        missing = f"{CHANGELOG} has a section {max(earlier)}, but there is no tag {max(earlier).tag}"
        raise ReleaseError(f"{missing}: fetch the tags, or name the last release with --previous")
    return None


def _if_any(paths: Sequence[str], problem: str, remedy: str) -> list[str]:
    return [f"{problem} ({escape_controls(first_names(paths))}): {remedy}"] if paths else []


def _invalid(findings: Sequence[Finding]) -> Iterator[str]:
    errors = [each for each in findings if each.severity is Severity.ERROR and each.rule != "stale"]
    if errors:
        number = numbered(len(errors), "error") + (", the first" if len(errors) > 1 else "")
        yield f"validation fails with {number}: {short(errors[0])}: run scripts/validate.py"


def _out_of_date(project: Project) -> list[str]:
    if project.dataset and not has_errors(project.findings):
        released = {RELEASED: released_csv(project.contract, project.tables, read_list(project.root))}
        paths = changed_paths(
            project.root, {**document_files(project.contract, project.dataset, project.tables), **released}
        )
        return _if_any(paths, "generated files are out of date", _PREPARE)
    return []


def _misdescribed(project: Project, version: Version, sections: Sequence[Section]) -> Iterator[str]:
    dataset = project.dataset
    if dataset is None:
        return
    if dataset.version != str(version):
        yield f"{DATASET}: the version is {dataset.version}, not {version}: {_PREPARE}"
    for each in sections:
        if each.version == version and each.day not in {"", dataset.released}:
            dates = f"released on {dataset.released or 'no date'}, but on {each.day} in {CHANGELOG}"
            yield f"{DATASET}: {dates}: correct the changelog, then {_PREPARE}"


def _undocumented(sections: Sequence[Section], version: Version) -> Iterator[str]:
    found = [each for each in sections if each.version == version]
    if not found:
        yield f"{CHANGELOG}: no section {version}: describe the changes under ## [{version}] - YYYY-MM-DD"
    elif len(found) > 1:
        yield f"{CHANGELOG}: {len(found)} sections {version}: merge them"
    elif found[0].is_empty:
        yield f"{CHANGELOG}: the section {version} is empty: describe the changes"
    elif not found[0].day:
        yield f"{CHANGELOG}: the section {version} has no valid date: write ## [{version}] - YYYY-MM-DD"


def check_bump(request: ReleaseRequest, last: Snapshot | None, project: Project | None) -> Iterator[str]:
    """Yield the problem of a version that is too low for the changes since `last`, which is None before the first."""
    version = request.version
    if last is None or last.version is None:
        if version < FIRST:
            yield f"version {version} is too low: the first release is {FIRST} or higher"
        return
    if version <= last.version:
        yield f"version {version} is not higher than {last.version}, the last release: choose a higher one"
    if project is None:
        return
    required = required_bumps(compare(last, _as_snapshot(project)))
    if not required and not request.program:
        yield f"no data changed since {last.version}: use --program if the program or the documents changed"
        return
    bump = required[0].bump if required else Bump.PATCH
    least = least_version(last.version, bump)
    if last.version < version < least:
        more = len([each for each in required if each.bump == bump]) - 1
        reason = short(required[0].reason) + (f" and {more} more" if more else "")
        yield f"version {version} is too low for the changes since {last.version} ({reason}): use {least} or higher"


def _as_snapshot(project: Project) -> Snapshot:
    """Return the records as a release; a cell without text is empty."""
    tables = {
        name: replace(raw, cells={column: [text or None for text in cells] for column, cells in raw.cells.items()})
        for name, raw in project.tables.items()
    }
    return Snapshot("the records", None, project.contract, tables)


def short(text: object) -> str:
    """Return a text for one line of a terminal."""
    return escape_controls(truncate(str(text)))
