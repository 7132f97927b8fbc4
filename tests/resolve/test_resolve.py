"""Which statements are one activity, which is counted, and what money two of them may both hold."""

import random
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.ids import hash_id
from concerted.resolve import step
from worlds import AS_OF, Row, World, on_duckdb, rows_of, shuffled

PARAMS = step.Params(as_of=AS_OF)
OLD, NEW = datetime(2024, 1, 1), datetime(2025, 1, 1)  # noqa: DTZ001 (the column is UTC without zone)


class Told(World):
    """A world of statements as readers deliver them."""

    def say(self, record: int, identifier: str | None, ref: str = "XX-1", **more: Any) -> Row:
        """A statement of `ref` about `identifier`."""
        row = {
            "record_id": record,
            "source_id": f"s-{ref}",
            "input_path": "a.xml",
            "line": record,
            "kind": "iati",
            "identifier": identifier,
            "reporting_org_ref": ref,
            "is_secondary_reporter": False,
            "is_supply": True,
            "marking_key": "CLEAR",
        }
        return self.add("activity", **row | more)


class Resolved:
    """What the step made of a world; a table is computed when it is asked for."""

    def __init__(self, world: World, params: step.Params = PARAMS) -> None:
        self._result = step.run(on_duckdb(world, step.INPUTS), params)

    def rows(self, full_name: str) -> list[Row]:
        """An output in the order of its key."""
        return rows_of(self._result.tables[full_name], full_name.split("_", 1)[1])

    def statements(self) -> dict[int, Row]:
        """Statements by record."""
        return {row["record_id"]: row for row in self.rows("core_activity")}

    def issues(self) -> list[Row]:
        """Issue rows."""
        found: list[Row] = self._result.issues[0].to_pyarrow().to_pylist()
        return found


def test_the_newest_statement_of_an_identifier_is_counted_and_the_other_is_reported() -> None:
    world = Told()
    world.say(1, "XX-1-A", last_updated=OLD)
    world.say(2, " xx-1-a", last_updated=NEW, input_path="b.xml")
    world.say(3, "XX-1-A", last_updated=None, input_path="c.xml")
    resolved = Resolved(world)
    statements, issues = resolved.statements(), resolved.issues()
    assert len({r["activity_id"] for r in statements.values()}) == 1
    assert [statements[i]["is_current"] for i in (1, 2, 3)] == [False, True, False]
    assert {(i["record_id"], i["code"]) for i in issues} == {(1, "identifier_replaced"), (3, "identifier_replaced")}
    assert '"kept": "b.xml"' in issues[0]["values"]


def test_the_owner_of_an_identifier_comes_before_a_newer_secondary_report() -> None:
    world = Told()
    world.say(1, "XX-1-A", last_updated=OLD)
    world.say(2, "XX-1-A", ref="YY-9", last_updated=NEW, is_secondary_reporter=True)
    statements = Resolved(world).statements()
    assert statements[1]["activity_id"] == statements[2]["activity_id"]
    assert [statements[1]["is_current"], statements[2]["is_current"]] == [True, False]


def test_the_same_short_identifier_of_two_publishers_is_two_activities() -> None:
    world = Told()
    world.say(1, "PROJECT-1", ref="XX-1")
    world.say(2, "PROJECT-1", ref="YY-9")
    resolved = Resolved(world)
    statements, issues = resolved.statements(), resolved.issues()
    assert statements[1]["activity_id"] != statements[2]["activity_id"]
    assert [r["is_current"] for r in statements.values()] == [True, True]
    assert issues == []


def test_statements_without_identifier_stand_alone() -> None:
    world = Told()
    world.say(1, None)
    world.say(2, "N/A")
    statements = Resolved(world).statements()
    assert statements[1]["activity_id"] != statements[2]["activity_id"]


def test_rows_of_one_group_are_one_activity_and_all_current() -> None:
    world = Told()
    world.say(1, None, kind="presence", group_key="g", source_id="3w", last_updated=NEW)
    world.say(2, None, kind="presence", group_key="g", source_id="3w", last_updated=NEW)
    world.say(3, None, kind="presence", group_key="g", source_id="3w", last_updated=OLD, input_path="old.csv")
    world.say(4, None, kind="presence", group_key="g", source_id="other", last_updated=OLD)
    statements = Resolved(world).statements()
    assert statements[1]["activity_id"] == statements[2]["activity_id"] == statements[3]["activity_id"]
    assert statements[4]["activity_id"] != statements[1]["activity_id"]
    assert [statements[i]["is_current"] for i in (1, 2, 3, 4)] == [True, True, False, True]


