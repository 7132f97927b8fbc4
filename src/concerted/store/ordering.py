"""Whole numbers in arrays put in order: packed into one number per row, because numpy sorts one number fastest.

Place on the way: below the steps. Numpy's own ways are slow at size: `np.lexsort` takes 3 to 5 times as long as a sort
of packed numbers, and `np.unique` hashes: of three million numbers that all differ it takes 15 times as long as a sort.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
#: Whole numbers of any width, and truth values.
Keys = npt.NDArray[Any]
#: Rows in some order: positions, or a slice of everything where they are in order already.
Order: TypeAlias = Ints | slice


def order_of(*keys: Keys) -> Order:
    """Rows in the order of their keys, those with equal keys as they came.

    Returns:
        something to index arrays with: positions, or a slice of everything where the rows are in order already.
    """
    if not len(keys[0]):
        return slice(None)
    one = packed(keys)
    return np.lexsort(keys[::-1]) if one is None else order_by(*one)


def order_by(key: Ints, top: int) -> Order:
    """Rows in the order of one key of 0 .. top."""
    if (key[1:] >= key[:-1]).all():
        return slice(None)
    # 16 bits at a time from the lowest: numpy orders these by counting, even of 63 bits faster than by comparing.
    order = np.argsort(key.astype(np.uint16), kind="stable")
    for shift in range(16, top.bit_length(), 16):
        order = order[np.argsort((key >> shift).astype(np.uint16)[order], kind="stable")]
    return order


def packed(keys: tuple[Keys, ...]) -> tuple[Ints, int] | None:
    """(one number per row that is ordered as the keys are, the largest possible), or None where it has no 63 bits.

    Args:
        keys: columns of one length, which is not 0.
    """
    result, top = None, 0
    for key in keys:
        low = int(key.min())
        width = int(key.max()) - low + 1
        if (top + 1) * width >> 63:
            return None
        # Widened first: a product of narrow numbers would wrap around.
        part = key.astype(np.int64, copy=False) - low
        result = part if result is None else result * width + part
        top = (top + 1) * width - 1
    return None if result is None else (result, top)


def sorted_rows(*columns: Keys) -> list[Ints]:
    """The rows of these columns in their order; without positions, which take longer to sort than the rows."""
    if not len(columns[0]):
        return [column.astype(np.int64) for column in columns]
    lows = [int(column.min()) for column in columns]
    bits = [(int(column.max()) - low).bit_length() for column, low in zip(columns, lows, strict=True)]
    if sum(bits) > 63:
        order = np.lexsort(columns[::-1])
        return [column[order].astype(np.int64) for column in columns]
    packed = np.zeros(len(columns[0]), np.int64)
    for column, low, width in zip(columns, lows, bits, strict=True):
        packed <<= width
        packed |= column.astype(np.int64) - low
    if not (packed[1:] >= packed[:-1]).all():
        packed.sort()
    rows = []
    for low, width in zip(reversed(lows), reversed(bits), strict=True):
        rows.append((packed & ((1 << width) - 1)) + low)
        packed >>= width
    return rows[::-1]


def distinct(values: Ints) -> Ints:
    """The different values, sorted."""
    if (values[1:] > values[:-1]).all():
        return values
    ordered = np.sort(values)
    return ordered[is_first(ordered)]


def is_first(*ordered: Keys) -> npt.NDArray[np.bool_]:
    """Whether a row differs from the one before it; equal rows stand together."""
    found = np.zeros(len(ordered[0]), np.bool_)
    found[:1] = True
    for column in ordered:
        found[1:] |= column[1:] != column[:-1]
    return found


def place_in_group(group: Keys) -> Ints:
    """How many rows of the same group stand before each row; groups stand together."""
    starts = np.flatnonzero(is_first(group))
    return np.arange(len(group)) - np.repeat(starts, np.diff(np.append(starts, len(group))))
