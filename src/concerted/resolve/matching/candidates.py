"""Which spellings are worth comparing: those that share something telling.

Place on the way: resolve, inner. Enters: spellings with what is known of them. Leaves: pairs, for each spelling the few
others that share most with it. Work grows with the number of spellings, because large blocks are split or left out.
"""

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from concerted.resolve.matching.comparison import Side
from concerted.resolve.matching.words import WordWeights

Ints = npt.NDArray[np.int64]

#: A block of more spellings says too little: its words count only in pairs, and pairs of them no more than this either.
MAX_BLOCK = 150
#: Each spelling keeps this many candidates, those that share most.
MAX_CANDIDATES = 15
#: Bits that other agreements are worth beside shared words.
KNOWN_BITS, ACRONYM_BITS, START_BITS = 20_000, 9_000, 4_000
#: Letters of a word's beginning and end by which words with a typing error meet.
EDGE = 4


def find_candidates(sides: Sequence[Side], weights: WordWeights) -> npt.NDArray[np.int64]:
    """Pairs of positions in `sides`, smaller first, sorted; shape (n, 2)."""
    blocks: dict[str, list[int]] = {}
    worth: dict[str, int] = {}
    for at, side in enumerate(sides):
        for key, bits in _keys(side, weights):
            blocks.setdefault(key, []).append(at)
            worth[key] = bits
    crowded = {key for key, members in blocks.items() if len(members) > MAX_BLOCK}
    for at, side in enumerate(sides):
        keys = sorted(key for key in {key for key, _ in _keys(side, weights)} if key in crowded)
        for pair in itertools.combinations(keys, 2):
            both = "\n".join(pair)
            blocks.setdefault(both, []).append(at)
            worth[both] = worth[pair[0]] + worth[pair[1]]
    codes, shared = _pairs(blocks, worth, len(sides))
    return _strongest(codes, shared, len(sides))


def _keys(side: Side, weights: WordWeights) -> Iterable[tuple[str, int]]:
    """Blocks of one spelling and how many thousandths of a bit sharing each is worth."""
    spelling = side.spelling
    yield f"same {spelling.folded}", KNOWN_BITS
    if side.known:
        yield f"known {side.known.ref}", KNOWN_BITS
    for word in spelling.tokens:
        yield f"word {word}", weights[word]
        if len(word) >= EDGE + 1 and not word.isdigit():
            yield f"begins {word[:EDGE]}", START_BITS
            yield f"ends {word[-EDGE:]}", START_BITS
    for country in spelling.countries:
        yield f"country {country}", START_BITS
    for unit in spelling.units:
        yield f"unit {unit}", START_BITS
    for letters in spelling.acronyms | spelling.initials:
        yield f"letters {letters}", ACRONYM_BITS


def _pairs(blocks: dict[str, list[int]], worth: dict[str, int], count: int) -> tuple[Ints, Ints]:
    """Coded pairs (smaller * count + larger) and the bits they share, one entry per pair."""
    codes: list[Ints] = []
    bits: list[Ints] = []
    corners: dict[int, tuple[Ints, Ints]] = {}
    for key in sorted(blocks):
        size = len(blocks[key])
        if not 2 <= size <= MAX_BLOCK:
            continue
        if size not in corners:
            corners[size] = np.triu_indices(size, 1)
        members = np.array(blocks[key], dtype=np.int64)
        left, right = members[corners[size][0]], members[corners[size][1]]
        codes.append(left * count + right)
        bits.append(np.full(len(left), worth[key], dtype=np.int64))
    if not codes:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    pair, inverse = np.unique(np.concatenate(codes), return_inverse=True)
    shared = np.zeros(len(pair), dtype=np.int64)
    np.add.at(shared, inverse, np.concatenate(bits))
    return pair, shared


def _strongest(codes: Ints, bits: Ints, count: int) -> npt.NDArray[np.int64]:
    """Pairs that are among the strongest of either end; among equals the earlier spelling first."""
    left, right = codes // count, codes % count
    here, there = np.concatenate([left, right]), np.concatenate([right, left])
    number = np.concatenate([np.arange(len(codes))] * 2)
    order = np.lexsort((there, -np.concatenate([bits, bits]), here))
    ends = here[order]
    first = np.flatnonzero(np.diff(ends, prepend=-1))
    rank = np.arange(len(ends)) - np.repeat(first, np.diff(np.append(first, len(ends))))
    kept = np.unique(number[order][rank < MAX_CANDIDATES])
    return np.stack([left[kept], right[kept]], axis=1)
