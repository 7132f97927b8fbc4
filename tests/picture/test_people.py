"""People reached: bounds against plain Python on random worlds, and what counts as a figure of people."""

import random
from collections import defaultdict
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.codelists.people_words import counts_people
from concerted.marking.few_people import FEW_PEOPLE
from concerted.model.tables import full_schema
from concerted.picture.codes import make_codes
from concerted.picture.few import suppressed_counts
from concerted.picture.people import people_bounds, people_figures

Row = dict[str, Any]
#: Two pillars with three objectives; a country with two regions and a district.
NODES = {"A": None, "A1": "A", "A2": "A", "B": None, "B1": "B"}
PLACES = {"ML": None, "ML1": "ML", "ML2": "ML", "ML11": "ML1", "NE": None}


def table(name: str, rows: list[Row]) -> Any:
    return ibis.memtable(pa.Table.from_pylist(rows, schema=full_schema(name)))


def bounds(allocation: list[Row], tables: dict[str, list[Row]]) -> tuple[list[Row], list[Row]]:
    """(figures, bounds) as the step makes them."""
    rows = table("allocation", allocation)
    parents = {("f", node): up for node, up in NODES.items()}
    codes = make_codes(rows, parents, PLACES, {place: place[:2] for place in PLACES})
    names = ("people", "indicator", "indicator_period", "precedence")
    others = ("attribute", "need", "offer", "term")
    told = {f"core_{name}": table(name, tables.get(name, [])) for name in (*names, *others)}
    statements = {a["record_id"]: {k: a[k] for k in ("record_id", "activity_id", "marking_key")} for a in allocation}
    told["core_activity"] = table("activity", list(statements.values()))
    hidden = suppressed_counts(told, FEW_PEOPLE).cache()
    figures = people_figures(rows, *(told[f"core_{name}"] for name in names), hidden).cache()
    return figures.to_pyarrow().to_pylist(), people_bounds(rows, figures, codes).to_pyarrow().to_pylist()


def stands(record: int, node: str, place: str, **more: Any) -> Row:
    base = {"framework_id": "f", "node_id": node, "place_id": place, "record_id": record, "activity_id": record}
    base |= {"finance_kind": "presence", "view": "precise", "marking_key": "CLEAR", "is_confirmed": True}
    return base | {"transaction_seq": -1, "period": 2026} | more


def up(parents: dict[str, str | None], name: str) -> set[str]:
    found = set()
    at: str | None = name
    while at is not None:
        found.add(at)
        at = parents.get(at)
    return found


def brute_force(
    allocation: list[Row], people: list[Row]
) -> dict[tuple[str, str | None, str, str], tuple[int, int, int]]:
    """(at least, at most, activities) by (node, place, kind, marking): every cell asked of every figure, one by one."""
    cells = [(n, p) for n in (*NODES, "ALL", "UNCLASSIFIED") for p in (*PLACES, None, "UNKNOWN")]
    result: dict[tuple[str, str | None, str, str], tuple[int, int, int]] = {}
    for node, place in cells:
        least: dict[tuple[str, str], int] = defaultdict(int)
        most: dict[tuple[str, str], int] = defaultdict(int)
        who: dict[tuple[str, str], set[int]] = defaultdict(set)
        for figure in people:
            mine = [a for a in allocation if a["record_id"] == figure["record_id"] and a["view"] == "precise"]
            here = []
            for a in mine:
                nodes = {"UNCLASSIFIED"} if a["node_id"] == "UNCLASSIFIED" else up(NODES, a["node_id"]) | {"ALL"}
                here.append(node in nodes and (place is None or place in up(PLACES, a["place_id"])))
            if not any(here) or figure["kind"] not in ("reached", "targeted"):
                continue
            key = (figure["kind"], mine[0]["marking_key"])
            who[key].add(mine[0]["activity_id"])
            if all(here) and all(a["is_confirmed"] or a["node_id"] == "UNCLASSIFIED" for a in mine):
                least[key] = max(least[key], figure["value"])
            has_all = any(
                p["record_id"] == figure["record_id"] and p["kind"] == figure["kind"] and p["group"] is None
                for p in people
            )
            if figure["group"] is None or not has_all:
                most[key] += figure["value"]
        for key, activities in who.items():
            result[node, place, *key] = (least[key], most[key], len(activities))
    return result


