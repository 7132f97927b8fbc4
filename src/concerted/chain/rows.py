"""What the chain found, as the tables that it leaves.

Place on the way: chain. Enters: worlds, and the transactions they were worked out from. Leaves: `core_double` per
transaction; `core_money_link`, `core_money_link_end` and `core_money_level` per marking.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.chain.arrays import Ints, Mask, among, firsts, keyed, lookup, order_of, scaled, split_range, sums, zeros
from concerted.chain.doubles import SIGNS
from concerted.chain.facts import BOOKS, KINDS, Money, Told
from concerted.chain.ledger import NOBODY, SPENT, UNKNOWN
from concerted.chain.levels import count_at
from concerted.chain.numbering import Numbering
from concerted.chain.pools import BOUNDS
from concerted.chain.worlds import World
from concerted.model.ids import hash_id, hash_ids
from concerted.model.tables import full_schema
from concerted.store.exact import from_cents
from concerted.store.words import word

#: Where each amount may be counted: who first gave it, who first got it in the country, who spent it last.
LEVELS = ("first", "country", "last")
#: Words that stand as numbers until they are written; the first two in their order, as they are parts of keys.
SIDES, VIEWS, BOOK_NAMES = ("giver", "receiver"), ("coarse", "precise"), tuple(BOOKS)


@dataclass(frozen=True)
class Found:
    """What one world says of its own money; all that is kept of it while the others are worked out.

    Attributes:
        book, view: which.
        rows: rows of the book's `Money` of which something is told twice.
        low, best, high: cents of each.
    """

    book: str
    view: str
    rows: Ints
    low: Ints
    best: Ints
    high: Ints

    @classmethod
    def of(cls, book: str, view: str, world: World) -> Self:
        """From a whole world."""
        told = np.flatnonzero(world.high > 0)
        told = told[order_of(world.rows[told])] if len(told) else told
        return cls(book, view, world.rows[told], world.low[told], world.best[told], world.high[told])


def double_rows(flows: ir.Table, told: Told, found: Iterable[Found]) -> ir.Table:
    """`core_double`: the transactions of which something is told twice.

    Args:
        flows: see `told.transaction_flows`.
    """
    of_kind: dict[str, list[Found]] = {kind: [] for kind in KINDS}
    for each in found:
        if each.book in of_kind:
            of_kind[each.book].append(each)
    number = told.numbering
    parts = []
    for kind, all_of in of_kind.items():
        money = told.books[kind]
        touched = np.unique(np.concatenate([zeros(0), *(money.record[each.rows] for each in all_of)]))
        # Kind by kind: the transactions of all would take more memory than all that was found.
        rows = _transactions(flows, kind, number.record_ids(touched))
        record, seq, other, organisation, usd, eur = (
            _numbers(rows[name]) for name in ("record_id", "seq", "other_activity_id", "other_org_id", "usd", "eur")
        )
        eur_known = np.asarray(rows["eur"].is_valid().to_numpy(zero_copy_only=False), np.bool_)
        sum_of = _sums_of(money, number.record(record), number.activity(other), number.organisation(organisation))
        place = np.full(len(money.record), -1, np.int64)
        for each in all_of:
            place[each.rows] = np.arange(len(each.rows))
            at = place[sum_of]
            place[each.rows] = -1
            inside = np.flatnonzero(at >= 0)
            dollars, euros, at = usd[inside], eur[inside], at[inside]
            columns: dict[str, Any] = {
                "record_id": record[inside],
                "view": np.full(len(inside), VIEWS.index(each.view), np.int32),
                "transaction_seq": seq[inside],
            }
            totals = [getattr(each, name) for name in BOUNDS]
            for name, part in zip(BOUNDS, split_range(totals, dollars, at), strict=True):
                columns[f"{name}_usd"] = part
                columns[f"{name}_eur"] = _known(scaled(part, euros, dollars), eur_known[inside])
            parts.append(pa.table(columns))
    return all_rows("double", parts, view=VIEWS)


def _transactions(flows: ir.Table, kind: str, records: Ints) -> pa.Table:
    """Those of these statements that are money out of one kind, in the order of their key."""
    (type_code,), _ = BOOKS[kind]
    wanted = ibis.memtable(pa.table({"record_id": pa.array(records, pa.int64())}))
    rows = flows.filter(flows.type_code == int(type_code)).drop("type_code").semi_join(wanted, "record_id")
    return rows.order_by(["record_id", "seq"]).to_pyarrow()


def _sums_of(money: Money, record: Ints, other: Ints, organisation: Ints) -> Ints:
    """Row of `money` in which each transaction is a part of the sum."""
    out = np.flatnonzero(money.is_out)
    first = firsts(money.record[out])
    # Most statements have one counterpart: only where there are more it is asked which one.
    place = lookup((record,), (money.record[out[first]],))
    is_one = np.diff(first, append=len(out)) == 1
    many = np.flatnonzero(~is_one[place])
    found = out[first[place]]
    found[many] = out[
        lookup(
            (record[many], other[many], organisation[many]),
            (money.record[out], money.other_activity[out], money.other_org[out]),
        )
    ]
    return found


def _numbers(column: Any) -> Ints:
    return np.asarray(pc.fill_null(column, 0).to_numpy(zero_copy_only=False)).astype(np.int64)


@dataclass(frozen=True)
class ShownLinks:
    """The links that a marking brings, for pages and explanations.

    Attributes:
        numbering: what the numbers of the world stand for.
        book, key: whose links.
        mark: place of the key among those of all links.
        world: see there.
    """

    numbering: Numbering
    book: str
    key: str
    mark: int
    world: World

    @cached_property
    def _seen(self) -> Ints:
        """Those in which a statement of the marking's own takes part."""
        links, world = self.world.doubles.links, self.world
        touched = np.zeros(len(links), np.bool_)
        own_giver = world.is_own[world.ledger.flows.giver[links.out.row]]
        touched[links.out.pool[np.flatnonzero(own_giver)]] = True
        touched[links.into.pool[np.flatnonzero(world.is_own[links.into.row])]] = True
        return np.flatnonzero(touched)

    @cached_property
    def _sides(self) -> dict[str, Ints]:
        """Ids of both ends; NOBODY where a pool has no single one there."""
        links, number = self.world.doubles.links, self.numbering

        def activity(row: Ints) -> Ints:
            return number.activity_ids(np.r_[self.world.activities, UNKNOWN][row[self._seen]])

        return {
            "giver_activity_id": activity(links.giver),
            "giver_org_id": number.organisation_ids(links.giver_org[self._seen]),
            "receiver_activity_id": activity(links.receiver),
            "receiver_org_id": number.organisation_ids(links.receiver_org[self._seen]),
        }

    @cached_property
    def _ids(self) -> Ints:
        sign_ids = np.array([hash_id(sign) for sign in SIGNS], np.int64)
        return hash_ids(
            f"link {self.book} {self.key}", sign_ids[self.world.doubles.links.kind[self._seen]], *self._sides.values()
        )

    def links(self) -> pa.Table:
        """`core_money_link`, see `all_rows`."""
        links, seen = self.world.doubles.links, self._seen
        return pa.table(
            {
                "link_id": self._ids,
                "book": _all(BOOK_NAMES.index(self.book), len(seen)),
                "sign": links.kind[seen],
                "percent": links.percent[seen],
                **{name: _known(ids, ids != NOBODY) for name, ids in self._sides.items()},
                **{f"{name}_usd": getattr(links, name)[seen] for name in BOUNDS},
                "marking_key": _all(self.mark, len(seen)),
            }
        )

    def ends(self) -> pa.Table:
        """`core_money_link_end`, see `all_rows`: the activities at both ends of each link.

        Of a narrower marking these are its own activities and the largest of the others: a pool of thousands is listed
        once, with the marking that opens it.
        """
        links, flows = self.world.doubles.links, self.world.ledger.flows
        place = np.full(len(links), -1, np.int64)
        place[self._seen] = np.arange(len(self._seen))
        parts = []
        for side, share, row_of in (("giver", links.out, flows.giver), ("receiver", links.into, None)):
            inside = np.flatnonzero(place[share.pool] >= 0)
            row = share.row[inside]
            number, (link, who) = keyed(place[share.pool[inside]], row if row_of is None else row_of[row])
            amounts = {name: sums(number, getattr(share, name)[inside], len(link)) for name in BOUNDS}
            is_own = self.world.is_own[who]
            listed = np.flatnonzero(is_own | _largest(link, amounts["high"]))
            parts.append(
                pa.table(
                    {
                        "link_id": self._ids[link[listed]],
                        "side": _all(SIDES.index(side), len(listed)),
                        "activity_id": self.numbering.activity_ids(self.world.activities[who[listed]]),
                        **{f"{name}_usd": cents[listed] for name, cents in amounts.items()},
                        "marking_key": _all(self.mark, len(listed)),
                    }
                )
            )
        return pa.concat_tables(parts)


