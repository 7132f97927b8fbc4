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
_DIGIT_OF: tuple[Sets, ...] = ((_DIGITS,), (_WIDE, _LAST_WIDE))
#: A point or comma in a number, in Arabic too.
_POINT_OF: tuple[Sets, ...] = ((frozenset(b".,"),), (frozenset((0xD8, 0xD9)), frozenset((0xAB, 0xAC, 0x8C))))
#: A minus or plus, of which some have three bytes.
_SIGN_OF: tuple[Sets, ...] = ((_SIGN,), *(tuple(frozenset((byte,)) for byte in sign.encode()) for sign in "–−"))
#: A blank is a space here, unless a line ends; the others are made one before, by `texts`.
_SPACE, _BLANK = frozenset(b" "), frozenset(b" \n\r\v\f")
_SPACES: tuple[Sets, ...] = ((), (_SPACE,))
_BLANKS: tuple[Sets, ...] = ((), (_BLANK,), (_BLANK, _BLANK))
#: First bytes of degree signs, dashes, and what is written for quotation marks and primes.
_MARK = frozenset((0xC2, 0xCA, 0xCB, 0xE2))
#: All but the letters of Latin without accents; 0 stands behind the end of all.
_WORD_ENDS = frozenset(range(256)) - frozenset(map(ord, _AZ + _AZ.lower()))


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
    phones = [(*_sets(word), frozenset(b" .:(+") | _MARK) for word in words("phone")]
    titles = [(*_sets(word, False), frozenset(b". ")) for word in words("honorifics")]
    titles += [(*_sets(word, False), frozenset(b"."), _SPACE) for word in words("honorifics_dotted")]
    offices = [(*_sets(word), frozenset(b", ")) for name in ("offices", "offices_of_two_names") for word in words(name)]
    colon = frozenset(b":-") | _MARK
    contacts = [[(*_sets(end), colon) for end in contact_ends()]]
    contacts.append([(*_sets(end), _SPACE, colon | _SPACE) for end in contact_ends()])
    labels = [_sets(stem) for stem in terror_stems()]
    wide = [_WIDE, _LAST_WIDE]
    arabic = [
        *map(_sets, (*arabic_titles(), *arabic_contacts(), *arabic_terror(), "حداثيات", "خط ")),
        *((*wide, *point, *wide, *wide) for point in _POINT_OF),
        *((*wide, *wide, *wide, *space, *wide) for space in _SPACES),
        (_WIDE, frozenset((0xA0, 0xB0)), _WIDE, frozenset((0xA0, 0xB0))),
    ]
    signs: list[list[Sets]] = [
        [(frozenset(b"@"),)],
        [
            (_OPEN, frozenset(b"aA"), frozenset(b"tTrR"), frozenset(b"oO") | _CLOSE),
            (_OPEN, frozenset(b"aA"), _CLOSE, _LETTER),
            (_OPEN, *_sets("à"), _CLOSE),
            (_OPEN, frozenset(b"."), _CLOSE),
        ],
        [
            (frozenset(b"+"), _ANY_DIGIT),
            *((*_sets("00"), *more, frozenset(b"123456789") | _WIDE) for more in ((), (frozenset(b" .-"),))),
        ],
    ]
    return Finder.of(
        [
            *signs,
            *_sites(),
            *_cut(phones, 3),
            *_cut(titles, 4),
            *_cut(offices, 6),
            *_cut(contacts[0], 5),
            *_cut(contacts[1], 4),
            arabic,
            *_cloaks(),
            *_cut(labels, 2),
        ]
    )


