"""What is known of pairs of activities: declared, judged, proposed; and what that does to the range."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from concerted.model.ids import hash_id
from concerted.resolve import step
from concerted.resolve.projects.find import ProjectParams
from resolve.test_resolve import PARAMS, Resolved, Told
from worlds import AS_OF, Row, World, shuffled

#: Other projects, so that words are rare or common as they are in life.
OTHERS = (
    "Rural roads of the Sahel", "School canteens", "Vaccination campaign", "Youth employment in cities",
    "Water points for herders", "Legal aid for prisoners", "Radio for peace", "Microcredit for women",
)  # fmt: skip


def told(**more: Any) -> Row:
    days = {"start_actual_date": date(2024, 3, 1), "end_planned_date": date(2026, 2, 28)}
    return days | more


def a_world(
    title: str = "Reconstruction des marchés de Tassiga après les inondations", ref: str = "YY-9", **more: Any
) -> Told:
    """A donor's project, told again by who does the work, in other words and without naming the donor's activity."""
    world = Told()
    world.say(1, "XX-1-A", **told(title="Rebuilding of the markets of Tassiga after the floods"))
    world.say(2, f"{ref}-B", ref=ref, **told(title=title) | more)
    world.add("participating_org", record_id=2, seq=0, role_code="1", ref="XX-1")
    for record in (1, 2):
        world.add("recipient", record_id=record, transaction_seq=-1, seq=0, kind="country", code="ML")
        world.add("sector", record_id=record, transaction_seq=-1, seq=0, vocabulary_code="1", code="43030")
        world.add("transaction", record_id=record, seq=0, type_code="2", value=Decimal(70_300), currency="EUR",
                  value_usd=Decimal(80_000), transaction_date=date(2024, 4, 1))  # fmt: skip
    for number, other in enumerate(OTHERS, 10):
        world.say(number, f"ZZ-{number}-P", ref=f"ZZ-{number}", title=other, start_actual_date=date(2023, 1, 1))
    return world


ONE, TWO = hash_id("activity", "id\x1fXX-1-A"), hash_id("activity", "id\x1fYY-9-B")


def relations(resolved: Resolved) -> list[Row]:
    return resolved.rows("core_activity_relation")


def test_one_project_in_other_words_is_proposed_with_its_reasons() -> None:
    (only,) = relations(Resolved(a_world()))
    assert {only["left_activity_id"], only["right_activity_id"]} == {ONE, TWO}
    assert only["decided_by"] == "rule"
    assert only["probability"] >= 0.5
    codes = [reason["code"] for reason in json.loads(only["evidence"])]
    assert {"country_one", "dates_same", "amount_equal"} <= set(codes)
    bits = [abs(reason["bits"]) for reason in json.loads(only["evidence"])]
    assert bits == sorted(bits, reverse=True)


def test_what_is_likely_told_twice_widens_the_range_and_merges_nothing() -> None:
    world = a_world()
    world.tables["participating_org"].clear()  # else the named funder alone would do it
    world.add("participating_org", record_id=1, seq=0, role_code="4", ref="YY-9")
    resolved = Resolved(world)
    statements = resolved.statements()
    assert statements[1]["activity_id"] != statements[2]["activity_id"]
    assert sorted(statements[record]["double_risk"] for record in (1, 2)) == ["none", "possible"]
    alone = Resolved(world, step.Params(as_of=AS_OF, projects=None)).statements()
    assert [alone[record]["double_risk"] for record in (1, 2)] == ["none", "none"]


def test_two_activities_of_one_publisher_are_never_proposed() -> None:
    assert relations(Resolved(a_world(ref="XX-1"))) == []


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Reconstruction des marchés de Tassiga après les inondations, phase 2",
         "start_actual_date": date(2027, 3, 1), "end_planned_date": date(2029, 2, 28)},
    ],
)  # fmt: skip
def test_a_second_phase_is_not_the_same_project(other: Row) -> None:
    found = relations(Resolved(a_world(**other)))
    assert [row["relation"] for row in found if row["probability"] >= 0.5] in ([], ["successor_of"])
    for row in found:
        if row["relation"] == "successor_of":
            assert (row["left_activity_id"], row["right_activity_id"]) == (TWO, ONE)


def test_another_country_is_another_project() -> None:
    world = a_world()
    world.tables["recipient"][1]["code"] = "NE"
    assert all(row["probability"] < 0.5 for row in relations(Resolved(world)))


def test_what_a_file_declares_is_not_proposed_but_stands_as_declared() -> None:
    world = a_world()
    world.add("related_activity", record_id=2, seq=0, type_code="1", ref="XX-1-A")
    (only,) = relations(Resolved(world))
    assert (only["left_activity_id"], only["relation"], only["right_activity_id"]) == (TWO, "part_of", ONE)
    assert (only["decided_by"], only["probability"]) == ("declared", 1.0)
    assert json.loads(only["evidence"]) == [{"code": "declared", "bits": 0, "by": "related"}]


@pytest.mark.parametrize("decision", ["different", "funds", "part_of", "successor_of"])
def test_what_a_person_decided_is_not_proposed_any_more(decision: str) -> None:
    params = step.Params(as_of=AS_OF, judgements=((decision, TWO, ONE),))
    (only,) = relations(Resolved(a_world(), params))
    assert (only["relation"], only["decided_by"], only["is_contradicted"]) == (decision, "judgement", False)
    if decision == "different":
        assert only["left_activity_id"] < only["right_activity_id"]
    else:
        assert (only["left_activity_id"], only["right_activity_id"]) == (TWO, ONE)


def test_a_judgement_against_which_a_file_speaks_is_shown_and_holds() -> None:
    world = a_world()
    world.add("related_activity", record_id=2, seq=0, type_code="1", ref="XX-1-A")
    params = step.Params(as_of=AS_OF, judgements=(("different", ONE, TWO),))
    resolved = Resolved(world, params)
    judged = [row for row in relations(resolved) if row["decided_by"] == "judgement"]
    assert [row["is_contradicted"] for row in judged] == [True]
    (issue,) = contradictions(resolved)
    assert (issue["record_id"], json.loads(issue["values"])["why"]) == (2, "part_of")


def contradictions(resolved: Resolved) -> list[Row]:
    found = [row for table in resolved._result.issues for row in table.to_pyarrow().to_pylist()]
    return [row for row in found if row["code"] == "judgement_contradicted"]


@pytest.mark.parametrize(
    ("why", "rows"),
    [
        ("codes", [("identifier", {"record_id": r, "seq": 0, "type_code": "A2", "owner_org_ref": "OECD",
                                   "ref": f"CRS-{r}"}) for r in (1, 2)]),
        ("relation", [("related_activity", {"record_id": 2, "seq": 0, "type_code": "1", "ref": "xx-1-a"})]),
        ("sums", [("budget", {"record_id": 2, "seq": 0, "kind": "budget", "value_usd": Decimal(900_000)})]),
    ],
)  # fmt: skip
def test_sameness_is_doubted_when_the_two_now_say_that_they_are_two(why: str, rows: list[tuple[str, Row]]) -> None:
    params = step.Params(as_of=AS_OF, same_activities=((ONE, TWO),))
    assert contradictions(Resolved(a_world(), params)) == []
    world = a_world()
    for table, row in rows:
        world.add(table, **row)
    resolved = Resolved(world, params)
    (issue,) = contradictions(resolved)
    assert json.loads(issue["values"])["why"] == why
    statements = resolved.statements()
    assert statements[1]["activity_id"] == statements[2]["activity_id"]


def test_a_hidden_telling_is_proposed_to_those_who_see_it_and_moves_nothing_open() -> None:
    world = a_world(marking_key="AMBER:a")
    resolved = Resolved(world)
    assert [row["marking_key"] for row in relations(resolved)] == ["AMBER:a"]
    statements = resolved.statements()
    assert [statements[record]["double_risk"] for record in (1, 2)] == ["none", "possible"]
    without = a_world()
    for name, rows in without.tables.items():
        without.tables[name] = [row for row in rows if row["record_id"] != 2]
    alone = Resolved(without)
    assert relations(alone) == []
    assert alone.statements()[1] == statements[1]


def declared_in_a_hidden_file() -> Told:
    """The second activity is told once more, to a group only, and there it is declared a part of the first."""
    world = a_world()
    world.say(3, "YY-9-B", ref="YY-9", **told(title="Reconstruction des marchés", marking_key="AMBER:a"))
    world.add("related_activity", record_id=3, seq=0, type_code="1", ref="XX-1-A")
    return world


def test_what_a_hidden_file_declares_takes_no_proposal_from_others() -> None:
    found = relations(Resolved(declared_in_a_hidden_file()))
    open_rows = [row for row in found if row["marking_key"] == "CLEAR"]
    assert open_rows == relations(Resolved(a_world()))
    assert [row["decided_by"] for row in open_rows] == ["rule"]
    assert ("declared", "AMBER:a") in {(row["decided_by"], row["marking_key"]) for row in found}


def test_what_a_hidden_file_says_against_a_judgement_is_shown_to_its_readers_only() -> None:
    params = step.Params(as_of=AS_OF, judgements=(("different", ONE, TWO),))
    resolved = Resolved(declared_in_a_hidden_file(), params)
    judged = {
        row["marking_key"]: row["is_contradicted"] for row in relations(resolved) if row["decided_by"] == "judgement"
    }
    assert judged["CLEAR"] is False
    assert {issue["marking_key"] for issue in contradictions(resolved)} == {"AMBER:a"}


def test_two_groups_that_do_not_see_each_other_are_not_compared() -> None:
    world = a_world(marking_key="AMBER:a")
    world.tables["activity"][0]["marking_key"] = "AMBER:b"
    assert relations(Resolved(world)) == []


@pytest.mark.slow
def test_the_order_of_rows_changes_nothing() -> None:
    world = a_world()
    assert [relations(Resolved(shuffled(world, seed))) for seed in range(3)] == [relations(Resolved(world))] * 3


def test_nothing_is_proposed_below_the_threshold() -> None:
    params = step.Params(as_of=AS_OF, projects=ProjectParams(propose=1.1))
    assert relations(Resolved(a_world(), params)) == []


def test_a_world_of_nobody_gives_no_relation() -> None:
    empty = World({"activity": []})
    assert Resolved(empty, PARAMS).rows("core_activity_relation") == []
