"""Whole numbers in arrays: grouping, summing and splitting without a rounding error.

Place on the way: chain, inner. Amounts are cents in 64 bits.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Keys of more bits are compared: to count them takes more rounds than comparing takes time.
_MOST_BITS = 48
#: How many places a table of positions may have for each row that is looked up or known.
_SPARSE = 4


def columns(rows: Iterable[tuple[int, ...]], width: int) -> list[Ints]:
    """Rows of `width` whole numbers as columns."""
    table = np.array([*rows], dtype=np.int64).reshape(-1, width)
    return [table[:, at].copy() for at in range(width)]


def zeros(length: int) -> Ints:
    """So many zeros."""
    return np.zeros(length, np.int64)


def sums(group: Ints, amount: Ints, groups: int) -> Ints:
    """Sum of `amount` per group 0 .. groups-1, exact."""
    total = zeros(groups)
    np.add.at(total, group, amount)
    return total


def keyed(*keys: Ints) -> tuple[Ints, list[Ints]]:
    """Number of the distinct combination that each row has, and the combinations, in the order of their values."""
    if not len(keys[0]):
        return zeros(0), [zeros(0) for _ in keys]
    order = order_of(*keys)
    ordered = [key[order] for key in keys]
    is_new = np.zeros(len(keys[0]), np.bool_)
    is_new[0] = True
    for key in ordered:
        is_new[1:] |= key[1:] != key[:-1]
    number = zeros(len(is_new))
    number[order] = np.cumsum(is_new) - 1
    return number, [key[is_new] for key in ordered]


def order_of(*keys: Ints | Mask) -> Any:
    """Rows in the order of their keys, those with equal keys as they came.

    Returns:
        something to index arrays with: positions, or a slice of everything where the rows are in order already.
    """
    packed = _packed(keys)
    if packed is None:
        return np.lexsort(keys[::-1])
    key, top = packed
    if (key[1:] >= key[:-1]).all():
        return slice(None)
    if top >> _MOST_BITS:
        return np.argsort(key, kind="stable")
    # 16 bits at a time from the lowest: numpy orders these by counting, 2 to 5 times faster than by comparing.
    order = np.argsort(key.astype(np.uint16), kind="stable")
    for shift in range(16, top.bit_length(), 16):
        order = order[np.argsort((key[order] >> shift).astype(np.uint16), kind="stable")]
    return order


def _packed(keys: tuple[Ints | Mask, ...]) -> tuple[Ints, int] | None:
    """(one number per row that is ordered as the keys are, the largest possible), or None where it has no 63 bits."""
    result, top = None, 0
    for key in keys:
        low, width = int(key.min()), int(key.max()) - int(key.min()) + 1
        if (top + 1) * width >> 63:
            return None
        result = key - low if result is None else result * width + (key - low)
        top = (top + 1) * width - 1
    return None if result is None else (result, top)


def lookup(wanted: tuple[Ints, ...], known: tuple[Ints, ...]) -> Ints:
    """Position in `known` (distinct combinations) of each of `wanted`; -1 where it is not there."""
    if len(known) == 1 and len(known[0]):
        low, width = int(known[0].min()), int(known[0].max()) - int(known[0].min()) + 1
        if width <= _SPARSE * (len(known[0]) + len(wanted[0])):
            table = np.full(width, -1, np.int64)
            table[known[0] - low] = np.arange(len(known[0]))
            at = wanted[0] - low
            inside = (at >= 0) & (at < width)
            return np.where(inside, table[np.where(inside, at, 0)], -1)
    number, distinct = keyed(*(np.concatenate(both) for both in zip(wanted, known, strict=True)))
    place = np.full(len(distinct[0]), -1, np.int64)
    asked = len(wanted[0])
    place[number[asked:]] = np.arange(len(known[0]))
    return place[number[:asked]]


def pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Positions (in `left`, in `right`) of all rows with equal values, in the order of `left`."""
    order = np.arange(len(right))[order_of(right)] if len(right) else zeros(0)
    begin = np.searchsorted(right[order], left, "left")
    count = np.searchsorted(right[order], left, "right") - begin
    first = np.repeat(np.arange(len(left)), count)
    within = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    return first, order[np.repeat(begin, count) + within]


def scaled(amount: Ints, times: Ints, by: Ints) -> Ints:
    """`amount * times / by` rounded down, exact; 0 where `by` is 0.

    The product does not fit 64 bits, its quotient does. Floats give the quotient to within a few units; what is left of
    the product, taken modulo 2^64 on both sides, is small, so it is exact and says by how much.

    Args:
        amount, times, by: below 2^53; by 0 or more, and the quotient below 2^53 too.
    """
    divisor = np.where(by == 0, 1, by)
    quotient = np.floor(amount.astype(np.float64) * times.astype(np.float64) / divisor).astype(np.int64)
    left = amount * times - quotient * divisor
    return np.where(by == 0, 0, quotient + left // divisor)


def split(total: Ints, weight: Ints, group: Ints) -> Ints:
    """`total[g]` over the rows of each group by weight: exact sums, and no row above its weight.

    Args:
        total: per group, at most the sum of the group's weights. Weights may be negative (corrections) where their sum
            is not; a row's part then has the sign of its weight.
        weight: per row.
        group: per row, 0 .. len(total)-1.
    """
    if not len(weight):
        return zeros(0)
    order = order_of(group)
    by_group, by_weight = group[order], weight[order]
    running = np.cumsum(by_weight)
    starts = np.r_[True, by_group[1:] != by_group[:-1]]
    number = np.cumsum(starts) - 1
    upto = running - (running - by_weight)[starts][number]
    whole = sums(group, weight, len(total))[by_group]
    # Differences of floors of the running total: as total <= whole, none exceeds its weight.
    amount = total[by_group]
    parts = scaled(amount, upto, whole) - scaled(amount, upto - by_weight, whole)
    result = zeros(len(weight))
    result[order] = parts
    return result


def split_range(totals: Sequence[Ints], weight: Ints, group: Ints) -> list[Ints]:
    """Rising totals over the rows of each group by weight: rising for every row too.

    Each is the one before and a split of what it is more. Were each split by itself, a cent of the smaller total could
    fall on a row that gets none of the larger one.

    Args:
        totals: per group, from the smallest to the largest; weight, group: as in `split`.
    """
    parts = [split(totals[0], weight, group)]
    for smaller, larger in pairwise(totals):
        parts.append(parts[-1] + split(larger - smaller, weight - parts[-1], group))
    return parts


def together(nodes: int, begin: Ints, end: Ints) -> Ints:
    """Number of the connected set of each node 0 .. nodes-1, edges taken both ways; sets are numbered from 0."""
    label = np.arange(nodes)
    while True:
        least = np.minimum(label[begin], label[end])
        lower = label.copy()
        np.minimum.at(lower, label[begin], least)
        np.minimum.at(lower, label[end], least)
        while (lower[lower] != lower).any():
            lower = lower[lower]
        if (lower == label).all():
            return np.unique(label, return_inverse=True)[1].reshape(-1).astype(np.int64)
        label = lower


def on_circles(nodes: int, begin: Ints, end: Ints) -> Mask:
    """Nodes that lie on a circle, or between circles: those left when ends of ways are taken away again and again."""
    left = np.ones(nodes, np.bool_)
    while True:
        inside = left[begin] & left[end]
        comes, goes = np.zeros(nodes, np.bool_), np.zeros(nodes, np.bool_)
        comes[end[inside]] = True
        goes[begin[inside]] = True
        still = left & comes & goes
        if (still == left).all():
            return left
        left = still
