"""Many small sets of numbers as two arrays, and what pairs of them have in common.

Place on the way: resolve, inner. Work is done for all pairs at once: a million activities are compared without a loop
over activities. Owners and values are kept in 32 bits: a set per activity of a million has tens of millions of rows.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from concerted.store.ordering import distinct, is_first, sorted_rows

Ints = npt.NDArray[np.int64]
#: Numbers that fit 32 bits. To be widened before they are multiplied: numpy would let the product wrap around.
Short = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

#: An odd number by which values are spread over 64 places, and over tables of other sizes.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Sets:
    """A set of values (0 to `width` - 1) per owner (0 to `count` - 1).

    Attributes:
        owner, value: sorted by owner, then value; no row twice.
        count: how many owners there are.
        width: how many values there may be.
    """

    owner: Short
    value: Short
    count: int
    width: int

    @classmethod
    def of(cls, owner: Any, value: Any, count: int, width: int) -> Self:
        """From rows in any order, also repeated ones."""
        if not len(owner):
            return cls(np.empty(0, np.int32), np.empty(0, np.int32), count, width)
        bits = max(width - 1, 1).bit_length()
        code = distinct(owner.astype(np.int64) << bits | value)
        return cls((code >> bits).astype(np.int32), (code & ((1 << bits) - 1)).astype(np.int32), count, width)

    @cached_property
    def starts(self) -> Ints:
        """Where each owner's rows begin; one more entry for the end."""
        ends: Ints = np.cumsum(np.bincount(self.owner, minlength=self.count))
        return np.concatenate([np.zeros(1, np.int64), ends])

    @cached_property
    def sizes(self) -> Ints:
        """Values per owner."""
        return np.diff(self.starts)

    @cached_property
    def holders(self) -> Ints:
        """Owners per value."""
        return np.bincount(self.value, minlength=self.width).astype(np.int64)

    @cached_property
    def codes(self) -> Ints:
        """Owner and value as one sorted number."""
        return self.owner.astype(np.int64) * self.width + self.value

    @cached_property
    def signs(self) -> npt.NDArray[np.uint64]:
        """Per owner one of 64 bits for each of its values: most of what a set has not shows without a search."""
        found = np.zeros(self.count, np.uint64)
        if len(self.owner):
            starts = np.flatnonzero(is_first(self.owner))
            found[self.owner[starts]] = np.bitwise_or.reduceat(_sign(self.value), starts)
        return found

    def sum(self, weight: Ints) -> Ints:
        """Per owner the sum of the weights of its values."""
        return np.bincount(self.owner, weight[self.value], self.count).astype(np.int64)

    def where(self, kept: Mask) -> Self:
        """The same sets with some rows only."""
        return type(self)(self.owner[kept], self.value[kept], self.count, self.width)

    def of_owners(self, place: Short, count: int) -> Self:
        """The sets of some owners, renumbered.

        Args:
            place: per owner its new number, in the same order; -1 = left out.
            count: how many are kept.
        """
        moved = place[self.owner]
        kept = moved >= 0
        return type(self)(moved[kept], self.value[kept], count, self.width)

    def rows_of(self, owners: Any) -> tuple[Ints, Short]:
        """(position in `owners`, value) of all their rows."""
        size = self.sizes[owners]
        at = np.repeat(np.arange(len(owners)), size)
        row = np.arange(len(at)) + np.repeat(self.starts[owners] - (np.cumsum(size) - size), size)
        return at, self.value[row]

    def has(self, owners: Any, values: Any) -> Mask:
        """Whether each owner's set holds the value beside it."""
        found: Mask = (self.signs[owners] & _sign(values)) != 0
        asked = np.flatnonzero(found)
        if len(asked):
            wanted = owners[asked].astype(np.int64) * self.width + values[asked]
            place = np.searchsorted(self.codes, wanted)
            found[asked] = self.codes[np.minimum(place, len(self.codes) - 1)] == wanted
        return found

    def shared(self, left: Any, right: Any, other: "Sets | None" = None) -> tuple[Ints, Short]:
        """(position of the pair, value) of everything that the left owners' sets and the right ones' have in common.

        Args:
            other: where the right owners' sets stand; null = here.
        """
        there = self if other is None else other
        at, value = self.rows_of(left)
        kept = there.has(right[at], value)
        return at[kept], value[kept]

    def shared_count(self, left: Any, right: Any) -> Ints:
        """How many values the sets of each pair have in common."""
        return np.bincount(self.shared(left, right)[0], minlength=len(left)).astype(np.int64)

    def shared_sum(self, left: Any, right: Any, weight: Ints, other: "Sets | None" = None) -> Ints:
        """Per pair the sum of the weights of what both have."""
        at, value = self.shared(left, right, other)
        return np.bincount(at, weight[value], len(left)).astype(np.int64)

    def shared_max(self, left: Any, right: Any, weight: Ints, other: "Sets | None" = None) -> tuple[Ints, Ints]:
        """Per pair the largest weight of what both have, and which value has it (the smallest; -1 = none).

        Args:
            weight: 0 or more, below 2^31.
        """
        at, value = self.shared(left, right, other)
        best, which = np.zeros(len(left), np.int64), np.full(len(left), -1, np.int64)
        if len(at):
            starts = np.flatnonzero(is_first(at))
            top = np.maximum.reduceat(weight[value] << 32 | ((1 << 32) - 1 - value.astype(np.int64)), starts)
            best[at[starts]], which[at[starts]] = top >> 32, (1 << 32) - 1 - (top & ((1 << 32) - 1))
        return best, which


def distinct_rows(*columns: Any) -> list[Ints]:
    """The rows of these columns, each once, sorted."""
    ordered = sorted_rows(*columns)
    kept = is_first(*ordered)
    return [column[kept] for column in ordered]


def spread(values: Any, bits: int) -> npt.NDArray[np.int64]:
    """A place in a table of 2^bits entries for each value; different values may get the same."""
    places: Ints = ((values.astype(np.uint64) * _SPREAD) >> np.uint64(64 - bits)).astype(np.int64)
    return places


def _sign(values: Any) -> npt.NDArray[np.uint64]:
    signs: npt.NDArray[np.uint64] = np.uint64(1) << ((values.astype(np.uint64) * _SPREAD) >> np.uint64(58))
    return signs


def bits_of(holders: Ints, total: int, assumed: int) -> Ints:
    """Thousandths of a bit: log2 of all owners over those that hold a value; `assumed` owners are added to both sides'
    count, so that in a small edition a word is weighed nearly as in a large one."""
    share = (holders + 0.5) / (total + assumed)
    return np.round(-1000 * np.log2(np.minimum(share, 1.0))).astype(np.int64)
