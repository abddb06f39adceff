"""The page `docs/RELIABILITY.md`: `page.md` with the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from curation.documents.codebook import markdown_table
from curation.reliability.codings import ATTRIBUTES, CODERS, Attribute, Claim, units
from curation.reliability.table import PAIRED, RELIABLE, Row, values_of

PATH = "docs/RELIABILITY.md"


def document(rows: Sequence[Row], first: Sequence[Claim], second: Sequence[Claim]) -> str:
    """Return the page as Markdown, from the table and the two codings that it was computed from."""
    pairs = [unit for unit in units(first, second, PAIRED) if all(unit)]
    below = {row[:2] for row in alphas(rows) if row.value is not None and row.value < RELIABLE}
    nominal = [each for each in ATTRIBUTES if each.level == "nominal" and not each.shared]
    confused = (each for each in nominal if (each.table, each.column) in below)
    spans = ((row.threshold, _number(row.value), _interval(row), row.band) for row in rows if row.column_name == "span")
    header = "column | level | alpha | interval | band | agreement | AC1 | with unmatched"
    return (
        (Path(__file__).parent / "page.md")
        .read_text(encoding="utf-8")
        .format(
            first=len(first),
            second=len(second),
            pairs=len(pairs),
            spans="\n".join(markdown_table("IoU | F1 | interval | band", spans)),
            columns="\n".join(markdown_table(header, _columns(rows))),
            matrices="".join(_confusion(each, values_of(each, pairs)) for each in confused),
        )
    )


def alphas(rows: Sequence[Row]) -> list[Row]:
    """Return the alpha of each column, without unmatched claims."""
    return [row for row in rows if row.measure == "krippendorff_alpha" and row.unmatched == "excluded"]


def _columns(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    values = {(*row[:3], row.unmatched): row.value for row in rows}
    for row in alphas(rows):
        others = (("percent_agreement", "excluded"), ("ac1", "excluded"), ("krippendorff_alpha", "as_value"))
        numbers = (_number(values.get((*row[:2], *other))) for other in others)
        yield f"`{row.table_name}.{row.column_name}`", row.level, _number(row.value), _interval(row), row.band, *numbers


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _interval(row: Row) -> str:
    return "" if row.value is None else f"{row.low:.3f} to {row.high:.3f}"


def _confusion(attribute: Attribute, values: Sequence[Sequence[frozenset[tuple[str, ...]]]]) -> str:
    """Return the confusion matrix of a column, with the values that occur."""
    texts = [[" + ".join(sorted(cells[0] or "(empty)" for cells in each)) for each in unit] for unit in values]
    counts = Counter((one, other) for one, other in texts)
    known = sorted({each for unit in texts for each in unit})
    header = " | ".join([f"{CODERS[0]} ↓ {CODERS[1]} →", *(f"`{each}`" for each in known)])
    lines = markdown_table(header, ((f"`{one}`", *(str(counts[one, other]) for other in known)) for one in known))
    return "\n".join(["", f"### {attribute.table}.{attribute.column}", "", *lines, ""])
