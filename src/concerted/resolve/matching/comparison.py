"""Two spellings compared: one level for each thing that can speak for or against their being one organisation.

Place on the way: resolve, inner. Enters: two names taken apart and what the data says of their bearers. Leaves: the
number of a level per comparison, whole numbers only. The levels are those of a Fellegi-Sunter model; their weights are
fitted from known pairs (decision record 0005) and stand in `weights.json`.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isqrt

from rapidfuzz.distance import JaroWinkler

from concerted.resolve.aliases import KnownOrganisation
from concerted.resolve.matching.spelling import Spelling
from concerted.resolve.matching.words import WordWeights

_DIGITS = re.compile(r"\d+")
#: Two words are one with a typing error from this likeness on; shorter words are too often different ones.
TYPO_LIKENESS, TYPO_LETTERS = 0.9, 5
#: A name cut off by a form field is the start of the other and at least this long.
CUT_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One spelling with what is known of its bearer.

    Attributes:
        known: the well-known organisation that the spelling names, None when it names none.
        is_whole: the whole spelling names it, not one of its parts.
        types, homes: as in `Profile`.
        seats: countries in the name and of the reference.
        work, partners: (value, weight) pairs, length 1000 when taken as a vector.
    """

    spelling: Spelling
    known: KnownOrganisation | None
    is_whole: bool
    types: frozenset[str]
    seats: frozenset[str]
    homes: frozenset[str]
    publishers: frozenset[str]
    work: dict[str, int]
    partners: dict[str, int]


#: Levels of each comparison, in words; `{a}` and `{b}` are the two names.
LEVELS: dict[str, tuple[str, ...]] = {
    "words": (
        "the same name", "the same words", "nearly all telling words shared", "most telling words shared",
        "some telling words shared", "few telling words shared", "no word shared",
    ),
    "shorter": (
        "one name has no word of its own", "each name has a common word of its own",
        "each name has a word of its own", "each name has telling words of its own",
    ),
    "rare": (
        "very rare words shared", "rare words shared", "usual words shared", "only common words shared",
        "no words to share",
    ),
    "start": ("one name is the cut-off start of the other", "same beginning", "other beginning"),
    "acronym": (
        "the same acronym", "one is the acronym of the other", "no acronyms to compare", "different acronyms",
    ),
    "known": (
        "both are known names of one organisation", "both contain known names of one organisation",
        "neither is well known", "one is well known", "one is a unit of the other", "known to be two organisations",
    ),
    "country": (
        "the same country named", "no country named", "one names a country", "nothing but a country is shared",
        "different countries named",
    ),
    "unit": ("the same kind of unit", "one is a unit, the other not", "different kinds of units"),
    "numbers": ("no numbers differ", "different numbers"),
    "type": ("the same type of organisation", "related types", "type not known", "different types"),
    "work": ("work in the same countries", "some common countries of work", "countries not known", "other countries"),
    "named": ("named by one publisher", "named from the same country", "not known", "named from other countries"),
    "partners": ("the same partners", "some common partners", "a common partner", "not known", "no common partner"),
}  # fmt: skip
COMPARISONS = tuple(LEVELS)


def compare(a: Side, b: Side, weights: WordWeights) -> tuple[int, ...]:
    """The level of each of `COMPARISONS`; `compare(a, b)` equals `compare(b, a)`."""
    first, second = (a, b) if a.spelling.folded <= b.spelling.folded else (b, a)
    x, y = first.spelling, second.spelling
    shared, only_x, only_y = _shared_words(x.tokens, y.tokens, weights)
    both, left, right = weights.sum(shared), weights.sum(only_x), weights.sum(only_y)
    acronym = _acronym(x, y)
    return (
        _words(x, y, both, left + right),
        _own_words(min(left, right)) if x.tokens and y.tokens else 3,
        _bin(both, 1, (20_000, 12_000, 7_000, 1)),
        _start(x.folded, y.folded),
        acronym,
        _known(first, second),
        _country(first.seats, second.seats, is_else_alike=bool(both) or acronym < 2),
        0 if x.units == y.units else 2 if x.units and y.units else 1,
        int(set(_DIGITS.findall(x.folded)) != set(_DIGITS.findall(y.folded))),
        _type(first.types, second.types),
        _bin_or(_cosine(first.work, second.work), (500, 100), unknown=2),
        _named(first, second),
        _bin_or(_cosine(first.partners, second.partners), (300, 100, 10), unknown=3),
    )


