"""How each statement, and each transaction with a spread of its own, falls on (node, place): cumulative bounds.

Place on the way: allocate. Enters: `node_share` and `place_share`. Leaves: one row per (record, transaction, framework,
node, place) with `low` and `high` in parts per 10^9; the intervals of one (record, transaction, framework) lie end to
end from 0 to ONE, so that money of any size is split by two multiplications and adds up to the cent.
"""

import ibis
import ibis.expr.types as ir

from concerted.allocate.numbers import PRECISIONS, Words
from concerted.model.tables import ON_ACTIVITY, ONE, UNCLASSIFIED, UNKNOWN
from concerted.store.exact import rounded_division

_NODE = ("framework_id", "node_id", "share", "is_confirmed", "probability")
_PLACE = ("place_id", "precision", "share")


def own_spreads(node_share: ir.Table, place_share: ir.Table) -> ir.Table:
    """(record_id, transaction_seq) of transactions that state nodes or places of their own."""
    parts = [t.filter(t.transaction_seq >= 0).select("record_id", "transaction_seq") for t in (node_share, place_share)]
    return ibis.union(*parts, distinct=True)


def spread_bounds(
    statements: ir.Table,
    own: ir.Table,
    node_share: ir.Table,
    place_share: ir.Table,
    frameworks: ir.Table,
    words: Words,
) -> ir.Table:
    """Bounds of every spread on (node, place), in the order of node_id, place_id; words are numbers.

    A transaction with own places only takes the activity's nodes, and the other way round. A statement without nodes in
    a framework is UNCLASSIFIED there, one without places is at UNKNOWN.

    Args:
        statements: record_id of what is counted.
        own: `own_spreads`.
        frameworks: (framework_id) of every framework to allocate.
    Returns:
        record_id, transaction_seq, framework_id, node_id, is_confirmed, probability, place_id, precision, low, high.
    """
    records = statements.select("record_id")
    spreads = ibis.union(
        records.mutate(transaction_seq=ibis.literal(ON_ACTIVITY, "int32")),
        own.semi_join(records, "record_id").select("record_id", transaction_seq=own.transaction_seq.cast("int32")),
    )
    nodes = _cumulative(_nodes(spreads, node_share, frameworks, words), ("framework_id",), "node_id")
    places = _cumulative(_places(spreads, place_share, words), (), "place_id")
    places = places.select(
        "record_id", "transaction_seq", "place_id", "precision", place_low=places.low, place_high=places.high
    )
    pairs = nodes.inner_join(places, ["record_id", "transaction_seq"])
    return pairs.select(
        "record_id",
        "transaction_seq",
        "framework_id",
        "node_id",
        "is_confirmed",
        "probability",
        "place_id",
        "precision",
        low=pairs.low + rounded_division(pairs.share * pairs.place_low, ONE),
        high=pairs.low + rounded_division(pairs.share * pairs.place_high, ONE),
    )


def _nodes(spreads: ir.Table, node_share: ir.Table, frameworks: ir.Table, words: Words) -> ir.Table:
    given = node_share.filter(node_share.share > 0).semi_join(frameworks, "framework_id")
    wanted = spreads.cross_join(frameworks)
    stated = given.select("record_id", "transaction_seq", *_NODE).semi_join(spreads, ["record_id", "transaction_seq"])
    base = given.filter(given.transaction_seq == ON_ACTIVITY).select("record_id", *_NODE)
    lent = _lent(wanted.filter(wanted.transaction_seq >= 0), stated, base, ("framework_id",))
    known = ibis.union(stated, lent.select(stated.columns))
    missing = wanted.anti_join(known, ["record_id", "transaction_seq", "framework_id"])
    filled = missing.select(
        "record_id",
        "transaction_seq",
        "framework_id",
        node_id=ibis.literal(words.nodes.index(UNCLASSIFIED), "int32"),
        share=ibis.literal(ONE, "int64"),
        is_confirmed=ibis.literal(False),
        probability=ibis.null("float64"),
    )
    return ibis.union(known, filled.select(known.columns))


def _places(spreads: ir.Table, place_share: ir.Table, words: Words) -> ir.Table:
    given = place_share.filter(place_share.share > 0)
    stated = given.select("record_id", "transaction_seq", *_PLACE).semi_join(spreads, ["record_id", "transaction_seq"])
    base = given.filter(given.transaction_seq == ON_ACTIVITY).select("record_id", *_PLACE)
    lent = _lent(spreads.filter(spreads.transaction_seq >= 0), stated, base, ())
    known = ibis.union(stated, lent.select(stated.columns))
    missing = spreads.anti_join(known, ["record_id", "transaction_seq"])
    filled = missing.select(
        "record_id",
        "transaction_seq",
        place_id=ibis.literal(words.places.index(UNKNOWN), "int32"),
        precision=ibis.literal(PRECISIONS.index("unknown"), "int32"),
        share=ibis.literal(ONE, "int64"),
    )
    return ibis.union(known, filled.select(known.columns))


def _lent(own: ir.Table, stated: ir.Table, base: ir.Table, within: tuple[str, ...]) -> ir.Table:
    """The activity's rows for transactions with a spread of their own that say nothing on this side of it."""
    silent = own.anti_join(stated, ["record_id", "transaction_seq", *within])
    return silent.inner_join(base, ["record_id", *within])


def _cumulative(table: ir.Table, within: tuple[str, ...], order: str) -> ir.Table:
    """`table` with `low` and `high`: the sum of shares before and up to each row.

    Cast, because DuckDB's sums have 128 bits, and to divide such numbers takes 40 times as long.
    """
    window = ibis.cumulative_window(group_by=["record_id", "transaction_seq", *within], order_by=ibis.asc(order))
    summed = table.mutate(high=table.share.sum().over(window).cast("int64"))
    return summed.mutate(low=summed.high - summed.share)
