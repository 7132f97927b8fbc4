"""The attack on told totals by linear programming: how narrowly can each hidden amount be bounded?

Enters: what editions told, both trees and the rule. Leaves: every hidden amount that somebody can bound more narrowly
than the rule allows; none, if the choice was sound. It knows nothing of how totals were chosen. The attacker knows
where each part stands and whose it is, that none is below 0, and every told total; an organisation also knows all that
it sees. Solved by HiGHS through SciPy.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from concerted.marking.hidden_rule import HiddenRule
from concerted.marking.suppress import Part, Told, Tree, cells_of

#: Of the largest total; HiGHS works to 1e-7 of a feasible point.
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Breach:
    """An amount that is known too well.

    Attributes:
        parts: whose sum it is.
        measure: position among the values.
        reader: the organisation that can bound it so; null = everybody.
        low, high: the bounds.
        demanded_low, demanded_high: what the bounds had to reach.
    """

    parts: frozenset[Part]
    measure: int
    reader: str | None
    low: float
    high: float
    demanded_low: float
    demanded_high: float


@dataclass(frozen=True)
class _System:
    """Told totals of one measure as equations: `rows` x = `sums`, x >= 0."""

    parts: list[Part]
    rows: csr_array
    sums: np.ndarray[tuple[int], np.dtype[np.float64]]
    values: np.ndarray[tuple[int], np.dtype[np.float64]]

    def bounds(self, target: frozenset[Part], known: frozenset[Part]) -> tuple[float, float]:
        """The least and the most that the parts of `target` can be together, to somebody who knows those of `known`."""
        scale = max(1.0, float(self.sums.max(initial=0.0)))
        goal = np.array([1.0 if part in target else 0.0 for part in self.parts])
        is_known = np.array([part in known for part in self.parts])
        values = self.values / scale
        limits = np.column_stack([np.where(is_known, values, 0.0), np.where(is_known, values, np.inf)])
        found = []
        for sign in (1.0, -1.0):
            answer = linprog(sign * goal, A_eq=self.rows, b_eq=self.sums / scale, bounds=limits, method="highs")
            if answer.status == 3:  # without a bound
                found.append(-sign * np.inf)
            elif answer.status == 0:
                found.append(sign * answer.fun * scale)
            else:
                raise ArithmeticError(f"the audit of told totals could not be solved: {answer.message}")
        return found[0], found[1]


def audit(editions: Sequence[Told], nodes: Tree, places: Tree, rule: HiddenRule) -> list[Breach]:
    """Every amount that the told totals of `editions` bound more narrowly than `rule` allows, in a stable order.

    Of each part, and of what each organisation has in each cell of any level, against the public and each organisation
    with all that it sees.
    """
    return [
        breach for measure in range(_measures(editions)) for breach in _audit(editions, nodes, places, rule, measure)
    ]


def _measures(editions: Sequence[Told]) -> int:
    return max((len(part.values) for told in editions for part in told.counted), default=0)


def _audit(editions: Sequence[Told], nodes: Tree, places: Tree, rule: HiddenRule, measure: int) -> Iterator[Breach]:
    system = _system(editions, measure)
    slack = _TOLERANCE * max(1.0, float(system.sums.max(initial=0.0)))
    for reader in _readers(system.parts, rule):
        known = frozenset(p for p in system.parts if rule.knows(reader, p))
        for target in _targets(editions, nodes, places, known):
            demanded = _demanded(rule, sum(part.values[measure] for part in target))
            low, high = system.bounds(target, known)
            if low > demanded[0] + slack or high < demanded[1] - slack:
                yield Breach(target, measure, reader, low, high, *demanded)


def _readers(parts: list[Part], rule: HiddenRule) -> list[str | None]:
    others = frozenset().union(*(rule.seen_by.get(part.record, frozenset()) for part in parts))
    return [None, *sorted({part.owner for part in parts} | others)]


def _demanded(rule: HiddenRule, value: int) -> tuple[float, float]:
    """What the bounds of an amount must at least reach."""
    margin = value * rule.margin_pct / 100
    return value - margin, value + margin


def _targets(editions: Sequence[Told], nodes: Tree, places: Tree, known: frozenset[Part]) -> list[frozenset[Part]]:
    """The sums that somebody who knows `known` may want: of single parts, and of an organisation's in a cell."""
    found: set[frozenset[Part]] = set()
    for told in editions:
        sums: defaultdict[tuple[str, ...], set[Part]] = defaultdict(set)
        for part in told.counted - known:
            found.add(frozenset((part,)))
            for cell in cells_of(part, nodes, places):
                sums[*cell, part.owner].add(part)
        found |= {frozenset(parts) for parts in sums.values()}
    return sorted(found, key=sorted)


def _system(editions: Sequence[Told], measure: int) -> _System:
    parts = sorted({part for told in editions for part in told.counted})
    number = {part: i for i, part in enumerate(parts)}
    rows = sorted({tuple(sorted(number[p] for p in inside)) for told in editions for inside in told.cells.values()})
    values = np.array([part.values[measure] for part in parts], dtype=np.float64)
    columns = [i for row in rows for i in row]
    starts = np.cumsum([0, *map(len, rows)])
    matrix = csr_array((np.ones(len(columns)), columns, starts), shape=(len(rows), len(parts)))
    sums = np.array([sum(parts[i].values[measure] for i in row) for row in rows], dtype=np.float64)
    return _System(parts, matrix, sums, values)
