"""The page `docs/DRAFTING.md`: `page.md` with what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from curation.documents.codebook import markdown_table
from curation.draft.measure import Share, kept, measure
from curation.draft.passages import LONGEST_TEXT, MOST_PASSAGES
from curation.lineage import Lineage

PATH = "docs/DRAFTING.md"
UNSEEN = "SRC-0005"
"""The text whose errors nobody looked at while the rules were written."""
_HEADER = f" | recall | precision | recall, {UNSEEN} | precision, {UNSEEN}"


def document(lineage: Lineage, texts: Mapping[str, str], records: Mapping[str, str]) -> str:
    """Return the page as Markdown, from the dataset, its texts and the YAML of its records."""
    measured = [measure(text, lineage, source) for source, text in sorted(texts.items())]
    shares = [kept(text, lineage, source, records[source]) for source, text in sorted(texts.items())]
    rows = []
    for name, unseen in measure(texts[UNSEEN], lineage, UNSEEN).items():
        recall, precision = (sum((each[name][at] for each in measured), Share()) for at in (0, 1))
        rows.append((name, *map(str, (recall, precision, *unseen))))
    kept_rows = []
    for name in shares[0]:
        row = [each[name] for each in shares]
        kept_rows.append((name, *(f"{each.hits / each.total:.2f}" for each in (*row, sum(row, Share())))))
    page = (Path(__file__).parent / "page.md").read_text(encoding="utf-8")
    return page.format(
        longest=f"{LONGEST_TEXT:,}",
        passages=f"{MOST_PASSAGES:,}",
        table="\n".join(markdown_table(_HEADER, rows)),
        kept="\n".join(markdown_table(" | ".join(["", *sorted(texts), "all"]), kept_rows)),
    )
