"""Finds thousands of lexicon terms in many texts, fast.

Place on the way: step 5. Same language of terms and same finds as `codelists.lexicon.TermIndex` (a test holds them
together). What a word may begin or continue is worked out once per distinct word, and a language has far fewer words
than texts have; what a run of words holds is worked out once per distinct run. So most words of a batch are passed over
by a look into a column. Finds are given by word, not by character.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from concerted.classify.words import Ints, Texts, Vocabulary, flat, with_room
from concerted.codelists.lexicon import CONNECTORS, distinct, fits

Key = TypeVar("Key")

#: Runs of words remembered before starting afresh.
REMEMBERED = 300_000
#: What is known of a word: it is a term, it begins longer ones, it may stand further on in one, it is an article.
_WHOLE, _BEGINS, _FOLLOWS, _CONNECTS = 1, 2, 4, 8
#: Stems are looked up by so many letters; shorter ones one by one.
_LETTERS = 4
_NOTHING: frozenset[int] = frozenset()


class Finds(NamedTuple):
    """Terms found in a batch, by place: the number of each term in `Matcher.terms`, its first and its last word."""

    term: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word begins: longer terms by the number of their second word, most of which follow nowhere.

    `reach` is how many further words one of them has at most, articles aside.
    """

    begins: dict[int, tuple[tuple[int, tuple[int, ...]], ...]]
    seconds: frozenset[int]
    reach: int