def _largest(group: Ints, amount: Ints) -> Mask:
    """The first row of each group that has its largest amount; rows are in the order of their groups."""
    found = np.zeros(len(group), np.bool_)
    if len(group):
        start = firsts(group)
        most = np.repeat(np.maximum.reduceat(amount, start), np.diff(start, append=len(group)))
        rows = np.flatnonzero(amount == most)
        found[rows[firsts(group[rows])]] = True
    return found


def _known(values: Ints, is_known: Mask) -> pa.Array:
    return pa.array(values, pa.int64(), mask=~is_known)


def _all(value: int, length: int) -> Any:
    return np.full(length, value, np.int32)


def level_rows(numbering: Numbering, book: str, mark: int, world: World, at_home: Ints) -> pa.Table:
    """`core_money_level`, see `all_rows`: each amount once at each level, by the organisation with which it is counted.

    Of a narrower marking only the first level is known: its money mixes with that of more open statements, which stands
    with these.

    Args:
        mark: place of the world's marking among those of all rows.
        at_home: ids of organisations of the country.
    """
    ledger, flows = world.ledger, world.ledger.flows
    giver_org = ledger.owners[flows.giver]
    home = numbering.organisation(np.intersect1d(at_home, numbering.organisations))
    is_home = among(ledger.owners, home)
    # What reached the country and was not told again there is with whom it reached.
    reached = ~is_home[flows.giver] & among(flows.receiver_org, home)
    everywhere = np.ones(len(ledger), np.bool_)
    levels = {
        "first": (everywhere, giver_org),
        "country": (is_home, np.where(reached, flows.receiver_org, giver_org)),
        "last": (~everywhere, giver_org),
    }
    first = count_at(ledger, world.doubles.links, everywhere)
    # Organisations are numbered, SPENT first: sums need no order.
    width = len(numbering.organisations) + 1 - SPENT

    def by_org(org: Ints, cents: Ints) -> Ints:
        return sums(org - SPENT, cents, width)

    kept = {name: by_org(world.org, world.amount - getattr(world, name)) for name in BOUNDS}
    gross, at_first = by_org(world.org, world.amount), by_org(giver_org, first)
    parts = []
    for level in LEVELS:
        counted = kept["best"]
        if level != LEVELS[0] and world.is_own.all():
            at, holder = levels[level]
            counted = counted + by_org(holder, count_at(ledger, world.doubles.links, at)) - at_first
        shown = np.flatnonzero((gross != 0) | (counted != 0))
        organisation = numbering.organisation_ids(shown + SPENT)
        is_base = np.full(len(shown), level == LEVELS[0])
        parts.append(
            pa.table(
                {
                    "book": _all(BOOK_NAMES.index(book), len(shown)),
                    "level": _all(LEVELS.index(level), len(shown)),
                    "org_id": _known(organisation, organisation != NOBODY),
                    "gross_usd": gross[shown],
                    # What is told twice at most stays out of low; the range is that of the first level.
                    "low_usd": _known(kept["high"][shown], is_base),
                    "best_usd": counted[shown],
                    "high_usd": _known(kept["low"][shown], is_base),
                    "marking_key": _all(mark, len(shown)),
                }
            )
        )
    return pa.concat_tables(parts)


def all_rows(table: str, parts: list[pa.Table], **words: Sequence[str]) -> ir.Table:
    """The rows of all parts, as the table's schema says.

    Args:
        parts: amounts in cents, and in the columns of `words` the places of words: the tables are long, and numbers are
            half as wide as decimals and words, and sorted faster.
        words: what the numbers stand for.
    """
    schema = full_schema(table)
    types = [
        (f.name, pa.int32() if f.name in words else pa.int64() if pa.types.is_decimal(f.type) else f.type)
        for f in schema
    ]
    told = pa.schema(types)
    rows = ibis.memtable(
        pa.concat_tables([part.select(told.names).cast(told) for part in parts] or [told.empty_table()])
    )
    columns = {}
    for f in schema:
        value = rows[f.name]
        if f.name in words:
            value = word(value, words[f.name])
        elif pa.types.is_decimal(f.type):
            value = from_cents(value)
        columns[f.name] = value
    return rows.select(**columns)
