"""Names of places folded, so that spellings in French, English and Arabic of one place become one key.

Place on the way: below everything in locate. In goes a name as a source wrote it, out comes `Folded`: the key to
compare, the level that words like "region" or "cercle" hint at, and the compass words that must agree before two names
are alike.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from concerted.model.letters import ONE_LETTER, without_marks

#: Words that name a kind of area, with the level they hint at (None: no level, or another one in each country).
_KINDS: dict[str, int | None] = {
    **dict.fromkeys(("region", "regions", "wilaya", "state", "etat", "gouvernorat", "governorate"), 1),
    **dict.fromkeys(("cercle", "circle", "departement", "department", "moughataa", "lga"), 2),
    **dict.fromkeys(("commune", "municipality", "municipalite"), 3),
    **dict.fromkeys(("province", "district", "prefecture", "ville", "city", "town", "urbaine", "communaute"), None),
    **dict.fromkeys(("منطقه", "ولايه", "محافظه", "اقليم"), 1),
    **dict.fromkeys(("داىره", "داءره", "دايره"), 2),
    **dict.fromkeys(("بلديه",), 3),
    **dict.fromkeys(("مقاطعه", "مدينه"), None),
}
_ARTICLES = frozenset(["de", "du", "des", "la", "le", "les", "l", "d", "el", "al", "the", "of", "and", "et"])
_COMPASS = {
    **dict.fromkeys(("nord", "north", "northern", "septentrional"), "n"),
    **dict.fromkeys(("sud", "south", "southern", "meridional"), "s"),
    **dict.fromkeys(("est", "east", "eastern", "oriental"), "e"),
    **dict.fromkeys(("ouest", "west", "western", "occidental"), "w"),
    **dict.fromkeys(("centre", "central", "center", "moyen"), "c"),
    "شمال": "n", "شماليه": "n", "جنوب": "s", "جنوبيه": "s", "شرق": "e", "شرقيه": "e", "غرب": "w", "غربيه": "w",
}  # fmt: skip
_LETTERS = str.maketrans(ONE_LETTER)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded name: `key` without spaces, `hint` = admin level its words speak of, `compass` = its directions."""

    key: str
    hint: int | None
    has_kind: bool
    compass: frozenset[str]


@lru_cache(maxsize=65_536)
def fold_name(text: str) -> Folded:
    """Fold case, accents, punctuation, hyphens, articles and words for kinds of areas ("Région de Ségou": `segou`).

    "city" and "town" are ignored too, so "Benin City" folds like "Benin"; `has_kind` tells the two apart. A name made
    of nothing but such words keeps them.
    """
    plain = without_marks(text.translate(_LETTERS))
    words = [_without_article(w) for w in _WORD.findall(plain.lower().translate(_LETTERS))]
    kinds = [w for w in words if w in _KINDS]
    rest = [w for w in words if w not in _KINDS and w not in _ARTICLES] or words
    hint = next((_KINDS[w] for w in kinds if _KINDS[w] is not None), None)
    return Folded("".join(rest), hint, bool(kinds), frozenset(_COMPASS[w] for w in words if w in _COMPASS))


def _without_article(word: str) -> str:
    """An Arabic word without its article, where enough is left to be a word."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def max_edits(key: str) -> int:
    """How many letters may differ for two names to count as spellings of one: none in short names."""
    return 0 if len(key) < 6 else 1 if len(key) < 10 else 2
