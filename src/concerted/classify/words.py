"""The texts of many statements as one column of numbered words, each with its place in the text as it was written.

Place on the way: step 5, what everything that reads words rests on. Enters: texts of statements, each with its field;
leaves: for every word its number in a vocabulary, and where it stands, so that a page can underline what a suggestion
rests on. All characters of a batch are folded and cut at once, by tables; the words are those of `lexicon.folded_words`
(a test holds them together).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from concerted.codelists.lexicon import folded_sign, folded_words, word_forms

Ints: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.int32]
Bools: TypeAlias = npt.NDArray[np.bool_]

#: Distinct words remembered before starting afresh; bounds memory on a million texts.
REMEMBERED = 300_000
#: Between two texts while they are folded together: no letter, and what it parts has no influence across it.
BREAK = "\n"
_SPACE = ord(" ")
#: The one letter whose small form depends on its neighbours (ς ends a word), and the one whose small form is two signs.
_SIGMA, _DOTTED = "Σ", "İ"


class TextPart(NamedTuple):
    """One text of a statement: the field it stands in and the text as written."""

    field: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its folded words."""
        return folded_words(self.text)


class Span(NamedTuple):
    """Words that speak for something, with their place in a field of the statement."""

    field: str
    start: int
    end: int
    words: str


class Vocabulary(dict[str, int]):
    """Numbers of the words met so far, in the order they were met; asked for a new word it gives the next number."""

    def __init__(self) -> None:
        """No word yet."""
        self.words: list[str] = []
        self.forms: list[tuple[str, ...]] = []

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self.words)
        self.words.append(word)
        self.forms.append(word_forms(word))
        return number

    @property
    def is_full(self) -> bool:
        """Whether the next batch should begin with a new vocabulary."""
        return len(self.words) > REMEMBERED


