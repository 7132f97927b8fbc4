"""What the statements tell of money that moved, as arrays.

Place on the way: chain. Enters: resolved statements and their transactions. Leaves: who tells what to whom, summed per
statement and counterpart inside the engine, so that only that leaves it.
"""

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.chain.arrays import Ints, keyed, sums, zeros
from concerted.chain.facts import BOOKS, JUDGED, Money, Relations, Told, Views
from concerted.chain.ledger import NOBODY, SPENT, UNKNOWN, Pairs
from concerted.chain.numbering import Numbering
from concerted.marking.order import EvidenceOrder
from concerted.model.tables import KIND_ORDER
from concerted.store.exact import to_cents

_OUT = sorted({code for out, _ in BOOKS.values() for code in out})
_IN = sorted({code for _, into in BOOKS.values() for code in into})
#: Money that bought something: where it names nobody, nobody tells it again.
_EXPENDITURE = "4"
_FUNDING = "1"
#: Relations between activities under which both may tell of the same money, and from which probability on that counts.
SHARE_MONEY, RETOLD = ("same", "part_of", "funds"), 0.5


def transaction_flows(transaction: ir.Table) -> ir.Table:
    """Transactions of the types that a book knows, with who is at the other end.

    Returns:
        record_id, seq, type_code, other_activity_id, other_org_id (both 0 = not named), usd, eur (cents).
    """
    rows = transaction.filter(transaction.type_code.isin([*_OUT, *_IN]) & transaction.value_usd.notnull())
    is_out = rows.type_code.isin(_OUT)
    is_bought = (rows.type_code == _EXPENDITURE) & rows.receiver_activity_id.isnull()
    receiver = rows.receiver_org_id.fill_null(ibis.ifelse(is_bought, SPENT, NOBODY))
    return rows.select(
        "record_id",
        "seq",
        type_code=rows.type_code.cast("int64"),
        other_activity_id=ibis.ifelse(is_out, rows.receiver_activity_id, rows.provider_activity_id).fill_null(NOBODY),
        other_org_id=ibis.ifelse(is_out, receiver, rows.provider_org_id.fill_null(NOBODY)),
        usd=to_cents(rows.value_usd),
        eur=to_cents(rows.value_eur),
    )


def _views(activity: ir.Table, precedence: ir.Table) -> tuple[Views, EvidenceOrder]:
    """The views of current statements of supply, and the order of their markings."""
    supply = activity.filter(activity.is_supply)
    # What speaks as one with a published statement, each with its own kinds of money, tells nothing a second time.
    joined = precedence.filter(precedence.teller.notnull()).group_by("record_id")
    joined = joined.aggregate(joined=precedence.teller.min())
    supply = supply.left_join(joined, "record_id").drop("record_id_right")
    teller = supply.kind.cases(*KIND_ORDER.items(), else_=len(KIND_ORDER)).cast("string") + ibis.ifelse(
        supply.kind == "iati", ibis.literal(""), supply.source_id
    )
    teller = supply.joined.fill_null(teller)
    told = supply.select(
        "record_id", "marking_key", "coarse_marking_key", "activity_id", "org_id", "is_current", "coarse_activity_id",
        "coarse_org_id", "coarse_is_current", teller=teller,
    ).order_by("record_id").to_pyarrow()  # fmt: skip
    precise = told.filter(told["is_current"]).select(["record_id", "marking_key", "activity_id", "org_id", "teller"])
    coarse = told.filter(pc.and_kleene(pc.is_valid(told["coarse_activity_id"]), told["coarse_is_current"]))
    coarse = coarse.select(
        ["record_id", "coarse_marking_key", "coarse_activity_id", "coarse_org_id", "teller"]
    ).rename_columns(precise.column_names)
    order = EvidenceOrder.of(
        pc.unique(precise["marking_key"]).to_pylist(), pc.unique(coarse["marking_key"]).to_pylist()
    )
    both = pa.concat_tables([precise, coarse])
    is_precise = np.arange(len(both)) < len(precise)
    mark = np.concatenate([_marks(precise, order, "precise"), _marks(coarse, order, "coarse")])
    views = Views(
        _ints(both["record_id"]),
        _ints(both["activity_id"]),
        _ints(both["org_id"]),
        mark,
        _ranks(both["teller"]),
        is_precise,
    )
    return views.where(np.lexsort((views.record, views.mark))), order


def _marks(table: pa.Table, order: EvidenceOrder, view: Any) -> Ints:
    keys = table["marking_key"].combine_chunks().dictionary_encode()
    numbers = np.array([order.numbers[view, key] for key in keys.dictionary.to_pylist()], np.int64)
    return numbers[_ints(keys.indices)] if len(keys) else np.zeros(0, np.int64)


def _ranks(words: pa.ChunkedArray) -> Ints:
    """Number of each word among all that occur, in their order, from 1: few words that stand in many rows."""
    if not len(words):
        return zeros(0)
    known = words.combine_chunks().dictionary_encode()
    return _ints(pc.rank(known.dictionary, "ascending", tiebreaker="dense"))[_ints(known.indices)]


def _ints(column: Any) -> Ints:
    return np.asarray(pc.fill_null(column, NOBODY).to_numpy(zero_copy_only=False)).astype(np.int64)


