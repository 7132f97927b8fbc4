"""Ids made from stable source keys, never from names alone or from row order of a file."""

import hashlib

import numpy as np
import numpy.typing as npt


def hash_id(*parts: str) -> int:
    """A signed 64-bit id of some key parts.

    64 bits keep joins over ten million rows fast; at a million records the chance of one collision is 3 in 10^8, and
    the build checks for it.
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def hash_ids(of: str, *columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """An id for each row of some columns of whole numbers, for tables of millions of rows.

    Args:
        of: what the rows are; equal rows of different things get different ids.
        columns: arrays of one length, at least one.
    """
    state = np.full(len(columns[0]), hash_id(of), np.int64).view(np.uint64)
    for column in columns:
        # The finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit of what enters moves every bit of the result.
        state = (state ^ column.view(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return state.view(np.int64)


def id_text(value: int) -> str:
    """The id as it stands in addresses: 16 hexadecimal digits."""
    return format(value & 0xFFFF_FFFF_FFFF_FFFF, "016x")


def id_from_text(text: str) -> int:
    """The inverse of `id_text`.

    Raises:
        ValueError: `text` is not 16 hexadecimal digits.
    """
    if len(text) != 16:
        raise ValueError(f"{text!r} is not an id of 16 hexadecimal digits")
    number = int(text, 16)
    return number - (1 << 64) if number >= 1 << 63 else number
