"""Small invented worlds for the laws of the steps: a few activities with every awkward thing that real files hold.

A world is made from a seed, which hypothesis draws. Tables are lists of rows; `on_duckdb`
gives them as the Ibis tables that a step receives.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.marking import is_evidence
from concerted.model.tables import ONE, conform, full_schema, rec_schema, tables
from concerted.store.engine import typed

Row = dict[str, Any]
AS_OF = date(2026, 6, 30)
#: place_id: (level, parent)
PLACES = {
    "ML": (0, None),
    "ML01": (1, "ML"),
    "ML0101": (2, "ML01"),
    "ML0102": (2, "ML01"),
    "ML02": (1, "ML"),
    "ML0201": (2, "ML02"),
    "NE": (0, None),
    "NE01": (1, "NE"),
}
PLACE_CHOICES = (*PLACES, "REGIONAL", "UNKNOWN", "BF", "ODD9")
#: framework_id: {node_id: parent}
TREES: dict[str, dict[str, str | None]] = {
    "plan": {"1": None, "1.1": "1", "1.2": "1", "1.2.1": "1.2", "2": None, "2.1": "2"},
    "gct": {"I": None, "II": None},
}
MARKINGS = ("CLEAR", "GREEN", "AMBER:a")
STATES = ("requested", "planned", "ongoing", "completed", "cancelled", None)


@dataclass
class World:
    """Rows by bare table name."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> Row:
        """Append a row; columns left out are null."""
        self.tables.setdefault(table, []).append(row)
        return row

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, none when it was never added to."""
        return self.tables.get(table, [])


def arrow(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    """Rows as Arrow with exactly `schema`."""
    names = schema.names
    return conform(pa.Table.from_pylist([{n: r.get(n) for n in names} for r in rows], schema=schema), schema, "world")


def on_duckdb(world: World, names: Iterable[str]) -> dict[str, ir.Table]:
    """The tables a step asks for (`rec_activity`, `core_place_share`, ..) on a fresh DuckDB."""
    connection = ibis.duckdb.connect(threads=1)
    found = {}
    for full in names:
        layer, bare = full.split("_", 1)
        schema = rec_schema(bare) if layer == "rec" else full_schema(bare)
        found[full] = connection.create_table(full, arrow(world.rows(bare), schema))
    return found


def rows_of(table: ir.Table, bare: str) -> list[Row]:
    """A result as rows in the order of its key, with the types that the field dictionary gives it."""
    key = [ibis.asc(name, nulls_first=False) for name in tables()[bare].key]
    found = typed(table, full_schema(bare)).order_by(key).to_pyarrow()
    return conform(found, full_schema(bare), bare).to_pylist()


def without(world: World, tables: Mapping[str, list[Row]]) -> World:
    """The same world with some tables replaced."""
    return World({**world.tables, **tables})


def shuffled(world: World, seed: int) -> World:
    """The same world with the rows of every table in another order."""
    rnd = random.Random(seed)  # noqa: S311 (not a secret)
    return World({name: rnd.sample(rows, len(rows)) for name, rows in world.tables.items()})


def shares(rnd: random.Random, count: int) -> list[int]:
    """`count` positive integers that sum to ONE."""
    cuts = sorted(rnd.sample(range(1, ONE), count - 1)) if count > 1 else []
    return [high - low for low, high in zip([0, *cuts], [*cuts, ONE], strict=True)]


def a_date(rnd: random.Random) -> date | None:
    """A day between 2021 and 2027, sometimes unknown."""
    return None if rnd.random() < 0.15 else date(2021, 1, 1) + timedelta(days=rnd.randrange(2500))


def cents(rnd: random.Random, *, negative: bool) -> Decimal:
    """Money from one cent to a billion, sometimes zero, sometimes a correction."""
    value = Decimal(rnd.choice((0, 1, 99, 100, 12345, rnd.randrange(10**6), rnd.randrange(10**11)))) / 100
    return -value if negative and rnd.random() < 0.2 else value


def a_world(seed: int, records: int = 5, *, negative: bool = False) -> World:
    """A world after classify: statements, money, places and nodes with their shares; `negative` adds corrections."""
    rnd = random.Random(seed)  # noqa: S311 (not a secret)
    world = World()
    for place, (level, parent) in PLACES.items():
        world.add("place", source_id="list", place_id=place, level=level, parent_id=parent, country_code=place[:2])
    for framework, tree in TREES.items():
        world.add("framework", framework_id=framework, is_strategy=framework == "plan")
        for position, (node, parent) in enumerate(tree.items()):
            world.add("node", framework_id=framework, position=position, node_id=node, parent_id=parent)
    for number in range(1, records + 1):
        _add_statement(world, rnd, number, records, negative=negative)
    return world


def _add_statement(world: World, rnd: random.Random, number: int, records: int, *, negative: bool) -> None:
    record = number * 1000
    coarse = rnd.choice((None, "CLEAR", "GREEN"))
    marking = rnd.choice(MARKINGS)
    starts, ends = a_date(rnd), a_date(rnd)
    has_coarse = coarse is not None and not is_evidence(marking, coarse)
    world.add(
        "activity",
        record_id=record,
        source_id=f"s{rnd.randrange(2)}",
        input_path=f"f{rnd.randrange(2)}.xml",
        line=number,
        kind="iati",
        identifier=f"XX-1-{number}",
        activity_id=rnd.choice((record, 1000 * rnd.randint(1, records))),
        org_id=rnd.choice((11, 22, 33, None)),
        state=rnd.choice(STATES),
        start_actual_date=starts,
        start_planned_date=a_date(rnd),
        end_planned_date=ends,
        marking_key=marking,
        coarse_marking_key=coarse if has_coarse else None,
        coarse_place_level=rnd.choice((0, 1, 2)),
        is_partner_hidden=rnd.random() < 0.5,
        is_supply=rnd.random() < 0.9,
        is_current=rnd.random() < 0.9,
        double_risk=rnd.choice(("none", "none", "possible", "linked")),
        coarse_activity_id=rnd.choice((record, 1000 * rnd.randint(1, records))) if has_coarse else None,
        coarse_org_id=rnd.choice((11, 22, 33, None)) if has_coarse else None,
        coarse_is_current=rnd.random() < 0.9 if has_coarse else None,
        coarse_double_risk=rnd.choice(("none", "possible", "linked")) if has_coarse else None,
        freshness_date=a_date(rnd),
        last_updated=datetime(2026, 1, 1),  # noqa: DTZ001 (the column is UTC without zone)
    )
    spreads = [-1]
    for seq in range(rnd.randrange(4)):
        value = None if rnd.random() < 0.15 else cents(rnd, negative=negative)
        world.add(
            "transaction",
            record_id=record,
            seq=seq,
            type_code=rnd.choice(("1", "2", "3", "3", "4", "6", "11", "13", "X", None)),
            transaction_date=a_date(rnd),
            value=Decimal("1.00"),
            value_usd=value,
            value_eur=None if value is None or rnd.random() < 0.1 else (value * 9 / 10).quantize(Decimal("0.01")),
        )
        _add_doubles(world, rnd)
        if rnd.random() < 0.3:
            spreads.append(seq)
    for seq in range(rnd.randrange(3)):
        begins = a_date(rnd)
        value = None if rnd.random() < 0.1 else cents(rnd, negative=False)
        world.add(
            "budget",
            record_id=record,
            kind=rnd.choice(("budget", "planned_disbursement")),
            seq=seq,
            type_code=rnd.choice(("1", "2", None)),
            period_start_date=begins,
            period_end_date=begins + timedelta(days=rnd.randrange(-10, 900)) if begins else a_date(rnd),
            value_usd=value,
            value_eur=value,
        )
    for seq in spreads:
        if rnd.random() < 0.85:
            _add_places(world, rnd, record, seq)
        for framework, tree in TREES.items():
            if rnd.random() < 0.8:
                _add_nodes(world, rnd, record, seq, framework, tree)


def _add_doubles(world: World, rnd: random.Random) -> None:
    """What others tell again of the last transaction, as `chain` says for each view of its statement."""
    paid = world.rows("transaction")[-1]
    usd, eur = paid["value_usd"], paid["value_eur"]
    if paid["type_code"] not in ("2", "3", "4", "12") or not usd or usd < 0:
        return
    for view in ("precise", "coarse"):
        if rnd.random() < 0.6:
            parts = sorted(rnd.choice((0, 1, int(usd * 100) // 2, int(usd * 100))) for _ in range(3))
            money: Row = {}
            for name, part in zip(("low", "best", "high"), parts, strict=True):
                money[f"{name}_usd"] = Decimal(part) / 100
                money[f"{name}_eur"] = (
                    None if eur is None else (Decimal(part) * eur / usd / 100).quantize(Decimal("0.01"))
                )
            world.add("double", record_id=paid["record_id"], view=view, transaction_seq=paid["seq"], **money)


def _add_places(world: World, rnd: random.Random, record: int, seq: int) -> None:
    places = rnd.sample(PLACE_CHOICES, rnd.choice((1, 1, 2, 3)))
    for place, share in zip(places, shares(rnd, len(places)), strict=True):
        precision = rnd.choice(("site", "admin2")) if len(place) > 4 else "admin1"
        world.add(
            "place_share", record_id=record, transaction_seq=seq, place_id=place, precision=precision, share=share
        )


def _add_nodes(
    world: World, rnd: random.Random, record: int, seq: int, framework: str, tree: Mapping[str, str | None]
) -> None:
    nodes = rnd.sample([*tree, "UNCLASSIFIED"], rnd.choice((1, 1, 2)))
    for node, share in zip(nodes, shares(rnd, len(nodes)), strict=True):
        confirmed = node != "UNCLASSIFIED" and rnd.random() < 0.5
        world.add(
            "node_share",
            record_id=record,
            transaction_seq=seq,
            framework_id=framework,
            node_id=node,
            share=share,
            is_confirmed=confirmed,
            probability=1.0 if confirmed else rnd.choice((0.25, 0.5, 0.75)),
        )
