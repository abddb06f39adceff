"""Building: what the seeds say becomes the files of the package, if nothing is wrong with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from russia_dprk_claims.contract import Contract, read_contract
from russia_dprk_claims.findings import Finding, has_errors
from russia_dprk_claims.package.files import differences, package_files, stray_files
from russia_dprk_claims.package.publish import STAGE, Content, begin, finish, publish
from russia_dprk_claims.project import Project, read_project
from russia_dprk_claims.seeds.records import LARGE, SeedFile, SeedSet, has_bytes, seed_files


@dataclass(frozen=True)
class Built:
    """What a build gives: the files by path, none where something is wrong, and everything that was found.

    Of a build that `is_large` there are those alone that are not on disk as they should be, some of which wait in
    files of their own (`staged`), and `kept` names the others. `summary` has the lines that tell what was built, and
    `remember` keeps what makes the next build short.
    """

    files: Mapping[str, bytes]
    findings: list[Finding]
    staged: Mapping[str, Path] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    is_large: bool = False
    summary: tuple[str, ...] = ()
    remember: Callable[[], None] = lambda: None

    @property
    def contents(self) -> Mapping[str, Content]:
        """What the files hold that are to be written, by path."""
        return {**self.files, **self.staged}

    @property
    def is_whole(self) -> bool:
        """Whether there is something to put in place, rather than something wrong."""
        return bool(self.contents or self.kept)


class Progress(Protocol):
    """Is told what is being done, and how much of it is done."""

    def __call__(self, stage: str) -> None:
        """Begin a stage."""

    def advance(self, done: int, total: int) -> None:
        """Tell how far the stage is."""


def build_project(
    root: Path, texts: Path | None, say: Progress, large: int = LARGE, stage: Path | None = None
) -> Built:
    """Read a project folder and return the files that its seeds give.

    Parameters
    ----------
    root
        The project folder.
    texts
        Where the source texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.
    say
        Is told what is being done.
    large
        From how many bytes on a seed folder is built the short way, if it can be.
    stage
        An empty folder for what a large build does not hold in memory, from which nothing is to be written; by default
        it is prepared where `write` expects it.

    Raises
    ------
    ContractError
        If `schemas/` is not sound.
    OSError
        If the disk does not take what does not stay in memory.
    """
    from russia_dprk_claims.summary import summary

    say("reading the seeds")
    contract = read_contract(root / "schemas")
    files, findings = seed_files(root / "seeds", contract)
    records = None
    if not findings and has_bytes(files, large):
        built = _build_large(root, texts, contract, files, stage, say)
        if isinstance(built, Built):
            return built
        say("looking what is wrong, and where")
        records = built
    project = read_project(root, texts, contract, records)
    say("building")
    whole = build(project)
    return replace(whole, summary=tuple(summary(project))) if whole.is_whole else whole


def _build_large(
    root: Path, texts: Path | None, contract: Contract, files: list[SeedFile], stage: Path | None, say: Progress
) -> Built | SeedSet:
    """Build the short way, if it can be; what waits in the stage then stays, and else nothing does."""
    from russia_dprk_claims.large import Workplace, build_large, summary_of

    place = Workplace.passing(stage) if stage else Workplace.of(root, begin(root))
    try:
        built = build_large(root, texts, contract, files, place, say)
        if not isinstance(built, SeedSet):
            return Built(built.files, [], built.staged, built.kept, True, tuple(summary_of(built)), built.remember)
    except BaseException:
        shutil.rmtree(place.stage, ignore_errors=True)
        raise
    shutil.rmtree(place.stage, ignore_errors=True)
    return built


def build(project: Project) -> Built:
    """Return the files that the seeds of a project give.

    Parameters
    ----------
    project
        The project as it was read.

    Returns
    -------
    Built
        The files, or none if a finding is an error.
    """
    from russia_dprk_claims.checks.verdicts import run_rules

    findings = project.findings
    if not has_errors(findings):
        findings = [*findings, *run_rules(project.contract, project.tables, project.faulty)]
    if has_errors(findings) or project.dataset is None:
        return Built({}, findings)
    return Built(package_files(project.contract, project.dataset, project.tables), findings)


def write(root: Path, built: Built) -> bool:
    """Put the files of a build in place, all or none; return whether anything changed.

    Raises
    ------
    OSError
        If the disk does not take them; the old ones are then untouched.
    """
    if not built.is_large:
        finish(root)
    contents = built.contents
    obsolete = stray_files(root, {*contents, *built.kept})
    # The files of a large build are known to differ.
    changed = bool(obsolete or contents) if built.is_large else any(differences(root, contents))
    if changed:
        publish(root, contents, obsolete)
    built.remember()
    if built.is_large:
        shutil.rmtree(root / STAGE, ignore_errors=True)
    return changed
