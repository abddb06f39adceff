"""Constants of the kernels: signs, and the numbers that stand for none or for what is wrong."""

from __future__ import annotations

QUOTE, COMMA, NEWLINE, SPACE, DELETE = (ord(sign) for sign in '",\n \x7f')
SPARE = 64
"""How many bytes a buffer has behind what it holds, so that so many can be read at once anywhere."""

NO_CODE, NO_ROW, NO_WHOLE = -1, -1, -(2**31)
MOST_WHOLE = 2**31 - 1
"""Whole numbers are kept in four bytes; nothing that is counted in a text needs more."""

OPEN, CONTROL, NEEDLESS, CELLS, STRAY, LONG, LETTER = range(-1, -8, -1)
"""What is wrong with records that are not as our own writer writes them."""
FULL = -8
"""That there are more records than there was room for."""
