"""Step `chain`: which money is told twice, by whom and how surely.

Enters: resolved statements, their transactions and relations. Leaves: for every transaction (of money that left an
activity, was committed or pledged) the cents that another statement told before, at least, likely and at most; the
links that say so; and each amount once at three levels of the chain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concerted.chain.arrays import Ints, Mask, keyed, lookup, scaled, split, sums, zeros
from concerted.chain.doubles import SIGNS
from concerted.chain.ledger import NOBODY, UNKNOWN
from concerted.chain.levels import count_at
from concerted.chain.told import (
    BOOKS,
    KINDS,
    Money,
    funders_of,
    money_of,
    relations_of,
    transaction_flows,
    views_of,
)
from concerted.chain.worlds import Relations, World, worlds
from concerted.judgements.decisions import Decision, activity_pairs
from concerted.model.ids import hash_id
from concerted.model.tables import full_schema
from concerted.store.step import StepResult, Tables

NAME = "chain"
INPUTS = (
    "core_activity",
    "core_transaction",
    "core_participating_org",
    "core_organisation",
    "core_activity_link",
)
OUTPUTS = ("core_double", "core_money_link", "core_money_link_end", "core_money_level")

#: OrganisationType codes of those who are of the country they work in (IATI): local government, national NGO, partner
#: country based NGO.
OF_THE_COUNTRY = ("11", "22", "24")
#: Where each amount may be counted: who first gave it, who first got it in the country, who spent it last.
LEVELS = ("first", "country", "last")


@dataclass(frozen=True)
class Params:
    """What people decided about pairs of activities.

    Attributes:
        funds: (giver, receiver) activity ids judged to stand in a chain.
        different: (giver, receiver) activity ids judged to hold different money.
        countries: ISO 3166-1 alpha-2 codes whose organisations are of the country.
    """

    funds: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()
    countries: tuple[str, ...] = field(default=("BF", "ML", "MR", "NE", "TD"))


class Context(Protocol):
    """What this step takes from the build's context."""

    @property
    def decisions(self) -> Sequence[Decision]:
        """What people decided."""
        ...


def params(context: Context) -> Params:
    """What people decided about money between activities: a part is funded by the whole."""
    parts = ((whole, part) for part, whole in activity_pairs(context.decisions, "part_of"))
    return Params(
        funds=tuple(sorted({*activity_pairs(context.decisions, "funds"), *parts})),
        different=activity_pairs(context.decisions, "different", "successor_of"),
    )


def run(tables: Tables, params: Params) -> StepResult:
    """Find what is told twice, in the world of every marking."""
    views, order = views_of(tables["core_activity"])
    flows = transaction_flows(tables["core_transaction"]).cache()
    by_book = money_of(flows)
    record, up, down = relations_of(tables["core_activity_link"])
    # Who says that two activities hold different money says it of both ways.
    both_ways = [*params.different, *((right, left) for left, right in params.different)]
    judged, apart = _columns(params.funds), _columns(both_ways)
    relations = Relations(
        funders_of(tables["core_participating_org"]),
        (np.r_[record, np.zeros(len(judged[0]), np.int64) + NOBODY], np.r_[up, judged[0]], np.r_[down, judged[1]]),
        apart,
    )
    at_home = _at_home(tables["core_organisation"], params.countries)
    marking_of = {number: (view, key) for (view, key), number in sorted(order.numbers.items(), reverse=True)}
    twice: dict[str, list[World]] = {book: [] for book in BOOKS}
    links, ends, levels = [], [], []
    for book, world in worlds(views, order, by_book, relations):
        view, key = marking_of[world.mark]
        twice[book].append(world)
        if view == "precise":
            seen = _shown_links(world)
            links.append(_link_rows(book, key, world, seen))
            ends.append(_end_rows(book, key, world, seen))
            levels.append(_level_rows(book, key, world, at_home))
    doubles = _double_rows(flows, by_book, twice, {mark: view for mark, (view, _) in marking_of.items()})
    return StepResult(
        tables={
            "core_double": ibis.memtable(doubles),
            "core_money_link": ibis.memtable(_concat("money_link", links)),
            "core_money_link_end": ibis.memtable(_concat("money_link_end", ends)),
            "core_money_level": ibis.memtable(_concat("money_level", levels)),
        }
    )


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[Ints, Ints]:
    table = np.array([*pairs], np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def _at_home(organisation: ir.Table, countries: tuple[str, ...]) -> Ints:
    """Ids of organisations of the countries: by type, or because their reference begins with a country's code."""
    of_type = organisation.type_code.isin(OF_THE_COUNTRY).fill_null(False)
    prefix = organisation.ref.substr(0, 3).isin([f"{code}-" for code in countries]).fill_null(False)
    found = organisation.filter(of_type | prefix).select("org_id").distinct().order_by("org_id").to_pyarrow()
    return np.asarray(found["org_id"].to_numpy(zero_copy_only=False)).astype(np.int64)


# --- what is told twice, per transaction ------------------------------------------------------------------


def _double_rows(
    flows: ir.Table, by_book: dict[str, Money], twice: dict[str, list[World]], view_of: dict[int, Any]
) -> pa.Table:
    """`core_double`: the transactions of which something is told twice."""
    touched = [by_book[book].record[world.rows[world.high > 0]] for book in KINDS for world in twice[book]]
    records = np.unique(np.concatenate([np.zeros(0, np.int64), *touched]))
    wanted = ibis.memtable(pa.table({"record_id": pa.array(records, pa.int64())}))
    keys = ["type_code", "record_id", "seq"]
    paid = flows.semi_join(wanted, "record_id").order_by(keys).to_pyarrow()
    parts = []
    for book in KINDS:
        (type_code,), _ = BOOKS[book]
        rows = paid.filter(pc.equal(paid["type_code"], type_code))
        record, seq, other, org, usd = (
            np.asarray(rows[name].to_numpy(zero_copy_only=False)).astype(np.int64)
            for name in ("record_id", "seq", "other_activity_id", "other_org_id", "usd")
        )
        eur_known = np.asarray(rows["eur"].is_valid().to_numpy(zero_copy_only=False), np.bool_)
        eur = np.asarray(rows["eur"].fill_null(0).to_numpy(zero_copy_only=False)).astype(np.int64)
        money = by_book[book]
        for world in twice[book]:
            mine = world.rows[world.high > 0]
            place = lookup(
                (record, other, org), (money.record[mine], money.other_activity[mine], money.other_org[mine])
            )
            inside = np.flatnonzero(place >= 0)
            columns: dict[str, Any] = {
                "record_id": record[inside],
                "view": np.full(len(inside), view_of[world.mark]),
                "transaction_seq": seq[inside],
            }
            for name in ("low", "best", "high"):
                total: Ints = getattr(world, name)[world.high > 0]
                dollars = split(total, usd[inside], place[inside])
                columns[f"{name}_usd"] = _money(dollars)
                columns[f"{name}_eur"] = _money(scaled(dollars, eur[inside], usd[inside]), eur_known[inside])
            parts.append(pa.table({name: columns[name] for name in columns}))
    return _concat("double", parts)


def _money(cents: Ints, is_known: Mask | None = None) -> pa.Array:
    """Cents as decimal(18,2)."""
    mask = None if is_known is None else ~is_known
    whole = pa.array(cents, pa.int64(), mask=mask).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar("0.01").cast(pa.decimal128(3, 2))).cast(pa.decimal128(18, 2))