@dataclass
class Texts:
    """A batch of statements, cut into words.

    Attributes:
        parts: all texts, those of one statement together, in order.
        statement: per part, the statement it is of.
        words: per word, its number in `vocabulary`.
        starts: per part, its first word; one more at the end.
        part: per word, its part.
        lengths: per word, its letters.
        vocabulary: the numbers.
    """

    parts: list[TextPart]
    statement: Ints
    words: Numbers
    starts: Ints
    part: Ints
    lengths: Ints
    vocabulary: Vocabulary
    statements: int
    _begins: Ints
    _ends: Ints
    _spans: dict[tuple[int, int], Span] = field(default_factory=dict)

    @classmethod
    def of(cls, statements: Sequence[Sequence[TextPart]], vocabulary: Vocabulary) -> "Texts":
        """Cut the texts of some statements; new words enter the vocabulary."""
        parts = [*chain.from_iterable(statements)]
        statement = np.repeat(np.arange(len(statements)), [len(some) for some in statements])
        found, lengths, starts, begins, ends = _cut([text for _, text in parts])
        words = np.fromiter(map(vocabulary.__getitem__, found), np.int32, len(found))
        part = np.repeat(np.arange(len(parts)), np.diff(starts))
        return cls(parts, statement, words, starts, part, lengths, vocabulary, len(statements), begins, ends)

    def span(self, first: int, last: int) -> Span:
        """The span behind words `first` to `last` (numbers in this batch, both included) of one part."""
        found = self._spans.get((first, last))
        if found is None:
            part = self.parts[self.part[first]]
            begin, end = int(self._begins[first]), int(self._ends[last])
            found = self._spans[first, last] = Span(part.field, begin, end, part.text[begin:end])
        return found

    def places(self) -> Iterator[tuple[int, int]]:
        """First and last-plus-one character of each word, in its own text."""
        return zip(self._begins.tolist(), self._ends.tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a character folds to: `many` signs, `letter` where that is one (a space for what is none), else `several`.

    Filled as characters are met; a table of all of Unicode would take longer to make than most inputs to read.
    """

    is_known: Bools
    is_word: Bools
    letter: npt.NDArray[np.uint32]
    many: npt.NDArray[np.uint8]
    several: dict[int, tuple[int, ...]]

    def meet(self, signs: npt.NDArray[np.uint32]) -> None:
        """Learn the characters that are new."""
        if self.is_known[signs].all():
            return
        met = np.zeros(len(self.is_known), bool)
        met[signs] = True
        for sign in np.flatnonzero(met & ~self.is_known).tolist():
            written = chr(sign)
            folded = folded_sign(written)
            self.is_known[sign] = True
            # What a regular expression takes for a letter or figure.
            self.is_word[sign] = written.isalnum()
            self.many[sign] = len(folded)
            if len(folded) == 1:
                self.letter[sign] = ord(folded)
            else:
                self.several[sign] = tuple(map(ord, folded))


@cache
def _signs() -> _Signs:
    size = 0x110000
    unknown, letters = np.zeros(size, bool), np.full(size, _SPACE, np.uint32)
    return _Signs(unknown, np.zeros(size, bool), letters, np.ones(size, np.uint8), {})


def _cut(texts: Sequence[str]) -> tuple[list[str], Ints, Ints, Ints, Ints]:
    """Folded words of some texts, how long each is, the first word of each text and one more, places of the words."""
    joined = BREAK.join(texts)
    if _SIGMA in joined:
        # Only now does a small letter depend on its neighbours, so it is written small before.
        joined = BREAK.join(map(_with_small_sigmas, texts))
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _signs()
    table.meet(signs)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    offsets = np.concatenate([[0], np.cumsum(lengths + 1)])
    folded, origin = _fold(signs, table)
    firsts, lasts = _runs(folded != _SPACE)
    words = folded.tobytes().decode("utf-32-le", "surrogatepass").split()
    letters = lasts - firsts + 1
    if origin is not None:
        firsts, lasts = origin[firsts], origin[lasts]
    ends = lasts + 1
    starts = np.searchsorted(firsts, offsets)
    if origin is not None or not np.array_equal(table.is_word[signs], folded != _SPACE):
        _as_written(table.is_word[signs], letters, firsts, ends, offsets)
    begun = np.repeat(offsets[:-1], np.diff(starts))
    return words, letters, starts, firsts - begun, ends - begun


def _fold(signs: npt.NDArray[np.uint32], table: _Signs) -> tuple[npt.NDArray[np.uint32], Ints | None]:
    """Folded characters, and of each the character it comes from; None = each from its own."""
    many = table.many[signs]
    folded = table.letter[signs]
    if (many == 1).all():
        return folded, None
    origin = np.repeat(np.arange(len(signs)), many)
    folded = folded[origin]
    for sign in sorted(set(signs[many > 1].tolist())):
        letters = table.several[sign]
        first = np.flatnonzero(signs == sign)
        # The first of its letters stands behind all letters of the characters before it.
        at = np.searchsorted(origin, first)
        for place, letter in enumerate(letters):
            folded[at + place] = letter
    return folded, origin


def _runs(inside: Bools) -> tuple[Ints, Ints]:
    """First and last place of each unbroken run."""
    change = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    return change[::2], change[1::2] - 1


def _as_written(is_word: Bools, lengths: Ints, firsts: Ints, ends: Ints, offsets: Ints) -> None:
    """Where words as written and words as folded come to the same in number and length, the written ones are shown.

    True of nearly every text; a loose accent behind a word then stays outside. Ligatures and signs like ™ that fold to
    letters keep the places of the characters that the letters come from.
    """
    begun, last = _runs(is_word)
    finished = last + 1
    # There is no word between two texts, so that each of these bounds parts them.
    here, there = np.searchsorted(firsts, offsets), np.searchsorted(begun, offsets)
    alike = np.flatnonzero(np.diff(here) == np.diff(there))
    which, own = flat(np.diff(here)[alike], here[alike])
    _, written = flat(np.diff(here)[alike], there[alike])
    differ = np.bincount(which, finished[written] - begun[written] != lengths[own], len(alike))
    used = differ[which] == 0
    firsts[own[used]], ends[own[used]] = begun[written[used]], finished[written[used]]


def _with_small_sigmas(text: str) -> str:
    if _SIGMA not in text:
        return text
    small = text.replace(_DOTTED, "i").lower()
    return "".join(low if sign == _SIGMA else sign for sign, low in zip(text, small, strict=True))


def flat(counts: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Rows of a ragged table for some of its keys: (which key, row), `counts` rows from `starts` on for each."""
    which = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return which, starts[which] + np.arange(len(which)) - before[which]


def grouped(keys: Ints) -> tuple[Ints, Ints]:
    """An order that brings equal keys together, each group in the order of its rows; where each begins, and the end.

    Not `numpy.unique`, which loads a package for masked arrays.
    """
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    return order, np.append(starts, len(keys))


def with_room(column: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """`column` with at least `size` places, zeros behind; at least doubled: words may come one by one."""
    if size <= len(column):
        return column
    return np.concatenate([column, np.zeros(max(len(column), size - len(column)), column.dtype)])
