"""Counts of few people in the picture: what the public is told says nothing of them, cell by cell and all together."""

import random
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from concerted.marking import KEEPER, PUBLIC, RowFilter, row_filter
from concerted.model.tables import full_schema
from concerted.picture.few import suppressed_counts, tells_few
from concerted.publish.visible import counts_sql
from picture.test_people import PLACES, Row, bounds, stands, table

TABLES = ("activity", "people", "indicator", "indicator_period", "attribute", "need", "offer", "term")


def found(few: int = 10, **rows: list[Row]) -> set[tuple[str, int, int, str, str]]:
    """Which values the public is not told."""
    tables = {f"core_{name}": table(name, rows.get(name, [])) for name in TABLES}
    told = suppressed_counts(tables, few).to_pyarrow().to_pylist()
    return {(r["in_table"], r["record_id"], r["seq"], r["name"], r["column"]) for r in told}


def statement(record: int, marking: str = "CLEAR", activity: int | None = None) -> Row:
    return {"record_id": record, "activity_id": activity or record, "marking_key": marking}


def person(record: int, seq: int, value: int | None, group: str | None = None, kind: str = "reached") -> Row:
    return {"record_id": record, "seq": seq, "kind": kind, "group": group, "value": value}


def test_every_kind_of_caseload_of_a_few_is_suppressed_and_zero_and_unknown_are_not() -> None:
    people = [person(1, i, 3, kind=kind) for i, kind in enumerate(("in_need", "targeted", "reached", "affected"))]
    people += [person(1, 4, 0), person(1, 5, None), person(1, 6, 10), person(2, 0, 3)]
    told = found(activity=[statement(1), statement(2, "GREEN")], people=people)
    assert told == {("core_people", 1, seq, "", "value") for seq in range(4)}
    assert len(found(11, activity=[statement(1)], people=people)) == 5


def test_the_parts_of_a_whole_go_with_the_one_that_they_would_tell_whatever_statement_tells_it() -> None:
    whole, women = person(1, 0, 24), person(2, 0, 20, "f")
    told = found(activity=[statement(1, activity=9), statement(2, activity=9)], people=[whole, women])
    assert told == {("core_people", 2, 0, "", "value")}
    assert found(activity=[statement(1), statement(2)], people=[whole, women]) == set()
    hidden = [statement(1, "AMBER:g", activity=9), statement(2, activity=9)]
    assert found(activity=hidden, people=[whole, women]) == set(), "a hidden statement bears on nothing that is open"


def test_indicators_of_people_cells_that_count_them_and_groups_of_needs_are_looked_at() -> None:
    told = found(
        activity=[statement(1)],
        indicator=[
            {"record_id": 1, "result_seq": 0, "seq": 0, "title": "Number of women trained", "baseline_value": "2"},
            {"record_id": 1, "result_seq": 0, "seq": 1, "title": "Schools built", "baseline_value": "2"},
        ],
        indicator_period=[
            {"record_id": 1, "indicator_seq": 0, "seq": 0, "target_value": "1,200", "actual_value": "7"},
            {"record_id": 1, "indicator_seq": 1, "seq": 1, "target_value": "3", "actual_value": "3"},
        ],
        attribute=[
            {"record_id": 1, "name": "Nombre de femmes formées", "value": "6"},
            {"record_id": 1, "name": "Écoles", "value": "6"},
        ],
        need=[{"record_id": 5, "marking_key": "CLEAR"}, {"record_id": 6, "marking_key": "GREEN"}],
        term=[{"record_id": r, "kind": "group", "seq": 0, "code": "f", "people": 4} for r in (5, 6)],
    )
    assert told == {
        ("core_indicator", 1, 0, "", "baseline_value"),
        ("core_indicator_period", 1, 0, "", "actual_value"),
        ("core_attribute", 1, -1, "Nombre de femmes formées", "value"),
        ("core_term", 5, 0, "group", "people"),
    }


@pytest.mark.parametrize("text", ["4", "04", "4.0", "4 femmes", "٤", "12 (4 women)", "8.5", "one of 3"])
def test_a_text_that_tells_a_few(text: str) -> None:
    assert tells_few(text, 10)


@pytest.mark.parametrize("text", ["0", "10", "1,200", "1 200 femmes", "not yet", "", "from 1,200 to 1,500"])
def test_a_text_that_tells_none(text: str) -> None:
    assert not tells_few(text, 10)


def a_world(rng: random.Random) -> tuple[list[Row], list[Row]]:
    """Activities over lines and places, of which many tell few people, some of them women."""
    allocation, people = [], []
    for record in range(1, rng.randint(3, 9)):
        marking = rng.choice(["CLEAR", "CLEAR", "CLEAR", "GREEN"])
        for place in rng.sample(sorted(PLACES), rng.choice([1, 1, 2])):
            allocation.append(stands(record, rng.choice(["A1", "A2", "B1"]), place, marking_key=marking))
        value = rng.choice([1, 5, 9, 10, 14, 200])
        people.append(person(record, 0, value))
        if rng.random() < 0.5:
            women = rng.randint(0, value)
            people += [person(record, 1, women, "f"), person(record, 2, value - women, "m")]
    return allocation, people


