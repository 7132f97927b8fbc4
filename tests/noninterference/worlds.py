"""Invented records that share identifiers, groups, names and links across markings, for pairs with and without some.

A world is islands of a few statements each. Within an island nearly everything is about the same two or three
activities, so that whatever can be joined, replaced, linked or counted together is.
"""

import random
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from concerted.allocate import step as allocate
from concerted.marking import Viewer, may_see, visible_view
from concerted.model.tables import ONE
from concerted.picture import step as picture
from concerted.picture.informed import SourceClaim
from concerted.picture.params import Params as PictureParams
from concerted.publish.visible import RULES, Rule
from concerted.resolve import step as resolve
from concerted.store.step import FOUND_ISSUES
from worlds import AS_OF, PLACES, TREES, Row, World, on_duckdb, rows_of

OPEN = (("CLEAR", None),) * 5 + (("GREEN", None), ("AMBER:a", "CLEAR"), ("RED:p", "GREEN"))
HIDDEN = (
    ("GREEN", None), ("AMBER:a", None), ("AMBER:a,b", None), ("AMBER:b", "GREEN"), ("RED:p", None), ("NOBODY", None),
    ("AMBER+STRICT:o", None), ("AMBER:a", "CLEAR"),
)  # fmt: skip
DAYS = (None, datetime(2024, 1, 1), datetime(2025, 6, 1), datetime(2026, 6, 1))  # noqa: DTZ001 (the column is UTC)
MEMBER = Viewer(person="m", organisation="m-org", groups=frozenset({"a"}))
PARTNER = Viewer(person="g", organisation="g-org")

#: Rows by table, as far as one viewer may see them.
Seen = dict[str, list[Row]]


def a_world(seed: int, islands: int) -> World:
    """A world after reading, with the shares that locate and classify would add."""
    rnd = random.Random(seed)  # noqa: S311 (not a secret)
    world = World()
    for place, (level, parent) in PLACES.items():
        world.add("place", source_id="list", place_id=place, level=level, parent_id=parent, country_code=place[:2])
    for framework, tree in TREES.items():
        world.add("framework", framework_id=framework, is_strategy=framework == "plan")
        for position, (node, parent) in enumerate(tree.items()):
            world.add("node", framework_id=framework, position=position, node_id=node, parent_id=parent)
    for island in range(islands):
        for number in range(rnd.randint(4, 9)):
            _say(world, rnd, island, island * 100 + number + 1)
    return world


def _say(world: World, rnd: random.Random, island: int, record: int) -> None:
    marking, coarse = rnd.choice(OPEN if rnd.random() < 0.5 else HIDDEN)
    refs = (f"XX-{island}", f"YY-{island}", f"{island}7", None)
    idents = (f"XX-{island}-A", f"YY-{island}-B", f"P{island}", None)
    names = (f"Bureau {island}", f"bureau  {island}", f"Secours {island}", "PNUD", None)
    kind = rnd.choice(("iati", "iati", "iati", "presence", "project"))
    source = f"s{island}" if kind != "iati" else f"i{island}-{rnd.randrange(2)}"
    world.add(
        "activity",
        record_id=record,
        source_id=source,
        input_path=f"{source}/{marking}.x",
        line=record,
        kind=kind,
        identifier=rnd.choice(idents),
        group_key=rnd.choice(("g", "h", None)) if kind != "iati" else None,
        reporting_org_ref=rnd.choice(refs),
        reporting_org_name=rnd.choice(names),
        reporting_org_type_code=rnd.choice(("10", "22", None)),
        is_secondary_reporter=rnd.random() < 0.2,
        title=f"Title {record}",
        state=rnd.choice(("planned", "ongoing", "completed", None)),
        start_actual_date=date(rnd.randint(2019, 2026), 1, 1),
        end_planned_date=date(rnd.randint(2026, 2028), 3, 1),
        last_updated=rnd.choice(DAYS),
        marking_key=marking,
        coarse_marking_key=coarse,
        coarse_place_level=rnd.choice((0, 1)),
        is_partner_hidden=rnd.random() < 0.5,
        is_supply=rnd.random() < 0.95,
    )
    for seq in range(rnd.randrange(3)):
        world.add(
            "participating_org", record_id=record, seq=seq, role_code=rnd.choice("1134"), ref=rnd.choice(refs),
            name=rnd.choice(names), name_lang=rnd.choice((None, "fr")), activity_ref=rnd.choice(idents),
        )  # fmt: skip
    for seq in range(rnd.randrange(3)):
        world.add(
            "transaction", record_id=record, seq=seq, type_code=rnd.choice(("1", "2", "3", "4", "11")),
            transaction_date=date(rnd.randint(2022, 2026), 5, 5), value=Decimal(100),
            value_usd=Decimal(rnd.randrange(1, 10**6)), value_eur=Decimal(1), provider_org_ref=rnd.choice(refs),
            provider_org_name=rnd.choice(names), provider_activity_ref=rnd.choice(idents),
            receiver_org_ref=rnd.choice(refs), receiver_activity_ref=rnd.choice(idents),
        )  # fmt: skip
    if rnd.random() < 0.5:
        world.add("related_activity", record_id=record, seq=0, type_code=rnd.choice("1235"), ref=rnd.choice(idents))
    if rnd.random() < 0.3:
        world.add("identifier", record_id=record, seq=0, ref=rnd.choice(idents))
    world.add("sector", record_id=record, transaction_seq=-1, seq=0, vocabulary_code="1", code=rnd.choice(("1", "2")))
    place = rnd.choice(("ML01", "ML0101", "ML", "NE01"))
    world.add("place_share", record_id=record, transaction_seq=-1, place_id=place, precision="admin1", share=ONE)
    for framework, tree in TREES.items():
        sure = rnd.random() < 0.7
        world.add(
            "node_share", record_id=record, transaction_seq=-1, framework_id=framework, node_id=rnd.choice([*tree]),
            share=ONE, is_confirmed=sure, probability=1.0 if sure else 0.6,
        )  # fmt: skip
    world.add(
        "issue", severity="warning", code=rnd.choice(("date_wrong", "share_sum")), source_id=source, record_id=record,
        input_path=f"{source}/{marking}.x", count=1, marking_key=marking, values="{}",
    )  # fmt: skip


