"""Where words found in a folded text stand in the text as it was written.

Place on the way: step 5, evidence. Enters: a text and places in its folded form; leaves: characters of the original, so
that a page can underline what a suggestion rests on.
"""

from functools import lru_cache

from concerted.codelists.lexicon import fold


def original_places(text: str) -> list[int]:
    """For each character of `fold(text)`, the character of `text` that it comes from.

    Folding drops accents, widens ligatures and joins runs of signs into one space, so places move.
    """
    places: list[int] = []
    pending: int | None = None  # a gap between words, written only once a word follows
    for place, sign in enumerate(text):
        for letter in _folded(sign):
            if letter == " ":
                pending = place if pending is None else pending
                continue
            if pending is not None and places:
                places.append(pending)
            pending = None
            places.append(place)
    return places


def original_span(places: list[int], start: int, end: int) -> tuple[int, int]:
    """First and last-plus-one character of the original behind `folded[start:end]`."""
    return places[start], places[end - 1] + 1


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    """What one character becomes between two letters: letters, a space, or nothing (a combining mark)."""
    return fold(f"a{sign}a")[1:-1]
