"""For whom a pair of rows is: those who see both, as a small table of codes.

Place on the way: picture, inner. Enters: the markings that occur. Leaves: `Observers`, so that what is said of a pair,
and whether it is said at all, rests only on rows that everybody who sees the pair sees too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking import is_evidence
from concerted.marking.keys import Label


@dataclass(frozen=True)
class Observers:
    """Tables of codes.

    Attributes:
        of_pair: marking_key, other_marking_key, observer: who sees rows of both markings.
        sees: observer, marking_key: whose rows all of them see.
        marking: observer, marking_key of what is said to them; nobody, where two markings name people.
    """

    of_pair: ir.Table
    sees: ir.Table
    marking: ir.Table


def observers(markings: Iterable[str]) -> Observers:
    """The observers of all pairs of `markings`."""
    keys = sorted(set(markings))
    numbers: dict[tuple[str, ...], int] = {}
    of_pair = []
    for one, other in product(keys, keys):
        audience = _audience(one, other)
        number = numbers.setdefault(audience, len(numbers))
        of_pair.append({"marking_key": one, "other_marking_key": other, "observer": number})
    sees = [
        {"observer": number, "marking_key": key}
        for audience, number in numbers.items()
        for key in keys
        if any(is_evidence(key, part) for part in audience)
    ]
    marking = [
        {"observer": number, "marking_key": audience[0] if len(audience) == 1 else str(Label.NOBODY)}
        for audience, number in numbers.items()
    ]
    return Observers(_table(of_pair, "marking_key", "other_marking_key"), _table(sees, "marking_key"),
                     _table(marking, "marking_key"))  # fmt: skip


def _audience(one: str, other: str) -> tuple[str, ...]:
    """The narrower of two markings, or both where neither is."""
    if is_evidence(one, other):
        return (other,)
    return (one,) if is_evidence(other, one) else tuple(sorted((one, other)))


def _table(rows: list[dict[str, object]], *texts: str) -> ir.Table:
    schema = pa.schema([*((name, pa.string()) for name in texts), ("observer", pa.int32())])
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))
