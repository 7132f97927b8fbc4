"""How the words of a lexicon are written and found.

Place on the way: data for step 5 (classify). Enters: a title or description in French, English or Arabic, and terms
such as `prevent* violent extremis`; leaves: the terms found, with their place in the folded text, as evidence.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
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


def fold(text: str) -> str:
    """`text` as lexicon terms are written: lower case, no accents, words parted by one space.

    Apostrophes and hyphens part words (`l'extrémisme` -> `l extremisme`, `counter-terrorism` -> `counter terrorism`);
    in Arabic, vowel signs go and the written variants of alef, ya, ta marbuta and hamza become one.
    """
    lowered = text.lower()
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFKD", lowered.translate(_FOLD)).translate(_FOLD)
    return _NOT_WORD.sub(" ", lowered).strip()


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
    Every term is tried at every word; the classify step finds the same with a table of beginnings, far faster.
    """

    terms: tuple[tuple[Key, str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, terms: Mapping[Key, Iterable[str]]) -> "TermIndex[Key]":
        """An index of the terms of each key."""
        return cls(tuple((key, term, _patterns(term)) for key, some in terms.items() for term in some))

    def find(self, folded: str) -> list[Hit[Key]]:
        """Every term in a folded text, by place and then in the order of the lexicon; overlapping ones included."""
        words = folded.split(" ")
        starts = [0, *accumulate(len(word) + 1 for word in words)]
        return [
            Hit(key, term, starts[place], starts[place + len(patterns)] - 1)
            for place in range(len(words))
            for key, term, patterns in self.terms
            if place + len(patterns) <= len(words) and all(map(_fits, patterns, words[place:]))
        ]


def _patterns(term: str) -> tuple[str, ...]:
    """The words of a term, the last one open (`*`) unless it says `$`."""
    words = term.split(" ")
    if not words[-1].endswith("$"):
        words[-1] = words[-1].rstrip("*") + "*"
    return tuple(words)


def _fits(pattern: str, word: str) -> bool:
    """Whether a word of a text fits one word of a term; Arabic words also without their particles and article."""
    stem = pattern.rstrip("*$")
    if pattern.endswith("*"):
        return any(form.startswith(stem) for form in arabic_stems(word))
    return stem in arabic_stems(word)


def is_folded_term(term: str) -> bool:
    """Whether a term is written as `TermIndex` expects it: folded words, `*` and `$` only at the ends of words."""
    words = term.split(" ")
    return all(fold(w.rstrip("*$")) == w.rstrip("*$") != "" for w in words) and "$" not in term[:-1]
