"""Expressions: the rules as they are declared, in the words that Narwhals has for Spark.

Narwhals hands names on as they are, and Spark reads a dot in one as a field of a column; and of replacing in texts
Narwhals knows for Spark only how to replace all that matches.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import narwhals as nw

_DOT = "→"


def column_name(read: str) -> str:
    """Return what the column of a read is called in Spark: `claim_id→polarity` for `claim_id.polarity`."""
    return read.replace(".", _DOT)


def for_spark(expression: nw.Expr) -> nw.Expr:
    """Return the same expression over columns with Spark's names.

    Narwhals has no way to rename what an expression reads, so its nodes are gone through. Were they built otherwise one
    day, a name would be left as it is, and Spark would say that it has no such column: nothing can be judged wrongly
    for it.
    """
    copied = deepcopy(expression)
    _translate(copied)
    return copied


def _translate(expression: Any) -> None:
    for node in expression._nodes:
        for each in ("names", "partition_by", "order_by"):
            if each in node.kwargs:
                node.kwargs[each] = type(node.kwargs[each])(map(column_name, node.kwargs[each]))
        if node.name == "str.replace" and str(node.kwargs["pattern"]).endswith("$") and node.kwargs.pop("n", 1) == 1:
            node.name = "str.replace_all"  # what ends a text matches once
        for each in node.exprs:
            if isinstance(each, nw.Expr):
                _translate(each)
