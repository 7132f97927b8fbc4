"""Finds thousands of lexicon terms in many texts, fast.

Place on the way: step 5. Same language of terms and same finds as `codelists.lexicon.TermIndex` (a test holds them
together), ten times faster: what a word may begin or continue is worked out once per distinct word, and a language has
far fewer words than texts have. Hits are given by word, not by character.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from concerted.codelists.lexicon import arabic_stems

Key = TypeVar("Key")

#: Distinct words remembered before starting afresh; bounds memory on a million texts.
REMEMBERED = 300_000


class Found(NamedTuple, Generic[Key]):
    """A term of `key` in words `first` to `last` of a text, both included."""

    key: Key
    term: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Word(Generic[Key]):
    """What a word may be: whole terms, and the first word of longer terms.

    `begins` is keyed by the number of the second word: most words begin many terms and are followed by none of them.
    """

    whole: tuple[tuple[Key, str], ...]
    begins: dict[int, tuple[tuple[Key, str, tuple[int, ...]], ...]]
    seconds: frozenset[int]


@dataclass(slots=True)
class Matcher(Generic[Key]):
    """Terms compiled. Build with `of`."""

    _first: dict[str, list[tuple[Key, str, str, tuple[int, ...]]]] = field(default_factory=dict)
    _rest: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    _first_lengths: tuple[int, ...] = ()
    _rest_lengths: tuple[int, ...] = ()
    _known: dict[str, _Word[Key]] = field(default_factory=dict)
    _silent: set[str] = field(default_factory=set)
    _fits: dict[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, terms: Mapping[Key, Iterable[str]]) -> "Matcher[Key]":
        """Compile the terms of each key."""
        matcher: Matcher[Key] = cls()
        numbers: dict[str, int] = {}
        for key, some in terms.items():
            for term in some:
                first, *rest = _patterns(term)
                for pattern in rest:
                    if pattern not in numbers:
                        numbers[pattern] = len(numbers)
                        matcher._rest.setdefault(pattern.rstrip("*$"), []).append((pattern, numbers[pattern]))
                entry = (key, term, first, tuple(numbers[p] for p in rest))
                matcher._first.setdefault(first.rstrip("*$"), []).append(entry)
        matcher._first_lengths = tuple(sorted({len(stem) for stem in matcher._first}))
        matcher._rest_lengths = tuple(sorted({len(stem) for stem in matcher._rest}))
        return matcher

    def find(self, words: list[str]) -> list[Found[Key]]:
        """Every term in the words of a folded text, by place; overlapping ones included."""
        known, silent = self._known, self._silent
        if len(known) + len(silent) > REMEMBERED:
            known.clear()
            silent.clear()
            self._fits.clear()
        found: list[Found[Key]] = []
        for place, word in [(i, w) for i, w in enumerate(words) if w not in silent]:
            entry = known.get(word) or self._look_up(word)
            if entry is None:
                continue
            for key, term in entry.whole:
                found.append(Found(key, term, place, place))
            if entry.seconds and place + 1 < len(words):
                for second in entry.seconds & self._fitting(words[place + 1]):
                    found += self._longer(words, place, entry.begins[second])
        return found

    def _longer(
        self, words: list[str], place: int, terms: tuple[tuple[Key, str, tuple[int, ...]], ...]
    ) -> list[Found[Key]]:
        """Terms of which the words at `place` and after it are the first two."""
        return [
            Found(key, term, place, place + 1 + len(rest))
            for key, term, rest in terms
            if self._go_on(words, place + 2, rest)
        ]

    def _go_on(self, words: list[str], place: int, rest: tuple[int, ...]) -> bool:
        """Whether the words from `place` on fit the further words of a term."""
        if place + len(rest) > len(words):
            return False
        return all(number in self._fitting(word) for number, word in zip(rest, words[place:], strict=False))

    def _fitting(self, word: str) -> frozenset[int]:
        """Numbers of the further words of terms that `word` fits, remembered."""
        numbers = self._fits.get(word)
        if numbers is None:
            stems = [(stem, stem[:n]) for stem in arabic_stems(word) for n in self._rest_lengths if n <= len(stem)]
            numbers = self._fits[word] = frozenset(
                number
                for stem, head in stems
                for pattern, number in self._rest.get(head, ())
                if _fits_stem(pattern, stem)
            )
        return numbers

    def _look_up(self, word: str) -> _Word[Key] | None:
        """What is known of a word, remembered; None for most words."""
        whole: dict[tuple[Key, str], None] = {}
        begins: dict[tuple[Key, str, tuple[int, ...]], None] = {}
        for stem in arabic_stems(word):
            for length in self._first_lengths:
                if length > len(stem):
                    break
                for key, term, pattern, rest in self._first.get(stem[:length], ()):
                    if _fits_stem(pattern, stem):
                        if rest:
                            begins[key, term, rest] = None
                        else:
                            whole[key, term] = None
        if not (whole or begins):
            self._silent.add(word)
            return None
        seconds: dict[int, list[tuple[Key, str, tuple[int, ...]]]] = {}
        for key, term, rest in begins:
            seconds.setdefault(rest[0], []).append((key, term, rest[1:]))
        entry = self._known[word] = _Word(tuple(whole), {n: tuple(t) for n, t in seconds.items()}, frozenset(seconds))
        return entry


def _patterns(term: str) -> list[str]:
    """The words of a term, the last one open (`*`) unless it says `$`."""
    words = term.split(" ")
    if not words[-1].endswith("$"):
        words[-1] = words[-1].rstrip("*") + "*"
    return words


def _fits_stem(pattern: str, stem: str) -> bool:
    """Whether one form of a word fits one word of a term."""
    return stem.startswith(pattern[:-1]) if pattern.endswith("*") else stem == pattern.rstrip("$")
