"""The summary of a build: how many rows each table has, in all and by source, and how much of each text is covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from curation.lineage import ROOT
from curation.project import Project
from curation.seeds.spans import Span, gaps
from russia_dprk_claims.checks.tables import count_rows


def summary(project: Project) -> Iterator[str]:
    """Yield the lines of the summary: a row a table, a column a source, the coverage, and what was not verified."""
    sources = sorted(each or "" for each in project.tables[ROOT].cells["source_id"])
    by_source = project.lineage.counts_by_source()
    yield _line("table", "all", sources)
    for name, number in count_rows(project.contract, project.tables).items():
        counts = by_source.get(name)
        yield _line(name, str(number), [str(counts.get(each, 0)) if counts else "" for each in sources])
    spans = project.lineage.spans_by_source()
    shares = [_coverage(project.texts.by_source.get(each), spans.get(each, ())) for each in sources]
    yield _line("coverage", "", shares)
    yield from unverified(project)


def unverified(project: Project) -> Iterator[str]:
    """Yield one line that names the sources whose text is not available, if there are any."""
    if project.texts.missing:
        yield f"not verified, as the text is not available: {', '.join(project.texts.missing)}"


def _line(name: str, total: str, cells: list[str]) -> str:
    return f"{name:<20}{total:>8}{''.join(f'{each:>10}' for each in cells)}".rstrip()


def _coverage(text: str | None, spans: Iterable[Span]) -> str:
    """Return the share of the characters of a text, other than spaces, that spans cover."""
    if text is None:
        return ""
    solid = len("".join(text.split()))
    open_ = sum(len("".join(gap.of(text).split())) for gap in gaps(text, spans))
    return f"{1 - open_ / solid:.1%}" if solid else ""
