"""Changes: what a branch changes in the tables, and whether the records that it leaves are covered and free of doubts.

Told to whoever reviews it, in Markdown. Removals come first: what was released is withdrawn, never removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from curation.release.diff import Diff, compare
from curation.release.diff_report import write_summary
from curation.release.git import merge_base
from curation.release.snapshot import read_revision, read_snapshot
from curation.report.counts import numbered
from curation.report.markdown import fitting, table_lines
from russia_dprk_claims.checks.findings import Finding, Severity, in_order

SHOWN_ROWS = 200
# GitHub refuses a summary of more than 1 MiB, all of it.
BYTES = 900_000


@dataclass(frozen=True)
class Change:
    """What changed in the tables, the sources, those of them whose text is not at hand, and what was found wrong."""

    diff: Diff
    sources: Sequence[str]
    missing: frozenset[str]
    findings: Sequence[Finding]


def read_change(root: Path, base: str, texts: Path | None = None) -> Change:
    """Return what changed in a project folder since the work there left a branch.

    Parameters
    ----------
    root
        The project folder.
    base
        The branch, tag or commit that it left.
    texts
        Where the source texts are; by default the variable `SEED_TEXTS` or `seeds/texts`.

    Raises
    ------
    ContractError, GitError, SnapshotError
        If `schemas/` is not sound, git gives no answer, or the tables of one of the two cannot be read.
    """
    from curation.project import read_project
    from russia_dprk_claims.checks.run import run_rules

    diff = compare(read_revision(merge_base(root, base), root, base), read_snapshot(str(root), root))
    project = read_project(root, texts)
    findings = [*project.findings, *run_rules(project.contract, project.tables, project.invalid)]
    sources = sorted(each or "" for each in project.tables["sources"].cells["source_id"])
    return Change(diff, sources, frozenset(project.texts.missing), in_order(findings))


def to_markdown(change: Change) -> str:
    """Return a change as Markdown: the rows with removals first, the coverage, and the warnings.

    Nothing that a cell says is read as Markdown or HTML.
    """
    lines = [*write_summary(change.diff, SHOWN_ROWS), *_coverage(change), *_warnings(change)]
    more = "… and more than there is room for: run scripts/summarize_change.py."
    return "\n".join(fitting(lines, BYTES, more)) + "\n"


def _coverage(change: Change) -> Iterator[str]:
    yield from ("", "### Coverage", "")
    gaps = Counter(each.row for each in change.findings if each.rule == "coverage")
    is_sound = all(each.rule == "coverage" for each in _errors(change))
    rows = [(each, _covered(each in change.missing, gaps[each], is_sound)) for each in change.sources]
    yield from table_lines(("source", "coverage"), rows[:SHOWN_ROWS])
    yield from _more(len(rows))


def _covered(is_missing: bool, gaps: int, is_sound: bool) -> str:
    if is_missing:
        return "not verified, as the text is not at hand"
    if gaps:
        return f"{numbered(gaps, 'passage')} neither coded nor set aside"
    return "complete" if is_sound else "not known, as the records have errors"


def _warnings(change: Change) -> Iterator[str]:
    found = [each for each in change.findings if each.severity is Severity.WARNING]
    yield from ("", "### Warnings", "")
    if _errors(change):
        yield f"The records have {numbered(len(_errors(change)), 'error')}: scripts/validate.py tells them."
    if not found:
        yield "There are no warnings."
        return
    rows = ((str(each.location), each.rule, each.message) for each in islice(found, SHOWN_ROWS))
    yield from ("", *table_lines(("place", "rule", "warning"), rows))
    yield from _more(len(found))


def _errors(change: Change) -> list[Finding]:
    return [each for each in change.findings if each.severity is Severity.ERROR]


def _more(number: int) -> Iterator[str]:
    if number > SHOWN_ROWS:
        yield from ("", f"… and {number - SHOWN_ROWS} more.")
