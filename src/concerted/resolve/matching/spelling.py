"""One spelling of a name, taken apart: what it means, its acronyms, the countries and units it names.

Place on the way: resolve, inner. Enters: a name as sources write it. Leaves: parts that can be compared with those of
another spelling, whatever the language.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from concerted.resolve.matching.lexicon import fold_words, load_lexicon

#: Marks at which people put an acronym, a country or a unit beside a name: `WFP/World Food Programme`, `UK - FCDO`.
_BETWEEN_PARTS = re.compile(r"\s[-–—]\s?|[-–—]\s|[/|()\[\];:,]|\s{2,}")
_ACRONYM = re.compile(r"^[A-Z][A-Z&.\-]*[A-Z]$")
#: Longer words in capitals are names; a single short word may be an acronym however it is written (`Sida`).
MAX_ACRONYM, MAX_BARE_ACRONYM = 8, 5
_REMEMBERED = 1 << 17


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name taken apart.

    Attributes:
        folded: words without case, accents and punctuation, joined by blanks.
        parts: `folded` of the pieces between separators, where there is more than one.
        tokens: what the words mean, sorted and once each; stop words, legal forms, units and countries left out.
        text: the meanings in the order of the name, joined by blanks; what string measures compare.
        countries: ISO codes of countries and peoples named.
        units: words that make a part of an organisation: embassy, department, country office.
        acronyms: written out as such in the name.
        initials: of the name's words, in the ways people form them.
    """

    folded: str
    parts: tuple[str, ...]
    tokens: tuple[str, ...]
    text: str
    countries: frozenset[str]
    units: frozenset[str]
    acronyms: frozenset[str]
    initials: frozenset[str]

    @property
    def telling_words(self) -> tuple[str, ...]:
        """Words that are no common words of organisations' names."""
        common = load_lexicon().concepts
        return tuple(word for word in self.tokens if word not in common)


@lru_cache(_REMEMBERED)
def take_apart(name: str) -> Spelling:
    """The parts of a name; a name without letters or digits has none."""
    pieces = [piece for piece in (part.strip() for part in _BETWEEN_PARTS.split(name)) if fold_words(piece)]
    words = fold_words(name)
    tokens: list[str] = []
    countries, units = set(), set()
    for meaning, text in load_lexicon().read(words):
        if meaning is None:
            tokens.append(text)
        elif meaning.kind == "generic":
            tokens.append(meaning.text)
        elif meaning.kind == "country":
            countries.add(meaning.text)
        elif meaning.kind == "unit":
            units.add(meaning.text)
    return Spelling(
        folded=" ".join(words),
        parts=tuple(sorted({" ".join(fold_words(piece)) for piece in pieces})) if len(pieces) > 1 else (),
        tokens=tuple(sorted(set(tokens))),
        text=" ".join(tokens),
        countries=frozenset(countries),
        units=frozenset(units),
        acronyms=frozenset(_acronyms(name, pieces, words)),
        initials=frozenset(_initials(pieces)),
    )


def _acronyms(name: str, pieces: list[str], words: tuple[str, ...]) -> set[str]:
    """Capitals inside a name with small letters, a piece of capitals on its own, or a name of one short word."""
    candidates = {piece for piece in pieces if len(pieces) > 1}
    if name != name.upper():
        candidates |= set(name.replace("/", " ").replace("(", " ").replace(")", " ").replace(",", " ").split())
    found = {_letters(word) for word in candidates if _ACRONYM.match(word)}
    if len(words) == 1 and (len(words[0]) <= MAX_BARE_ACRONYM or _ACRONYM.match(name.strip())):
        found.add(words[0])
    phrases = load_lexicon().phrases
    return {acronym for acronym in found if 2 <= len(acronym) <= MAX_ACRONYM and (acronym,) not in phrases}


def _letters(word: str) -> str:
    return "".join(c for c in word if c.isalnum()).casefold()


def _initials(pieces: list[str]) -> set[str]:
    """First letters of the words of each piece, with and without stop words and legal forms; three letters or more."""
    found = set()
    for piece in (*pieces, " ".join(pieces)):
        words = fold_words(piece)
        kept = [
            text[0]
            for meaning, phrase in load_lexicon().read(words)
            if meaning is None or meaning.kind not in ("stop", "legal")
            for text in phrase.split()
        ]
        full = [word[0] for word in words]
        found |= {"".join(letters) for letters in (kept, full) if 3 <= len(letters) <= MAX_ACRONYM}
    return found
