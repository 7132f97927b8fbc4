"""Levels to a probability and to reasons: a sum of whole numbers that anybody can check.

Place on the way: resolve, inner. Enters: levels of pairs. Leaves: log odds that both belong together. Weights are
thousandths of a bit (1000 = twice the odds); how they were made, and when, stands in `weights.json` itself.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from concerted.model.errors import ConfigError
from concerted.resolve.projects.comparison import LEVELS, Levels
from concerted.resolve.projects.sets import Ints
from concerted.store.ordering import is_first, order_of

#: A pair leads by so much when neither end has another that is nearly as likely; it trails when both have a likelier.
LEAD, TRAIL, FAR_BEHIND = 3_000, -1_000, -5_000


@dataclass(frozen=True)
class Weights:
    """`start`: log odds before any evidence. `levels`: per comparison of `LEVELS` one weight per level."""

    start: int
    levels: tuple[Ints, ...]

    def by_comparison(self, found: Levels) -> Ints:
        """Weight of each comparison of each pair; `found` may lack the last comparisons."""
        return np.stack([self.levels[at][found[:, at]] for at in range(found.shape[1])], axis=1)

    def bits(self, found: Levels) -> Ints:
        """Log odds of each pair."""
        bits: Ints = self.start + self.by_comparison(found).sum(axis=1)
        return bits


def with_rivals(levels: Levels, bits: Ints, left: Ints, right: Ints, count: int) -> Levels:
    """`levels` and, as last column, how the pair stands beside the other pairs of its ends.

    A fund has many projects and a project one fund, so it is enough to lead at one end.

    Args:
        bits: log odds by what is said of the two alone.
        left, right: positions of both ends, below `count`.
    """
    lead = _lead(np.r_[left, right], np.r_[bits, bits], count)
    lead = np.maximum(lead[: len(left)], lead[len(left) :])
    rival = np.select([lead >= LEAD, lead >= TRAIL, lead >= FAR_BEHIND], [0, 1, 2], 3)
    return np.concatenate([levels, rival[:, None]], axis=1).astype(np.int8)


def _lead(end: Ints, bits: Ints, count: int) -> Ints:
    """By how much each pair leads, or trails, the best other pair of this end."""
    order = np.arange(len(end))[order_of(end, -bits)]
    ends, ranked = end[order], bits[order]
    starts = np.flatnonzero(is_first(ends))
    best = np.full(count, np.iinfo(np.int32).min, np.int64)
    second = best.copy()
    best[ends[starts]] = ranked[starts]
    has_more = np.diff(np.append(starts, len(ends))) > 1
    second[ends[starts[has_more]]] = ranked[starts[has_more] + 1]
    is_best = np.zeros(len(end), np.bool_)
    is_best[order[starts]] = True
    return bits - np.where(is_best, second[end], best[end])


def probability(bits: Ints) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Log odds in thousandths of a bit as probabilities, four decimals."""
    return np.round(1 / (1 + np.exp2(-np.clip(bits, -30_000, 30_000) / 1000)), 4)


def least_bits(least: float) -> int:
    """The lowest log odds of which `probability` is `least` or more, thousandths of a bit."""
    bits = np.arange(-30_000, 30_001)
    reached = np.flatnonzero(probability(bits) >= least)
    if not len(reached):
        return 1 << 40
    return int(bits[reached[0]]) if reached[0] else -(1 << 40)


@dataclass(frozen=True)
class Heads:
    """Weights by what is asked: is it one project told twice, and does one fund the other."""

    same: Weights
    funds: Weights


@cache
def load_heads() -> Heads:
    """The shipped weights.

    Raises:
        ConfigError: comparisons or levels differ from those of the program.
    """
    shipped = json.loads(files("concerted.resolve.projects").joinpath("weights.json").read_text("utf-8"))
    return Heads(_weights(shipped["same"]), _weights(shipped["funds"]))


def _weights(told: dict[str, Any]) -> Weights:
    levels = told["levels"]
    if list(levels) != list(LEVELS) or any(list(levels[name]) != list(LEVELS[name]) for name in LEVELS):
        raise ConfigError("resolve/projects/weights.json does not fit the comparisons; fit it again")
    return Weights(told["start"], tuple(np.array([*levels[name].values()], np.int64) for name in LEVELS))