def test_a_row_that_names_an_iati_identifier_joins_it_and_is_linked() -> None:
    world = Told()
    world.say(1, "XX-1-A")
    world.say(2, "XX-1-A", kind="project", source_id="sheet", reporting_org_ref=None)
    statements = Resolved(world).statements()
    assert statements[1]["activity_id"] == statements[2]["activity_id"] == hash_id("activity", "id\x1fXX-1-A")
    assert [statements[i]["double_risk"] for i in (1, 2)] == ["none", "linked"]
    assert statements[2]["is_current"]


def chain() -> Told:
    """XX-1 funds YY-9: the funder's and the agency's statement."""
    world = Told()
    world.say(1, "XX-1-A")
    world.say(2, "YY-9-B", ref="YY-9")
    return world


@pytest.mark.parametrize(
    "link",
    [
        ("transaction", {"record_id": 2, "seq": 0, "type_code": "1", "provider_activity_ref": "XX-1-A"}),
        ("transaction", {"record_id": 1, "seq": 0, "type_code": "3", "receiver_activity_ref": "yy-9-b"}),
        ("related_activity", {"record_id": 2, "seq": 0, "type_code": "1", "ref": "XX-1-A"}),
        ("related_activity", {"record_id": 1, "seq": 0, "type_code": "2", "ref": "YY-9-B"}),
        ("participating_org", {"record_id": 2, "seq": 0, "role_code": "1", "ref": "XX-1", "activity_ref": "XX-1-A"}),
        ("participating_org", {"record_id": 1, "seq": 0, "role_code": "4", "ref": "YY-9", "activity_ref": "YY-9-B"}),
    ],
)
def test_money_from_another_counted_activity_is_linked_downstream(link: tuple[str, Row]) -> None:
    world = chain()
    world.add(link[0], **link[1])
    resolved = Resolved(world)
    statements = resolved.statements()
    assert [statements[i]["double_risk"] for i in (1, 2)] == ["none", "linked"]
    assert [(r["is_cross_publisher"], r["other_activity_id"] is None) for r in resolved.rows("core_activity_link")] == [
        (True, False)
    ]


def test_a_funder_that_publishes_here_makes_double_counting_possible() -> None:
    world = chain()
    world.add("participating_org", record_id=2, seq=0, role_code="1", ref="XX-1")
    world.add("participating_org", record_id=1, seq=0, role_code="1", ref="XX-1")
    statements = Resolved(world).statements()
    assert [statements[i]["double_risk"] for i in (1, 2)] == ["none", "possible"]


def test_a_link_to_what_is_not_here_proves_nothing() -> None:
    world = chain()
    world.add("transaction", record_id=2, seq=0, type_code="1", provider_activity_ref="ZZ-5-GONE")
    resolved = Resolved(world)
    statements = resolved.statements()
    assert statements[2]["double_risk"] == "none"
    assert [(r["ref"], r["other_activity_id"]) for r in resolved.rows("core_activity_link")] == [("ZZ-5-GONE", None)]


def test_two_activities_that_each_name_the_other_do_not_both_leave_best() -> None:
    world = chain()
    world.add("transaction", record_id=2, seq=0, type_code="1", provider_activity_ref="XX-1-A")
    world.add("transaction", record_id=1, seq=0, type_code="1", provider_activity_ref="YY-9-B")
    statements = Resolved(world).statements()
    assert sorted(r["double_risk"] for r in statements.values()) == ["linked", "none"]


def test_transactions_get_both_partners_and_both_activities() -> None:
    world = chain()
    ends = {"provider_activity_ref": "XX-1-A", "provider_org_name": "PNUD", "receiver_org_ref": "YY-9"}
    world.add("transaction", record_id=2, seq=0, type_code="1", **ends)
    resolved = Resolved(world)
    statements = resolved.statements()
    (row,) = resolved.rows("core_transaction")
    orgs = {r["ref"]: r["org_id"] for r in resolved.rows("core_organisation")}
    assert row["provider_activity_id"] == statements[1]["activity_id"]
    assert (row["provider_org_id"], row["receiver_org_id"]) == (orgs["XM-DAC-41114"], orgs["YY-9"])
    assert statements[2]["org_id"] == orgs["YY-9"]


