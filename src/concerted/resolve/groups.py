"""Pairs that people judged to be one, as groups with one key that stands for each.

Place on the way: resolve, inner. Enters: pairs in any order. Leaves: every key with the first key of its group.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Key = TypeVar("Key")


def group_pairs(pairs: Iterable[tuple[Key, Key]], order: Callable[[Key], Any]) -> dict[Key, Key]:
    """Each key of `pairs` and the first key, by `order`, of all that the pairs connect it with.

    Args:
        order: sort key; different keys must differ in it, so that the order of the pairs does not matter.
    """
    parent: dict[Key, Key] = {}

    def root(key: Key) -> Key:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for left, right in pairs:
        low, high = sorted((root(left), root(right)), key=order)
        parent[high] = low
    return {key: root(key) for key in parent}
