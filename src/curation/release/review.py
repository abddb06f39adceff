"""The summary for reviewers of a branch: which rows it changes, removals first; coverage of the texts; warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from curation.project import read_project
from curation.release.diff import Diff, compare
from curation.release.diff_report import change_sections, counts_table, section
from curation.release.git import merge_base
from curation.release.snapshot import read_revision, read_snapshot
from curation.report.counts import numbered
from curation.report.escape import fitting
from russia_dprk_claims.checks.findings import Finding, Severity, in_order
from russia_dprk_claims.checks.run import run_rules
from russia_dprk_claims.errors import ClaimsError
from russia_dprk_claims.package import open_package
from russia_dprk_claims.wide import wide_cells

ROWS = 200
# GitHub refuses a step summary of more than 1 MiB in total.
BYTES = 900_000
WHOLE = 4_000
"""The characters of a cell in which a sentence with its figures, or a finding, is never cut."""


@dataclass(frozen=True)
class Review:
    """The difference, the sources, those without their text, and the findings on the records."""

    diff: Diff
    sources: Sequence[str]
    missing: frozenset[str]
    findings: Sequence[Finding]
    sentences: Mapping[str, str] = field(default_factory=dict)  # of each added claim, by its id

    @property
    def errors(self) -> list[Finding]:
        """The findings that are errors."""
        return [each for each in self.findings if each.severity is Severity.ERROR]


def read_review(root: Path, base: str, texts: Path | None = None) -> Review:
    """Return what changed in a project since its branch left `base`, a branch, tag or commit."""
    diff = compare(read_revision(merge_base(root, base), root, base), read_snapshot(str(root), root))
    project = read_project(root, texts)
    findings = [*project.findings, *run_rules(project.contract, project.tables, project.invalid)]
    sources = sorted(each or "" for each in project.tables["sources"].cells["source_id"])
    return Review(diff, sources, frozenset(project.texts.missing), in_order(findings), _sentences(diff, root))


def _sentences(diff: Diff, root: Path) -> dict[str, str]:
    """Return the sentence of each added claim, from the tables on disk; those that cannot be read have none."""
    added = {row.row for each in diff.tables if each.table == "claims" for row in each.added}
    try:
        cells = wide_cells(open_package(root))
    except (ClaimsError, KeyError):
        return {}
    figures = (f" Figures: {each}." if each else "" for each in cells["figures"])
    found = zip(cells["claim_id"], cells["sentence"], figures, strict=True)
    return {str(claim): f"{words}{counted}" for claim, words, counted in found if claim in added}


def write_review(review: Review) -> str:
    """Return the summary as Markdown, all cells escaped."""
    lines = ["## What changes in the data", ""]
    if any(each.removed for each in review.diff.tables):
        lines += ["Released rows are withdrawn, never removed: explain each removal.", ""]
    lines += counts_table(review.diff)
    claims = list(review.sentences.items())
    lines += section("Added claims, as they will be cited", ("claim", "sentence"), claims, None, width=WHOLE)
    lines += [*change_sections(review.diff, ROWS), *_coverage(review), *_findings(review)]
    more = "… and more, which does not fit here: run scripts/diff.py with --format review."
    return "\n".join(fitting(lines, BYTES, more)) + "\n"


def _coverage(review: Review) -> Iterator[str]:
    gaps = Counter(each.row for each in review.findings if each.rule == "coverage")
    is_valid = all(each.rule == "coverage" for each in review.errors)

    def covered(source: str) -> str:
        if source in review.missing:
            return "not verified, as the text is not available"
        if gaps[source]:
            return f"{numbered(gaps[source], 'passage')} neither coded nor set aside"
        return "complete" if is_valid else "unknown, as the records have errors"

    yield from section("Coverage", ("source", "coverage"), [(each, covered(each)) for each in review.sources], ROWS)


def _findings(review: Review) -> Iterator[str]:
    """Yield every finding, errors first."""
    for severity, title in ((Severity.ERROR, "Errors"), (Severity.WARNING, "Warnings")):
        rows = [(str(each.location), each.rule, each.message) for each in review.findings if each.severity is severity]
        if rows:
            yield from section(title, ("location", "rule", "finding"), rows, None, width=WHOLE)
        else:
            yield from ("", f"There are no {title.lower()}.")
