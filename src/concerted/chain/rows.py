"""What the chain found, as the tables that it leaves.

Place on the way: chain. Enters: worlds, and the transactions they were worked out from. Leaves: `core_double` per
transaction; `core_money_link`, `core_money_link_end` and `core_money_level` per marking.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.chain.arrays import Ints, Mask, keyed, lookup, scaled, split_range, sums, zeros
from concerted.chain.doubles import SIGNS
from concerted.chain.facts import BOOKS, KINDS, Told
from concerted.chain.ledger import NOBODY, UNKNOWN
from concerted.chain.levels import count_at
from concerted.chain.numbering import Numbering
from concerted.chain.pools import BOUNDS
from concerted.chain.worlds import World
from concerted.model.ids import hash_id, hash_ids
from concerted.model.tables import full_schema

#: Where each amount may be counted: who first gave it, who first got it in the country, who spent it last.
LEVELS = ("first", "country", "last")


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
        told = world.high > 0
        return cls(book, view, world.rows[told], world.low[told], world.best[told], world.high[told])


def double_rows(flows: ir.Table, told: Told, found: Iterable[Found]) -> pa.Table:
    """`core_double`: the transactions of which something is told twice.

    Args:
        flows: see `told.transaction_flows`.
    """
    of_kind: dict[str, list[Found]] = {kind: [] for kind in KINDS}
    for each in found:
        if each.book in of_kind:
            of_kind[each.book].append(each)
    number = told.numbering
    touched = [told.books[kind].record[each.rows] for kind, all_of in of_kind.items() for each in all_of]
    records = number.record_ids(np.unique(np.concatenate([zeros(0), *touched])))
    wanted = ibis.memtable(pa.table({"record_id": pa.array(records, pa.int64())}))
    keys = ["type_code", "record_id", "seq"]
    paid = flows.semi_join(wanted, "record_id").order_by(keys).to_pyarrow()
    parts = []
    for kind, all_of in of_kind.items():
        (type_code,), _ = BOOKS[kind]
        rows = paid.filter(pc.equal(paid["type_code"], int(type_code)))
        record, seq, other, organisation, usd, eur = (
            _numbers(rows[name]) for name in ("record_id", "seq", "other_activity_id", "other_org_id", "usd", "eur")
        )
        eur_known = np.asarray(rows["eur"].is_valid().to_numpy(zero_copy_only=False), np.bool_)
        money = told.books[kind]
        sum_of = lookup(
            (number.record(record), number.activity(other), number.organisation(organisation)),
            (money.record[money.is_out], money.other_activity[money.is_out], money.other_org[money.is_out]),
        )
        place = np.full(len(money.record), -1, np.int64)
        for each in all_of:
            place[each.rows] = np.arange(len(each.rows))
            at = place[np.flatnonzero(money.is_out)[sum_of]]
            place[each.rows] = -1
            inside = np.flatnonzero(at >= 0)
            columns: dict[str, Any] = {
                "record_id": record[inside],
                "view": np.full(len(inside), each.view),
                "transaction_seq": seq[inside],
            }
            totals = [getattr(each, name) for name in BOUNDS]
            for name, dollars in zip(BOUNDS, split_range(totals, usd[inside], at[inside]), strict=True):
                columns[f"{name}_usd"] = _money(dollars)
                columns[f"{name}_eur"] = _money(scaled(dollars, eur[inside], usd[inside]), eur_known[inside])
            parts.append(pa.table(columns))
    return all_rows("double", parts)


def _numbers(column: Any) -> Ints:
    return np.asarray(pc.fill_null(column, 0).to_numpy(zero_copy_only=False)).astype(np.int64)


def _money(cents: Ints, is_known: Mask | None = None) -> pa.Array:
    """Cents as decimal(18,2)."""
    mask = None if is_known is None else ~is_known
    whole = pa.array(cents, pa.int64(), mask=mask).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar("0.01").cast(pa.decimal128(3, 2))).cast(pa.decimal128(18, 2))


@dataclass(frozen=True)
class ShownLinks:
    """The links that a marking brings, for pages and explanations.

    Attributes:
        numbering: what the numbers of the world stand for.
        book, key: whose links.
        world: see there.
    """

    numbering: Numbering
    book: str
    key: str
    world: World

    @cached_property
    def _seen(self) -> Ints:
        """Those in which a statement of the marking's own takes part."""
        links, world = self.world.doubles.links, self.world
        touched = np.zeros(len(links), np.bool_)
        own_giver = world.is_own[world.ledger.flows.giver[links.out.row]]
        touched[links.out.pool[own_giver]] = True
        touched[links.into.pool[world.is_own[links.into.row]]] = True
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
        """`core_money_link`."""
        links, seen = self.world.doubles.links, self._seen
        return pa.table(
            {
                "link_id": self._ids,
                "book": np.full(len(seen), self.book),
                "sign": np.array([*SIGNS])[links.kind[seen]],
                "percent": links.percent[seen],
                **{name: _known(ids) for name, ids in self._sides.items()},
                **{f"{name}_usd": _money(getattr(links, name)[seen]) for name in BOUNDS},
                "marking_key": np.full(len(seen), self.key),
            }
        )

    def ends(self) -> pa.Table:
        """`core_money_link_end`: the activities at both ends of each link.

        Of a narrower marking these are its own activities and the largest of the others: a pool of thousands is listed
        once, with the marking that opens it.
        """
        links, flows = self.world.doubles.links, self.world.ledger.flows
        place = np.full(len(links), -1, np.int64)
        place[self._seen] = np.arange(len(self._seen))
        parts = []
        for side, share, activity in (
            ("giver", links.out, flows.giver[links.out.row]),
            ("receiver", links.into, links.into.row),
        ):
            inside = place[share.pool] >= 0
            number, (link, who) = keyed(place[share.pool[inside]], activity[inside])
            amounts = {name: sums(number, getattr(share, name)[inside], len(link)) for name in BOUNDS}
            listed = self.world.is_own[who] | _largest(link, amounts["high"])
            parts.append(
                pa.table(
                    {
                        "link_id": self._ids[link[listed]],
                        "side": np.full(int(listed.sum()), side),
                        "activity_id": self.numbering.activity_ids(self.world.activities[who[listed]]),
                        **{f"{name}_usd": _money(cents[listed]) for name, cents in amounts.items()},
                        "marking_key": np.full(int(listed.sum()), self.key),
                    }
                )
            )
        return pa.concat_tables(parts)


