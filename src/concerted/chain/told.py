"""What the statements tell of money that moved, as arrays.

Place on the way: chain. Enters: resolved statements and their transactions. Leaves: who tells what to whom, summed per
statement and counterpart inside the engine, so that only that leaves it.
"""

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.chain.arrays import Ints, Mask, keyed, sums
from concerted.chain.ledger import NOBODY, SPENT
from concerted.marking.order import EvidenceOrder
from concerted.model.tables import KIND_ORDER
from concerted.store.exact import to_cents

#: The books that are kept apart, each by the types of money out and in (IATI 2.03). `spent` is all that left; it is for
#: following the chain as a whole. The others are kinds of money, which are never summed.
BOOKS = {
    "spent": (("3", "4"), ("1",)),
    "disbursement": (("3",), ("1",)),
    "expenditure": (("4",), ("1",)),
    "commitment": (("2",), ("11",)),
    "pledge": (("12",), ("13",)),
}
#: Books that are one kind of money: what they find is taken off the figures of that kind.
KINDS = tuple(book for book, (out, _) in BOOKS.items() if len(out) == 1)
_OUT = sorted({code for out, _ in BOOKS.values() for code in out})
_IN = sorted({code for _, into in BOOKS.values() for code in into})
#: Money that bought something: where it names nobody, nobody tells it again.
_EXPENDITURE = "4"
_FUNDING = "1"


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
        "type_code",
        other_activity_id=ibis.ifelse(is_out, rows.receiver_activity_id, rows.provider_activity_id).fill_null(NOBODY),
        other_org_id=ibis.ifelse(is_out, receiver, rows.provider_org_id.fill_null(NOBODY)),
        usd=to_cents(rows.value_usd),
        eur=to_cents(rows.value_eur),
    )


@dataclass(frozen=True)
class Views:
    """What is counted: one row per view of a statement, in the order of (mark, record).

    Attributes:
        record, activity, org: ids; NOBODY where the organisation is unknown.
        mark: number of the view and marking, see `EvidenceOrder`.
        teller: rank of the source; of those that tell of one activity the smallest is counted.
        is_precise: whether the view is the precise one.
    """

    record: Ints
    activity: Ints
    org: Ints
    mark: Ints
    teller: Ints
    is_precise: Mask

    def where(self, rows: Any) -> "Views":
        """Those rows."""
        return Views(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def views_of(activity: ir.Table) -> tuple[Views, EvidenceOrder]:
    """The views of current statements of supply, and the order of their markings."""
    supply = activity.filter(activity.is_supply)
    teller = supply.kind.cases(*KIND_ORDER.items(), else_=len(KIND_ORDER)).cast("string") + ibis.ifelse(
        supply.kind == "iati", ibis.literal(""), supply.source_id
    )
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
    rank = pc.rank(both["teller"], "ascending", tiebreaker="dense") if len(both) else pa.array([], pa.uint64())
    views = Views(
        _ints(both["record_id"]),
        _ints(both["activity_id"]),
        _ints(both["org_id"]),
        mark,
        _ints(rank),
        is_precise,
    )
    return views.where(np.lexsort((views.record, views.mark))), order


def _marks(table: pa.Table, order: EvidenceOrder, view: Any) -> Ints:
    keys = table["marking_key"].combine_chunks().dictionary_encode()
    numbers = np.array([order.numbers[view, key] for key in keys.dictionary.to_pylist()], np.int64)
    return numbers[_ints(keys.indices)] if len(keys) else np.zeros(0, np.int64)


def _ints(column: Any) -> Ints:
    return np.asarray(pc.fill_null(column, NOBODY).to_numpy(zero_copy_only=False)).astype(np.int64)


@dataclass(frozen=True)
class Money:
    """Sums of one book: per statement and counterpart.

    Attributes:
        record: statement.
        is_out: whether it left the statement's activity; else it came in.
        other_activity, other_org: who is at the other end; 0 = not named.
        amount: cents; negative where corrections exceed what they correct.
    """

    record: Ints
    is_out: Mask
    other_activity: Ints
    other_org: Ints
    amount: Ints


def money_of(flows: ir.Table) -> dict[str, Money]:
    """The sums of each book, ordered."""
    keys = ["record_id", "type_code", "other_activity_id", "other_org_id"]
    found = flows.group_by(keys).aggregate(amount=flows.usd.sum().cast("int64")).order_by(keys).to_pyarrow()
    record, other, organisation, amount = (
        _ints(found[name]) for name in ("record_id", "other_activity_id", "other_org_id", "amount")
    )
    code = np.asarray(pc.cast(found["type_code"], pa.int64()).to_numpy(zero_copy_only=False)).astype(np.int64)
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


def funders_of(participating: ir.Table) -> tuple[Ints, Ints]:
    """(record, organisation) of those that are declared to fund."""
    named = participating.filter((participating.role_code == _FUNDING) & participating.org_id.notnull())
    found = named.select("record_id", "org_id").distinct().order_by(["record_id", "org_id"]).to_pyarrow()
    return _ints(found["record_id"]), _ints(found["org_id"])


def relations_of(link: ir.Table) -> tuple[Ints, Ints, Ints]:
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
