"""Where the words of a folded text stand in the text as it was written.

Place on the way: step 5, evidence. Enters: a text and its folded form; leaves: characters of the original, so that a
page can underline what a suggestion rests on.
"""

import re
from functools import lru_cache
from itertools import groupby

from concerted.codelists.lexicon import fold

_WORD = re.compile(r"[^\W_]+")


def word_places(text: str, folded: str) -> list[tuple[int, int]]:
    """First and last-plus-one character in `text` of each word of `folded = fold(text)`."""
    words = folded.split(" ") if folded else []
    places = [m.span() for m in _WORD.finditer(text)]
    if text.isascii():
        return places
    # True of nearly every text; ligatures, loose accents and signs like ™ that fold to letters need the long way.
    if len(places) == len(words) and all(e - b == len(w) for (b, e), w in zip(places, words, strict=True)):
        return places
    return _long_way(text)


def _long_way(text: str) -> list[tuple[int, int]]:
    """Character by character: each gives letters, a space or nothing."""
    letters = [(letter, place) for place, sign in enumerate(text) for letter in _folded(sign)]
    words = [[place for _, place in group] for gap, group in groupby(letters, lambda p: p[0] == " ") if not gap]
    return [(word[0], word[-1] + 1) for word in words]


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    """What one character becomes between two letters: letters, a space, or nothing (a combining mark)."""
    return fold(f"a{sign}a")[1:-1]
