"""Evidence flows from the more open to the more restricted statement, never back."""

from datetime import date
from typing import Any

import pytest

from concerted.resolve import step
from resolve.test_resolve import NEW, OLD, Resolved, Told, chain
from worlds import AS_OF, Row

HIDDEN = {"marking_key": "AMBER:a"}


def view(rows: list[Row]) -> list[tuple[Any, ...]]:
    """(activity_id, is_current, double_risk) of rows."""
    return [(r["activity_id"], r["is_current"], r["double_risk"]) for r in rows]


def test_a_newer_restricted_statement_of_the_same_identifier_gives_way_to_the_open_one() -> None:
    world = Told()
    world.say(1, "XX-1-A", last_updated=OLD)
    world.say(2, "XX-1-A", last_updated=NEW, input_path="hidden.xml", **HIDDEN)
    resolved = Resolved(world)
    statements = resolved.statements()
    assert statements[1]["activity_id"] == statements[2]["activity_id"]
    assert [statements[i]["is_current"] for i in (1, 2)] == [True, False]
    assert [(i["record_id"], '"kept": "a.xml"' in i["values"]) for i in resolved.issues()] == [(2, True)]


def test_statements_for_different_groups_both_stand_and_one_for_both_groups_stands_before_each() -> None:
    world = Told()
    world.say(1, "XX-1-A", marking_key="AMBER:a")
    world.say(2, "XX-1-A", marking_key="AMBER:b")
    assert [r["is_current"] for r in Resolved(world).statements().values()] == [True, True]
    world.say(3, "XX-1-A", marking_key="AMBER:a,b", last_updated=OLD)
    statements = Resolved(world).statements()
    assert [statements[i]["is_current"] for i in (1, 2, 3)] == [False, False, True]


def test_restricted_rows_of_a_sheet_are_further_parts_of_the_same_day_and_otherwise_give_way() -> None:
    world = Told()
    rows = {"kind": "presence", "group_key": "g", "source_id": "3w"}
    world.say(1, None, last_updated=OLD, **rows)
    world.say(2, None, last_updated=OLD, **rows, **HIDDEN)
    world.say(3, None, last_updated=NEW, **rows, **HIDDEN)
    statements = Resolved(world).statements()
    assert len({r["activity_id"] for r in statements.values()}) == 1
    assert [statements[i]["is_current"] for i in (1, 2, 3)] == [True, True, False]
    assert statements[2]["double_risk"] == "none"


def test_a_hidden_claim_on_a_short_identifier_does_not_split_what_is_open() -> None:
    world = Told()
    world.say(1, "PROJECT-1", ref="XX-1")
    before = view(Resolved(world).rows("core_activity"))
    world.say(2, "PROJECT-1", ref="YY-9", **HIDDEN)
    statements = Resolved(world).statements()
    assert view([statements[1]]) == before
    assert statements[2]["activity_id"] != statements[1]["activity_id"]


def test_a_hidden_owner_joins_what_is_told_openly_of_its_identifier() -> None:
    world = Told()
    world.say(1, "ZZ-3-P", ref="XX-1")
    world.say(2, "ZZ-3-P", ref="YY-9")
    before = view(Resolved(world).rows("core_activity"))
    world.say(3, "ZZ-3-P", ref="ZZ-3", **HIDDEN)
    statements = Resolved(world).statements()
    assert view([statements[1], statements[2]]) == before
    assert statements[3]["activity_id"] in {statements[1]["activity_id"], statements[2]["activity_id"]}
    assert not statements[3]["is_current"]


def test_a_hidden_iati_statement_joins_the_open_row_of_a_sheet_that_names_it() -> None:
    world = Told()
    world.say(1, "XX-1-A", kind="project", source_id="sheet", group_key="g", reporting_org_ref=None)
    before = view(Resolved(world).rows("core_activity"))
    world.say(2, "XX-1-A", **HIDDEN)
    statements = Resolved(world).statements()
    assert view([statements[1]]) == before
    assert view([statements[2]]) == [(statements[1]["activity_id"], True, "linked")]


