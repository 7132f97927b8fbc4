"""What the cubes must say, in plain Python and apart from the step: sets of activities and sums, cell by cell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from worlds import PLACES, TREES, Row

STATED = tuple(f"{end}_{c}" for c in ("usd", "eur") for end in ("low", "best", "high", "gross"))
MONEY = (*STATED, *(f"{end}_{c}" for c in ("usd", "eur") for end in ("likely", "most")))
STATES = ("requested", "planned", "ongoing", "completed", "cancelled")
GRAINS = {
    "node": (),
    "node_place": ("place_id",),
    "node_period": ("period",),
    "node_partner": ("org_id",),
    "node_place_period": ("place_id", "period"),
}


def nodes_above(framework: str, node: str) -> list[str]:
    """The node, its ancestors and ALL; UNCLASSIFIED alone."""
    if node == "UNCLASSIFIED":
        return [node]
    found, current = [node], TREES[framework].get(node)
    while current is not None:
        found.append(current)
        current = TREES[framework][current]
    return [*found, "ALL"]


def places_above(place: str) -> list[str]:
    """The place and its ancestors; a place outside the list alone."""
    found, current = [place], PLACES.get(place, (0, None))[1]
    while current is not None:
        found.append(current)
        current = PLACES[current][1]
    return found


def occurrences(row: Row) -> Iterator[tuple[Any, ...]]:
    """Every cell (without kind) in which an allocation row lies."""
    marks = (row["view"], row["marking_key"], row["precise_marking_key"])
    for grain, dimensions in GRAINS.items():
        places = places_above(row["place_id"]) if "place_id" in dimensions else [None]
        for node in nodes_above(row["framework_id"], row["node_id"]):
            for place in places:
                period = row["period"] if "period" in dimensions else None
                org = row["org_id"] if "org_id" in dimensions else None
                yield (row["framework_id"], grain, node, place, period, org, marks)


def told_wider(inside: Mapping[tuple[Any, ...], Mapping[int, Any]], cell: tuple[Any, ...], activity: int) -> bool:
    """Whether whoever sees this row sees the activity in the same cell under a wider marking."""
    *where, (view, marking, _) = cell

    def is_told(*marks: str | None) -> bool:
        return activity in inside.get((*where, marks), {})

    if (view, marking) == ("precise", "CLEAR"):
        return False
    if is_told("precise", "CLEAR", None):
        return True
    is_partners_only = marking == "GREEN" or marking.startswith("AMBER")
    return (view, marking) != ("precise", "GREEN") and is_partners_only and is_told("precise", "GREEN", None)


def twice(row: Row) -> Row:
    """What is told twice of an allocation, likely and at most, in both currencies."""
    found: Row = {}
    for currency in ("usd", "eur"):
        low, best, high, gross = (row[f"{end}_{currency}"] for end in ("low", "best", "high", "gross"))
        if gross is None:
            continue
        if row["is_confirmed"] or row["node_id"] == "UNCLASSIFIED":
            found |= {f"likely_{currency}": gross - best, f"most_{currency}": gross - low}
        else:
            # Low is nothing because nobody confirmed the line, and best too where it is not likely enough.
            kept = best or high
            found |= {f"likely_{currency}": gross - kept, f"most_{currency}": gross - kept}
    return found


def cells(allocation: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """Rows of `out_cell` by (framework, grain, node, place, period, org, marks, kind)."""
    money: dict[tuple[Any, ...], dict[str, Decimal | None]] = {}
    inside: dict[tuple[Any, ...], dict[int, list[Any]]] = defaultdict(dict)
    for row in allocation:
        has_money = row["high_usd"] is not None or row["high_eur"] is not None
        for cell in occurrences(row):
            seen = inside[cell].setdefault(row["activity_id"], [row["state"], False, False])
            assert seen[0] == row["state"], "an activity has one state per marking"
            seen[1] |= row["is_confirmed"]
            seen[2] |= row["is_unvalued"]
            if has_money:
                sums = money.setdefault((*cell, row["finance_kind"]), dict.fromkeys(MONEY))
                for name, value in (row | twice(row)).items():
                    if name in MONEY and value is not None:
                        sums[name] = value if sums[name] is None else sums[name] + value
    found: dict[tuple[Any, ...], Row] = {key: dict(sums) for key, sums in money.items()}
    for cell, activities in inside.items():
        activities = {a: seen for a, seen in activities.items() if not told_wider(inside, cell, a)}
        if not activities:
            continue
        states = [state for state, _, _ in activities.values()]
        found[*cell, "ANY"] = {
            "activities": len(activities),
            **{state: states.count(state) for state in STATES},
            "state_unknown": states.count(None),
            "confirmed": sum(confirmed for _, confirmed, _ in activities.values()),
            "unvalued": sum(unvalued for _, _, unvalued in activities.values()),
        }
    return found
