"""Names by what is typed of them: in any spelling, as part of a word, with the article or without, one letter wrong.

Enters: things with all their names. Leaves: the things of which every typed word is found, best first. A word is
taken as it is typed wherever that finds anything; only where it finds nothing, words that differ in one letter count.
"""

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from rapidfuzz.distance import OSA

from concerted.codelists.lexicon import arabic_stems, fold

K = TypeVar("K", bound=Hashable)

#: Letters of a word below which one wrong letter would make too many others of it.
LEAST_FOR_ERRORS = 4
#: Rank of what was found by a word that is not quite what was typed, behind all others.
NEAR = 3


class Names(Generic[K]):
    """The names of things, to be searched many times."""

    def __init__(self, things: Iterable[tuple[K, Iterable[str | None]]]) -> None:
        """Each thing with all that it is called; what is no name is left out."""
        self._texts = [
            (key, "".join(f"|{fold(n)}" for n in dict.fromkeys(n for n in names if n))) for key, names in things
        ]

    def find(self, text: str) -> list[tuple[int, K]]:
        """(rank, thing): 0 = a name begins with what is typed, 1 = a word does, 2 = elsewhere, 3 = with an error."""
        wanted = fold(text)
        words = wanted.split()
        if not words:
            return []
        forms = [arabic_stems(word) for word in words]
        found = [(rank, key) for key, names in self._texts if (rank := _rank(wanted, forms, names)) is not None]
        if found:
            return found
        near = [each if self._occurs(each) else self._near(word) for word, each in zip(words, forms, strict=True)]
        return [(NEAR, key) for key, names in self._texts if all(any(w in names for w in each) for each in near)]

    def _occurs(self, forms: Sequence[str]) -> bool:
        return any(form in names for form in forms for _, names in self._texts)

    @cached_property
    def _words(self) -> list[str]:
        return sorted({word for _, names in self._texts for word in names.replace("|", " ").split()})

    def _near(self, word: str) -> tuple[str, ...]:
        """Beginnings of words that become `word` by one letter more, less, other or exchanged with its neighbour."""
        if len(word) < LEAST_FOR_ERRORS:
            return ()
        heads = {known[: len(word) + more] for known in self._words for more in (-1, 0, 1)}
        return tuple(head for head in sorted(heads) if is_near(word, head))


def is_near(one: str, other: str) -> bool:
    """Whether two words differ by one letter at most: more, less, other, or two neighbours exchanged."""
    return abs(len(one) - len(other)) <= 1 and OSA.distance(one, other, score_cutoff=1) <= 1


def _rank(wanted: str, forms: Sequence[Sequence[str]], names: str) -> int | None:
    if not all(any(form in names for form in each) for each in forms):
        return None
    return 0 if f"|{wanted}" in names else 1 if f" {wanted}" in names else 2
