"""Ids made from stable source keys, never from names alone or from row order of a file."""

import hashlib


def hash_id(*parts: str) -> int:
    """A signed 64-bit id of some key parts.

    64 bits keep joins over ten million rows fast; at a million records the chance of one collision is 3 in 10^8, and
    the build checks for it.
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


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
