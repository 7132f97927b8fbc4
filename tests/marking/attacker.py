"""An attacker on told totals, written apart from the code that tells them: whole numbers, his own trees, his own sums.

He has the totals as a reader has them (by edition, node and place), knows where every hidden part stands and whose it
is, that it is a whole number not below 0, and what one organisation sees. He bounds any sum of parts by integer
programming, which is at least as sharp as the linear one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


@dataclass(frozen=True)
class Hidden:
    """A part as the attacker knows it, without its value."""

    record: str
    owner: str
    node: str
    place: str
    version: int


def is_within(name: str, above: str, tree: Mapping[str, str | None]) -> bool:
    """Whether `name` is `above` or below it."""
    return name == above or (tree[name] is not None and is_within(str(tree[name]), above, tree))


def bounds(
    hidden: Sequence[Hidden],
    counted: Sequence[Iterable[Hidden]],
    totals: Sequence[Mapping[tuple[str, str], int]],
    trees: tuple[Mapping[str, str | None], Mapping[str, str | None]],
    known: Mapping[Hidden, int],
    target: Iterable[Hidden],
) -> tuple[float, float]:
    """The least and the most that `target` can be.

    `counted` are, for each edition, the parts that its totals hold; `totals` what it tells of each cell.
    """
    at = {part: i for i, part in enumerate(hidden)}
    rows, sums = [], []
    for parts, told in zip(counted, totals, strict=True):
        for (node, place), total in told.items():
            row = np.zeros(len(hidden))
            for part in parts:
                if is_within(part.node, node, trees[0]) and is_within(part.place, place, trees[1]):
                    row[at[part]] = 1
            rows.append(row)
            sums.append(total)
    low = np.array([known.get(part, 0) for part in hidden], dtype=float)
    high = np.array([known.get(part, np.inf) for part in hidden], dtype=float)
    goal = np.zeros(len(hidden))
    for part in target:
        goal[at[part]] = 1
    whole = np.ones(len(hidden))
    equal = [LinearConstraint(np.array(rows), sums, sums)] if rows else []
    ends = []
    for sign in (1, -1):
        found = milp(sign * goal, integrality=whole, bounds=Bounds(low, high), constraints=equal)
        if found.status == 3 or (found.status == 4 and found.x is None):
            ends.append(-sign * np.inf)
        else:
            assert found.status == 0, found.message
            ends.append(sign * round(found.fun))
    return ends[0], ends[1]
