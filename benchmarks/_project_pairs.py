"""Pairs of the sets with their levels and their truth, and weights fitted on some of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks._fit_levels import LevelModel, calibrate
from benchmarks._project_sets import Kit, Planted, facts_of
from concerted.resolve.projects.candidates import find_candidates
from concerted.resolve.projects.comparison import APART, LEVELS, Compared, Levels, Weighed, compare
from concerted.resolve.projects.facts import Facts
from concerted.resolve.projects.scoring import Heads, Weights, with_rivals
from concerted.resolve.projects.sets import Ints

ROUNDS, TOLERANCE = 2, 1e-7
_BITS = 1000 / np.log(2)


@dataclass(frozen=True)
class Pairs:
    """Candidates of one set.

    Attributes:
        facts: of the set.
        left, right: positions of both ends.
        compared: levels and what reasons speak of.
        half: 0 or 1 where both publishers are of that half, else -1.
        truth: 1 = belongs together, 0 = not, -1 = not known (two parts of one whole).
        is_declared: the truth comes from a declared link.
        is_planted: one end at least is planted.
    """

    facts: Facts
    left: Ints
    right: Ints
    compared: Compared
    half: Ints
    truth: Ints
    is_declared: npt.NDArray[np.bool_]
    is_planted: npt.NDArray[np.bool_]

    def keys(self) -> list[tuple[int, int]]:
        """(smaller, larger) activity id of each pair."""
        a, b = self.facts.activity[self.left], self.facts.activity[self.right]
        return list(zip(np.minimum(a, b).tolist(), np.maximum(a, b).tolist(), strict=True))

    def bits(self, heads: Heads) -> tuple[Ints, Ints]:
        """Log odds by the two heads, as `find.score` has them."""
        levels = self.levels(heads)
        return heads.same.bits(levels), heads.funds.bits(levels)

    def rivals(self, heads: Heads) -> Levels:
        """The last comparison, one column."""
        return self.levels(heads)[:, -1:]

    def levels(self, heads: Heads) -> Levels:
        """All comparisons, the last one too."""
        found = self.compared.levels
        alone = np.maximum(heads.same.bits(found), heads.funds.bits(found))
        return with_rivals(found, alone, self.left, self.right, len(self.facts))


def make_pairs(kit: Kit, planted: Planted | None = None) -> Pairs:
    """Candidates among the activities of a kit and what is planted in it."""
    facts = facts_of(kit, planted)
    left, right = find_candidates(facts)
    compared = compare(facts, Weighed.of(facts), left, right)
    half_of_org = {}
    for activity, org in zip(facts.activity.tolist(), facts.org.tolist(), strict=True):
        if activity in kit.publisher:
            half_of_org[org] = kit.half[kit.publisher[activity]]
    half_of = np.array([half_of_org.get(org, -1) for org in facts.org.tolist()], np.int64)
    half = np.where(half_of[left] == half_of[right], half_of[left], -1)
    same = set(planted.same) if planted else set()
    beside = planted.beside if planted else set()
    a, b = facts.activity[left], facts.activity[right]
    keys = list(zip(np.minimum(a, b).tolist(), np.maximum(a, b).tolist(), strict=True))
    is_declared = np.array([key in kit.links for key in keys], np.bool_)
    truth = np.array([1 if key in same or key in kit.links else -1 if key in beside else 0 for key in keys], np.int64)
    is_new = np.array([activity not in kit.publisher for activity in facts.activity.tolist()], np.bool_)
    return Pairs(facts, left, right, compared, half, truth, is_declared, is_new[left] | is_new[right])


def truth_of(pairs: Pairs, relation: str) -> Ints:
    """The truth for one relation: 1, 0, or -1 where it is another relation or not known.

    *Same* is learnt from planted copies and from declared links whose titles are alike, *funds* from declared links.
    """
    is_alike = pairs.compared.levels[:, [*LEVELS].index("title")] <= 1
    if relation == "same":
        return np.where(pairs.is_declared & ~is_alike, -1, pairs.truth)
    return np.where((pairs.truth == 1) & ~pairs.is_declared, -1, pairs.truth)


def fit_heads(sets: Sequence[Pairs], half: int | None) -> Heads:
    """Weights fitted on the pairs of one half; null = on all.

    How a pair stands beside its rivals follows from the weights, so they are fitted twice.
    """
    model = LevelModel(LEVELS, {name: [LEVELS[name].index(x) for x in apart] for name, apart in APART.items()})
    rivals = [np.ones((len(p.left), 1), np.int8) for p in sets]
    for _ in range(ROUNDS):
        heads = Heads(*(_fit(model, sets, rivals, relation, half) for relation in ("same", "funds")))
        rivals = [p.rivals(heads) for p in sets]
    return heads


def _fit(
    model: LevelModel, sets: Sequence[Pairs], rivals: Sequence[Levels], relation: str, half: int | None
) -> Weights:
    rows = []
    for pairs, rival in zip(sets, rivals, strict=True):
        truth = truth_of(pairs, relation)
        chosen = (truth >= 0) & ((pairs.half >= 0) if half is None else (pairs.half == half))
        rows.append(np.c_[pairs.compared.levels, rival, truth][chosen])
    # Equal rows count once, with their number: there are few ways to be compared.
    unique, counts = np.unique(np.concatenate(rows), axis=0, return_counts=True)
    x, y, weight = model.design(unique[:, :-1]), unique[:, -1].astype(float), counts.astype(float)
    start, levels = model.fit(x, y, weight, TOLERANCE)
    slope, shift = calibrate(start + x @ levels, y, weight)
    found = [np.round(slope * w * _BITS).astype(np.int64) for w in model.by_name(levels).values()]
    return Weights(round((slope * start + shift) * _BITS), tuple(found))
