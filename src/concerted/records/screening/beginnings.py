"""Where in many texts something begins that may be a trace: a few passes over their bytes, without a regex.

Place on the way: between `triggers` and `texts`. The bytes of a column enter; the places leave at which a trigger may
match. RE2 compiles anew for every column, which cost more than all else here; this is two look-ups a byte.

Every word to look for becomes a sequence of sets of bytes, and every sequence has one of 64 bits. A table for each
two places in the sequence says of two bytes which bits they can belong to; where the bits of some bytes in a row have
one in common, one of its sequences may begin (the Teddy algorithm of Hyperscan, on whole arrays).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from concerted.records.screening.lists import lists
from concerted.records.screening.triggers import (
    CLOAK,
    arabic_contacts,
    arabic_terror,
    arabic_titles,
    contact_ends,
    terror_stems,
    words,
)

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
#: Sets of bytes that follow each other.
Sets = tuple[frozenset[int], ...]

#: Bytes of a sequence that count; the first four of them are looked up for every byte of the texts.
_WIDTH = 8
_BITS, _BLOCK = 64, 1 << 18
_AZ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTER = frozenset(map(ord, _AZ + _AZ.lower() + "0123456789"))
_DIGITS, _SIGN = frozenset(b"0123456789"), frozenset(b"-+")
_OPEN, _CLOSE = frozenset(b"[({<"), frozenset(b"])}>")
#: The first and last bytes of the digits of Arabic and Persian.
_WIDE, _LAST_WIDE = frozenset((0xD9, 0xDB)), frozenset((*range(0xA0, 0xAA), *range(0xB0, 0xBA)))
_ANY_DIGIT = _DIGITS | _WIDE
#: First bytes of a no-break space or degree sign, and of a long dash or minus.
_C2, _DASH = frozenset((0xC2,)), frozenset((0xE2,))
_SPACE = frozenset(b" ") | _C2
#: What stands between `lat` and its number.
_AFTER_WORD = frozenset(b" :=.(\"'-+") | _C2 | _DASH


@dataclass(frozen=True)
class Finder:
    """Finds where one of some sequences begins, as far as their first 8 bytes tell."""

    pairs: tuple[Bits, Bits]
    rest: Bits
    exact: tuple[tuple[np.uint64, Bits], ...]

    @classmethod
    def of(cls, groups: Sequence[Sequence[Sets]]) -> "Finder":
        """Compile at most 64 groups of at most 64 sequences that are alike, above all in length.

        Each group has one bit, looked up for two bytes at once and then for one. `exact` has the bits of some groups
        and a table in which each of their sequences has a bit of its own.
        """
        table = np.zeros((_WIDTH, 256), np.uint64)
        exact: list[tuple[np.uint64, Bits]] = []
        count = _BITS
        for number, group in enumerate(groups):
            if count + len(group) > _BITS:
                exact.append((np.uint64(0), np.zeros((_WIDTH, 256), np.uint64)))
                count = 0
            exact[-1] = (exact[-1][0] | np.uint64(1 << number), exact[-1][1])
            for sequence in group:
                for at in range(_WIDTH):
                    which = list(sequence[at]) if at < len(sequence) else slice(None)
                    table[at, which] |= np.uint64(1 << number)
                    exact[-1][1][at, which] |= np.uint64(1 << count)
                count += 1
        first, second = ((table[at][:, None] & table[at + 1][None, :]).ravel() for at in (0, 2))
        return cls((first, second), table[4:], tuple(exact))

    def find(self, data: Bytes) -> Ints:
        """The places in `data`, ascending."""
        count = len(data)
        data = np.append(data, np.zeros(_WIDTH, np.uint8))
        # In blocks that stay in the processor's caches.
        found = [self._find(data, start, min(count, start + _BLOCK)) for start in range(0, count, _BLOCK)]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _find(self, data: Bytes, start: int, stop: int) -> Ints:
        pairs = data[start : stop + 2].astype(np.uint16)
        pairs <<= 8
        pairs |= data[start + 1 : stop + 3]
        bits = self.pairs[0][pairs[:-2]]
        bits &= self.pairs[1][pairs[2:]]
        places = np.flatnonzero(bits != 0)
        bits = bits[places]
        places += start
        for at, table in enumerate(self.rest, 4):
            bits &= table[data[places + at]]
            left = np.flatnonzero(bits != 0)
            places, bits = places[left], bits[left]
        is_one = np.zeros(len(places), bool)
        for owners, table in self.exact:
            those = np.flatnonzero(bits & owners != 0)
            own = table[0][data[places[those]]]
            for at in range(1, _WIDTH):
                own &= table[at][data[places[those] + at]]
            is_one[those] |= own != 0
        found: Ints = places[is_one]
        return found


@cache
def finder() -> Finder:
    """What finds every place at which a trigger can match; of labels those at which a word for terrorism begins.

    Its sequences are the beginnings of all that the patterns of `triggers` begin with: change both.
    """
    phones = [(*_sets(word), frozenset(b" .:nN(+") | _C2 | _ANY_DIGIT) for word in words("phone")]
    titles = [(*_sets(word, False), frozenset(b".") | _SPACE) for word in words("honorifics")]
    titles += [(*_sets(word, False), frozenset(b"."), _SPACE) for word in words("honorifics_dotted")]
    offices = [
        (*_sets(word), frozenset(b",") | _SPACE) for name in ("offices", "offices_of_two_names") for word in words(name)
    ]
    colon = frozenset(b":-") | _DASH
    contacts = [[(*_sets(end), colon) for end in contact_ends()]]
    contacts.append([(*_sets(end), _SPACE, colon | frozenset((0xA0, 0x20, 0xC2))) for end in contact_ends()])
    labels = [_sets(stem) for stem in terror_stems()]
    stems = (*arabic_titles(), *arabic_contacts(), *arabic_terror(), "حداثيات", "خط ", "منطق", "نطاق")
    wide = [_WIDE, _LAST_WIDE]
    arabic = [
        *map(_sets, stems),
        (*wide, *_sets("٫"), *wide, *wide),
        (*wide, frozenset(b".,"), *wide, *wide),
        (*wide, *wide, *wide, *wide),
    ]
    signs: list[list[Sets]] = [
        [(frozenset(b"@"),)],
        [
            (_OPEN, frozenset(b"aA"), frozenset(b"tTrR"), frozenset(b"oO") | _CLOSE),
            (_OPEN, frozenset(b"aA"), _CLOSE, _LETTER),
            (_OPEN, *_sets("à"), _CLOSE),
        ],
        [(frozenset(b"+"), _ANY_DIGIT), (*_sets("00"), frozenset(b"123456789 .-"), frozenset(b"0123456789 .-()"))],
    ]
    return Finder.of(
        [
            *signs,
            *_sites(),
            *_cut(phones, 3),
            *_cut(titles, 4),
            *_cut(offices, 8),
            *_cut(contacts[0], 6),
            *_cut(contacts[1], 6),
            arabic,
            *([sequence] for sequence in _cloaks()),
            *_cut(labels, 2),
        ]
    )


def _sites() -> list[list[Sets]]:
    """What coordinates, codes of places and links to maps begin with, or have in them."""
    point, gap = frozenset(b".,"), frozenset(b" ,;/")
    ways, north = frozenset(b"NSEWOnsewo"), frozenset(b"NSns")
    band, first, second = (frozenset(map(ord, letters)) for letters in ("CDEFGHJKLMNPQRSTUVWX", _AZ, _AZ[:22]))
    either = band | frozenset(letter + 32 for letter in band)
    plus = frozenset(b"23456789CFGHJMPQRVWXcfghjmpqrvwx")
    degree = frozenset((0xB0, 0xBA))
    digit, digits = _DIGITS, ((_DIGITS,), (_WIDE, _LAST_WIDE))
    spaces: tuple[Sets, ...] = ((), (_SPACE,))
    lats = [*map(_sets, ("latlng", "lat/lon", "latitud", "longitud"))]
    # Words that begin alike stand together: a group of unlike ones fits half of all texts.
    lats += [(*_sets(word), _AFTER_WORD, _AFTER_WORD | _ANY_DIGIT) for word in ("lat", "lon", "long", "lng")]
    geo = [*map(_sets, ("gps", "geoloc", "géoloc", "geohash", "geo-hash", "ge0.me")), (*_sets("geo:"), digit | _SIGN)]
    maps = [*map(_sets, ("mapcarta", "mgrs")), (*_sets("maps"), frozenset(b"./?@"))]
    point_at = [(*_sets("point"), *space, frozenset(b"(zZ")) for space in spaces]
    others = [(*_sets("zone"), _SPACE | _ANY_DIGIT, _ANY_DIGIT | _LAST_WIDE), (*_sets("coord"), frozenset(b"sS .:="))]
    others.append(_sets("dinate"))
    return [
        [(digit, point, *[digit] * 4)],
        [(*one, *space, _C2, degree) for one in digits for space in (*spaces, _sets("\u00a0"))]
        + [(*one, *space, *_sets("˚")) for one in digits for space in spaces],
        [(frozenset(b"-"), *[digit] * n, point, *[digit] * 3) for n in (1, 2, 3)]
        + [(*_sets("−"), _ANY_DIGIT, point | _ANY_DIGIT)],
        [
            *((digit, *space, ways, digit) for space in (*spaces, _sets("\u00a0"))),
            *((digit, *space, ways, gap, gap | digit | ways) for space in (*spaces, _sets("\u00a0"))),
            *((*one, _SPACE, *_sets(way)) for one in digits for way in lists("sites")["ways"]),
        ],
        [(north, *space, *[digit] * n, point, digit, digit) for space in spaces for n in (1, 2)],
        lats,
        geo,
        maps,
        [*map(_sets, ("waze.", "wgs", "w3w.", "what3w", "wikimapi"))],
        [*point_at, _sets("plus.co")],
        *([_sets(word)] for word in ("utm", "///")),
        [*map(_sets, ("osm.org", "openstre"))],
        others,
        [*map(_sets, ("rdonn", "here.com", "earth.go", "fuseau", "arobas"))],
        [
            (*one, *space, *unit)
            for one in digits
            for space in spaces
            for unit in (
                _sets("deg"),
                _sets("درج"),
                (frozenset(b"dD"), digit | _SPACE, digit),
                (frozenset(b"dD"), digit, frozenset(b"mM' ")),
            )
        ],
        [(*[digit] * 6, frozenset(b" mMeE,;/"), frozenset(b" eEmMnNxXyY,;/0123456789"))],
        [(digit, *space, band, *more, first, second, digit | _SPACE, digit) for space in spaces for more in spaces],
        [(digit, *space, either, _SPACE, *[digit] * 3, digit | _SPACE) for space in spaces],
        [(*[plus] * 4, frozenset(b"+"), plus, plus)],
        [(frozenset(b" [({<"), *_sets(word), frozenset(b" ])}>")) for word in ("dot", "point")],
    ]


def _cloaks() -> list[Sets]:
    """Characters that hide what stands behind or beside them; see `triggers.CLOAK`."""
    found: dict[tuple[int, ...], set[int]] = {}
    for sign in _cloaking():
        *head, last = sign.encode()
        found.setdefault(tuple(head), set()).add(last)
    return [(*(frozenset((byte,)) for byte in head), frozenset(last)) for head, last in found.items()]


def _cloaking() -> list[str]:
    is_cloak = re.compile(CLOAK)
    return [chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000 and is_cloak.match(chr(code))]


def _cut(sequences: list[Sets], count: int) -> list[list[Sets]]:
    """Sequences in `count` groups, in which those stand together that begin alike."""
    ordered = sorted(sequences, key=lambda sequence: (len(sequence), [min(some) for some in sequence]))
    return [ordered[n * len(ordered) // count : (n + 1) * len(ordered) // count] for n in range(count)]


def _sets(word: str, any_case: bool = True) -> Sets:
    """The bytes of a word as it stands, or in small letters or capitals."""
    found: list[frozenset[int]] = []
    for letter in word:
        forms = (letter.lower(), letter.upper()) if any_case else (letter,)
        found += map(frozenset, zip(*(form.encode() for form in forms), strict=True))
    return tuple(found)