@pytest.mark.parametrize("hidden", [1, 2])
@pytest.mark.parametrize(
    "link",
    [
        ("transaction", {"record_id": 2, "seq": 0, "type_code": "1", "provider_activity_ref": "XX-1-A"}),
        ("transaction", {"record_id": 1, "seq": 0, "type_code": "3", "receiver_activity_ref": "yy-9-b"}),
        ("related_activity", {"record_id": 2, "seq": 0, "type_code": "1", "ref": "XX-1-A"}),
        ("related_activity", {"record_id": 1, "seq": 0, "type_code": "2", "ref": "YY-9-B"}),
        ("related_activity", {"record_id": 1, "seq": 0, "type_code": "5", "ref": "YY-9-B"}),
        ("related_activity", {"record_id": 2, "seq": 0, "type_code": "5", "ref": "XX-1-A"}),
        ("participating_org", {"record_id": 2, "seq": 0, "role_code": "1", "ref": "XX-1", "activity_ref": "XX-1-A"}),
        ("participating_org", {"record_id": 1, "seq": 0, "role_code": "4", "ref": "YY-9", "activity_ref": "YY-9-B"}),
        ("identifier", {"record_id": 1, "seq": 0, "ref": "YY-9-B"}),
        ("identifier", {"record_id": 2, "seq": 0, "ref": "XX-1-A"}),
    ],
)
def test_of_two_ends_of_one_money_the_narrower_is_linked_whoever_says_so(link: tuple[str, Row], hidden: int) -> None:
    """As the donor or as the agency, telling of the other or told of by the other."""
    world = chain()
    world.add(link[0], **link[1])
    world.rows("activity")[hidden - 1]["marking_key"] = "AMBER:a"
    resolved = Resolved(world)
    statements = resolved.statements()
    assert statements[hidden]["double_risk"] == "linked"
    assert statements[3 - hidden]["double_risk"] == "none"
    for row in resolved.rows("core_activity_link"):
        if row["record_id"] != hidden:
            assert (row["other_activity_id"], row["is_cross_publisher"]) == (None, None)
    for row in resolved.rows("core_transaction"):
        if row["record_id"] != hidden:
            assert (row["provider_activity_id"], row["receiver_activity_id"]) == (None, None)


def test_what_is_said_openly_of_who_is_above_holds_against_what_a_restricted_statement_says() -> None:
    world = chain()
    world.add("related_activity", record_id=2, seq=0, type_code="1", ref="XX-1-A")
    rows = {"kind": "presence", "group_key": "g", "source_id": "3w", "reporting_org_ref": None}
    world.say(3, "XX-1-A", **rows)
    world.say(4, "XX-1-A", **rows, **HIDDEN)
    world.add("related_activity", record_id=4, seq=0, type_code="1", ref="YY-9-B")
    statements = Resolved(world).statements()
    assert [statements[i]["double_risk"] for i in (1, 2)] == ["none", "linked"]


@pytest.mark.parametrize(("hidden", "expected"), [(1, ["possible", "none"]), (2, ["none", "possible"])])
def test_money_that_a_funder_may_tell_too_is_possible_at_the_narrower_end(hidden: int, expected: list[str]) -> None:
    world = chain()
    world.add("participating_org", record_id=2, seq=0, role_code="1", ref="XX-1")
    world.rows("activity")[hidden - 1]["marking_key"] = "AMBER:a"
    statements = Resolved(world).statements()
    assert [statements[i]["double_risk"] for i in (1, 2)] == expected


def test_the_coarse_view_is_resolved_by_what_its_own_readers_see() -> None:
    coarse = {"marking_key": "AMBER:a", "coarse_marking_key": "CLEAR"}
    world = Told()
    world.say(1, "XX-1-A", last_updated=OLD, **coarse)
    world.say(2, "XX-1-A", last_updated=NEW, **HIDDEN)
    row = Resolved(world).statements()[1]
    assert (row["is_current"], row["coarse_is_current"]) == (False, True)
    world.say(3, "XX-1-A", last_updated=OLD)
    statements = Resolved(world).statements()
    assert [statements[i]["is_current"] for i in (1, 2, 3)] == [False, False, True]
    assert not statements[1]["coarse_is_current"]
    assert statements[1]["coarse_activity_id"] == statements[3]["activity_id"]


def test_coarse_views_of_one_activity_are_counted_once_and_displace_no_precise_statement() -> None:
    coarse = {"marking_key": "AMBER:a", "coarse_marking_key": "CLEAR"}
    world = Told()
    world.say(1, "XX-1-A", last_updated=OLD, **coarse)
    world.say(2, "XX-1-A", last_updated=NEW, **coarse)
    world.say(3, "XX-1-A", last_updated=OLD, marking_key="AMBER:b")
    statements = Resolved(world).statements()
    assert [statements[i]["coarse_is_current"] for i in (1, 2, 3)] == [False, True, None]
    assert [statements[i]["is_current"] for i in (1, 2, 3)] == [False, True, True]


def test_the_day_of_a_restricted_file_dates_no_open_statement() -> None:
    world = Told()
    world.say(1, "XX-1-A")
    world.say(2, "XX-1-B", input_path="hidden.xml", **HIDDEN)
    params = step.Params(as_of=AS_OF, file_dates=(("hidden.xml", date(2026, 1, 1)),))
    statements = Resolved(world, params).statements()
    assert [statements[i]["freshness_date"] for i in (1, 2)] == [None, date(2026, 1, 1)]


def test_a_coarse_view_that_nobody_gets_is_not_made() -> None:
    world = Told()
    world.say(1, "XX-1-A", marking_key="GREEN", coarse_marking_key="AMBER:a")
    assert Resolved(world).statements()[1]["coarse_is_current"] is None
