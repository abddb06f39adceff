"""Signs: eight bytes of a buffer at a time, and the hash of some of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from russia_dprk_claims.plan.kernels.constants import COMMA, DELETE, QUOTE, SPACE

ONES = np.uint64(0x0101010101010101)
LOWS = np.uint64(0x7F7F7F7F7F7F7F7F)
HIGHS = np.uint64(0x8080808080808080)
SPACES = np.uint64(0x2020202020202020)
"""Eight spaces; a letter of ASCII that has the bit of a space is a small one."""
_EIGHT = np.uint64(8)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_FINISHER = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_THIRD = np.uint64(29)


@intrinsic
def eight(_: Any, data: Any, place: Any) -> Any:
    """Return the eight bytes at a place as one number; Numba itself reads them one by one."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        wide = ir.IntType(64)
        pointer = builder.gep(array.data, [arguments[1]])
        return builder.load(builder.bitcast(pointer, wide.as_pointer()), align=1)

    return types.uint64(data, types.intp), code


def _block(builder: Any, array: Any, place: Any) -> Any:
    """Return the 64 bytes at a place, which the processor compares at once, or as many at a time as it can."""
    kind = ir.VectorType(ir.IntType(8), 64)
    pointer = builder.gep(array.data, [place])
    return builder.load(builder.bitcast(pointer, kind.as_pointer()), align=1)


def _where(builder: Any, block: Any, compare: str, sign: int) -> Any:
    """Return a mask of the bytes of a block that compare with a sign in some way."""
    signs = ir.Constant(block.type, [sign] * 64)
    return builder.bitcast(builder.icmp_unsigned(compare, block, signs), ir.IntType(64))


@intrinsic
def special_of_64(_: Any, data: Any, place: Any) -> Any:
    """Return a mask of those of the 64 bytes at a place that part cells, are quotes or control characters."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        block = _block(builder, array, arguments[1])
        found = _where(builder, block, "<", SPACE)
        for sign in (QUOTE, COMMA, DELETE):
            found = builder.or_(found, _where(builder, block, "==", sign))
        return found

    return types.uint64(data, types.intp), code


@intrinsic
def high_of_64(_: Any, data: Any, place: Any) -> Any:
    """Return a mask of those of the 64 bytes at a place that are not ASCII."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        return _where(builder, _block(builder, array, arguments[1]), ">=", 0x80)

    return types.uint64(data, types.intp), code


@intrinsic
def first_set(_: Any, mask: Any) -> Any:
    """Return the number of the lowest bit that is set in a mask that is not 0."""

    def code(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


@intrinsic
def bits_set(_: Any, mask: Any) -> Any:
    """Return how many bits are set."""

    def code(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


@njit(inline="always")
def first_bytes(number: int) -> int:
    """Return a mask of the first so many of eight bytes, in the order of memory, for 0 to 8."""
    if number >= 8:
        return np.uint64(0xFFFFFFFFFFFFFFFF)
    return (np.uint64(1) << (np.uint64(number) * _EIGHT)) - np.uint64(1)


@njit(inline="always")
def equal_bytes(word: int, sign: int) -> int:
    """Return a mask with the highest bit of each byte that is `sign`, and of no other."""
    different = word ^ (ONES * np.uint64(sign))
    return ~(((different & LOWS) + LOWS) | different | LOWS)


@njit(inline="always")
def mixed(number: int, other: int) -> int:
    """Return a number that depends on all bits of two."""
    product = (number ^ other) * _MULTIPLIER
    return product ^ (product >> _THIRD)


@njit(inline="always")
def hash_of(data: Any, begin: int, end: int) -> int:
    """Return the hash of some bytes, which is never 0."""
    number = np.uint64(end - begin) * _FINISHER
    if end - begin >= 32:
        # Two at a time, as multiplying the one need not wait for the other.
        other = number ^ _MULTIPLIER
        while end - begin >= 16:
            number = mixed(number, eight(data, begin))
            other = mixed(other, eight(data, begin + 8))
            begin += 16
        number = mixed(number, other)
    while end - begin >= 8:
        number = mixed(number, eight(data, begin))
        begin += 8
    if begin < end:
        number = mixed(number, eight(data, begin) & first_bytes(end - begin))
    number = (number ^ (number >> _HALF)) * _FINISHER
    number ^= number >> _THIRD
    return number if number != np.uint64(0) else np.uint64(1)
