"""What stands beside the names in the records: countries of work, who names whom, who works with whom.

Place on the way: resolve. Enters: statements, their partners and countries, and the key of every way to name somebody.
Leaves: profiles by marking. Tables are Ibis expressions; what is taken out are counts per key, few beside the records.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.resolve.matching.profiles import Profile
from concerted.resolve.names import clean_name, clean_ref

#: A way to name somebody: reference and name as records have them (null = ''), under a marking.
Mentioned = tuple[str, str, str]


@dataclass(frozen=True)
class Spelt:
    """How often a way to name somebody occurs, with a type of organisation."""

    mentioned: Mentioned
    type_code: str | None
    count: int


def collect_profiles(
    statements: ir.Table,
    participating: ir.Table,
    recipients: ir.Table,
    spelt: Iterable[Spelt],
    keys: Mapping[Mentioned, str | None],
) -> dict[str, list[Profile]]:
    """Profiles by marking, sorted by key; only from rows of that marking.

    Args:
        statements: record_id, reporting_org_ref, reporting_org_name, marking_key.
        participating: record_id, ref, name.
        recipients: record_id, transaction_seq, kind, code.
        spelt: every way to name somebody, transactions and lists included.
        keys: the key of each; None for who is nobody.
    """  # fmt: skip
    profiles: dict[tuple[str, str], Profile] = {}

    def profile(mentioned: Mentioned) -> Profile | None:
        key = keys.get(mentioned)
        if key is None:
            return None
        found = profiles.get((mentioned[2], key))
        if found is None:  # not setdefault: a profile takes longer to make than to look up
            found = profiles[mentioned[2], key] = Profile(key)
        return found

    for way in spelt:
        found, name = profile(way.mentioned), clean_name(way.mentioned[1])
        if found is not None:
            if name:
                found.names[name] += way.count
            if way.type_code:
                found.types.add(way.type_code)
    ways = sorted({(ref, name) for ref, name, _ in keys})
    named = _named(statements, participating, ways).cache()
    for marking, way, code, count in _countries(named, recipients):
        if found := profile((*ways[way], marking)):
            found.work[code] += count
    for marking, way, publisher in _publishers(named, statements):
        if (found := profile((*ways[way], marking))) and (ref := clean_ref(publisher)):
            found.publishers.add(ref)
    for marking, way, other, count in _partners(named):
        found = profile((*ways[way], marking))
        partner = keys.get((*ways[other], marking))
        if found is not None and partner is not None and partner != found.key:
            found.partners[partner] += count
    by_marking: dict[str, list[Profile]] = {}
    for marking, key in sorted(profiles):
        by_marking.setdefault(marking, []).append(profiles[marking, key])
    return by_marking


def _named(statements: ir.Table, participating: ir.Table, ways: list[tuple[str, str]]) -> ir.Table:
    """(record_id, marking_key, way): who is named in each statement, once; a way is a position in `ways`."""
    columns = {"_ref": [ref for ref, _ in ways], "_name": [name for _, name in ways], "way": list(range(len(ways)))}
    types = pa.schema([("_ref", pa.string()), ("_name", pa.string()), ("way", pa.int64())])
    numbers = ibis.memtable(pa.table(columns, schema=types))
    marked = statements.select("record_id", "marking_key")
    rows = ibis.union(
        statements.select("record_id", "marking_key", ref="reporting_org_ref", name="reporting_org_name"),
        participating.select("record_id", "ref", "name").inner_join(marked, "record_id").select(
            "record_id", "marking_key", "ref", "name"
        ),
    )  # fmt: skip
    joined = rows.inner_join(
        numbers, [rows.ref.fill_null("") == numbers["_ref"], rows.name.fill_null("") == numbers["_name"]]
    )
    return joined.select("record_id", "marking_key", "way").distinct()


def _countries(named: ir.Table, recipients: ir.Table) -> Iterator[tuple[Any, ...]]:
    own = recipients.filter((recipients.kind == "country") & (recipients.transaction_seq == -1))
    codes = own.filter(own.code.notnull()).select("record_id", "code").distinct()
    joined = named.inner_join(codes, "record_id")
    return _rows(joined.group_by(["marking_key", "way", "code"]).aggregate(count=joined.count()))


def _publishers(named: ir.Table, statements: ir.Table) -> Iterator[tuple[Any, ...]]:
    joined = named.inner_join(statements.select("record_id", publisher="reporting_org_ref"), "record_id")
    return _rows(joined.filter(joined.publisher.notnull()).select("marking_key", "way", "publisher").distinct())


def _partners(named: ir.Table) -> Iterator[tuple[Any, ...]]:
    others = named.select("record_id", partner="way")
    joined = named.inner_join(others, "record_id")
    joined = joined.filter(joined.way != joined.partner)
    return _rows(joined.group_by(["marking_key", "way", "partner"]).aggregate(count=joined.count()))


def _rows(table: ir.Table) -> Iterator[tuple[Any, ...]]:
    """The rows, numbers and words as Python has them; tens of thousands, so not one dictionary each."""
    found = table.to_pyarrow()
    return zip(*(column.to_numpy().tolist() for column in found.columns), strict=True)