def _sites() -> list[list[Sets]]:
    """What coordinates, codes of places and links to maps begin with, or have in them.

    Words that begin alike stand together: a group of unlike ones fits half of all texts.
    """
    north = frozenset(b"NSns")
    band, first, second = (frozenset(map(ord, letters)) for letters in ("CDEFGHJKLMNPQRSTUVWX", _AZ, _AZ[:22]))
    plus = frozenset(b"23456789CFGHJMPQRVWXcfghjmpqrvwx")
    # Behind three digits, a space and three digits: what may stand in or behind a number of metres.
    metres = _DIGITS | _BLANK | frozenset(b".,;/mMeE") | frozenset((0xD8, 0xD9))
    of_degree = [(frozenset((0xC2,)), frozenset((0xB0, 0xBA))), *map(_sets, ("˚", "deg", "dég", "درج"))]
    of_degree += [(frozenset(b"dD"), *blank, _ANY_DIGIT) for blank in _BLANKS[:2]]
    geo = [*map(_sets, ("gps", "geoloc", "géoloc", "geohash", "geo-hash", "ge0.me")), (*_sets("geo:"), _DIGITS | _SIGN)]
    return [
        # Numbers with many places, with a sign, with a letter before them that says which way.
        [(_DIGITS, *_POINT_OF[0], *[_DIGITS] * 4)],
        [(_DIGITS, *_POINT_OF[1], _DIGITS)],
        [
            *((*_SIGN_OF[0], *[_DIGITS] * n, *_POINT_OF[0], *[_DIGITS] * 3) for n in (1, 2, 3)),
            (*_SIGN_OF[0], *_DIGIT_OF[1]),
            (*_SIGN_OF[2], _ANY_DIGIT),
        ],
        [
            (north, *blank, *[_DIGITS] * n, *point, *[_DIGITS] * m)
            for blank in _BLANKS[:2]
            for point, m in zip(_POINT_OF, (2, 1), strict=True)
            for n in (1, 2, 3)
        ]
        + [(north, *blank, *_DIGIT_OF[1]) for blank in _BLANKS[:2]],
        [(north, *blank, *sign, *space, _ANY_DIGIT) for blank in _BLANKS[:2] for sign in _SIGN_OF for space in _SPACES],
        # Numbers with a letter or word behind them that says which way.
        *([(*digit, *blank, *way) for digit in _DIGIT_OF for way in _ways()] for blank in _BLANKS),
        [(*digit, *blank, *_sets("de"), _BLANK) for digit in _DIGIT_OF for blank in _BLANKS],
        [(*digit, *blank, *degree) for digit in _DIGIT_OF for blank in _BLANKS[:2] for degree in of_degree],
        # What announces coordinates.
        *_axes(),
        geo,
        [*map(_sets, ("wgs", "w3w.", "waze.", "what3w", "wikimapi"))],
        [(*_sets("coord"), _WORD_ENDS | frozenset(b"sS")), _sets("dinate")],
        # Grids, codes and links.
        [(*[_DIGITS] * 6,), (*[_DIGITS] * 3, _SPACE, *[_DIGITS] * 3, metres)],
        [
            (*digit, *space, band, *more, first, second, _ANY_DIGIT | _SPACE)
            for digit in _DIGIT_OF
            for space in _SPACES
            for more in _SPACES
        ],
        [(*[plus] * 4, frozenset(b"+"), plus, plus)],
        [*map(_sets, ("mapcarta", "maps.", "mgrs"))],
        [*map(_sets, ("/maps", "///"))],
        [*((*_sets("point"), *blank, frozenset(b"(zZ")) for blank in _BLANKS), _sets("plus.co")],
        [*map(_sets, ("osm.org", "openstre"))],
        [*map(_sets, ("rdonn", "here.com", "earth.go", "arobas"))],
        [(_SPACE | _OPEN, *_sets(word), _SPACE | _CLOSE) for word in ("dot", "point")],
    ]


def _ways() -> list[Sets]:
    """Which way, as one letter or as a word."""
    return [(frozenset(b"NSEWOnsewo"), _WORD_ENDS), *map(_sets, lists("sites")["ways"])]


def _axes() -> list[list[Sets]]:
    """`lat` and the like, what may stand behind them, and which way."""
    sign = _BLANK | frozenset(b":=.(\"'`-+")
    behind = [
        (frozenset(b"(") | _MARK,),
        *_DIGIT_OF,
        (sign, sign | _MARK | _ANY_DIGIT),
        (sign, frozenset(b"NSEWOnsewo"), _BLANK | frozenset(b":-+") | _MARK | _ANY_DIGIT),
        *((sign, *_sets(way)) for way in lists("sites")["ways"]),
    ]
    return [
        [*((*_sets("lat"), *more) for more in behind), *map(_sets, ("latlng", "lat/lon", "latitud"))],
        [*((*_sets("long"), *more) for more in behind), _sets("longitud")],
        *([(*_sets(word), *more) for more in behind] for word in ("lon", "lng")),
    ]


def _cloaks() -> list[list[Sets]]:
    """Characters that hide what stands behind or beside them; see `triggers.CLOAK`."""
    is_cloak = re.compile(CLOAK)
    found: dict[int, dict[bytes, set[int]]] = {}
    for code in range(0x10000):
        if not 0xD800 <= code < 0xE000 and is_cloak.match(chr(code)):
            sign = chr(code).encode()
            found.setdefault(sign[0] if len(sign) > 1 else 0, {}).setdefault(sign[:-1], set()).add(sign[-1])
    return [
        [(*(frozenset((byte,)) for byte in head), frozenset(last)) for head, last in group.items()]
        for group in found.values()
    ]


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