def told_by(
    activity: ir.Table,
    flows: ir.Table,
    participating: ir.Table,
    link: ir.Table,
    relation: ir.Table,
    precedence: ir.Table,
    funds: Pairs,
    apart: Pairs,
) -> Told:
    """Ask the engine for all of it.

    Args:
        activity, participating, link, relation, precedence: `core_activity`, `core_participating_org`,
            `core_activity_link`, `core_activity_relation`, `core_precedence`.
        flows: see `transaction_flows`.
        funds, apart: (giver, receiver) ids of activities that people judged.
    """
    views, order = _views(activity, precedence)
    money = _sums(flows)
    record, funder = _funders(participating)
    declarer, up, down = _relations(link)
    numbering = Numbering.of(views.record, views.activity, views.org, money["other_org_id"], funder)
    number = numbering.activity
    views = Views(
        numbering.record(views.record), number(views.activity), numbering.organisation(views.org),
        views.mark, views.teller, views.is_precise,
    )  # fmt: skip
    of_record = numbering.record(declarer)
    kept = of_record != UNKNOWN
    relations = Relations(
        (numbering.record(record), numbering.organisation(funder)),
        (
            np.r_[of_record[kept], zeros(len(funds)) + JUDGED],
            number(np.r_[up[kept], funds.left]),
            number(np.r_[down[kept], funds.right]),
        ),
        _retold(relation, order, number),
        (number(apart.left), number(apart.right)),
    )
    return Told(numbering, views, order, _by_book(money, numbering), relations)


def _sums(flows: ir.Table) -> dict[str, Ints]:
    """Sums of cents per statement, type and counterpart, in ids."""
    keys = ["record_id", "type_code", "other_activity_id", "other_org_id"]
    found = flows.group_by(keys).aggregate(amount=flows.usd.sum().cast("int64")).to_pyarrow()
    columns = {name: _ints(found[name]) for name in (*keys, "amount")}
    return columns


def _by_book(money: dict[str, Ints], numbering: Numbering) -> dict[str, Money]:
    """The sums of each book, in numbers, ordered; of statements that count, which are those that have a number."""
    record = numbering.record(money["record_id"])
    counted = np.flatnonzero(record != UNKNOWN)
    record, code, amount = record[counted], money["type_code"][counted], money["amount"][counted]
    other = numbering.activity(money["other_activity_id"][counted])
    organisation = numbering.organisation(money["other_org_id"][counted])
    result = {}
    for book, (out, into) in BOOKS.items():
        inside = np.flatnonzero(np.isin(code, [int(c) for c in (*out, *into)]))
        is_out = np.isin(code[inside], [int(c) for c in out]).astype(np.int64)
        number, (records, outs, others, organisations) = keyed(
            record[inside], is_out, other[inside], organisation[inside]
        )
        total = sums(number, amount[inside], len(records))
        result[book] = Money(records, outs == 1, others, organisations, total)
    return result


def _funders(participating: ir.Table) -> tuple[Ints, Ints]:
    """(record, organisation) of those that are declared to fund."""
    named = participating.filter((participating.role_code == _FUNDING) & participating.org_id.notnull())
    found = named.select("record_id", "org_id").distinct().order_by(["record_id", "org_id"]).to_pyarrow()
    return _ints(found["record_id"]), _ints(found["org_id"])


def _retold(relation: ir.Table, order: EvidenceOrder, number: Callable[[Ints], Ints]) -> tuple[Ints, Ints, Ints]:
    """(mark, activity above, activity below) of pairs that nobody declares and whose money may be the same."""
    likely = relation.filter(
        (relation.decided_by == "rule") & (relation.probability >= RETOLD) & relation.relation.isin(SHARE_MONEY)
    )
    is_part = likely.relation == "part_of"
    rows = likely.select(
        "marking_key",
        up=ibis.ifelse(is_part, likely.right_activity_id, likely.left_activity_id),
        down=ibis.ifelse(is_part, likely.left_activity_id, likely.right_activity_id),
    )
    found = rows.order_by(["marking_key", "up", "down"]).to_pyarrow()
    marks = [order.numbers["precise", key] for key in found["marking_key"].to_pylist()]
    return np.array(marks, np.int64), number(_ints(found["up"])), number(_ints(found["down"]))


def _relations(link: ir.Table) -> tuple[Ints, Ints, Ints]:
    """(record that declares it, activity above, activity below) of relations between publishers without an amount.

    A third party's report, or another's identifier for the same thing: neither is above, so the smaller id is.
    """
    cross = link.filter(link.is_cross_publisher.fill_null(False) & link.other_activity_id.notnull())
    is_above = (cross.kind.isin(["related", "participating"])) & (cross.type_code == "1")
    is_under = ((cross.kind == "related") & (cross.type_code == "2")) | (
        (cross.kind == "participating") & (cross.type_code == "4")
    )
    is_twin = ((cross.kind == "related") & (cross.type_code == "5")) | (cross.kind == "other_identifier")
    other_is_up = is_above | (is_twin & (cross.other_activity_id < cross.activity_id))
    rows = cross.select(
        "record_id",
        up=ibis.ifelse(other_is_up, cross.other_activity_id, cross.activity_id),
        down=ibis.ifelse(other_is_up, cross.activity_id, cross.other_activity_id),
        is_kept=is_above | is_under | is_twin,
    )
    rows = rows.filter(rows.is_kept).select("record_id", "up", "down").distinct()
    found = rows.order_by(["record_id", "up", "down"]).to_pyarrow()
    return _ints(found["record_id"]), _ints(found["up"]), _ints(found["down"])
