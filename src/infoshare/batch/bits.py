"""Bit columns: one bit for each row of a table, 64 rows to a word, the first row in the lowest bit.

Invariant: the bits past the last row mean nothing, and nobody may rely on them.
"""

import sys
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Bits: TypeAlias = NDArray[np.uint64]
"""A bit column."""

Values: TypeAlias = NDArray[Any]
"""A column as NumPy holds it."""

PIECE = 1 << 17
"""Rows compared at a time, so that what is in between stays in the cache."""


def words(rows: int) -> int:
    """How many words hold so many rows."""
    return (rows + 63) // 64


def zeros(rows: int) -> Bits:
    """No row."""
    return np.zeros(words(rows), np.uint64)


def ones(rows: int) -> Bits:
    """Every row."""
    return np.full(words(rows), np.uint64(0xFFFF_FFFF_FFFF_FFFF))


def packed(truths: Values) -> Bits:
    """A column of booleans as bits."""
    out = np.zeros(words(len(truths)) * 8, np.uint8)
    got = np.packbits(truths, bitorder="little")
    out[: len(got)] = got
    return _native(out)


def packed_where(test: Any, rows: int) -> Bits:
    """Bits of a test that is made on a piece of the rows at a time.

    Args:
        test: the booleans of the rows of a slice.
    """
    out = np.zeros(words(rows) * 8, np.uint8)
    for start in range(0, rows, PIECE):
        stop = min(start + PIECE, rows)
        got = np.packbits(test(slice(start, stop)), bitorder="little")
        out[start // 8 : start // 8 + len(got)] = got
    return _native(out)


def equal(codes: Values, code: int) -> Bits:
    """Where a column of codes has this one."""
    return packed_where(lambda rows: codes[rows] == code, len(codes))


def taken(values: Values, codes: Values) -> Values:
    """The value of each code; much quicker than indexing, for codes that are all within."""
    return np.take(values, codes, mode="wrap")


def unpacked(bits: Bits, rows: int) -> Values:
    """Bits as a column of noughts and ones."""
    return np.unpackbits(as_bytes(bits), count=rows, bitorder="little")


def as_bytes(bits: Bits) -> Values:
    """The same memory, eight rows to a byte."""
    return bits.astype("<u8", copy=False).view(np.uint8)


def rows_of(bits: Bits, rows: int) -> Values:
    """The numbers of the rows that are in, from 0."""
    return np.flatnonzero(unpacked(bits, rows))


def count(bits: Bits, rows: int) -> int:
    """How many rows are in."""
    whole = int(np.bitwise_count(bits[: rows // 64]).sum())
    rest = rows % 64
    return whole + (int(bits[rows // 64]) & ((1 << rest) - 1)).bit_count() if rest else whole


def any_in(bits: Bits, rows: int) -> bool:
    """Whether any row is in."""
    if bits[: rows // 64].any():
        return True
    rest = rows % 64
    return bool(rest) and bool(int(bits[rows // 64]) & ((1 << rest) - 1))


def at(bits: Bits, rows: Values) -> Values:
    """Whether each of these rows is in."""
    chosen = as_bytes(bits)[rows >> 3] >> (rows & 7).astype(np.uint8)
    found: Values = (chosen & 1).astype(bool)
    return found


def of_buffer(buffer: Any, offset: int, rows: int) -> Bits:
    """The bits of an Arrow bitmap, without a copy where it begins and ends at a word."""
    need = words(rows) * 8
    start, shift = divmod(offset, 8)
    raw = np.frombuffer(buffer, np.uint8)
    if not shift and len(raw) - start >= need:
        return _native(raw[start : start + need])
    out = np.zeros(need, np.uint8)
    have = raw[start : start + need]
    out[: len(have)] = have
    if shift:
        out >>= np.uint8(shift)
        after = raw[start + 1 : start + 1 + need]
        out[: len(after)] |= after << np.uint8(8 - shift)
    return _native(out)


def validity(array: "pa.Array[Any]") -> Bits | None:
    """Where an Arrow array is not null; None if it is null nowhere."""
    if array.null_count == 0:
        return None
    buffer = array.buffers()[0]
    if buffer is None:  # a type without a bitmap, such as null itself
        return packed(np.asarray(array.is_valid().to_numpy(zero_copy_only=False)))
    return of_buffer(buffer, array.offset, len(array))


def to_arrow(bits: Bits, rows: int, known: Bits | None = None) -> "pa.Array[Any]":
    """Bits as an Arrow column of booleans, null where they are not known."""
    buffers = [None if known is None else pa.py_buffer(as_bytes(known)), pa.py_buffer(as_bytes(bits))]
    return pa.Array.from_buffers(pa.bool_(), rows, buffers)


def _native(octets: Values) -> Bits:
    got = octets.view("<u8")
    return got if sys.byteorder == "little" else got.astype(np.uint64)


def put(bits: Bits, rows: int, chosen: Values, truths: Values) -> None:
    """Sets these rows, in place."""
    loose = unpacked(bits, rows)
    loose[chosen] = truths
    bits[:] = packed(loose)
