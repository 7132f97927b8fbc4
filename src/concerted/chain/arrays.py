"""Whole numbers in arrays: grouping, summing and splitting without a rounding error.

Place on the way: chain, inner. Amounts are cents in 64 bits.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concerted.store.ordering import Order, order_by, packed
from concerted.store.ordering import order_of as order_of  # where the chain's modules look for it

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

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


def firsts(ordered: Ints) -> Ints:
    """Positions of the first row of each value, in rows that are in order."""
    if not len(ordered):
        return zeros(0)
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


def keyed(*keys: Ints) -> tuple[Ints, list[Ints]]:
    """Number of the distinct combination that each row has, and the combinations, in the order of their values."""
    number, distinct, _ = grouped(*keys)
    return number, distinct


def grouped(*keys: Ints) -> tuple[Ints, list[Ints], Order]:
    """As `keyed`, and the rows in the order of their numbers, as `order_of` gives it."""
    if not len(keys[0]):
        return zeros(0), [zeros(0) for _ in keys], slice(None)
    one = packed(keys)
    if one is None:
        order: Order = np.lexsort(keys[::-1])
        ordered = [key[order] for key in keys]
        is_new = np.ones(len(keys[0]), np.bool_)
        is_new[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in ordered])
        first = np.flatnonzero(is_new)
    else:
        order = order_by(*one)
        first = firsts(one[0][order])
    # What repeats a position is read in order; only the last step goes to and fro.
    by_order = np.repeat(np.arange(len(first)), np.diff(first, append=len(keys[0])))
    if isinstance(order, slice):
        return by_order, [key[first] for key in keys], order
    number = np.empty(len(by_order), np.int64)
    number[order] = by_order
    rows = order[first]
    return number, [key[rows] for key in keys], order


def among(values: Ints, known: Ints) -> Mask:
    """Which of `values` are in `known`, both of any order."""
    if not len(known) or not len(values):
        return np.zeros(len(values), np.bool_)
    low = int(known.min())
    width = int(known.max()) - low + 1
    if width > _SPARSE * (len(known) + len(values)):
        return np.isin(values, known)
    # One place more, the last, for what is smaller or larger than all.
    there = np.zeros(width + 1, np.bool_)
    there[known - low] = True
    return there[np.clip(values - low, -1, width)]


def lookup(wanted: tuple[Ints, ...], known: tuple[Ints, ...]) -> Ints:
    """Position in `known` (distinct combinations) of each of `wanted`; -1 where it is not there."""
    found = np.full(len(wanted[0]), -1, np.int64)
    if not len(found) or not len(known[0]):
        return found
    if len(known) == 1:
        low = int(known[0].min())
        width = int(known[0].max()) - low + 1
        if width > _SPARSE * (len(known[0]) + len(found)):
            return _hashed(wanted[0], known[0])
        # One place more, the last, for what is smaller or larger than all.
        table = np.full(width + 1, -1, np.int64)
        table[known[0] - low] = np.arange(len(known[0]))
        return table[np.clip(wanted[0] - low, -1, width)]
    # Mostly one side is many times as long as the other: only what may be found is ordered.
    asked, there = among(wanted[0], known[0]).nonzero()[0], among(known[0], wanted[0]).nonzero()[0]
    number, distinct = keyed(*(np.r_[mine[asked], theirs[there]] for mine, theirs in zip(wanted, known, strict=True)))
    place = np.full(len(distinct[0]), -1, np.int64)
    place[number[len(asked) :]] = there
    found[asked] = place[number[: len(asked)]]
    return found


def _hashed(wanted: Ints, known: Ints) -> Ints:
    """`lookup` of one key that has too many possible values for a table of positions."""
    found = pc.index_in(pa.array(wanted), value_set=pa.array(known))
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False)).astype(np.int64)


def pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Positions (in `left`, in `right`) of all rows with equal values, in the order of `left`."""
    asked = np.flatnonzero(among(left, right))
    there = np.flatnonzero(among(right, left))
    if not len(asked):
        return zeros(0), zeros(0)
    there = there[order_of(right[there])]
    ordered = right[there]
    first = firsts(ordered)
    place = lookup((left[asked],), (ordered[first],))
    count = np.diff(first, append=len(there))[place]
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(asked, count), there[np.repeat(first[place], count) + within]