def knows(viewer: Viewer, statement: Row) -> bool:
    """Whether the viewer sees a statement in some view."""
    return visible_view(viewer, statement["marking_key"], statement["coarse_marking_key"]) is not None


def as_known_to(viewer: Viewer, world: World) -> World:
    """The world without all records that are hidden from the viewer in every view."""
    known = {row["record_id"] for row in world.rows("activity") if knows(viewer, row)}
    tables = {
        name: [row for row in rows if row.get("record_id") is None or row["record_id"] in known]
        for name, rows in world.tables.items()
    }
    return World(tables)


def resolved(world: World) -> dict[str, list[Row]]:
    """Every output of resolve, allocate and picture, and their issues."""
    files = {row["input_path"]: row["marking_key"] for row in world.rows("activity")}
    claims = {
        SourceClaim(row["source_id"], "ML01", row["coarse_marking_key"] or row["marking_key"])
        for row in world.rows("activity")
    }
    told = (
        (resolve, resolve.Params(AS_OF, tuple((path, date(2026, 1, 2)) for path in sorted(files)))),
        (allocate, allocate.Params(AS_OF, tuple(TREES))),
        (picture, PictureParams(AS_OF, date(2025, 6, 30), claims=tuple(claims))),
    )
    found: dict[str, list[Row]] = {}
    for step, params in told:
        have = World(world.tables | {full.split("_", 1)[1]: rows for full, rows in found.items()})
        if FOUND_ISSUES in step.INPUTS:
            have.tables["issue"] = world.rows("issue")
        result = step.run(on_duckdb(have, step.INPUTS), params)
        found |= {full: rows_of(table, full.split("_", 1)[1]) for full, table in result.tables.items()}
    return found


def visible(viewer: Viewer, tables: dict[str, list[Row]]) -> Seen:
    """The rows that the viewer is given: the rules of `publish.visible`, written again."""
    mine = {r["record_id"] for r in tables["core_activity"] if may_see(viewer, r["marking_key"])}

    def is_given(rule: Rule, row: Row) -> bool:
        match rule:
            case Rule.OPEN:
                return True
            case Rule.CHILDREN:
                return row["record_id"] in mine
            case Rule.PAIRS:
                return may_see(viewer, row["marking_key"]) and may_see(viewer, row["other_marking_key"])
            case Rule.ROWS if row["view"] == "coarse":
                return may_see(viewer, row["marking_key"]) and not may_see(viewer, row["precise_marking_key"])
            case _:
                return may_see(viewer, row["marking_key"])

    return {name: [row for row in rows if is_given(RULES[name], row)] for name, rows in tables.items()}


def first_difference(one: Seen, other: Seen) -> tuple[Any, ...] | None:
    """The first row that only one of two viewers' tables has; null where they are the same."""
    for name in one:
        if one[name] != other[name]:
            more = [row for row in one[name] if row not in other[name]]
            return name, more[:1], [row for row in other[name] if row not in one[name]][:1]
    return None