@dataclass
class _Known:
    """What was worked out for the words of one vocabulary, and for runs of them.

    By number of a word: `marks`; the terms that it is, `many` in `whole` from `at` on; `reach`; `words` has what it
    begins, `fitting` the numbers of the further words of terms that it fits, both only where there are any.
    """

    vocabulary: Vocabulary
    size: int = 0
    marks: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    reach: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    at: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    many: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    whole: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    words: dict[int, _Word] = field(default_factory=dict)
    fitting: dict[int, frozenset[int]] = field(default_factory=dict)
    #: (term, how many words after the first) of each run of words that begins with a word that may begin a term.
    runs: dict[bytes, tuple[tuple[int, int], ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Stem:
    """Patterns of one stem: first words of terms (number of the term, pattern, further words), further words."""

    first: list[tuple[int, str, tuple[int, ...]]] = field(default_factory=list)
    rest: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Matcher(Generic[Key]):
    """Terms compiled. Build with `of`; `terms` has key and term of each number."""

    terms: list[tuple[Key, str]] = field(default_factory=list)
    _stems: dict[str, _Stem] = field(default_factory=dict)
    #: Stems by their first letters, the shortest first; lengths of shorter stems.
    _beginning: dict[str, list[str]] = field(default_factory=dict)
    _short: tuple[int, ...] = ()
    _known: _Known = field(default_factory=lambda: _Known(Vocabulary()))

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
                        matcher._stem(pattern).rest.append((pattern, numbers[pattern]))
                matcher._stem(first).first.append((len(matcher.terms), first, tuple(numbers[p] for p in rest)))
                matcher.terms.append((key, term))
        for stem in sorted(matcher._stems, key=len):
            if len(stem) >= _LETTERS:
                matcher._beginning.setdefault(stem[:_LETTERS], []).append(stem)
        matcher._short = tuple(sorted({len(stem) for stem in matcher._stems if len(stem) < _LETTERS}))
        return matcher

    def _stem(self, pattern: str) -> _Stem:
        return self._stems.setdefault(pattern.rstrip("*$"), _Stem())

    def find(self, texts: Texts) -> Finds:
        """Every term in the words of some texts, by place; overlapping ones included."""
        known = self._learn(texts.vocabulary)
        marks = known.marks[texts.words]
        place = np.flatnonzero(marks & _WHOLE)
        words = texts.words[place]
        which, row = flat(known.many[words], known.at[words])
        longer = self._longer_finds(texts, known, marks)
        first = np.concatenate([place[which], longer.first])
        # Of one place the terms of one word come first.
        order = np.argsort(first, kind="stable")
        term = np.concatenate([known.whole[row], longer.term])
        last = np.concatenate([place[which], longer.last])
        return Finds(term[order], first[order], last[order])

    def _longer_finds(self, texts: Texts, known: _Known, marks: npt.NDArray[np.uint8]) -> Finds:
        """Terms of several words, by place."""
        place = np.flatnonzero(marks & _BEGINS)
        end = texts.starts[texts.part[place] + 1] - 1
        solid = np.flatnonzero((marks & _CONNECTS) == 0)
        following = np.searchsorted(solid, place, "right")
        solid = np.append(solid, len(marks))
        # A term's second word stands before or at the next word that is no article.
        second = np.minimum(solid[following], end)
        followers = np.concatenate([[0], np.cumsum((marks & _FOLLOWS) != 0)])
        may = np.flatnonzero(followers[second + 1] > followers[place + 1])
        place, second, following, end = place[may], second[may], following[may], end[may]
        word, next_word, is_next = texts.words[place], texts.words[second], second == place + 1
        # Its further words stand before or at as many words that are none: what is behind them changes nothing.
        stop = np.minimum(solid[np.minimum(following + known.reach[word] - 1, len(solid) - 1)], end)
        runs, raw, size = known.runs, texts.words.tobytes(), texts.words.itemsize
        term: list[int] = []
        first: list[int] = []
        last: list[int] = []
        columns = (column.tolist() for column in (place, stop, word, next_word, is_next))
        for begin, final, number, next_number, is_near in zip(*columns, strict=True):
            # Most words begin many terms and are followed by none of them.
            if is_near and known.words[number].seconds.isdisjoint(known.fitting[next_number]):
                continue
            run = raw[begin * size : (final + 1) * size]
            found = runs.get(run)
            if found is None:
                if len(runs) >= REMEMBERED:
                    runs.clear()
                found = runs[run] = self._longer(texts.words[begin : final + 1].tolist(), known)
            for one, further in found:
                term.append(one)
                first.append(begin)
                last.append(begin + further)
        return Finds(np.array(term, np.int64), np.array(first, np.int64), np.array(last, np.int64))

    def _longer(self, words: Sequence[int], known: _Known) -> tuple[tuple[int, int], ...]:
        """Terms of several words that begin with the first of `words`; articles after it may be passed over."""
        entry = known.words[words[0]]
        found: dict[int, int] = {}
        for second in _next_places(words, 0, known):
            for number in entry.seconds & known.fitting.get(words[second], _NOTHING):
                for term, rest in entry.begins[number]:
                    last = self._last(words, second, rest, known)
                    if last is not None:
                        found.setdefault(term, last)
        return tuple(found.items())

    def _last(self, words: Sequence[int], place: int, rest: tuple[int, ...], known: _Known) -> int | None:
        """The last word of a term whose further words follow the word at `place`; None when they do not."""
        if not rest:
            return place
        for following in _next_places(words, place, known):
            if rest[0] in known.fitting.get(words[following], _NOTHING):
                last = self._last(words, following, rest[1:], known)
                if last is not None:
                    return last
        return None

    def _learn(self, vocabulary: Vocabulary) -> _Known:
        """What is known of the words of a vocabulary, of those that are new too."""
        if self._known.vocabulary is not vocabulary:
            self._known = _Known(vocabulary)
        known = self._known
        begin, size = known.size, len(vocabulary.words)
        if begin == size:
            return known
        known.size = size
        for name in ("marks", "reach", "at", "many"):
            setattr(known, name, with_room(getattr(known, name), size))
        whole: list[int] = []
        for number in range(begin, size):
            forms = vocabulary.forms[number]
            terms, entry, fitting = self._look_up(forms)
            mark = _CONNECTS * (forms[0] in CONNECTORS)
            if terms:
                mark |= _WHOLE
                known.at[number], known.many[number] = len(known.whole) + len(whole), len(terms)
                whole.extend(terms)
            if entry is not None:
                mark |= _BEGINS
                known.reach[number] = entry.reach
                known.words[number] = entry
            if fitting:
                mark |= _FOLLOWS
                known.fitting[number] = fitting
            if mark:
                known.marks[number] = mark
        known.whole = np.concatenate([known.whole, np.array(whole, np.int64)])
        return known

    def _look_up(self, forms: Sequence[str]) -> tuple[Sequence[int], _Word | None, frozenset[int]]:
        """Terms that a word is; what it begins, None for most words; numbers of the further words that it fits."""
        whole: dict[int, None] = {}
        begins: dict[tuple[int, tuple[int, ...]], None] = {}
        fitting: list[int] = []
        for form in forms:
            for stem in self._beginnings(form):
                for number, pattern, rest in stem.first:
                    if pattern[-1] == "*" or fits(pattern, form):
                        if rest:
                            begins[number, rest] = None
                        else:
                            whole[number] = None
                for pattern, number in stem.rest:
                    if pattern[-1] == "*" or fits(pattern, form):
                        fitting.append(number)
        if not begins:
            return tuple(whole), None, frozenset(fitting)
        seconds: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for number, rest in begins:
            seconds.setdefault(rest[0], []).append((number, rest[1:]))
        reach = max(len(rest) for _, rest in begins)
        entry = _Word({n: tuple(t) for n, t in seconds.items()}, frozenset(seconds), reach)
        return tuple(whole), entry, frozenset(fitting)

    def _beginnings(self, form: str) -> list[_Stem]:
        """The stems that a form of a word begins with, the shortest first."""
        stems = self._stems
        found = [stem for n in self._short if (stem := stems.get(form[:n])) is not None]
        found += [stems[stem] for stem in self._beginning.get(form[:_LETTERS], ()) if form.startswith(stem)]
        return found


def _next_places(words: Sequence[int], place: int, known: _Known) -> Iterator[int]:
    """The next word, and while it is an article or the like the one after it."""
    for following in range(place + 1, len(words)):
        yield following
        if not known.marks[words[following]] & _CONNECTS:
            break
