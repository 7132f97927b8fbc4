"""Who may know what is about a source as a whole: those who may see all of it.

Place on the way: picture, before quality. Enters: markings of sources as they are configured and of their statements.
Leaves: one marking per source.
"""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking.keys import NAMED, Label, narrowness, parse_key

_SCHEMA = pa.schema([("source_id", pa.string()), ("source_marking", pa.string())])


def source_markings(configured: Iterable[tuple[str, str]], statements: ir.Table) -> ir.Table:
    """(source_id, source_marking): the narrowest of what the source and each of its statements carry.

    Args:
        configured: (source_id, marking) of sources.
        statements: every statement (source_id, marking_key).
    """
    found = {source: {marking} for source, marking in configured}
    used = statements.select("source_id", "marking_key").distinct().to_pyarrow().to_pydict()
    for source, marking in zip(*used.values(), strict=True):
        found.setdefault(source, set()).add(marking or str(Label.NOBODY))
    rows = [{"source_id": source, "source_marking": narrowest(keys)} for source, keys in sorted(found.items())]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=_SCHEMA))


def narrowest(keys: Iterable[str]) -> str:
    """The key that only those may see who may see all of `keys` (one at least); nobody, where two name people."""
    distinct = sorted(set(keys), key=narrowness)
    named = [key for key in distinct if parse_key(key).label in NAMED]
    return str(Label.NOBODY) if len(named) > 1 else distinct[-1]
