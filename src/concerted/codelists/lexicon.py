"""How the words of a lexicon are written and found.

Place on the way: data for step 5 (classify). Enters: a title or description in French, English or Arabic, and terms
such as `prevent* violent extremis`; leaves: the terms found, with their place in the folded text, as evidence.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

from concerted.model.letters import ONE_LETTER

Key = TypeVar("Key")

#: Combining marks: Latin accents, and Arabic vowel signs, hamza marks and the small alef.
_MARKS = [*range(0x0300, 0x0370), *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670]
_FOLD = str.maketrans({**ONE_LETTER, **{chr(mark): "" for mark in _MARKS}})
_NOT_WORD = re.compile(r"[\W_]+")
#: Arabic writes "and", "then", "by", "for", "as" and "the" as part of the next word.
_PROCLITICS = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل")
#: Words that may stand between the words of a term, written there or not: articles, and the prepositions of French.
CONNECTORS = frozenset(["a", "au", "aux", "d", "de", "des", "du", "l", "la", "le", "les", "the"])
#: French article or preposition before a vowel whose apostrophe a system has lost: `lemploi`, `dextremisme`. Only the
#: two commonest, and only before a vowel and four letters more: `s` would make an election of every selection.
_ELIDED = re.compile("[ld](?=[aeiouyh][a-z]{4})")


class _Folded(dict[int, str]):
    """What a lower-case character becomes in a folded text, worked out once: letters, nothing, or a space."""

    def __missing__(self, sign: int) -> str:
        letters = unicodedata.normalize("NFKD", chr(sign).translate(_FOLD)).translate(_FOLD)
        folded = self[sign] = _NOT_WORD.sub(" ", letters)
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """`text` as lexicon terms are written: lower case, no accents, words parted by one space.

    Apostrophes and hyphens part words (`l'extrémisme` -> `l extremisme`, `counter-terrorism` -> `counter terrorism`);
    in Arabic, vowel signs go and the written variants of alef, ya, ta marbuta and hamza become one.
    """
    return " ".join(folded_words(text))


def folded_words(text: str) -> list[str]:
    """The words of `fold(text)`."""
    return text.lower().translate(_FOLDED).split()


def folded_sign(sign: str) -> str:
    """What one character becomes wherever it stands: letters, spaces, or nothing (a combining mark).

    The capital sigma is the exception: what it becomes at the end of a word is told by its neighbours only.
    """
    return sign.lower().translate(_FOLDED)


def word_forms(word: str) -> tuple[str, ...]:
    """A folded word as it stands, then without what Arabic or a lost French apostrophe has joined to its front."""
    if _ELIDED.match(word):
        return (word, word[1:])
    return arabic_stems(word)


def arabic_stems(word: str) -> tuple[str, ...]:
    """The word with and without the particles and the article that Arabic writes in front of it, longest first."""
    if not word or not "\u0621" <= word[0] <= "\u064a":
        return (word,)
    found = [word]
    for particle in _PROCLITICS:
        for article in ("ال", ""):
            head = particle + article
            if head and word.startswith(head) and len(word) - len(head) >= 3:
                found.append(word[len(head) :])
    if word.startswith("لل") and len(word) > 4:
        found.append(word[2:])
    return tuple(dict.fromkeys(found))


def singular(word: str) -> str:
    """A French or English word without the `s` or `x` of its plural; short words are left as they are."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" and word[-2] != "s" else word


def patterns(term: str) -> tuple[str, ...]:
    """The words of a term as they are compared: `stem*` begins a word, `stem$` is it, `stem` is its singular."""
    first, *rest = term.split(" ")
    if not rest:
        return (first if first.endswith("$") else first.rstrip("*") + "*",)
    last = rest.pop()
    words = [first, *(word for word in rest if word not in CONNECTORS)]
    compared = [word if word.endswith("*") else singular(word) for word in words]
    return (*compared, last if last.endswith("$") else singular(last.rstrip("*")) + "*")


def fits(pattern: str, form: str) -> bool:
    """Whether one form of a word fits one word of a term."""
    if pattern.endswith("*"):
        return form.startswith(pattern[:-1])
    return form == pattern[:-1] if pattern.endswith("$") else singular(form) == pattern


@dataclass(frozen=True, slots=True)
class Hit(Generic[Key]):
    """A term found: whose it is, the term as the lexicon writes it, and where it stands in the folded text."""

    key: Key
    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermIndex(Generic[Key]):
    """What it means that a text holds a term, written as plainly as possible.

    A term is one or more folded words. The last word is the beginning of a word (`radicalis` finds `radicalisation`),
    unless it ends in `$` (`ddr$`). An earlier word must be whole, unless it ends in `*` (`prevent* violent extremis`).
    A term of several words is found in singular and plural, and with or without articles between its words: `gestion
    des conflits` finds `gestion du conflit`. Of two terms of one key that come to the same the first stands for both.
    Every term is tried at every word; the classify step finds the same with a table of beginnings, far faster.
    """

    terms: tuple[tuple[Key, str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, terms: Mapping[Key, Iterable[str]]) -> "TermIndex[Key]":
        """An index of the terms of each key."""
        return cls(tuple((key, term, compared) for key, some in terms.items() for term, compared in distinct(some)))

    def find(self, folded: str) -> list[Hit[Key]]:
        """Every term in a folded text, by place and then in the order of the lexicon; overlapping ones included."""
        words = folded.split(" ")
        starts = [0, *accumulate(len(word) + 1 for word in words)]
        return [
            Hit(key, term, starts[place], starts[last + 1] - 1)
            for place in range(len(words))
            for key, term, compared in self.terms
            if (last := _last_word(compared, words, place)) is not None
        ]


def distinct(terms: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Terms with their patterns, the first of those that come to the same."""
    first: dict[tuple[str, ...], str] = {}
    for term in terms:
        first.setdefault(patterns(term), term)
    return [(term, compared) for compared, term in first.items()]


def _last_word(compared: tuple[str, ...], words: Sequence[str], place: int) -> int | None:
    """Number of the word in which a term that begins at word `place` ends; None when it does not stand there."""
    if place == len(words) or not any(fits(compared[0], form) for form in word_forms(words[place])):
        return None
    if len(compared) == 1:
        return place
    last = _last_word(compared[1:], words, place + 1)
    while last is None and place + 1 < len(words) and words[place + 1] in CONNECTORS:
        place += 1
        last = _last_word(compared[1:], words, place + 1)
    return last


def is_folded_term(term: str) -> bool:
    """Whether a term is written as `TermIndex` expects it: folded words, `*` and `$` only at the ends of words."""
    words = term.split(" ")
    return all(fold(w.rstrip("*$")) == w.rstrip("*$") != "" for w in words) and "$" not in term[:-1]