def is_grounded(a: Side, b: Side, levels: Sequence[int], *, has_reference: bool) -> bool:
    """Whether the names themselves carry a join, so that context (type, places, partners) only helps.

    The weights were fitted on organisations that have references. Among the many that have none, partners of one
    project share its context and are not one: there the names must say it. Two names of common words alone ("Ministry
    of Finance") need their country; two names without reference, of which one names a country, are asked.
    """
    found = dict(zip(COMPARISONS, levels, strict=True))
    if found["country"] == 4 or found["known"] >= 4:
        return False
    if found["known"] <= 1:
        return True
    is_telling = bool(set(a.spelling.telling_words) & set(b.spelling.telling_words)) or found["country"] == 0
    if found["words"] <= 1:
        return is_telling
    # An acronym beside a country is rather a national committee or office: `UNICEF Ireland`.
    is_called_so = found["acronym"] <= 1 and found["country"] != 2
    if has_reference and (is_called_so or (is_telling and found["shorter"] == 0 and found["words"] <= 4)):
        return True
    if not is_telling or found["numbers"] or found["rare"] > 1 or (found["country"] == 2 and not has_reference):
        return False
    if found["start"] == 0:
        return True
    if found["shorter"] == 0:
        return found["words"] <= 3
    return found["words"] <= (3 if found["acronym"] <= 1 else 2) and found["shorter"] == 1


def _shared_words(x: Sequence[str], y: Sequence[str], weights: WordWeights) -> tuple[list[str], list[str], list[str]]:
    """Shared words, and those of one side only; of words that differ by a typing error the more usual one is shared."""
    other = set(y)
    shared = [word for word in x if word in other]
    taken = set(shared)
    only_x, only_y = [w for w in x if w not in taken], [w for w in y if w not in taken]
    for word in list(only_x):
        if len(word) >= TYPO_LETTERS and only_y:
            near = max(only_y, key=lambda candidate: (JaroWinkler.similarity(word, candidate), candidate))
            if JaroWinkler.similarity(word, near) >= TYPO_LIKENESS and not word.isdigit():
                shared.append(min(word, near, key=lambda w: (weights[w], w)))
                only_x.remove(word)
                only_y.remove(near)
    return shared, only_x, only_y


def _words(x: Spelling, y: Spelling, both: int, apart: int) -> int:
    if x.folded == y.folded:
        return 0
    if x.tokens == y.tokens and x.tokens:
        return 1
    return 2 + _bin(1000 * both, (both + apart) or 1, (750, 500, 300, 1))


def _own_words(bits: int) -> int:
    return 0 if not bits else 1 if bits <= 4_500 else 2 if bits <= 8_000 else 3


def _start(x: str, y: str) -> int:
    short, long = (x, y) if len(x) <= len(y) else (y, x)
    if len(short) >= CUT_LETTERS and short != long and long.startswith(short):
        return 0
    return 1 if JaroWinkler.similarity(x, y) >= 0.88 else 2


def _acronym(x: Spelling, y: Spelling) -> int:
    if x.acronyms & y.acronyms:
        return 0
    if x.acronyms & y.initials or y.acronyms & x.initials:
        return 1
    return 3 if x.acronyms and y.acronyms else 2


def _known(a: Side, b: Side) -> int:
    if a.known and b.known:
        if a.known == b.known:
            return 0 if a.is_whole and b.is_whole else 1
        return 4 if a.known.parent_ref == b.known.ref or b.known.parent_ref == a.known.ref else 5
    return 3 if a.known or b.known else 2


def _country(a: frozenset[str], b: frozenset[str], *, is_else_alike: bool) -> int:
    if a & b:
        return 0 if is_else_alike else 3
    return 4 if a and b else 2 if a or b else 1


def _type(a: frozenset[str], b: frozenset[str]) -> int:
    if not a or not b:
        return 2
    if a & b:
        return 0
    # The first digit of OrganisationType tells governments (1), civil society (2), multilaterals (4), companies (7).
    return 1 if {code[:1] for code in a} & {code[:1] for code in b} else 3


def _named(a: Side, b: Side) -> int:
    if a.publishers & b.publishers:
        return 0
    if not a.homes or not b.homes:
        return 2
    return 1 if a.homes & b.homes else 3


def _cosine(a: dict[str, int], b: dict[str, int]) -> int | None:
    """Thousandths; None when one side is empty."""
    if not a or not b:
        return None
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return sum(weight * large.get(value, 0) for value, weight in small.items()) // 1000


def _bin_or(value: int | None, floors: Sequence[int], unknown: int) -> int:
    """Like `_bin`, the level `unknown` standing before the last one."""
    if value is None:
        return unknown
    level = _bin(value, 1, floors)
    return level + 1 if level >= unknown else level


def _bin(numerator: int, denominator: int, floors: Sequence[int]) -> int:
    """The first floor that the ratio reaches, else the number of floors."""
    for level, floor in enumerate(floors):
        if numerator >= floor * denominator:
            return level
    return len(floors)


def unit_vector(counts: Counter[str], weight: Callable[[str], int]) -> dict[str, int]:
    """Roots of counts times a weight per value, scaled to length 1000; whole numbers, so that every engine agrees."""
    raw = {value: isqrt(count * 10_000) * weight(value) for value, count in counts.items()}
    length = isqrt(sum(part * part for part in raw.values()))
    return {value: 1000 * part // length for value, part in raw.items()} if length else {}
