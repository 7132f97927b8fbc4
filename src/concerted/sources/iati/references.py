"""Character and entity references: found, checked and decoded many at a time.

Place on the way: for the quick judge of XML, and for the values. Enters: bytes. Leaves: for each `&` the character that
is meant and the length of its reference; or text with the characters in place.
Source: XML 1.0, sections 2.2 and 4.1.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concerted.sources.iati.names import Ints, Words

Bytes = npt.NDArray[np.uint8]

_ENTITIES = {b"lt;": "<", b"gt;": ">", b"amp;": "&", b"quot;": '"', b"apos;": "'"}
#: Digits that are looked at. &#1114111; has seven; more are leading zeros, which nobody writes.
_MOST_DIGITS = 9
_DIGITS = np.full(256, 99, np.int64)
for _digits in (b"0123456789abcdef", b"0123456789ABCDEF"):
    _DIGITS[list(_digits)] = range(16)


@dataclass(frozen=True)
class References:
    """One entry per reference: where its `&` stands, its length up to and with the `;`, and the character."""

    start: Ints
    length: Ints
    character: Ints

    def within(self, start: Ints, stop: Ints, new_start: Ints) -> "References":
        """Those inside some stretches (ascending), with their places after the stretches were moved."""
        inside, of = inside_of(self.start, start, stop)
        return References(self.start[inside] - start[of] + new_start[of], self.length[inside], self.character[inside])


def inside_of(places: Ints, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Which of some places lie in one of some stretches (ascending), and in which."""
    if not len(start):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    of = np.searchsorted(start, places, side="right") - 1
    inside = np.flatnonzero((of >= 0) & (places < stop[of]))
    return inside, of[inside]


def parse_references(array: Bytes, words: Words) -> References | None:
    """The references in some bytes; None when a `&` begins none that is good beyond doubt.

    Args:
        array: the bytes.
        words: of the same, see `names.words_of`.
    """
    start: Ints = np.flatnonzero(array == ord("&"))
    character, length = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
    first = words[start + 1]
    is_numeric = (first & np.uint64(0xFF)) == ord("#")
    named = np.flatnonzero(~is_numeric)
    for name, meant in _ENTITIES.items():
        bits = np.uint64((1 << 8 * len(name)) - 1)
        same = named[(first[named] & bits) == np.uint64(int.from_bytes(name, "little"))]
        character[same], length[same] = ord(meant), 1 + len(name)
    if not length[named].all():
        return None
    numeric = np.flatnonzero(is_numeric)
    value, size = _numbers(array, start[numeric] + 2)
    if not size.all():
        return None
    character[numeric], length[numeric] = value, size + 2
    return References(start, length, character)


def decoded(data: bytes, references: References) -> bytes:
    """Text with its references decoded.

    Every reference is longer than its character, so that is written over its beginning and the rest is left out.
    """
    if not len(references.start):
        return data
    start, length, character = references.start, references.length, references.character
    array: Bytes = np.frombuffer(data, np.uint8)
    out, keep = array.copy(), np.ones(len(array), bool)
    size = 1 + (character >= 0x80).astype(np.int64) + (character >= 0x800) + (character >= 0x1_0000)
    for n, first in ((1, 0), (2, 0xC0), (3, 0xE0), (4, 0xF0)):
        of = np.flatnonzero(size == n)
        for k in range(n):
            bits = character[of] >> (6 * (n - 1 - k))
            out[start[of] + k] = first | bits if k == 0 else 0x80 | (bits & 0x3F)
    for step in range(1, int(length.max())):
        keep[start[(size <= step) & (step < length)] + step] = False
    return out[keep].tobytes()


def _numbers(array: Bytes, at: Ints) -> tuple[Ints, Ints]:
    """The character numbers at some places (behind `&#`), and their lengths with the `;`; length 0 for wrong ones."""
    last = len(array) - 1
    is_hex = array[np.minimum(at, last)] == ord("x")
    base = np.where(is_hex, 16, 10)
    value, size = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    rest, digits_at = np.arange(len(at)), at + is_hex
    for step in range(_MOST_DIGITS + 1):
        byte = array[np.minimum(digits_at[rest] + step, last)]
        if step:
            done = rest[byte == ord(";")]
            size[done] = step + 1 + is_hex[done]
        digit = _DIGITS[byte]
        more = digit < base[rest]
        rest, digit = rest[more], digit[more]
        if not len(rest):
            break
        value[rest] = value[rest] * base[rest] + digit
    is_character = (value >= 0x20) | (value == 9) | (value == 10) | (value == 13)
    is_character &= (value < 0xD800) | ((value > 0xDFFF) & (value < 0xFFFE)) | ((value > 0xFFFF) & (value <= 0x10FFFF))
    return value, np.where(is_character, size, 0)
