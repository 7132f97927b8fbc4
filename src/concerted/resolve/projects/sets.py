"""Many small sets of numbers as two arrays, and what pairs of them have in common.

Place on the way: resolve, inner. Work is done for all pairs at once: a million activities are compared without a loop
over activities.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sets:
    """A set of values (0 to `width` - 1) per owner (0 to `count` - 1).

    Attributes:
        owner, value: sorted by owner, then value; no row twice.
        count: how many owners there are.
        width: how many values there may be.
    """

    owner: Ints
    value: Ints
    count: int
    width: int

    @classmethod
    def of(cls, owner: Ints, value: Ints, count: int, width: int) -> Self:
        """From rows in any order, also repeated ones."""
        code = np.unique(owner * width + value) if len(owner) else np.empty(0, np.int64)
        return cls(code // max(width, 1), code % max(width, 1), count, width)

    @cached_property
    def starts(self) -> Ints:
        """Where each owner's rows begin; one more entry for the end."""
        return np.searchsorted(self.owner, np.arange(self.count + 1)).astype(np.int64)

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
        return self.owner * self.width + self.value

    def sum(self, weight: Ints) -> Ints:
        """Per owner the sum of the weights of its values."""
        return np.bincount(self.owner, weight[self.value], self.count).astype(np.int64)

    def where(self, kept: npt.NDArray[np.bool_]) -> Self:
        """The same sets with some rows only."""
        return type(self)(self.owner[kept], self.value[kept], self.count, self.width)

    def rows_of(self, owners: Ints) -> tuple[Ints, Ints]:
        """(position in `owners`, value) of all their rows."""
        size = self.sizes[owners]
        at = np.repeat(np.arange(len(owners)), size)
        row = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(self.starts[owners], size)
        return at, self.value[row]

    def has(self, owners: Ints, values: Ints) -> npt.NDArray[np.bool_]:
        """Whether each owner's set holds the value beside it."""
        if not len(self.codes):
            return np.zeros(len(owners), np.bool_)
        wanted = owners * self.width + values
        place = np.searchsorted(self.codes, wanted)
        return np.asarray(self.codes[np.minimum(place, len(self.codes) - 1)] == wanted)

    def shared(self, left: Ints, right: Ints, other: "Sets | None" = None) -> tuple[Ints, Ints]:
        """(position of the pair, value) of everything that the left owners' sets and the right ones' have in common.

        Args:
            other: where the right owners' sets stand; null = here.
        """
        there = self if other is None else other
        at, value = self.rows_of(left)
        kept = there.has(right[at], value)
        return at[kept], value[kept]

    def shared_sum(self, left: Ints, right: Ints, weight: Ints, other: "Sets | None" = None) -> Ints:
        """Per pair the sum of the weights of what both have."""
        at, value = self.shared(left, right, other)
        return np.bincount(at, weight[value], len(left)).astype(np.int64)

    def shared_max(self, left: Ints, right: Ints, weight: Ints, other: "Sets | None" = None) -> tuple[Ints, Ints]:
        """Per pair the largest weight of what both have, and which value has it (the smallest; -1 = none)."""
        at, value = self.shared(left, right, other)
        best, which = np.zeros(len(left), np.int64), np.full(len(left), -1, np.int64)
        order = np.lexsort((value, -weight[value], at))
        first = np.flatnonzero(np.diff(at[order], prepend=-1))
        rows = order[first]
        best[at[rows]], which[at[rows]] = weight[value[rows]], value[rows]
        return best, which


def bits_of(holders: Ints, total: int, assumed: int) -> Ints:
    """Thousandths of a bit: log2 of all owners over those that hold a value; `assumed` owners are added to both sides'
    count, so that in a small edition a word is weighed nearly as in a large one."""
    share = (holders + 0.5) / (total + assumed)
    return np.round(-1000 * np.log2(np.minimum(share, 1.0))).astype(np.int64)
