"""Finds thousands of lexicon terms in many texts, fast.

Place on the way: step 5. Same language of terms and same finds as `codelists.lexicon.TermIndex` (a test holds them
together), ten times faster: what a word may begin or continue is worked out once per distinct word, and a language has
far fewer words than texts have. Hits are given by word, not by character.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from concerted.codelists.lexicon import CONNECTORS, distinct, fits, word_forms

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
            for term, (first, *rest) in distinct(some):
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
        fits, end = self._fits, len(words) - 1
        for place, word in [(i, w) for i, w in enumerate(words) if w not in silent]:
            entry = known.get(word) or self._look_up(word)
            if entry is None:
                continue
            for key, term in entry.whole:
                found.append(Found(key, term, place, place))
            if entry.seconds and place < end:
                # Most words begin many terms and are followed by none of them: that is seen without a call.
                following = words[place + 1]
                fitting = fits.get(following)
                if fitting is None:
                    fitting = self._fitting(following)
                if following in CONNECTORS or not entry.seconds.isdisjoint(fitting):
                    self._longer(words, place, entry, found)
        return found

    def _longer(self, words: list[str], place: int, entry: _Word[Key], found: list[Found[Key]]) -> None:
        """Add the terms of several words that begin with the word at `place`; articles after it may be passed over."""
        met: set[tuple[Key, str]] = set()
        for second in _next_places(words, place):
            for number in entry.seconds & self._fitting(words[second]):
                for key, term, rest in entry.begins[number]:
                    last = self._last(words, second, rest) if rest else second
                    if last is not None and (key, term) not in met:
                        met.add((key, term))
                        found.append(Found(key, term, place, last))

    def _last(self, words: list[str], place: int, rest: tuple[int, ...]) -> int | None:
        """The last word of a term whose further words follow the word at `place`; None when they do not."""
        if not rest:
            return place
        for following in _next_places(words, place):
            if rest[0] in self._fitting(words[following]):
                last = self._last(words, following, rest[1:])
                if last is not None:
                    return last
        return None

    def _fitting(self, word: str) -> frozenset[int]:
        """Numbers of the further words of terms that `word` fits, remembered."""
        numbers = self._fits.get(word)
        if numbers is None:
            stems = [(stem, stem[:n]) for stem in word_forms(word) for n in self._rest_lengths if n <= len(stem)]
            numbers = self._fits[word] = frozenset(
                number for stem, head in stems for pattern, number in self._rest.get(head, ()) if fits(pattern, stem)
            )
        return numbers

    def _look_up(self, word: str) -> _Word[Key] | None:
        """What is known of a word, remembered; None for most words."""
        whole: dict[tuple[Key, str], None] = {}
        begins: dict[tuple[Key, str, tuple[int, ...]], None] = {}
        for stem in word_forms(word):
            for length in self._first_lengths:
                if length > len(stem):
                    break
                for key, term, pattern, rest in self._first.get(stem[:length], ()):
                    if fits(pattern, stem):
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


def _next_places(words: list[str], place: int) -> Iterator[int]:
    """The next word, and while it is an article or the like the one after it."""
    for following in range(place + 1, len(words)):
        yield following
        if words[following] not in CONNECTORS:
            break
