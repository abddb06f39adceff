"""Why a package or a rule is left to the checks that read everything into memory."""

from __future__ import annotations


class NotPlainError(Exception):
    """A file that is not read in a stream: only the strict reader can say what is in it."""


class NotInOrderError(Exception):
    """A table whose rows are not in the order of its primary key, so that families do not stand together."""

    def __init__(self, table: str) -> None:
        """Keep which table it is."""
        super().__init__(f"the rows of {table} are not in the order of their keys")
        self.table = table


class NotPlannedError(Exception):
    """Something in the contract or in a rule that the plan cannot do; the checks do everything."""