@pytest.mark.slow
@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_bounds_are_those_of_asking_every_cell_of_every_figure(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (not a secret)
    allocation, people = [], []
    for record in range(1, rng.randint(2, 7)):
        activity, marking = rng.randint(1, 4), rng.choice(["CLEAR", "CLEAR", "AMBER:a"])
        spots = {
            (rng.choice([*NODES, "UNCLASSIFIED"]), rng.choice([*PLACES, "UNKNOWN"])) for _ in range(rng.randint(1, 3))
        }
        sure = {node: rng.random() < 0.7 and node != "UNCLASSIFIED" for node in (*NODES, "UNCLASSIFIED")}
        for node, place in sorted(spots):
            for year in rng.choice([(2025,), (2025, 2026), (None,)]):
                row = stands(record, node, place, activity_id=activity, marking_key=marking, period=year)
                allocation.append(row | {"is_confirmed": sure[node]})
        for seq in range(rng.randint(0, 3)):
            group, kind = rng.choice([None, "f", "m"]), rng.choice(["reached", "reached", "targeted", "in_need"])
            value = rng.choice([0, 7, 100, 2_500])
            people.append({"record_id": record, "seq": seq, "kind": kind, "group": group, "value": value})
    _, found = bounds(allocation, {"people": people})
    made = {
        (r["node_id"], r["place_id"], r["kind"], r["marking_key"]): (r["at_least"], r["at_most"], r["activities"])
        for r in found
    }
    assert made == brute_force(allocation, people)


def test_two_projects_of_one_place_are_a_range_and_not_a_sum() -> None:
    allocation = [stands(1, "A1", "ML1"), stands(2, "A1", "ML1")]
    people = [{"record_id": r, "seq": 0, "kind": "reached", "value": v} for r, v in ((1, 300), (2, 200))]
    _, found = bounds(allocation, {"people": people})
    whole = next(r for r in found if r["node_id"] == "ALL" and r["place_id"] is None)
    assert (whole["at_least"], whole["at_most"], whole["activities"]) == (300, 500, 2)


def test_an_indicator_counts_only_where_unit_and_title_say_so_and_a_sentence_is_no_number() -> None:
    indicators = [(0, "1", "Number of women trained"), (1, "2", "Number of women trained"), (2, "1", "Schools built")]
    periods = [
        (0, 0, "1,200", "900"),
        (1, 0, None, "not yet"),
        (2, 1, "55", "40"),
        (3, 2, "7", "5"),
        (4, 0, "1e3", "8.5"),
    ]
    figures, _ = bounds(
        [stands(1, "A1", "ML1")],
        {
            "indicator": [
                {"record_id": 1, "result_seq": 0, "seq": seq, "measure_code": code, "title": title}
                for seq, code, title in indicators
            ],
            "indicator_period": [
                {"record_id": 1, "indicator_seq": i, "seq": seq, "target_value": target, "actual_value": actual}
                for seq, i, target, actual in periods
            ],
        },
    )
    assert {(f["kind"], f["seq"], f["value"]) for f in figures} >= {("targeted", 0, 1200), ("reached", 0, 900)}
    assert {f["seq"] for f in figures if f["kind"] == "reached"} == {0}


def test_a_few_people_are_an_interval_in_what_the_public_is_told_and_counted_for_others() -> None:
    allocation = [stands(1, "A1", "ML1"), stands(2, "A1", "ML1"), stands(3, "A1", "ML1", marking_key="GREEN")]
    people = [{"record_id": r, "seq": 0, "kind": "reached", "value": v} for r, v in ((1, 4), (2, 200), (3, 5))]
    figures, found = bounds(allocation, {"people": people})
    told = {f["record_id"]: (f["is_suppressed"], f["told_least"], f["told_most"]) for f in figures}
    assert told == {1: (True, 1, 9), 2: (False, 200, 200), 3: (False, 5, 5)}
    cells = {r["marking_key"]: r for r in found if r["node_id"] == "ALL" and r["place_id"] is None}
    names = ("at_least", "at_most", "told_least", "told_most", "suppressed", "figures")
    assert [cells["CLEAR"][name] for name in names] == [200, 204, 200, 209, 1, 2]
    assert [cells["GREEN"][name] for name in names] == [5, 5, 5, 5, 0, 1]


def test_who_is_seen_only_in_outline_tells_no_caseload() -> None:
    coarse = stands(1, "A1", "ML1", view="coarse", precise_marking_key="AMBER:a")
    figures, found = bounds([coarse], {"people": [{"record_id": 1, "seq": 0, "kind": "reached", "value": 9}]})
    assert figures == found == []


@pytest.mark.parametrize(
    "title",
    [
        "Number of people reached",
        "Output 1.2a: # of crisis-affected males (18+) who took part",
        "Nombre d’enfants vaccinés",
        "Nombre total de femmes formées",
        "عدد المستفيدين من التدريب",
        "Health workers trained",
        "Nombre de personnes formées",
    ],
)
def test_a_title_that_counts_people(title: str) -> None:
    assert counts_people(title)


@pytest.mark.parametrize(
    "title",
    [
        "Number of women's groups supported",
        "Number of women farmers’ cooperatives created",
        "Percentage of people satisfied",
        "% of girls enrolled",
        "Number of schools for children",
        "Nombre d’organisations de femmes",
        "Nombre de jeunes entreprises créées",
        "Taux de scolarisation des filles",
        "Number of children per desk",
        "Number of people killed",
        "Average number of students",
        "عدد المدارس للاطفال",
        "",
        None,
    ],
)
def test_a_title_that_counts_something_else(title: str | None) -> None:
    assert not counts_people(title)


def test_people_that_their_organisation_counts_from_its_other_source_are_in_no_figure() -> None:
    allocation = [stands(1, "A1", "ML1"), stands(2, "A1", "ML1")]
    people = [{"record_id": r, "seq": 0, "kind": "reached", "value": 10 * r} for r in (1, 2)]
    aside = {"record_id": 2, "subject": "people", "is_counted": False, "other_record_id": 1}
    # Of another subject it says nothing here.
    texts = {"record_id": 1, "subject": "texts", "is_counted": False, "other_record_id": 2}
    figures, found = bounds(allocation, {"people": people, "precedence": [aside, texts]})
    assert [(f["record_id"], f["value"]) for f in figures] == [(1, 10)]
    assert {row["at_most"] for row in found} == {10}
