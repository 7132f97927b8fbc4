"""Where in many texts something begins that may be a trace: a few passes over their bytes, without a regex.

Place on the way: between `patterns` and `texts`. The bytes of a column enter; the places leave at which a trigger may
match. RE2 compiles anew for every column, which cost more than all else here; this is four look-ups a byte.

Every word to look for becomes a sequence of sets of bytes, and every sequence has one of 16 bits. A table for each
place in the sequence says of a byte which bits it can belong to; where the bits of some bytes in a row have one in
common, one of its sequences may begin (the Teddy algorithm of Hyperscan, on whole arrays).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from concerted.records.screening.patterns import arabic_stems, contact_ends, terror_stems, words

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
#: Sets of bytes that follow each other.
Sets = tuple[frozenset[int], ...]

#: Bytes of a sequence that count, and those of them that are looked up for every byte of the texts.
_WIDTH, _FIRST = 8, 4
_DIGITS = frozenset(b"0123456789")
#: First bytes of the digits of Arabic and Persian, of a no-break space or degree sign, and of a long dash.
_WIDE_DIGITS, _C2, _DASH = frozenset((0xD9, 0xDB)), frozenset((0xC2,)), frozenset((0xE2,))
_SPACE = frozenset(b" ") | _C2


@dataclass(frozen=True)
class Finder:
    """Finds where one of some sequences begins, as far as their first 8 bytes tell."""

    coarse: npt.NDArray[np.uint16]
    fine: npt.NDArray[np.uint64]
    exact: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, groups: Sequence[Sequence[Sets]]) -> "Finder":
        """Compile at most 16 groups of sequences that are alike, above all in length.

        Each group has one coarse bit; its sequences share four fine ones, and each has an exact one of its own.
        """
        coarse, fine = np.zeros((_WIDTH, 256), np.uint16), np.zeros((_WIDTH, 256), np.uint64)
        exact = np.zeros((sum(map(len, groups)) // 64 + 1, _WIDTH, 256), np.uint64)
        count = 0
        for number, group in enumerate(groups):
            for n, sequence in enumerate(group):
                for at in range(_WIDTH):
                    which = list(sequence[at]) if at < len(sequence) else slice(None)
                    coarse[at, which] |= np.uint16(1 << number)
                    fine[at, which] |= np.uint64(1 << (4 * number + n * 4 // len(group)))
                    exact[count // 64, at, which] |= np.uint64(1 << count % 64)
                count += 1
        return cls(coarse[:_FIRST], fine, exact)

    def find(self, data: Bytes) -> Ints:
        """The places in `data`, ascending."""
        count = len(data)
        data = np.append(data, np.zeros(_WIDTH, np.uint8))
        bits = self.coarse[0].take(data[:count])
        for at in range(1, _FIRST):
            bits &= self.coarse[at].take(data[at : at + count])
        places = np.flatnonzero(bits != 0)
        fine = np.full(len(places), np.iinfo(np.uint64).max)
        for at in (*range(_FIRST, _WIDTH), *range(_FIRST)):  # first those that say more
            fine &= self.fine[at].take(data.take(places + at))
            left = np.flatnonzero(fine)
            places, fine = places[left], fine[left]
        near = data[places[:, None] + np.arange(_WIDTH)]
        is_one = [np.bitwise_and.reduce(table[np.arange(_WIDTH), near], axis=1) != 0 for table in self.exact]
        found: Ints = places[np.logical_or.reduce(is_one)]
        return found


@cache
def finder() -> Finder:
    """What finds every place at which a trigger can match; of labels those at which a word for terrorism begins.

    Its sequences are the beginnings of all that the patterns of `triggers` begin with: change both.
    """
    listed = words()
    digits = _DIGITS | _WIDE_DIGITS
    signs: list[list[Sets]] = [
        [(frozenset(b"@"),)],
        [(frozenset(b"[("), frozenset(b"aA"), frozenset(b"tT"), frozenset(b"])")), (frozenset(b"+"), digits)],
        [
            (_C2, frozenset((0xB0,)), _DIGITS | _SPACE),
            (_DIGITS, _SPACE, frozenset((0xB0, 0xA0, 0xC2))),
        ],
        [(_DIGITS, frozenset(b".,"), *[_DIGITS] * 4)],
    ]
    phones = [(*_sets(word), frozenset(b" .:nN(+") | _C2 | digits) for word in listed["phone"]]
    titles = [(*_sets(word, False), frozenset(b".") | _SPACE) for word in listed["honorifics"]]
    titles += [(*_sets(word, False), frozenset(b"."), _SPACE) for word in listed["honorifics_dotted"]]
    offices = [
        (*_sets(word), frozenset(b",") | _SPACE)
        for name in ("offices", "offices_of_two_names")
        for word in listed[name]
    ]
    colon = frozenset(b":-") | _DASH
    contacts = [
        (*_sets(end), *after)
        for end in contact_ends()
        for after in ((colon,), (_SPACE, colon | frozenset((0xA0, 0x20, 0xC2))))
    ]
    labels = [_sets(stem) for stem in terror_stems()]
    arabic = [_sets(stem) for stem in arabic_stems()]
    return Finder.of([*signs, phones, *_cut(titles, 2), *_cut(offices, 3), *_cut(contacts, 4), arabic, labels])


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
