"""The same project told in other words: what is proposed of pairs of activities, and why.

Place on the way: resolve. Enters: the facts of all markings. Leaves: proposals with relation, probability, reasons and
the marking of those who may know. Evidence flows from open to narrow only: each marking has a world of its own, of what
everybody who may see it sees too, and proposes pairs with at least one activity that is told under that very marking.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from concerted.resolve.projects.candidates import find_candidates
from concerted.resolve.projects.comparison import LEVELS, Compared, Comparer
from concerted.resolve.projects.facts import Facts
from concerted.resolve.projects.kinds import PART_OF, RELATIONS, relate
from concerted.resolve.projects.likely import find_likely
from concerted.resolve.projects.scoring import Heads, load_heads, probability, with_rivals
from concerted.resolve.projects.sets import Ints
from concerted.store.kept import kept
from concerted.store.ordering import order_of, place_in_group

KIND = "project_relation"

#: Relations under which both may tell of the same money.
SHARE_MONEY = ("same", "part_of", "funds")
#: A reason is worth saying from this weight on, thousandths of a bit.
TELLING = 300


@dataclass(frozen=True)
class ProjectParams:
    """When a pair is proposed; probabilities.

    Attributes:
        propose: from this on a pair is kept for a person to judge.
        widen: from this on the money of both may be the same: it widens the range.
        most: so many proposals at most of one activity, the likeliest.
    """

    propose: float = 0.25
    widen: float = 0.5
    most: int = 10


@dataclass(frozen=True)
class Proposal:
    """Left RELATION right, as those know it who may see `mark`.

    Attributes:
        evidence: JSON, the weightiest reason first.
        lower: the end whose money the other may have told before: the one told less openly, else the one that gets,
            else the larger id.
    """

    left: int
    right: int
    relation: str
    probability: float
    evidence: str
    mark: int
    lower: int


@dataclass(frozen=True)
class Scored:
    """Pairs of one world with the odds of both heads.

    Attributes:
        left, right: positions in the world.
        compared: see there; `levels` with the last comparison.
        same, funds: log odds, thousandths of a bit.
    """

    left: Ints
    right: Ints
    compared: Compared
    same: Ints
    funds: Ints


def score(facts: Facts, heads: Heads, propose: float, asked: Ints | None = None) -> Scored:
    """Candidates of a world that may be proposed, and their rivals.

    Args:
        propose: probability from which on a pair is proposed.
        asked: only pairs with one of these positions; null = all.
    """
    left, right, compared = find_likely(Comparer(facts), heads, *find_candidates(facts, asked), propose)
    alone = np.maximum(heads.same.bits(compared.levels), heads.funds.bits(compared.levels))
    levels = with_rivals(compared.levels, alone, left, right, len(facts))
    whole = Compared(levels, compared.code, compared.giver)
    return Scored(left, right, whole, heads.same.bits(levels), heads.funds.bits(levels))


def kept_proposals(facts: Facts, evidence: Sequence[tuple[int, int]], params: ProjectParams) -> list[Proposal]:
    """The same as `find_proposals`, kept from build to build: while nothing that is compared changes, nothing is
    compared."""
    told = {"facts": facts.digest(), "evidence": [list(pair) for pair in evidence], "params": asdict(params)}
    return kept(KIND, told, lambda: find_proposals(facts, evidence, params), to_plain=to_plain, from_plain=from_plain)


def find_proposals(facts: Facts, evidence: Sequence[tuple[int, int]], params: ProjectParams) -> list[Proposal]:
    """Proposals of every marking, sorted.

    Args:
        evidence: (mark, mark that is evidence for it), as in `EvidenceOrder.pairs`.
    """
    found: list[Proposal] = []
    for mark in np.unique(facts.mark).tolist():
        seen = [other for own, other in evidence if own == mark]
        world = facts.world(np.array(seen, np.int64))
        own = np.flatnonzero(world.mark == mark)
        if len(own):
            found += _of_world(world, own if len(own) < len(world) else None, mark, params)
    return sorted(found, key=lambda p: (p.left, p.right, p.relation, p.mark))


def _of_world(world: Facts, own: Ints | None, mark: int, params: ProjectParams) -> list[Proposal]:
    heads = load_heads()
    scored = score(world, heads, params.propose, own)
    related = relate(world, scored.compared, heads, scored.same, scored.funds, scored.left, scored.right)
    likely = probability(related.bits)
    kept = np.flatnonzero(likely >= params.propose)
    kept = kept[_best(scored.left[kept], scored.right[kept], related.bits[kept], params.most)]
    reasons = _Reasons(world, scored, heads)
    one, other = scored.left[kept], scored.right[kept]
    is_turned, relation = related.is_turned[kept], related.relation[kept]
    left = world.activity[np.where(is_turned, other, one)]
    right = world.activity[np.where(is_turned, one, other)]
    lower = np.where(relation == PART_OF, left, right)
    is_apart = world.mark[one] != world.mark[other]
    lower[is_apart] = world.activity[np.where(world.mark[one] == mark, one, other)][is_apart]
    said = [reasons.of(at, RELATIONS[kind]) for at, kind in zip(kept.tolist(), relation.tolist(), strict=True)]
    columns = (left.tolist(), right.tolist(), relation.tolist(), likely[kept].tolist(), said, lower.tolist())
    return [
        Proposal(left, right, RELATIONS[kind], likely, told, mark, lower)
        for left, right, kind, likely, told, lower in zip(*columns, strict=True)
    ]


def _best(left: Ints, right: Ints, bits: Ints, most: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether a pair is among the likeliest of one of its ends at least."""
    ends, pair = np.r_[left, right], np.r_[np.arange(len(left)), np.arange(len(left))]
    order = order_of(ends, -np.r_[bits, bits], pair)
    kept = np.zeros(len(left), np.bool_)
    kept[pair[order][place_in_group(ends[order]) < most]] = True
    return kept


class _Reasons:
    """What spoke for and against a pair, with what it speaks of."""

    def __init__(self, world: Facts, scored: Scored, heads: Heads) -> None:
        self.world, self.scored, self.heads = world, scored, heads
        self._told: dict[tuple[bool, bytes, int], str] = {}

    def of(self, at: int, relation: str) -> str:
        """JSON of one pair; pairs that are compared alike have equal reasons."""
        told = (relation == "funds", self.scored.compared.levels[at].tobytes(), int(self.scored.compared.code[at]))
        if told not in self._told:
            self._told[told] = self._of(at, relation)
        return self._told[told]

    def _of(self, at: int, relation: str) -> str:
        head = self.heads.funds if relation == "funds" else self.heads.same
        level = self.scored.compared.levels[at]
        weight = [int(row[found]) for row, found in zip(head.levels, level.tolist(), strict=True)]
        said = [
            {"code": codes[found], "bits": bits, **self._values(name, at)}
            for (name, codes), found, bits in zip(LEVELS.items(), level.tolist(), weight, strict=True)
            if abs(bits) >= TELLING
        ]
        said.sort(key=lambda reason: (-abs(reason["bits"]), reason["code"]))
        return json.dumps(said, ensure_ascii=False)

    def _values(self, comparison: str, at: int) -> dict[str, Any]:
        if comparison == "code" and (code := int(self.scored.compared.code[at])) >= 0:
            return {"what": self.world.names["codes"][code].as_py()}
        return {}


def to_plain(proposals: Sequence[Proposal]) -> list[Any]:
    """As JSON holds them."""
    return [[*asdict(p).values()] for p in proposals]


def from_plain(plain: Sequence[Any]) -> list[Proposal]:
    """Back without a loss."""
    return [Proposal(*row) for row in plain]
