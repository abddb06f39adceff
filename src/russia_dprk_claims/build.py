"""Building: what the seeds say becomes the files of the package, if nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from russia_dprk_claims.contract import read_contract
from russia_dprk_claims.findings import Finding, has_errors
from russia_dprk_claims.package.files import differences, package_files, stray_files
from russia_dprk_claims.package.publish import finish, publish
from russia_dprk_claims.project import Project, read_project
from russia_dprk_claims.seeds.records import LARGE, seed_files, size_of


@dataclass(frozen=True)
class Built:
    """What a build gives: the files by path, none where something is wrong, and everything that was found.

    Of a large build `files` has those alone that are not on disk as they should be, and `kept` names the others.
    `summary` has the lines that tell what was built, and `remember` keeps what makes the next build short.
    """

    files: Mapping[str, bytes]
    findings: list[Finding]
    kept: frozenset[str] = frozenset()
    summary: tuple[str, ...] = ()
    remember: Callable[[], None] = lambda: None

    @property
    def is_whole(self) -> bool:
        """Whether there is something to put in place, rather than something wrong."""
        return bool(self.files or self.kept)


class Progress(Protocol):
    """Is told what is being done, and how much of it is done."""

    def __call__(self, stage: str) -> None:
        """Begin a stage."""

    def advance(self, done: int, total: int) -> None:
        """Tell how far the stage is."""


def build_project(root: Path, texts: Path | None, say: Progress, large: int = LARGE) -> Built:
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

    Raises
    ------
    ContractError
        If `schemas/` is not sound.
    """
    from russia_dprk_claims.summary import summary

    say("reading the seeds")
    contract = read_contract(root / "schemas")
    files, findings = seed_files(root / "seeds", contract)
    records = None
    if not findings and sum(size_of(each.path) for each in files) >= large:
        from russia_dprk_claims.large import Large, build_large, summary_of

        built = build_large(root, texts, contract, files, say)
        if isinstance(built, Large):
            return Built(built.files, [], built.kept, tuple(summary_of(built)), partial(built.remember, root))
        say("looking what is wrong, and where")
        records = built
    project = read_project(root, texts, contract, records)
    say("building")
    whole = build(project)
    return replace(whole, summary=tuple(summary(project))) if whole.is_whole else whole


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
    """Put the files of a build in place, all or none; return whether anything changed."""
    finish(root)
    obsolete = stray_files(root, {*built.files, *built.kept})
    # Where files were kept, the others are known to differ.
    changed = bool(obsolete or built.files) if built.kept else any(differences(root, built.files))
    if changed:
        publish(root, built.files, obsolete)
    built.remember()
    return changed
