"""The parameters of a step as plain data, for the manifest of an edition.

Place on the way: below the build. Enters: frozen dataclasses. Leaves: what JSON can hold. What is long (a tree of
nodes, a crosswalk) is told by its number of members and its hash: it stands elsewhere in the edition or in the code.
"""

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from concerted.store.edition import canonical_json

#: Characters of JSON up to which a list or a mapping is told whole.
LONG = 600


def plain(value: Any) -> Any:
    """`value` as plain data; equal values give equal data, in every process.

    Raises:
        TypeError: a value of a kind that has no plain form here.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date | Decimal | Path):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return _told({str(key): plain(part) for key, part in value.items()})
    if isinstance(value, set | frozenset):
        return _told(sorted((plain(part) for part in value), key=canonical_json))
    if isinstance(value, tuple | list):
        return _told([plain(part) for part in value])
    raise TypeError(f"a parameter of type {type(value).__qualname__} cannot be put into a manifest")


def _told(parts: dict[str, Any] | list[Any]) -> Any:
    text = canonical_json(parts)
    if len(text) <= LONG:
        return parts
    return {"count": len(parts), "sha256": hashlib.sha256(text.encode()).hexdigest()}
