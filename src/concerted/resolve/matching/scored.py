"""Pairs of organisations with probability and reasons.

Place on the way: resolve, inner. Enters: profiles of one view. Leaves: for every pair of keys that share something
telling, the likeliest of their spellings compared.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from concerted.resolve.matching.candidates import find_candidates
from concerted.resolve.matching.comparison import Side, compare, is_grounded
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.matching.scoring import load_weights, probability
from concerted.resolve.matching.sides import make_evidence


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two keys, `left` < `right`, and what was found.

    Attributes:
        bits: log odds that both are one organisation, in thousandths of a bit.
        levels: level of each comparison, from which `reasons` follow.
        left_name, right_name: the spellings compared.
        is_grounded: the names themselves carry a join.
        is_same_known: both spellings name the same well-known organisation.
    """

    left: str
    right: str
    bits: int
    levels: tuple[int, ...]
    left_name: str
    right_name: str
    is_grounded: bool
    is_same_known: bool

    def with_keys(self, left: str, right: str) -> "ScoredPair":
        """The same comparison said of the groups that the keys belong to."""
        return replace(self, left=left, right=right)

    @property
    def probability(self) -> float:
        """That both are one organisation, 0 to 1, four decimals."""
        return probability(self.bits)

    @property
    def reasons(self) -> tuple[str, ...]:
        """In words, the weightiest first."""
        return load_weights().reasons(self.levels)


def score_profiles(profiles: Sequence[Profile], asked: Collection[str] | None = None) -> list[ScoredPair]:
    """Candidate pairs of different keys, sorted by keys; of several spellings the likeliest pair counts.

    Equal sets of profiles give equal results, whatever their order. With `asked`, only pairs with one of these keys.
    """
    evidence = make_evidence(profiles)
    nodes: list[tuple[str, Side]] = [(key, side) for key, sides in evidence.sides.items() for side in sides]
    weights = load_weights()
    best: dict[tuple[str, str], ScoredPair] = {}
    for left, right in find_candidates([side for _, side in nodes], evidence.words).tolist():
        (key_a, a), (key_b, b) = sorted((nodes[left], nodes[right]), key=lambda node: node[0])
        if key_a == key_b or (asked is not None and key_a not in asked and key_b not in asked):
            continue
        levels = compare(a, b, evidence.words)
        bits = weights.bits(levels)
        old = best.get((key_a, key_b))
        if old is None or (bits, old.left_name, old.right_name) > (old.bits, a.spelling.folded, b.spelling.folded):
            is_known = a.known is not None and a.known == b.known and a.is_whole and b.is_whole
            has_reference = key_a.startswith("ref:") or key_b.startswith("ref:")
            best[key_a, key_b] = ScoredPair(
                key_a,
                key_b,
                bits,
                levels,
                a.spelling.folded,
                b.spelling.folded,
                is_grounded(a, b, levels, has_reference=has_reference),
                is_known,
            )
    return [best[keys] for keys in sorted(best)]