def scaled(amount: Ints, times: Ints, by: Ints) -> Ints:
    """`amount * times / by` rounded down, exact; 0 where `by` is 0.

    The product does not fit 64 bits, its quotient does. Floats give the quotient to within a few units; what is left of
    the product, taken modulo 2^64 on both sides, is small, so it is exact and says by how much.

    Args:
        amount, times, by: below 2^53; by 0 or more, and the quotient below 2^53 too.
    """
    if not amount.any():
        return zeros(len(amount))
    nothing = by == 0
    is_nothing = bool(nothing.any())
    divisor = np.where(nothing, 1, by) if is_nothing else by
    guess = amount.astype(np.float64)
    guess *= times
    guess /= divisor
    quotient = np.floor(guess, out=guess).astype(np.int64)
    left = amount * times
    left -= quotient * divisor
    wrong = np.flatnonzero((left < 0) | (left >= divisor))
    quotient[wrong] += left[wrong] // divisor[wrong]
    if is_nothing:
        quotient[nothing] = 0
    return quotient


def split(total: Ints, weight: Ints, group: Ints, order: Order | None = None) -> Ints:
    """`total[g]` over the rows of each group by weight: exact sums, and no row above its weight.

    Args:
        total: per group, at most the sum of the group's weights. Weights may be negative (corrections) where their sum
            is not; a row's part then has the sign of its weight.
        weight: per row.
        group: per row, 0 .. len(total)-1.
        order: rows in the order of their groups, where it is known (`order_of`).
    """
    if not len(weight) or not total.any():
        return zeros(len(weight))
    if order is None:
        order = order_of(group)
    by_group, by_weight = group[order], weight[order]
    first = firsts(by_group)
    size = np.diff(first, append=len(weight))
    running = np.cumsum(by_weight)
    before = running[first] - by_weight[first]
    whole = np.diff(before, append=running[-1])
    amount = total[by_group[first]]
    # Of most groups all is taken or nothing: only the rows of the others are worked out.
    is_open = (amount != 0) & (amount != whole)
    parts: Ints = by_weight * np.repeat(~is_open & (amount != 0), size)
    rows = np.flatnonzero(np.repeat(is_open, size))
    size, amount, whole = size[is_open], amount[is_open], whole[is_open]
    upto = running[rows] - np.repeat(before[is_open], size)
    # Differences of floors of the running total: as total <= whole, none exceeds its weight.
    share = scaled(np.repeat(amount, size), upto, np.repeat(whole, size))
    start = np.cumsum(size) - size
    parts[rows] = share
    parts[rows[1:]] -= share[:-1]
    parts[rows[start]] = share[start]
    if isinstance(order, slice):
        return parts
    result = np.empty(len(weight), np.int64)
    result[order] = parts
    return result


def split_range(totals: Sequence[Ints], weight: Ints, group: Ints, order: Order | None = None) -> list[Ints]:
    """Rising totals over the rows of each group by weight: rising for every row too.

    Each is the one before and a split of what it is more. Were each split by itself, a cent of the smaller total could
    fall on a row that gets none of the larger one.

    Args:
        totals: per group, from the smallest to the largest; weight, group, order: as in `split`.
    """
    if order is None and len(group):
        order = order_of(group)
    parts = [split(totals[0], weight, group, order)]
    for smaller, larger in pairwise(totals):
        parts.append(parts[-1] + split(larger - smaller, weight - parts[-1], group, order))
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
            return (np.cumsum(label == np.arange(nodes)) - 1)[label]
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
