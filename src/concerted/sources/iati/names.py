"""Known names found by their bytes, many at a time.

Place on the way: part of the scanner. Enters: byte positions of element or attribute names. Leaves: for each its number
in a fixed list of names, 0 for any other. Exact: the hash only picks the one name to compare with.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

#: Bytes up to this one are blanks or control characters.
BLANK = 32
#: Longest name that can be in a table; every name of IATI is shorter.
MAX_LENGTH = 24
#: Longest name whose end is looked for; longer ones are given this length plus one.
MAX_SEEN = 40
#: Bytes that must follow the last name in a buffer, because names are read in words of 8 bytes.
PADDING = MAX_SEEN + 8

_SLOT_BITS = 12
_KEEP = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [0xFFFF_FFFF_FFFF_FFFF], np.uint64)


def words_of(buffer: bytes) -> Words:
    """Every 8 bytes of a buffer as a number, at every position (a view, nothing is copied)."""
    view: Words = np.ndarray((len(buffer) - 7,), "<u8", buffer=buffer, strides=(1,))
    return view


def keep_bytes(lengths: Ints) -> Words:
    """Masks that keep the first bytes of a word: none below 0, at most all 8 of them."""
    return _KEEP[np.minimum(np.maximum(lengths, 0), 8)]


class NameTable:
    """A fixed list of names; `find` is vectorised."""

    def __init__(self, names: Sequence[str]) -> None:
        """Number the names 1, 2, ..

        Raises:
            ValueError: a name is longer than `MAX_LENGTH` or stands twice.
        """
        encoded = [name.encode() for name in names]
        if len(set(encoded)) != len(encoded) or any(not 0 < len(name) <= MAX_LENGTH for name in encoded):
            raise ValueError(f"names must differ and have 1 to {MAX_LENGTH} bytes: {sorted(names)}")
        self.names = ("", *names)
        padded = b"".join(name.ljust(MAX_LENGTH, b"\0") for name in [b"\0", *encoded])
        self._words = np.frombuffer(padded, np.uint64).reshape(-1, 3).T.copy()
        self._lengths = np.array([-1, *map(len, encoded)])
        self._factors, self._slots = self._without_collision()

    def _without_collision(self) -> tuple[Words, npt.NDArray[np.int16]]:
        """Factors under which every name falls in a slot of its own; about one trial in six succeeds."""
        random = np.random.default_rng(0)
        while True:
            factors: Words = random.integers(1, 1 << 63, 3, np.uint64) * np.uint64(2) + np.uint64(1)
            mixed = self._words[:, 1:] * factors[:, None]
            at = _slots_of(mixed[0] ^ mixed[1] ^ mixed[2])
            if len(np.unique(at)) == len(at):
                slots = np.zeros(1 << _SLOT_BITS, np.int16)
                slots[at] = np.arange(1, len(self.names))
                return factors, slots

    def find(self, words: Words, starts: Ints, lengths: Ints) -> npt.NDArray[np.int16]:
        """The number of each name; 0 for names that are not in the list.

        Args:
            words: of the buffer, see `words_of`.
            starts: byte position of each name.
            lengths: of each name, in bytes.
        """
        first = words[starts] & keep_bytes(lengths)
        mixed = first * self._factors[0]
        # Few names are longer than a word, so the rest of them is looked at apart.
        longer = np.flatnonzero(lengths > 8)
        second = words[starts[longer] + 8] & keep_bytes(lengths[longer] - 8)
        mixed[longer] ^= second * self._factors[1]
        longest = np.flatnonzero(lengths[longer] > 16)
        third = words[starts[longer[longest]] + 16] & keep_bytes(lengths[longer[longest]] - 16)
        mixed[longer[longest]] ^= third * self._factors[2]
        number = self._slots[_slots_of(mixed)]
        number[(self._words[0][number] != first) | (self._lengths[number] != lengths)] = 0
        number[longer[self._words[1][number[longer]] != second]] = 0
        number[longer[longest[self._words[2][number[longer[longest]]] != third]]] = 0
        return number


def _slots_of(mixed: Words) -> Ints:
    return (mixed >> np.uint64(64 - _SLOT_BITS)).view(np.int64)
