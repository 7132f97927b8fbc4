"""What the digest of an entry is of, and whether a run of entries is whole. Pure.

A digest is the SHA-256 of the digest before it and of the entry's fields, as JSON with sorted keys and no blanks.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIELDS = (
    "sequence",
    "time",
    "actor",
    "actor_partner",
    "action",
    "object_kind",
    "object_id",
    "owner",
    "channel",
    "previous",
)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
#: What the first entry holds as the digest before it.
START = "0" * 64


@dataclass(frozen=True)
class Broken:
    """Where the chain is broken, and how."""

    sequence: int
    why: str


def digest(values: dict[str, Any]) -> str:
    """The digest of an entry with these `FIELDS`."""
    return digest_of_plain({name: plain(values[name]) for name in FIELDS})


def digest_of_plain(values: dict[str, Any]) -> str:
    """The same where every value is plain already."""
    return hashlib.sha256(_ENCODER.encode(values).encode()).hexdigest()


def first_break(entries: Iterable[dict[str, Any]]) -> Broken | None:
    """The first entry that is missing, out of place or changed; entries come in the order of `sequence`, from 1."""
    expected, before = 1, START
    for entry in entries:
        if entry["sequence"] != expected:
            return Broken(expected, "is missing")
        if entry["previous"] != before:
            return Broken(expected, "does not follow the entry before it")
        if entry["digest"] != digest(entry):
            return Broken(expected, "was changed")
        expected, before = expected + 1, entry["digest"]
    return None


def plain(value: Any) -> Any:
    """A value as it stands in what the digest is of."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int | str) else str(value)