def _largest(group: Ints, amount: Ints) -> Mask:
    """The first row of each group that has its largest amount."""
    found = np.zeros(len(group), np.bool_)
    if len(group):
        order = np.lexsort((-amount, group))
        found[order[np.r_[True, np.diff(group[order]) != 0]]] = True
    return found


def _known(ids: Ints) -> pa.Array:
    return pa.array(ids, pa.int64(), mask=ids == NOBODY)


def level_rows(numbering: Numbering, book: str, key: str, world: World, at_home: Ints) -> pa.Table:
    """Each amount once, by the organisation with which it is counted, at each level.

    Of a narrower marking only the first level is known: its money mixes with that of more open statements, which stands
    with these.

    Args:
        at_home: ids of organisations of the country.
    """
    ledger, flows = world.ledger, world.ledger.flows
    giver_org = ledger.owners[flows.giver]
    home = numbering.organisation(np.intersect1d(at_home, numbering.organisations))
    is_home = np.isin(ledger.owners, home)
    # What reached the country and was not told again there is with whom it reached.
    reached = ~is_home[flows.giver] & np.isin(flows.receiver_org, home)
    everywhere = np.ones(len(ledger), np.bool_)
    levels = {
        "first": (everywhere, giver_org),
        "country": (is_home, np.where(reached, flows.receiver_org, giver_org)),
        "last": (~everywhere, giver_org),
    }
    first = count_at(ledger, world.doubles.links, everywhere)
    parts = []
    for level in LEVELS:
        at, holder = levels[level]
        held = count_at(ledger, world.doubles.links, at) if world.is_own.all() else first
        number, (organisation,) = keyed(np.r_[world.org, holder, giver_org])
        told, here, there = np.split(number, [len(world.org), len(world.org) + len(holder)])
        width = len(organisation)
        moved = sums(here, held, width) - sums(there, first, width) if world.is_own.all() else zeros(width)
        kept = {name: sums(told, world.amount - getattr(world, name), width) for name in ("low", "best", "high")}
        gross, counted = sums(told, world.amount, width), kept["best"] + moved
        shown = np.flatnonzero((gross != 0) | (counted != 0))
        is_base = level == LEVELS[0]
        parts.append(
            pa.table(
                {
                    "book": np.full(len(shown), book),
                    "level": np.full(len(shown), level),
                    "org_id": _known(numbering.organisation_ids(organisation[shown])),
                    "gross_usd": _money(gross[shown]),
                    # What is told twice at most stays out of low; the range is that of the first level.
                    "low_usd": _money(kept["high"][shown], np.full(len(shown), is_base)),
                    "best_usd": _money(counted[shown]),
                    "high_usd": _money(kept["low"][shown], np.full(len(shown), is_base)),
                    "marking_key": np.full(len(shown), key),
                }
            )
        )
    return pa.concat_tables(parts)


def all_rows(table: str, parts: list[pa.Table]) -> pa.Table:
    """The rows of all parts, as the table's schema says."""
    schema = full_schema(table)
    return pa.concat_tables([part.select(schema.names).cast(schema) for part in parts] or [schema.empty_table()])