# --- the links, for pages and explanations ----------------------------------------------------------------


def _shown_links(world: World) -> Ints:
    """Links that this marking brings: those in which a statement of its own takes part."""
    links, ledger = world.doubles.links, world.ledger
    touched = np.zeros(len(links), np.bool_)
    own_giver = world.is_own[ledger.flows.giver[links.out.row]]
    touched[links.out.pool[own_giver]] = True
    touched[links.into.pool[world.is_own[links.into.row]]] = True
    return np.flatnonzero(touched)


def _link_ids(book: str, key: str, world: World, seen: Ints) -> Ints:
    links = world.doubles.links
    signs = [*SIGNS]
    ends = (_id(world, links.giver), links.giver_org, _id(world, links.receiver), links.receiver_org)
    return np.array(
        [hash_id("link", book, key, signs[links.kind[at]], *(str(end[at]) for end in ends)) for at in seen.tolist()],
        np.int64,
    )


def _id(world: World, activity: Ints) -> Ints:
    return np.where(activity == UNKNOWN, NOBODY, np.r_[world.activities, NOBODY][activity])


def _known(ids: Ints) -> pa.Array:
    return pa.array(ids, pa.int64(), mask=ids == NOBODY)


def _link_rows(book: str, key: str, world: World, seen: Ints) -> pa.Table:
    links = world.doubles.links
    signs = np.array([*SIGNS])
    return pa.table(
        {
            "link_id": _link_ids(book, key, world, seen),
            "book": np.full(len(seen), book),
            "sign": signs[links.kind[seen]],
            "percent": links.percent[seen],
            "giver_activity_id": _known(_id(world, links.giver)[seen]),
            "giver_org_id": _known(links.giver_org[seen]),
            "receiver_activity_id": _known(_id(world, links.receiver)[seen]),
            "receiver_org_id": _known(links.receiver_org[seen]),
            "low_usd": _money(links.low[seen]),
            "best_usd": _money(links.best[seen]),
            "high_usd": _money(links.high[seen]),
            "marking_key": np.full(len(seen), key),
        }
    )


def _end_rows(book: str, key: str, world: World, seen: Ints) -> pa.Table:
    """The activities at both ends of each link."""
    links, flows = world.doubles.links, world.ledger.flows
    ids = _link_ids(book, key, world, seen)
    place = np.full(len(links), -1, np.int64)
    place[seen] = np.arange(len(seen))
    parts = []
    for side, share, activity in (
        ("giver", links.out, flows.giver[links.out.row]),
        ("receiver", links.into, links.into.row),
    ):
        inside = place[share.pool] >= 0
        number, (link, who) = keyed(place[share.pool[inside]], activity[inside])
        parts.append(
            pa.table(
                {
                    "link_id": ids[link],
                    "side": np.full(len(link), side),
                    "activity_id": world.activities[who],
                    "low_usd": _money(sums(number, share.low[inside], len(link))),
                    "best_usd": _money(sums(number, share.best[inside], len(link))),
                    "high_usd": _money(sums(number, share.high[inside], len(link))),
                    "marking_key": np.full(len(link), key),
                }
            )
        )
    return pa.concat_tables(parts)


def _level_rows(book: str, key: str, world: World, at_home: Ints) -> pa.Table:
    """Each amount once, by the organisation with which it is counted, at each level.

    Of a narrower marking only the first level is known: its money mixes with that of more open statements, which stands
    with these.
    """
    ledger, flows = world.ledger, world.ledger.flows
    giver_org = ledger.owners[flows.giver]
    is_home = np.isin(ledger.owners, at_home)
    # What reached the country and was not told again there is with whom it reached.
    reached = ~is_home[flows.giver] & np.isin(flows.receiver_org, at_home)
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
                    "org_id": _known(organisation[shown]),
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


def _concat(table: str, parts: list[pa.Table]) -> pa.Table:
    schema = full_schema(table)
    return pa.concat_tables([part.select(schema.names).cast(schema) for part in parts] or [schema.empty_table()])
