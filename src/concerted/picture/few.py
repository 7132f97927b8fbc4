"""Which counts of few people stand in what everybody may read: `out_suppressed`, which the policy applies.

Place on the way: picture. Enters: statements, needs and offers with the counts they tell. Leaves: one row for each
value that the public is not told (`publish.visible` leaves it out, in pages, exports and programs alike), with the
bounds that are told instead. Only statements that everybody sees are looked at: who may see others sees what they say.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.codelists.people_words import counts_people
from concerted.marking.few_people import Count, is_few, suppressed
from concerted.marking.keys import Label
from concerted.marking.order import audience
from concerted.records.cells import parse_count
from concerted.store.people import indicators_of_people
from concerted.store.step import Tables

_NUMBER = re.compile(r"\d(?:[\d.,\u00a0\u202f ]*\d)?")
_COLUMNS = ("in_table", "record_id", "seq", "name", "column", "least", "most")


def suppressed_counts(tables: Tables, few: int) -> ir.Table:
    """`out_suppressed`.

    Args:
        tables: core_activity, core_people, core_indicator, core_indicator_period, core_attribute, core_need,
            core_offer, core_term.
        few: the least number of people that the public is told.
    """
    statement = _open(tables["core_activity"]).select("record_id", "activity_id")
    asks = ibis.union(*(_open(tables[name]).select("record_id") for name in ("core_need", "core_offer")))
    rows = ibis.union(
        _of_people(tables["core_people"], statement, few),
        *_of_indicators(tables["core_indicator"], tables["core_indicator_period"], statement, few),
        _of_attributes(tables["core_attribute"], statement, few),
        _of_terms(tables["core_term"], asks, few),
    )
    return rows.select(_COLUMNS)


def _open(table: ir.Table) -> ir.Table:
    """Rows that everybody sees."""
    keys = [key for key in _distinct(table.marking_key) if audience(key).label is Label.CLEAR]
    return table.filter(table.marking_key.isin(keys) if keys else ibis.literal(False))


def _of_people(people: ir.Table, statement: ir.Table, few: int) -> ir.Table:
    """Columns of sheets: by themselves where only all are counted, else with all that is told of the activity."""
    rows = people.filter(people.value.notnull()).inner_join(statement, "record_id")
    divided = rows.filter(rows.group.notnull()).select("activity_id", "kind").distinct()
    whole = rows.anti_join(divided, ["activity_id", "kind"])
    alone = whole.filter(whole.value.between(1, few - 1)).mutate(least=_whole(1), most=_whole(few - 1))
    told: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows.semi_join(divided, ["activity_id", "kind"]).to_pyarrow().to_pylist():
        told[row["activity_id"], row["kind"]].append(row | {"groups": row["group"]})
    found = _together(told.values(), few)
    parts = alone.select("record_id", "seq", "least", "most").union(ibis.memtable(found))
    return _named(parts, "core_people", "value")


def _of_terms(term: ir.Table, asks: ir.Table, few: int) -> ir.Table:
    """Groups of the people that a need is for."""
    rows = term.filter((term.kind == "group") & term.people.notnull()).semi_join(asks, "record_id")
    told: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.to_pyarrow().to_pylist():
        told[row["record_id"]].append(row | {"groups": row["code"], "value": row["people"]})
    return _named(ibis.memtable(_together(told.values(), few)), "core_term", "people", "group")


def _together(told: Iterable[Sequence[dict[str, Any]]], few: int) -> pa.Table:
    """Of each list of counts that may be parts of each other: which are not told, and the bounds that are."""
    found = []
    for rows in told:
        counts = [Count(frozenset((row["groups"] or "").split(",")) - {""}, row["value"]) for row in rows]
        for row, instead in zip(rows, suppressed(counts, few), strict=True):
            if instead is not None:
                found.append((row["record_id"], row["seq"], instead.least, instead.most))
    columns = zip(*sorted(found), strict=True) if found else [()] * 4
    types = (pa.int64(), pa.int32(), pa.int64(), pa.int64())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return pa.table(arrays, names=["record_id", "seq", "least", "most"])


def _of_indicators(indicator: ir.Table, period: ir.Table, statement: ir.Table, few: int) -> list[ir.Table]:
    """Baselines, targets and results of indicators that count people."""
    counting = indicators_of_people(indicator).semi_join(statement, "record_id")
    rows = period.inner_join(counting.select("record_id", indicator_seq="seq"), ["record_id", "indicator_seq"])
    return [
        _small(counting, "baseline_value", "core_indicator", few),
        _small(rows, "target_value", "core_indicator_period", few),
        _small(rows, "actual_value", "core_indicator_period", few),
    ]


def _of_attributes(attribute: ir.Table, statement: ir.Table, few: int) -> ir.Table:
    """Cells of sheets that no reader knows, in columns whose heading says that they count people."""
    rows = attribute.semi_join(statement, "record_id")
    rows = rows.semi_join(_texts("name", filter(counts_people, _distinct(rows.name))), "name")
    small = rows.semi_join(_texts("value", (t for t in _distinct(rows.value) if tells_few(t, few))), "value")
    return _bounded(small, few).mutate(
        in_table=ibis.literal("core_attribute"), seq=ibis.literal(-1, "int32"), column=ibis.literal("value")
    ).select(_COLUMNS)  # fmt: skip


def _small(rows: ir.Table, column: str, table: str, few: int) -> ir.Table:
    small = rows.semi_join(_texts(column, (t for t in _distinct(rows[column]) if tells_few(t, few))), column)
    return _named(_bounded(small, few), table, column)


def tells_few(text: str, few: int) -> bool:
    """Whether a text that stands for a number of people tells a small one; of a sentence, whether one stands in it."""
    try:
        count = parse_count(text)
    except ValueError:
        numbers = _NUMBER.findall(text)
        return any(_is_few_text(number, few) for number in numbers)
    return count is not None and is_few(count, few)


def _is_few_text(number: str, few: int) -> bool:
    try:
        return is_few(parse_count(number) or 0, few)
    except ValueError:  # 8.5, or 1.2.3: each number in it by itself
        return any(is_few(int(digits), few) for digits in re.findall(r"\d+", number))


def _bounded(rows: ir.Table, few: int) -> ir.Table:
    return rows.mutate(least=_whole(1), most=_whole(few - 1))


def _named(rows: ir.Table, table: str, column: str, name: str = "") -> ir.Table:
    named = rows.mutate(in_table=ibis.literal(table), name=ibis.literal(name), column=ibis.literal(column))
    return named.select(_COLUMNS)


def _whole(value: int) -> ir.IntegerValue:
    found: ir.IntegerValue = ibis.literal(value, "int64")
    return found


def _texts(name: str, texts: Iterable[str]) -> ir.Table:
    return ibis.memtable(pa.table({name: pa.array(sorted(texts), pa.string())}))


def _distinct(column: ir.Column) -> list[str]:
    """The different texts of a column."""
    found = column.name("text").as_table().distinct().to_pyarrow()["text"].to_pylist()
    return [text for text in found if text]
