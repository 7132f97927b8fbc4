"""Codes and names of places that are finer than a text may tell.

Place on the way: a detector of `screen`. A plain text and rules enter; findings leave. Only asked for by rules that say
how fine a text may be: a p-code of a district is right in one view and too fine in another.

What is not found: p-codes without the letters of their country, and names that the gazetteer does not have.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from concerted.codelists.places import load_place_codes
from concerted.records.screening.kinds import Finding, Gazetteer
from concerted.records.screening.letters import Plain
from concerted.records.screening.lists import any_of, lists, table

_PCODE = re.compile(r"(?<![^\W_])(?P<country>[A-Z]{2,3})(?P<gap>-?)(?P<digits>\d{1,12})(?![^\W_]|[.,]\d)")
_YEAR = re.compile(r"(?:18|19|20)\d\d")
#: Lists of villages go on behind the code of the third level with two or three digits.
_OF_VILLAGES = (2, 3)
_WORD = re.compile(r"(?:p-?codes?|adm\w{0,6}[0-9]?|admin\d?)\W{1,3}$")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: A name of fewer letters is too often another word.
_SHORTEST = 4


def find_pcodes(plain: Plain, finest_level: int, with_asks: bool) -> Iterator[Finding]:
    """P-codes finer than this level, by the number of their digits; what may be a year or a paper's number is asked."""
    for match in _PCODE.finditer(plain.text):
        digits, count = levels_of(match["country"]), len(match["digits"])
        if count in digits:
            level = digits.index(count) + 1
        elif len(digits) >= 3 and count - digits[-1] in _OF_VILLAGES:
            level = len(digits) + 1
        else:
            continue
        if level <= finest_level:
            continue
        if not match["gap"] and not _YEAR.fullmatch(match["digits"]):
            yield Finding(*match.span(), "pcode", "refuse", "screen_pcode")
        elif with_asks and not (match["gap"] and _YEAR.fullmatch(match["digits"])):
            yield Finding(*match.span(), "pcode", "ask", "screen_pcode_ask")


def levels_of(letters: str) -> tuple[int, ...]:
    """Digits of the p-codes of a country by level; nothing where the letters are those of no country that has them.

    Behind three letters they are three a level in the lists that we know, whatever the country's own list has.
    """
    if len(letters) == 3:
        return (3, 6, 9) if f"iso3:{letters}" in load_place_codes() else ()
    return _digits().get(letters, ())


def find_places(plain: Plain, gazetteer: Gazetteer, is_coarse: bool, with_asks: bool) -> Iterator[Finding]:
    """Names of the gazetteer, longest first: refused behind a word that says what they are, asked about otherwise."""
    words = list(_WORD.finditer(plain.folded))
    names = gazetteer.sites | (gazetteer.villages if is_coarse else frozenset())
    at = 0
    while at < len(words):
        for count in range(min(gazetteer.words, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + count - 1].end()
            name = plain.folded[start:end].replace("-", " ")
            if len(name) < _SHORTEST or name not in names or not _is_name(plain.text[start:end]):
                continue
            if any(_is_far(plain.folded, one, other) for one, other in pairwise(words[at : at + count])):
                continue
            is_sure = _site_word().search(plain.folded, max(0, start - 20), start) is not None
            if is_sure:
                yield Finding(start, end, "place", "refuse", "screen_place")
            elif with_asks:
                yield Finding(start, end, "place", "ask", "screen_place_ask")
            at += count - 1
            break
        at += 1


def _is_name(text: str) -> bool:
    """Names begin with a capital, in scripts that have them."""
    return text[0].isupper() or text[0].lower() == text[0].upper()


def _is_far(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return text[one.end() : other.start()] not in (" ", "-", " - ")


@cache
def _site_word() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{any_of(lists('sites')['site_words'])})\s?$")


@cache
def _digits() -> dict[str, tuple[int, ...]]:
    return {
        country: tuple(map(int, digits.split()))
        for digits, countries in table("pcodes", "digits").items()
        for country in countries
    }
