"""Concentration, cliffs, freshness and quality: what they list, what they leave out, and who may see it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from concerted.codelists.issues import Gain
from concerted.picture.cliff import cliff_rows, months_after
from concerted.picture.concentration import Limits, concentrations
from concerted.picture.freshness import freshness_rows
from concerted.picture.gains import record_gaps
from concerted.picture.quality import quality_rows
from worlds import AS_OF, Row, World, on_duckdb, rows_of


class Seen(World):
    """A world after allocate, in one cell unless said otherwise."""

    def at_work(self, activity: int, org: int | None, **more: Any) -> Row:
        """An activity with a statement of its own and a presence row."""
        statement = {
            "record_id": activity,
            "activity_id": activity,
            "org_id": org,
            "source_id": "s",
            "marking_key": "CLEAR",
            "is_current": True,
            "is_supply": True,
            "state": "ongoing",
        }
        self.add("activity", **statement | {k: v for k, v in more.items() if k.endswith("_date") or k in statement})
        return self.allocate(activity, org, **{k: v for k, v in more.items() if not k.endswith("_date")})

    def allocate(self, activity: int, org: int | None, **more: Any) -> Row:
        """One row of allocation."""
        row = {
            "framework_id": "plan",
            "node_id": "1",
            "place_id": "ML01",
            "precision": "admin1",
            "period": 2026,
            "finance_kind": "presence",
            "activity_id": activity,
            "record_id": activity,
            "transaction_seq": -1,
            "org_id": org,
            "state": "ongoing",
            "is_confirmed": True,
            "is_unvalued": False,
            "view": "precise",
            "marking_key": "CLEAR",
        }
        return self.add("allocation", **row | more)

    def money(self, activity: int, kind: str, period: int, amount: int) -> Row:
        """A row with money, the same in all three and in both currencies."""
        columns = [f"{b}_{c}" for b in ("low", "best", "high") for c in ("usd", "eur")]
        return self.allocate(activity, 1, finance_kind=kind, period=period, **dict.fromkeys(columns, Decimal(amount)))


INPUTS = ("out_allocation", "core_activity", "core_transaction", "core_sector", "core_participating_org",
          "core_activity_link", "found_issue")  # fmt: skip


def concentration(world: World, limits: Limits = Limits()) -> tuple[list[Row], list[Row]]:  # noqa: B008 (frozen)
    """(rows, issues)."""
    tables = on_duckdb(world, INPUTS)
    allocation, statements, _, sectors, participating, links, _ = (tables[name] for name in INPUTS)
    rows, issues = concentrations(allocation, statements, sectors, participating, links, AS_OF, limits)
    return rows_of(rows, "concentration"), issues.to_pyarrow().to_pylist()


def cliffs(world: World) -> list[Row]:
    """Rows of `out_cliff`."""
    tables = on_duckdb(world, INPUTS)
    return rows_of(cliff_rows(tables["out_allocation"], tables["core_activity"], AS_OF), "cliff")


def test_two_partners_in_one_cell_are_a_question_with_reasons() -> None:
    world = Seen()
    world.at_work(1, 11)
    world.at_work(2, 22, marking_key="GREEN", is_confirmed=False)
    for record in (1, 2):
        world.add("sector", record_id=record, transaction_seq=-1, seq=0, vocabulary_code="1", code="15220")
        world.add("participating_org", record_id=record, seq=0, role_code="1", org_id=99)
    (row,), issues = concentration(world)
    assert (row["activity_id"], row["other_activity_id"], row["org_id"], row["other_org_id"]) == (1, 2, 11, 22)
    assert (row["marking_key"], row["other_marking_key"]) == ("CLEAR", "GREEN")
    assert json.loads(row["reasons"]) == [
        {"id": "concentration.same_cell"},
        {"code": "15220", "id": "concentration.same_purpose"},
        {"id": "concentration.same_funder", "org_id": 99},
    ]
    assert row["score"] == 0.875
    assert issues == []


@pytest.mark.parametrize(
    "other",
    [
        {"org": 11},
        {"place_id": "ML02"},
        {"period": 2027},
        {"node_id": "2"},
        {"state": "cancelled"},
        {"org": None},
        {"view": "coarse"},
    ],
)
def test_what_is_not_the_same_is_no_concentration(other: Row) -> None:
    world = Seen()
    world.at_work(1, 11)
    world.at_work(2, other.pop("org", 22), **other)
    assert concentration(world) == ([], [])


@pytest.mark.parametrize(
    "row", [{"place_id": "ML", "precision": "country"}, {"node_id": "UNCLASSIFIED"}, {"period": 2025}]
)
def test_a_whole_country_the_unclassified_and_the_past_are_no_concentration(row: Row) -> None:
    world = Seen()
    world.at_work(1, 11, **row)
    world.at_work(2, 22, **row)
    assert concentration(world) == ([], [])


def test_activities_that_declare_a_relation_are_one_chain_not_a_concentration() -> None:
    world = Seen()
    world.at_work(1, 11)
    world.at_work(2, 22)
    world.add("activity_link", record_id=2, activity_id=2, kind="related", type_code="1", ref="x", other_activity_id=1)
    assert concentration(world) == ([], [])


def test_a_pair_with_nothing_more_in_common_has_the_one_reason() -> None:
    world = Seen()
    world.at_work(1, 11)
    world.at_work(2, 22, is_confirmed=False)
    (row,), _ = concentration(world)
    assert json.loads(row["reasons"]) == [{"id": "concentration.same_cell"}]
    assert row["score"] == 0.5


def test_what_the_list_does_not_hold_is_said() -> None:
    world = Seen()
    for activity in range(1, 5):
        world.at_work(activity, activity * 11)
    rows, issues = concentration(world, Limits(most_pairs=2))
    assert [(r["activity_id"], r["other_activity_id"]) for r in rows] == [(1, 2), (1, 3)]
    assert [(i["code"], i["count"]) for i in issues] == [("concentration_pairs_cut", 4)]
    rows, issues = concentration(world, Limits(largest_cell=3))
    assert rows == []
    assert [(i["code"], i["count"]) for i in issues] == [("concentration_cell_large", 1)]


def test_hidden_activities_neither_fill_a_cell_nor_push_out_nor_relate_pairs_that_are_open() -> None:
    world = Seen()
    for activity in (1, 2, 3):
        world.at_work(activity, activity * 11)
    alone = concentration(world, Limits(largest_cell=3, most_pairs=2))
    for activity in (4, 5):  # of which one makes the cell too large for those who see it
        world.at_work(activity, activity * 11, marking_key="AMBER:a")
    world.at_work(6, 66, place_id="ML02", marking_key="AMBER:a")
    world.add("activity_link", record_id=6, activity_id=1, kind="related", type_code="1", ref="x", other_activity_id=2)
    together = concentration(world, Limits(largest_cell=3, most_pairs=2))
    assert together[0] == alone[0]
    assert [issue for issue in together[1] if issue["marking_key"] == "CLEAR"] == alone[1]
    assert [(i["code"], i["count"]) for i in together[1] if i["marking_key"] == "AMBER:a"] == [
        ("concentration_cell_large", 1)
    ]
    larger, _ = concentration(world, Limits(largest_cell=9, most_pairs=99))
    assert {(r["activity_id"], r["other_activity_id"]) for r in larger} == {
        *((1, 2), (1, 3), (2, 3), (1, 4), (1, 5), (2, 4), (2, 5), (3, 4), (3, 5), (4, 5))
    }


@pytest.mark.parametrize(
    ("end", "months"),
    [
        (date(2026, 6, 30), None),
        (date(2026, 7, 1), 6),
        (date(2026, 12, 30), 6),
        (date(2026, 12, 31), 12),
        (date(2028, 6, 30), 24),
        (date(2028, 7, 1), None),
    ],
)
def test_a_cliff_falls_in_the_smallest_horizon(end: date, months: int | None) -> None:
    world = Seen()
    world.at_work(1, 1, end_planned_date=end)
    rows = cliffs(world)
    assert [r["months"] for r in rows] == ([] if months is None else [months])


def test_a_cliff_tells_the_fullest_year_of_spending() -> None:
    world = Seen()
    world.at_work(1, 1, end_planned_date=date(2026, 12, 31))
    world.money(1, "disbursement", 2024, 10)
    world.money(1, "expenditure", 2024, 5)
    world.money(1, "disbursement", 2025, 12)
    world.money(1, "commitment", 2024, 100)
    (row,) = cliffs(world)
    assert (row["best_usd"], row["record_id"], row["end_date"]) == (15, 1, date(2026, 12, 31))


def test_a_cliff_without_money_has_unknown_money() -> None:
    world = Seen()
    world.at_work(1, 1, end_planned_date=date(2026, 12, 31))
    (row,) = cliffs(world)
    assert row["best_usd"] is None


def test_months_end_with_their_month() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 6, 30), 24) == date(2028, 6, 30)
    assert months_after(date(2026, 3, 31), -12) == date(2025, 3, 31)


def test_freshness_keeps_the_undated_apart() -> None:
    world = Seen()
    for activity, day in enumerate((date(2026, 6, 1), date(2025, 8, 1), date(2020, 1, 1), None)):
        world.at_work(activity, 1, freshness_date=day)
    statements = on_duckdb(world, INPUTS)["core_activity"]
    (row,) = rows_of(freshness_rows(statements, AS_OF), "freshness")
    assert (row["records"], row["within_90_days"], row["within_365_days"], row["undated"]) == (4, 1, 2, 1)
    assert row["latest_date"] == date(2026, 6, 1)


def quality(world: World) -> list[Row]:
    tables = on_duckdb(world, INPUTS)
    gaps = record_gaps(tables["out_allocation"], "plan")
    brings: dict[str, Gain] = {"lost": "read", "no place": "placed", "no rate": "valued"}
    given = (tables["found_issue"], tables["core_activity"], tables["core_transaction"], gaps, brings)
    return rows_of(quality_rows(*given), "quality")


def test_quality_ranks_what_would_help_most_and_keeps_markings_apart() -> None:
    world = Seen()
    world.at_work(1, 1)
    world.at_work(2, 1)
    world.at_work(3, 1, marking_key="GREEN")
    for record, kind, value in ((1, "3", 10), (1, "2", 99), (2, "2", 70), (3, "4", 5000)):
        world.add("transaction", record_id=record, seq=int(kind), type_code=kind, value_usd=Decimal(value))
    for code, record, severity in (
        ("a", 1, "warning"),
        ("a", 1, "warning"),
        ("b", 2, "error"),
        ("b", 3, "error"),
        ("c", 2, "info"),
        ("d", None, "error"),
    ):
        marking = {3: "GREEN", None: "AMBER:a"}.get(record, "CLEAR")
        told = {"source_id": "s", "input_path": "f", "count": 1, "marking_key": marking}
        world.add("issue", severity=severity, code=code, record_id=record, **told)
    rows = quality(world)
    found = {(r["code"], r["marking_key"]): (r["issues"], r["records"], r["usd_affected"], r["rank"]) for r in rows}
    assert found == {
        ("b", "CLEAR"): (1, 1, 70, 1),
        ("a", "CLEAR"): (2, 1, 10, 2),
        ("b", "GREEN"): (1, 1, 5000, 1),
        ("d", "AMBER:a"): (1, 0, None, 1),
    }


def test_quality_says_what_mending_would_bring_per_partner() -> None:
    """Money that stands at an unknown place would be placed; what an issue explains is not told again as missing."""
    world = Seen()
    for record, org in ((1, 1), (2, 1), (3, 2)):
        world.at_work(record, org)
    amounts = {f"{b}_{c}": Decimal(100) for b in ("low", "best", "high") for c in ("usd", "eur")}
    for record, org in ((1, 1), (2, 1), (3, 2)):
        world.allocate(record, org, place_id="UNKNOWN", finance_kind="disbursement", **amounts)
        world.allocate(record, org, place_id="UNKNOWN", finance_kind="commitment", **amounts)
    world.allocate(3, 2, finance_kind="expenditure", is_unvalued=True, transaction_seq=4)
    told = {"source_id": "s", "input_path": "f", "count": 1, "marking_key": "CLEAR"}
    world.add("issue", severity="info", code="no place", record_id=1, **told)
    world.add("issue", severity="warning", code="no rate", record_id=3, **told)
    world.add("issue", severity="warning", code="no rate", record_id=1, **told)
    world.add("issue", severity="error", code="lost", **told)
    found = {
        (r["org_id"], r["code"]): (r["gain"], r["records"], r["usd_gain"], r["activities_gain"], r["rank"])
        for r in quality(world)
    }
    assert found == {
        (None, "lost"): ("read", 0, None, None, 1),
        (1, "no place"): ("placed", 1, 100, 1, 2),
        (1, "place_missing"): ("placed", 1, 100, 1, 3),
        (2, "place_missing"): ("placed", 1, 100, 1, 4),
        (1, "no rate"): ("valued", 1, 0, 0, 5),
        (2, "no rate"): ("valued", 1, None, 1, 6),
    }
