"""What the words of titles mean, whatever the language: one token for *femmes*, *women* and نساء.

Place on the way: resolve, inner. Enters: a text. Leaves: tokens. A word of the field is read by `words.csv` beside this
module and by the words of organisations' names; a country by its code; any other word by its beginning, because French
and English share most of their long words but not their endings (*gouvernorat*, *governorate*).

Source of `words.csv`: written for this program; the words of the field as the shipped frameworks and code lists use
them in English, French and Arabic.
"""

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from concerted.codelists.lexicon import folded_words, word_forms
from concerted.resolve.matching.lexicon import load_lexicon

_LANGUAGES = ("en", "fr", "ar")
#: The concept of words that say nothing by themselves.
_SAYS_NOTHING = "nothing"
#: How many letters of an unknown word count: enough to tell words apart, few enough to leave the ending out.
STEM = 6
_ALIKE = ((re.compile("ph"), "f"), (re.compile("qu"), "k"), (re.compile("c(?=[aouklrt])"), "k"), (re.compile("y"), "i"),
          (re.compile(r"([a-z])\1"), r"\1"))  # fmt: skip
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8"}
_PHASE = frozenset({"phase", "fase", "stage", "tranche", "round", "volet", "etape", "phases", "المرحله", "مرحله", "ph"})
_SINGLE = {**_ROMAN, "i": "1", "v": "5", "ix": "9", "x": "10", "one": "1", "two": "2", "three": "3", "une": "1",
           "deux": "2", "trois": "3", "الاولي": "1", "الثانيه": "2", "الثالثه": "3"}  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(r"[^\W_]+(?:[-/._][^\W_]+)*")
_SEPARATORS = re.compile(r"[-/._]")
#: Letters and digits from which on a code is worth comparing.
MIN_CODE = 4


@cache
def _phrases() -> tuple[dict[tuple[str, ...], str], dict[str, int]]:
    """Folded phrase -> token, and by first word the words of the longest one; those of titles before those of names."""
    found: dict[tuple[str, ...], str] = {}
    text = files("concerted.resolve.projects").joinpath("words.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        for lang in _LANGUAGES:
            for phrase in row[lang].split("|"):
                if words := tuple(folded_words(phrase)):
                    found.setdefault(words, f"={row['concept']}")
    for words, meaning in load_lexicon().phrases.items():
        if meaning.kind == "country":
            found.setdefault(words, f"@{meaning.text}")
        elif meaning.kind == "generic":
            found.setdefault(words, f"={meaning.text}")
    longest: dict[str, int] = {}
    for words in found:
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return found, longest


@cache
def dictionary() -> dict[str, dict[str, tuple[str, ...]]]:
    """Single words of the field -> the single words that say the same, by language."""
    text = files("concerted.resolve.projects").joinpath("words.csv").read_text("utf-8")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["concept"] == _SAYS_NOTHING:
            continue
        by_lang = {lang: tuple(w for w in row[lang].split("|") if w and " " not in w) for lang in _LANGUAGES}
        for words in by_lang.values():
            for word in words:
                found.setdefault(word, by_lang)
    return found


def title_tokens(text: str) -> list[str]:
    """Tokens of a title in its order: `=women` (a word of the field), `@ML` (a country), `#2` (which phase), `'2020`
    (a year), else the beginning of a word."""
    return list(_tokens(folded_words(text)))


def _tokens(words: list[str]) -> Iterable[str]:
    phrases, longest = _phrases()
    at = 0
    while at < len(words):
        word, token, size = words[at], None, 1
        if word in longest:
            for size in range(min(longest[word], len(words) - at), 0, -1):
                token = phrases.get(tuple(words[at : at + size]))
                if token is not None:
                    break
        if token is None:
            token = _number(word, words[at - 1] if at else "", is_last=at == len(words) - 1)
        if token is None:
            token = _one(word)
        if token is not None and token != f"={_SAYS_NOTHING}":
            yield token
        at += size


def _number(word: str, before: str, *, is_last: bool) -> str | None:
    if _YEAR.fullmatch(word):
        return f"'{word}"
    if before in _PHASE:
        value = _SINGLE.get(word, word)
        return f"#{value}" if value.isdigit() and len(value) <= 2 else None
    if word in _ROMAN and (is_last or len(word) > 1):
        return f"#{_ROMAN[word]}"
    if is_last and word.isdigit() and len(word) == 1:
        return f"#{int(word)}"
    return None


@lru_cache(1 << 17)
def _one(word: str) -> str | None:
    """A word that is no phrase: read without what Arabic writes at its front, else its beginning."""
    if word in _PHASE:
        return None
    phrases, _ = _phrases()
    for form in word_forms(word):
        for bare in (form, form.removeprefix("ال"), form.removeprefix("لل")):
            if token := phrases.get((bare,)):
                return token
    if word.isascii() and word.isalpha():
        return stem(word)
    return word if len(word) > 1 or not word.isascii() else None


def stem(word: str) -> str | None:
    """The beginning of a Latin word, spelt as French and English share it; null for single letters."""
    if len(word) < 2:
        return None
    for pattern, letters in _ALIKE:
        word = pattern.sub(letters, word)
    if len(word) > 3 and word[-1] in "sxe":
        word = word.rstrip("sxe") or word
    return word[:STEM]


def codes(text: str) -> list[str]:
    """What may be a code in a text: pieces with a digit, letters and digits alone, upper case; years are none."""
    found = []
    for piece in _CODE.findall(text):
        # Most are plain words, which the first question tells at once.
        if not piece.isalpha() and any(c.isdigit() for c in piece):
            found += code_forms(piece)
    return found


def code_forms(piece: str) -> list[str]:
    """A code as a whole and, where separators part it, its parts that hold a digit."""
    parts = _SEPARATORS.split(piece.upper())
    whole = "".join(c for c in piece.upper() if c.isalnum())
    forms = {whole, *parts} if len(parts) > 1 else {whole}
    return sorted(f for f in forms if len(f) >= MIN_CODE and any(c.isdigit() for c in f) and not _YEAR.fullmatch(f))
