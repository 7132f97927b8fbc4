"""Chance that is the same on every machine and for every Python.

Only `Random.random()` is documented to give the same sequence for a seed in every version, so everything is made of it.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """A seeded source of choices."""

    def __init__(self, *seed: object) -> None:
        self._random = Random("/".join(map(str, seed)))  # noqa: S311 (not for secrets)

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.unit() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[int(self.unit() * len(items))]

    def weighted(self, items: Sequence[tuple[Item, float]]) -> Item:
        """One of the items, by weight."""
        at = self.unit() * sum(weight for _, weight in items)
        for item, weight in items:
            at -= weight
            if at < 0:
                return item
        return items[-1][0]

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """Some different items, in the order of `items`."""
        left = list(range(len(items)))
        taken = sorted(left.pop(int(self.unit() * len(left))) for _ in range(min(count, len(items))))
        return [items[i] for i in taken]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order."""
        left = list(items)
        return [left.pop(int(self.unit() * len(left))) for _ in range(len(left))]
