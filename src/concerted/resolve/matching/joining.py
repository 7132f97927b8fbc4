"""From scored pairs to accepted ones: who is joined with whom, carefully.

Place on the way: resolve, inner. Enters: scored pairs. Leaves: pairs to be taken as one organisation, and pairs to be
asked. Every name joins at most one reference; references are joined only when they are one number written in two
ways; groups of names do not grow along chains, because a pair that speaks clearly against it stops a join.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from concerted.resolve.matching.scored import ScoredPair

_NOT_LETTERS = re.compile(r"[^A-Z0-9]")
_NUMBER = re.compile(r"(\d{6,})$")


@dataclass(frozen=True)
class JoinParams:
    """When pairs are joined; probabilities.

    Attributes:
        accept: from this on a pair is joined; chosen on the learning half so that 95 of 100 names that find an
            organisation find the right one (benchmarks/organisations.py).
        accept_names: the same for two names that both lack a reference.
        propose: from this on a pair that is not joined is kept for a person to judge, where the names carry it.
        ask: the same where only the context speaks for it.
        against: a pair below this keeps the groups of its ends apart.
        lead: bits by which the best reference of a name must lead the second best one.
    """

    accept: float = 0.5
    accept_names: float = 0.8
    propose: float = 0.1
    ask: float = 0.7
    against: float = 0.01
    lead: float = 1.0


@dataclass(frozen=True)
class Joined:
    """`same`: pairs taken as one organisation. `open`: pairs that a person should judge."""

    same: tuple[ScoredPair, ...]
    open: tuple[ScoredPair, ...]


@dataclass(frozen=True)
class Judged:
    """What people decided about pairs of keys; it holds for every view.

    Attributes:
        same: one organisation.
        apart: two organisations.
        units: (unit, parent); two organisations as well.
    """

    same: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()

    def of(self, stands_for: Mapping[str, str]) -> "Judged":
        """The same, said of the keys that stand for groups."""

        def told(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
            return tuple((stands_for.get(left, left), stands_for.get(right, right)) for left, right in pairs)

        return Judged(told(self.same), told(self.apart), told(self.units))

    @property
    def settled(self) -> frozenset[frozenset[str]]:
        """Pairs that nobody has to be asked about any more."""
        return frozenset(frozenset(pair) for pair in (*self.same, *self.apart, *self.units))


def join_pairs(
    pairs: Sequence[ScoredPair], params: JoinParams, frozen: Iterable[str] = (), judged: Judged | None = None
) -> Joined:
    """Accept pairs from the likeliest down.

    Args:
        pairs: any order.
        frozen: keys whose groups are settled (those of a more open view): no two of them are joined here.
        judged: what people decided: nothing that is likely joins what they keep apart, not even through others.
    """
    judged = judged or Judged()
    groups = _Groups(frozenset(frozen))
    groups.join_judged(judged.same)
    for left, right in (*judged.apart, *judged.units):
        groups.keep_apart(left, right)
    for pair in pairs:
        if pair.probability < params.against and not pair.is_same_known:
            groups.keep_apart(pair.left, pair.right)
    unsure = _unsure(pairs, params)
    accepted, left_over = [], []
    for pair in sorted(pairs, key=lambda p: (-p.bits, p.left, p.right)):
        if pair.probability < params.propose:
            break
        is_ready = pair.is_grounded and pair.probability >= _needed(pair, params) and pair not in unsure
        if is_ready and groups.join(pair.left, pair.right):
            accepted.append(pair)
        elif (pair.is_grounded or pair.probability >= params.ask) and not groups.are_one(pair.left, pair.right):
            left_over.append(pair)
    settled = judged.settled
    open_pairs = [
        pair
        for pair in left_over
        if not groups.are_one(pair.left, pair.right) and frozenset((pair.left, pair.right)) not in settled
    ]
    return Joined(tuple(accepted), tuple(open_pairs))


def _needed(pair: ScoredPair, params: JoinParams) -> float:
    """Two names without any reference need more than a name and a reference, on which the weights were fitted."""
    has_reference = pair.left.startswith("ref:") or pair.right.startswith("ref:")
    return params.accept if has_reference else params.accept_names


def is_one_number(left: str, right: str) -> bool:
    """Whether two references are one: equal but for punctuation, or of two lists with the same long number.

    `KE-NCB-OP/218/051` and `KE-NCB-OP-218-051`; `GB-CHC-213890` and `GB-COH-213890`.
    """
    a, b = _NOT_LETTERS.sub("", left.upper()), _NOT_LETTERS.sub("", right.upper())
    if a == b:
        return True
    number_a, number_b = _NUMBER.search(left), _NUMBER.search(right)
    return bool(number_a and number_b and left[:3] == right[:3] and number_a[1].lstrip("0") == number_b[1].lstrip("0"))


def _unsure(pairs: Sequence[ScoredPair], params: JoinParams) -> set[ScoredPair]:
    """Pairs of a name with a reference that another reference could claim nearly as well."""
    claims: dict[str, list[tuple[int, str, ScoredPair]]] = {}
    for pair in pairs:
        name, ref = (pair.left, pair.right) if pair.right.startswith("ref:") else (pair.right, pair.left)
        if ref.startswith("ref:") and name.startswith("name:"):
            claims.setdefault(name, []).append((pair.bits, ref, pair))
    unsure = set()
    for found in claims.values():
        found.sort(key=lambda claim: (-claim[0], claim[1]))
        best = found[0]
        rivals = [c for c in found[1:] if not is_one_number(_ref(c[1]), _ref(best[1]))]
        if rivals and best[0] - rivals[0][0] < params.lead * 1000:
            unsure |= {claim[2] for claim in found}
        else:
            unsure |= {claim[2] for claim in rivals}
    return unsure


def _ref(key: str) -> str:
    return key.removeprefix("ref:")


class _Groups:
    """Groups of keys that may not hold two different references, two frozen keys or two keys that are kept apart."""

    def __init__(self, frozen: frozenset[str]) -> None:
        self.frozen = frozen
        self.group: dict[str, list[str]] = {}
        self.apart: dict[str, set[str]] = {}

    def keep_apart(self, left: str, right: str) -> None:
        self.apart.setdefault(left, set()).add(right)
        self.apart.setdefault(right, set()).add(left)

    def join_judged(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Put together what people say is one, whatever speaks against it."""
        for left, right in sorted(pairs):
            mine, other = self.members(left), self.members(right)
            if mine is not other:
                mine += other
                for key in other:
                    self.group[key] = mine

    def are_one(self, left: str, right: str) -> bool:
        return left in self.members(right)

    def members(self, key: str) -> list[str]:
        return self.group.setdefault(key, [key])

    def join(self, left: str, right: str) -> bool:
        """Whether both are in one group now, and were not before."""
        mine, other = self.members(left), self.members(right)
        if mine is other or not self._may_join(mine, other):
            return False
        mine += other
        for key in other:
            self.group[key] = mine
        return True

    def _may_join(self, mine: list[str], other: list[str]) -> bool:
        if any(key in self.frozen for key in mine) and any(key in self.frozen for key in other):
            return False
        # Across only: within a group people may have said that two references are one organisation.
        refs, others_refs = ([_ref(key) for key in keys if key.startswith("ref:")] for keys in (mine, other))
        if any(not is_one_number(one, two) for one in refs for two in others_refs):
            return False
        others = set(other)
        return not any(self.apart.get(key, set()) & others for key in mine)
