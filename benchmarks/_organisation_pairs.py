"""Comparisons of the gold sets: levels by the program's own rules, with their truth and their half.

A pair is for learning when both organisations are of the learning half, for testing when both are of the testing half.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks._organisation_sets import Gold, Named, PairSet, is_test, merged
from concerted.resolve.matching.candidates import find_candidates
from concerted.resolve.matching.comparison import COMPARISONS, Side, compare, is_grounded
from concerted.resolve.matching.profiles import Profile
from concerted.resolve.matching.sides import make_evidence, sides_of
from concerted.resolve.matching.spelling import take_apart
from concerted.resolve.matching.words import WordWeights, weigh_words

Levels = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass
class Compared:
    """Levels (pairs x comparisons), truth, half (False = learn, True = test), and whether a pair stays in one half."""

    levels: Levels
    same: Bools
    test: Bools
    whole: Bools

    def of(self, *, test: bool) -> Bools:
        """Pairs that lie in one half altogether."""
        return self.whole & (self.test == test)


@dataclass
class Queries:
    """Names without references (publisher, organisation, folded name, does anybody else name it?) and their candidates.

    `numbers[i]` is the query of comparison i, `found[i]` the organisation that it is compared with,
    `grounded[i]` whether the names would carry a join.
    """

    names: list[tuple[Named, bool]]
    numbers: list[int]
    found: list[str]
    grounded: list[bool]
    compared: Compared


def compare_pairs(gold: Gold, pairs: PairSet) -> Compared:
    """Set (b): every pair of spellings."""
    others = [Profile(f"other:{name}", Counter({name: 1})) for name in gold.names]
    evidence = make_evidence([profile for _, _, profile in pairs.spellings] + others)
    sides = [evidence.sides[profile.key][0] for _, _, profile in pairs.spellings]
    levels = [compare(sides[p.left], sides[p.right], evidence.words) for p in pairs.pairs]
    ends = [(pairs.spellings[p.left][0], pairs.spellings[p.right][0]) for p in pairs.pairs]
    return _compared(levels, ends)


def compare_queries(gold: Gold, *, only_telling: bool = True) -> Queries:
    """Set (a): each name of each publisher, without its reference, among the names that other publishers use.

    Args:
        only_telling: leave out names borne by two organisations, as queries and as candidates.
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    for entry in gold.named:
        bearers[entry.folded].add(entry.truth)
    entries = [e for e in gold.named if not only_telling or len(bearers[e.folded]) == 1]
    words = weigh_words(take_apart(name) for name in gold.names)
    holders: Counter[str] = Counter()
    for entry in entries:
        holders.update(entry.profile.partners.keys())
    queries = Queries([], [], [], [], _compared([], []))
    levels: list[tuple[int, ...]] = []
    ends: list[tuple[str, str]] = []
    for publisher in sorted({e.publisher for e in entries}):
        asked = [e for e in entries if e.publisher == publisher]
        nodes, owners = _others(entries, publisher, holders)
        own = [_first_side(e.profile, holders, len(entries)) for e in asked]
        for node, at in _across(nodes, own, words):
            levels.append(compare(nodes[node], own[at], words))
            ends.append((asked[at].truth, owners[node]))
            queries.numbers.append(len(queries.names) + at)
            queries.found.append(owners[node])
            queries.grounded.append(is_grounded(nodes[node], own[at], levels[-1], has_reference=True))
        queries.names += [(e, e.truth in set(owners)) for e in asked]
    queries.compared = _compared(levels, ends)
    return queries


def _others(entries: list[Named], publisher: str, holders: Counter[str]) -> tuple[list[Side], list[str]]:
    """What everybody else calls the organisations that they give references for."""
    parts: dict[tuple[str, str], list[Profile]] = defaultdict(list)
    for entry in entries:
        if entry.publisher != publisher:
            parts[entry.truth, entry.folded].append(entry.profile)
    nodes = [
        _first_side(merged(f"ref:{truth}", profiles), holders, len(entries))
        for (truth, _), profiles in sorted(parts.items())
    ]
    return nodes, [truth for truth, _ in sorted(parts)]


def _across(nodes: list[Side], own: list[Side], words: WordWeights) -> Iterator[tuple[int, int]]:
    count = len(nodes)
    for left, right in find_candidates(nodes + own, words):
        if left < count <= right:
            yield int(left), int(right) - count


def _first_side(profile: Profile, holders: Counter[str], total: int) -> Side:
    return next(iter(sides_of(profile, holders, total)))


def _compared(levels: list[tuple[int, ...]], ends: list[tuple[str, str]]) -> Compared:
    halves = np.array([(is_test(a), is_test(b)) for a, b in ends], dtype=bool).reshape(len(ends), 2)
    return Compared(
        np.array(levels, dtype=np.int64).reshape(len(levels), len(COMPARISONS)),
        np.array([a == b for a, b in ends], dtype=bool),
        halves[:, 0],
        halves[:, 0] == halves[:, 1],
    )


def group_of(truth: str, groups: int) -> int:
    """A stable group of an organisation, for intervals that draw whole organisations."""
    return int(hashlib.sha256(f"group {truth}".encode()).hexdigest(), 16) % groups
