"""How telling a word of a name is: bits, from how many names hold it.

Place on the way: resolve, inner. Enters: names taken apart. Leaves: a weight per word. Two names that share a word
which few organisations use have more in common than two that share "ministry".
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from concerted.resolve.matching.lexicon import load_lexicon
from concerted.resolve.matching.spelling import Spelling

#: Names assumed before any is seen, so that a build of ten names weighs words nearly like one of a hundred thousand;
#: a word of `words.csv` is in one of a hundred of them, another one in none.
ASSUMED_NAMES, ASSUMED_SHARE = 5_000, 0.01
#: Weights are whole thousandths of a bit: equal on every processor.
SCALE = 1000


@dataclass(frozen=True)
class WordWeights:
    """`names`: how many names were counted; `holders`: in how many of them each word is."""

    names: int
    holders: Counter[str]
    _known: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, word: str) -> int:
        """Thousandths of a bit: log2 of all names over those that hold the word."""
        weight = self._known.get(word)
        if weight is None:
            assumed = ASSUMED_NAMES * ASSUMED_SHARE if word in _common_words() else 0.5
            share = (self.holders[word] + assumed) / (self.names + ASSUMED_NAMES)
            weight = self._known[word] = round(-math.log2(share) * SCALE)
        return weight

    def sum(self, words: Iterable[str]) -> int:
        """Weight of several words."""
        return sum(self[word] for word in words)


def weigh_words(spellings: Iterable[Spelling]) -> WordWeights:
    """Weights from distinct names."""
    holders: Counter[str] = Counter()
    names = 0
    for spelling in spellings:
        names += 1
        holders.update(spelling.tokens)
    return WordWeights(names, holders)


def _common_words() -> frozenset[str]:
    return load_lexicon().concepts
