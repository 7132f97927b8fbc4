"""Which candidates can be proposed at all: comparing ends where nothing more can make a pair likely.

Place on the way: resolve, inner. Enters: candidates of one world. Leaves: those that may be proposed and those that may
be their rivals, compared in full, the same as if all had been: what is left out is too unlikely to be proposed, and so
far behind every pair which is that it is no rival of it.
"""

from dataclasses import dataclass

import numpy as np

from concerted.resolve.projects.comparison import BATCH, LEVELS, PAIRWISE, Compared, Comparer, as_compared
from concerted.resolve.projects.kinds import NEUTRAL, ONE_PROGRAMME
from concerted.resolve.projects.scoring import LEAD, Heads, Weights, least_bits
from concerted.resolve.projects.sets import Ints


@dataclass(frozen=True)
class _Sum:
    """A sum of weights of which one wants to know whether it can reach a limit.

    Attributes:
        start: with everything that does not depend on the pair.
        levels: weights per comparison.
    """

    start: int
    levels: dict[str, Ints]

    @property
    def highest(self) -> int:
        return self.start + sum(int(weights.max()) for weights in self.levels.values())

    def falls(self, name: str, found: Ints) -> Ints:
        """By how much a level takes the sum below the highest one."""
        weights = self.levels[name]
        fall: Ints = (weights - weights.max())[found]
        return fall


def find_likely(
    comparer: Comparer, heads: Heads, left: Ints, right: Ints, propose: float
) -> tuple[Ints, Ints, Compared]:
    """Both ends and the comparison of every pair that matters, in the order of the candidates.

    Args:
        left, right: candidates.
        propose: probability from which on a pair is proposed.
    """
    rival = [int(head.levels[-1].max()) for head in (heads.same, heads.funds)]
    # The least that a pair itself must be worth, before it is held against others.
    least = least_bits(propose) - max(rival)
    follows = least_bits(max(propose, ONE_PROGRAMME))
    sums = (_alone(heads.same), _alone(heads.funds), _one_programme(heads.same))
    found, compared, worth = _compare(comparer, sums, (least - LEAD, least - LEAD, follows), left, right)
    # One that follows another is proposed however much its days and sums are apart, so any rival counts.
    faint = (worth[:2].max(axis=0) < least) & (worth[2] >= follows)
    if faint.any():
        is_end = np.zeros(len(comparer.facts), np.bool_)
        is_end[left[found[faint]]] = is_end[right[found[faint]]] = True
        is_more = is_end[left] | is_end[right]
        is_more[found] = False
        more = np.flatnonzero(is_more)
        compared = Compared.joined([compared, comparer.compare(left[more], right[more])])
        found = np.concatenate([found, more])
        order = np.argsort(found)
        found, compared = found[order], compared.where(order)
    return left[found], right[found], compared


def _alone(weights: Weights) -> _Sum:
    return _Sum(weights.start, dict(zip(PAIRWISE, weights.levels, strict=False)))


def _one_programme(weights: Weights) -> _Sum:
    """What remains where days, sums, phases and rivals say nothing."""
    levels = dict(zip(LEVELS, weights.levels, strict=True))
    said = sum(int(levels.pop(name)[LEVELS[name].index(code)]) for name, code in NEUTRAL.items())
    return _Sum(weights.start + said, levels)


def _compare(
    comparer: Comparer, sums: tuple[_Sum, ...], limits: tuple[int, ...], left: Ints, right: Ints
) -> tuple[Ints, Compared, Ints]:
    """Positions, comparison and sums of the pairs of which one sum reaches its limit."""
    found, compared = [np.empty(0, np.int64)], []
    worths = [np.empty((len(sums), 0), np.int64)]
    lowest = np.array(limits, np.int64)[:, None]
    for begin in range(0, len(left), BATCH):
        rows = np.arange(begin, min(begin + BATCH, len(left)))
        worth = np.repeat(np.array([[one.highest] for one in sums], np.int64), len(rows), axis=1)
        columns: dict[str, Ints] = {}
        for names, stage in comparer.stages.items():
            columns |= stage(left[rows], right[rows])
            for at, one in enumerate(sums):
                for name in names:
                    if name in one.levels:
                        worth[at] += one.falls(name, columns[name])
            kept = (worth >= lowest).any(axis=0)
            rows, worth = rows[kept], worth[:, kept]
            columns = {name: column[kept] for name, column in columns.items()}
        found.append(rows)
        compared.append(as_compared(columns))
        worths.append(worth)
    return np.concatenate(found), Compared.joined(compared), np.concatenate(worths, axis=1)
