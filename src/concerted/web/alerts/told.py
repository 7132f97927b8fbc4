"""Marks of what was told: of each thing eight bytes, from which nobody reads what it was. No database here."""

import hashlib
from collections.abc import Iterable

#: Bytes of a mark. Of a million things two share one with a chance of 1 in 10^7; the second would go untold.
MARK = 8


def mark_of(key: str) -> bytes:
    """The mark of a thing, by the text that says which thing it is and in which state."""
    return hashlib.blake2b(key.encode(), digest_size=MARK).digest()


def packed(keys: Iterable[str]) -> bytes:
    """The marks of all these things, sorted, one behind the other."""
    return b"".join(sorted({mark_of(key) for key in keys}))


def unpacked(marks: bytes) -> frozenset[bytes]:
    """What `packed` put together."""
    return frozenset(marks[at : at + MARK] for at in range(0, len(marks), MARK))