def public(allocation: list[Row], people: list[Row], rule: RowFilter) -> tuple[list[Row], list[Row]]:
    """(figures, bounds) as a reader gets them through the one function that reads them."""
    figures, cells = bounds(allocation, {"people": people})
    con = ibis.duckdb.connect().con
    result = []
    for name, rows in (("out_people_figure", figures), ("out_people_bound", cells)):
        con.register(name, pa.Table.from_pylist(rows, schema=full_schema(name.removeprefix("out_"))))
        cursor = con.execute(f"SELECT * FROM {counts_sql(rule, name)} ORDER BY ALL")
        names = [c[0] for c in cursor.description]
        result.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    clear = {a["record_id"] for a in allocation if a["marking_key"] in rule.permitted}
    return (
        [f for f in result[0] if f["record_id"] in clear],
        [c for c in result[1] if c["marking_key"] in rule.permitted],
    )


READER = row_filter(PUBLIC, ["CLEAR", "GREEN"])


@given(st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_the_public_is_told_the_same_whatever_a_small_count_is(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (not a secret)
    allocation, people = a_world(rng)
    whole = [p for p in people if p["group"] is None and 0 < p["value"] < 10]
    alone = [p for p in whole if not any(q["record_id"] == p["record_id"] and q["group"] for q in people)]
    other = [p | {"value": rng.randint(1, 9)} if p in alone else p for p in people]
    assert public(allocation, people, READER) == public(allocation, other, READER)


@given(st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_a_linear_program_over_all_that_the_public_is_told_bounds_no_small_count(seed: int) -> None:
    """The attacker knows that women and men are all, where both are told, and that figures are in a cell's bounds."""
    allocation, people = a_world(random.Random(seed))  # noqa: S311 (not a secret)
    figures, cells = public(allocation, people, READER)
    truth = {(p["record_id"], p["seq"]): p["value"] for p in people}
    at = {(f["record_id"], f["seq"]): i for i, f in enumerate(figures)}
    equal, sums, less, most = [], [], [], []

    def row(parts: dict[tuple[int, int], float]) -> np.ndarray:  # type: ignore[type-arg]
        made = np.zeros(len(at))
        for part, weight in parts.items():
            made[at[part]] = weight
        return made

    for f in figures:
        key = (f["record_id"], f["seq"])
        if f["value"] is not None:
            equal.append(row({key: 1}))
            sums.append(f["value"])
        if f["seq"] == 0 and (f["record_id"], 1) in at:
            equal.append(row({key: -1, (key[0], 1): 1, (key[0], 2): 1}))
            sums.append(0)
    for cell in cells:
        here = {
            a["record_id"]
            for a in allocation
            if a["marking_key"] == "CLEAR"
            and (cell["node_id"] == "ALL" or a["node_id"].startswith(cell["node_id"]))
            and (cell["place_id"] is None or a["place_id"].startswith(cell["place_id"]))
        }
        parts = {(r, 0): 1.0 for r in here}
        less.append(row(parts))
        most.append(cell["at_most"])
        assert sum(truth[p] for p in parts) <= cell["at_most"]
    for key, i in at.items():
        if not 0 < truth[key] < 10:
            continue
        goal, ends = np.zeros(len(at)), []
        goal[i] = 1
        for sign in (1, -1):
            given_less = {"A_ub": np.array(less), "b_ub": most}
            answer: Any = linprog(
                sign * goal,
                **given_less,
                **({"A_eq": np.array(equal), "b_eq": sums} if equal else {}),
                bounds=(0, None),
            )
            assert answer.status == 0
            ends.append(sign * answer.fun)
        assert ends[0] <= 1 + 1e-6, (key, ends)
        assert ends[1] >= 9 - 1e-6, (key, ends)


def test_who_is_signed_in_is_told_what_the_public_is_not() -> None:
    allocation = [stands(1, "A1", "ML1")]
    figures, cells = public(allocation, [person(1, 0, 4)], row_filter(KEEPER, ["CLEAR"]))
    assert [(f["value"], f["is_suppressed"]) for f in figures] == [(4, False)]
    assert {(c["at_least"], c["at_most"], c["told_most"], c["suppressed"]) for c in cells} == {(4, 4, 4, 0)}
    figures, cells = public(allocation, [person(1, 0, 4)], READER)
    assert [(f["value"], f["is_suppressed"]) for f in figures] == [(None, True)]
    assert {(c["at_least"], c["at_most"], c["suppressed"]) for c in cells} == {(1, 9, 1)}