def test_an_organisation_is_told_to_those_who_may_see_a_record_that_names_it() -> None:
    world = Told()
    world.say(1, "XX-1-A", reporting_org_name="Open")
    world.say(2, "YY-9-B", ref="YY-9", reporting_org_name="Hidden", marking_key="RED:a")
    coarse = {"marking_key": "AMBER:g", "coarse_marking_key": "GREEN"}
    world.say(3, "ZZ-3-C", ref="ZZ-3", reporting_org_name="Coarse", is_partner_hidden=False, **coarse)
    world.say(4, "ZZ-4-D", ref="ZZ-4", reporting_org_name="Coarse, hidden", is_partner_hidden=True, **coarse)
    world.add("participating_org", record_id=1, seq=0, ref="AA-1", name="Partner", role_code="1")
    world.add("participating_org", record_id=2, seq=0, ref="AA-1", name="Secret name", role_code="1")
    world.add("transaction", record_id=2, seq=0, type_code="3", receiver_org_ref="AA-2", receiver_org_name="Paid")
    world.add("organisation_name", source_id="o", input_path="o.xml", ref="AA-3", name="Listed")
    rows = Resolved(world, step.Params(as_of=AS_OF, restricted_files=(("o.xml", "GREEN"),))).rows("core_organisation")
    assert {(r["ref"], r["marking_key"], r["name"]) for r in rows} == {
        ("XX-1", "CLEAR", "Open"),
        ("YY-9", "RED:a", "Hidden"),
        ("ZZ-3", "AMBER:g", "Coarse"),
        ("ZZ-3", "GREEN", "Coarse"),
        ("ZZ-4", "AMBER:g", "Coarse, hidden"),
        ("AA-1", "CLEAR", "Partner"),
        ("AA-1", "RED:a", "Secret name"),
        ("AA-2", "RED:a", "Paid"),
        ("AA-3", "GREEN", "Listed"),
    }


def test_freshness_is_the_update_else_the_newest_past_transaction_else_the_files_day() -> None:
    world = Told()
    world.say(1, "XX-1-A", last_updated=NEW)
    world.say(2, "XX-1-B", last_updated=datetime(2099, 1, 1))  # noqa: DTZ001
    world.say(3, "XX-1-C", input_path="c.xml")
    world.say(4, "YY-9-D", ref="YY-9")
    world.add("transaction", record_id=2, seq=0, type_code="3", transaction_date=date(2023, 5, 5))
    world.add("transaction", record_id=2, seq=1, type_code="3", transaction_date=date(2099, 1, 1))
    params = step.Params(as_of=AS_OF, file_dates=(("c.xml", date(2022, 2, 2)),))
    statements = Resolved(world, params).statements()
    assert [statements[i]["freshness_date"] for i in (1, 2, 3, 4)] == [
        *(date(2025, 1, 1), date(2023, 5, 5), date(2022, 2, 2), None)
    ]


def test_activities_that_people_judged_to_be_one_are_one() -> None:
    world = chain()
    before = Resolved(world).statements()
    pair = (before[1]["activity_id"], before[2]["activity_id"])
    after = Resolved(world, step.Params(as_of=AS_OF, same_activities=(pair,))).statements()
    assert after[1]["activity_id"] == after[2]["activity_id"] == min(pair)
    assert sorted(r["is_current"] for r in after.values()) == [False, True]


@settings(max_examples=1, deadline=None)
@given(st.integers(0, 2**32))
def test_order_does_not_matter_and_what_was_resolved_resolves_to_itself(seed: int) -> None:
    rnd = random.Random(seed)  # noqa: S311 (not a secret)
    world = Told()
    for record in range(1, 15):
        ref = rnd.choice(("XX-1", "YY-9", "N/A"))
        world.say(record, rnd.choice((None, "XX-1-A", "YY-9-B", "1", "0")), ref,
                  kind=rnd.choice(("iati", "presence")), group_key=rnd.choice((None, "g")),
                  last_updated=rnd.choice((None, OLD, NEW)), input_path=rnd.choice("ab"))  # fmt: skip
        world.add("participating_org", record_id=record, seq=0, role_code="1", ref=rnd.choice(("XX-1", "YY-9")))
        world.add(
            "related_activity", record_id=record, seq=0, type_code=rnd.choice("125"), ref=rnd.choice(("XX-1-A", "1"))
        )
    resolved = Resolved(world)
    statements, issues = resolved.statements(), resolved.issues()
    again = Resolved(shuffled(world, seed))
    for name in step.OUTPUTS:
        assert again.rows(name) == resolved.rows(name)
    current = {r["activity_id"] for r in statements.values() if r["is_current"]}
    assert current == {r["activity_id"] for r in statements.values()}
    kept = [r for r in world.rows("activity") if statements[r["record_id"]]["is_current"]]
    assert len(issues) == len(statements) - len(kept)
    once_more = Resolved(World({**world.tables, "activity": kept}))
    assert once_more.issues() == []
    for record, row in once_more.statements().items():
        assert row["is_current"]
        assert row["activity_id"] == statements[record]["activity_id"]
