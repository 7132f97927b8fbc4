"""How near the words of a text are to what is written about a node: TF-IDF cosine, in every language.

Place on the way: step 5, one of two things that `nodes` weighs. Enters: a batch of texts and the pairs of statement and
node that are asked for; leaves: a cosine for each.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from concerted.classify.words import Ints, Texts, Vocabulary, flat, grouped, with_room
from concerted.codelists.frameworks import load_framework, shipped_frameworks
from concerted.codelists.lexicon import folded_words

Floats: TypeAlias = npt.NDArray[np.float64]

#: Words shorter than this carry grammar, not content.
MIN_WORD = 3


@dataclass
class _Known:
    """By number of a word of a vocabulary: how rare it is, and where in `Nearness` its weights begin, and how many."""

    vocabulary: Vocabulary
    size: int = 0
    rarity: Floats = field(default_factory=lambda: np.zeros(0))
    at: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    many: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(slots=True)
class Nearness:
    """What is known of words, for the nodes of some texts.

    `words` has how rare a word is, and the rows of `nodes` and `weights` with its weight for each node that uses it.
    """

    words: dict[str, tuple[float, int, int]]
    nodes: Ints
    weights: Floats
    count: int
    unseen: float
    _known: _Known = field(default_factory=lambda: _Known(Vocabulary()))

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Nearness":
        """Weigh the words of each node, given by its text; a word that many nodes use says little."""
        known, unseen = background()
        idf = dict(known)
        weights: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for node, text in enumerate(texts):
            words = Counter(content_words(text))
            for word in words:
                idf.setdefault(word, unseen)
            vector = {w: (1 + math.log(n)) * idf[w] for w, n in words.items()}
            norm = math.sqrt(math.fsum(v * v for v in vector.values()))
            for word, value in vector.items():
                if value:
                    weights[word].append((node, value / norm))
        rows: list[tuple[int, float]] = []
        found: dict[str, tuple[float, int, int]] = {}
        for word, rarity in idf.items():
            own = weights.get(word, ())
            found[word] = (rarity, len(rows), len(own))
            rows.extend(own)
        return cls(
            found,
            np.array([n for n, _ in rows], np.int64),
            np.array([w for _, w in rows], np.float64),
            len(texts),
            unseen,
        )

    def to_nodes(self, texts: Texts, statement: Ints, node: Ints) -> Floats:
        """Cosine of each pair of statement and node; 0 where they share no word."""
        known = self._learn(texts.vocabulary)
        asked = np.zeros(texts.statements, bool)
        asked[statement] = True
        of_word = texts.statement[texts.part]
        place = np.flatnonzero(asked[of_word])
        size = max(len(texts.vocabulary.words), 1)
        alike, starts = grouped(of_word[place] * size + texts.words[place])
        first, times = alike[starts[:-1]], np.diff(starts)
        # Floats are added in the order in which the words come first.
        order = np.argsort(first)
        first, times = place[first[order]], times[order]
        owner, word = of_word[first], texts.words[first]
        factor = np.array([0.0, *(1 + math.log(n) for n in range(1, int(times.max(initial=0)) + 1))])
        value = factor[times] * known.rarity[word]
        norm = np.sqrt(np.bincount(owner, value * value, texts.statements))
        which, row = flat(known.many[word], known.at[word])
        sums = np.bincount(
            owner[which] * self.count + self.nodes[row], value[which] * self.weights[row], texts.statements * self.count
        )
        norm[norm == 0] = 1.0
        cosine: Floats = sums[statement * self.count + node] / norm[statement]
        return cosine

    def _learn(self, vocabulary: Vocabulary) -> _Known:
        """What is known of the words of a vocabulary, of those that are new too."""
        if self._known.vocabulary is not vocabulary:
            self._known = _Known(vocabulary)
        known = self._known
        begin, size = known.size, len(vocabulary.words)
        if begin < size:
            known.size = size
            # A short word that no framework uses counts for nothing, a longer one for half.
            foreign, short = (self.unseen / 2, 0, 0), (0.0, 0, 0)
            new = vocabulary.words[begin:]
            found = [self.words.get(word) or (foreign if len(word) > MIN_WORD else short) for word in new]
            for name, values in zip(("rarity", "at", "many"), zip(*found, strict=True), strict=True):
                column = with_room(getattr(known, name), size)
                column[begin:size] = values
                setattr(known, name, column)
        return known


def content_words(text: str) -> list[str]:
    """Folded words of a text that are long enough to carry content."""
    return [w for w in folded_words(text) if len(w) >= MIN_WORD]


@cache
def background() -> tuple[Mapping[str, float], float]:
    """Inverse document frequencies of words over the nodes of all shipped frameworks, and that of an unseen word.

    Always all of them: what a text says of one framework must not depend on which others are in the build.
    """
    frameworks = (load_framework(framework_id) for framework_id in shipped_frameworks())
    nodes = [node for framework in frameworks for node in framework.nodes if node.definition]
    used = Counter(w for n in nodes for w in set(content_words(" ".join([*n.name.values(), *n.definition.values()]))))
    idf = {w: math.log((1 + len(nodes)) / (1 + n)) + 1 if n < len(nodes) / 2 else 0.0 for w, n in used.items()}
    return idf, math.log(1 + len(nodes)) + 1
