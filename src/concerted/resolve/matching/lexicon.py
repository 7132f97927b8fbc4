"""Words of organisations' names that say the same in several languages, and words for countries.

Place on the way: resolve, inner, data. Enters: `words.csv` and `demonyms.csv` beside this module, and the names of
countries of the list of places. Leaves: phrases of folded words and what each stands for.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from concerted.codelists.places import load_places
from concerted.model.letters import ONE_LETTER
from concerted.resolve.names import fold_name

_LANGUAGES = ("en", "fr", "ar", "other")
_LETTERS = str.maketrans(ONE_LETTER)


#: DAC donor codes as they stand in references: `XM-DAC-7` is Dutch, whoever uses it.
_DONORS = {
    "1": "AT", "2": "BE", "3": "DK", "4": "FR", "5": "DE", "6": "IT", "7": "NL", "8": "NO", "9": "PT", "10": "SE",
    "11": "CH", "12": "GB", "18": "FI", "20": "IS", "21": "IE", "22": "LU", "40": "GR", "50": "ES", "55": "TR",
    "61": "SI", "68": "CZ", "69": "SK", "75": "HU", "76": "PL", "77": "RO", "82": "EE", "83": "LV", "84": "LT",
    "301": "CA", "302": "US", "552": "KW", "561": "QA", "566": "SA", "576": "AE", "701": "JP", "742": "KR",
    "801": "AU", "820": "NZ", "229": "CM", "232": "TD", "236": "BJ", "247": "CI", "255": "ML", "256": "MR",
    "260": "NE", "261": "NG", "269": "SN", "283": "TG", "287": "BF",
}  # fmt: skip
#: Prefixes of two letters that are lists of no country.
_NO_COUNTRY = frozenset({"XM", "XI", "XR", "XT", "EU"})
_DONOR_REF = re.compile(r"XM-DAC-(\d{1,3})(?:-|$)")
_COUNTRY_REF = re.compile(r"(?:LOCAL-)?([A-Z]{2})-")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word or phrase stands for.

    `kind` is generic or unit (compared by what they mean), stop or legal (left out), or country; `text` is a concept of
    `words.csv` or an ISO 3166-1 alpha-2 code.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Lexicon:
    """`phrases`: folded words -> meaning; `longest`: words of the longest phrase; `concepts`: of common words."""

    phrases: dict[tuple[str, ...], Meaning]
    longest: int
    concepts: frozenset[str]

    def read(self, words: Sequence[str]) -> list[tuple[Meaning | None, str]]:
        """Each word or longest known phrase of `words` from the left, with its meaning, None where it has none."""
        found: list[tuple[Meaning | None, str]] = []
        at = 0
        while at < len(words):
            for size in range(min(self.longest, len(words) - at), 0, -1):
                phrase = tuple(words[at : at + size])
                meaning = self.phrases.get(phrase)
                if meaning is not None or size == 1:
                    found.append((meaning, " ".join(phrase)))
                    at += size
                    break
        return found


def fold_words(name: str | None) -> tuple[str, ...]:
    """Folded words of a name; Arabic letters that are written in more than one way stand once."""
    return tuple((fold_name(name) or "").translate(_LETTERS).split())


@lru_cache(1 << 17)
def home_country(ref: str) -> str | None:
    """ISO code of the country whose register or government a reference names; None for international lists."""
    if donor := _DONOR_REF.match(ref):
        return _DONORS.get(donor[1])
    found = _COUNTRY_REF.match(ref)
    return found[1] if found and found[1] not in _NO_COUNTRY and found[1] != "UN" else None


@cache
def load_lexicon() -> Lexicon:
    """The shipped words; where two lines claim a phrase the first one has it, words before countries."""
    phrases: dict[tuple[str, ...], Meaning] = {}
    for row in _rows("words.csv"):
        for phrase in _phrases(row):
            phrases.setdefault(phrase, Meaning(row["kind"], row["concept"]))
    for row in _rows("demonyms.csv"):
        for phrase in _phrases(row):
            phrases.setdefault(phrase, Meaning("country", row["code"]))
    for place in load_places().to_pylist():
        if place["level"] == 0:
            for name in (place["name_fr"], place["name_en"], place["name_ar"], *(place["alt_names"] or "").split("|")):
                if words := fold_words(name):
                    phrases.setdefault(words, Meaning("country", place["country_code"]))
    concepts = frozenset(meaning.text for meaning in phrases.values() if meaning.kind == "generic")
    return Lexicon(phrases, max(map(len, phrases)), concepts)


def _phrases(row: dict[str, str]) -> list[tuple[str, ...]]:
    return [words for lang in _LANGUAGES for part in row[lang].split("|") if (words := fold_words(part))]


def _rows(name: str) -> list[dict[str, str]]:
    text = files("concerted.resolve.matching").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
