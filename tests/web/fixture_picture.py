"""What the picture would be of the fixture records, summed in plain Python apart from the code under test."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from concerted.model.tables import ALL
from concerted.publish.told import twice_of
from web.fixture_records import COARSE_PLACE, FEW_PEOPLE, Record, org_id


def allocations(record: Record) -> list[dict[str, Any]]:
    """Rows of `out_allocation`: presence, commitment and half of it disbursed, per place and year, for each view."""
    views = [("precise", record.marking, None, record.places, org_id(record.partner))]
    if record.coarse:
        places = tuple(COARSE_PLACE[p] for p in record.places)
        views.append(("coarse", record.coarse, record.marking, places, None))
    rows = []
    for view, key, precise_key, places, org in views:
        for framework, node in (("plan", record.node), ("un-gcts", "p" + str(1 + record.number % 4))):
            for kind in ("presence", "commitment", "disbursement"):
                if kind != "presence" and record.committed is None and record.number != 5:
                    continue
                parts = [(place, year) for place in places for year in record.years]
                for i, (place, year) in enumerate(parts):
                    low, best, high = _range(record, kind, i, len(parts))
                    gross = _gross(record, kind, high)
                    rows.append(
                        {
                            "framework_id": framework,
                            "node_id": node,
                            "place_id": place,
                            "precision": precision_of(place),
                            "period": year,
                            "finance_kind": kind,
                            "activity_id": record.id,
                            "record_id": record.id + 1,
                            "transaction_seq": -1,
                            "transactions": 0 if kind == "presence" else 1,
                            "org_id": org,
                            "state": record.state,
                            "double_risk": record.double_risk,
                            "is_confirmed": record.is_confirmed and node != "UNCLASSIFIED",
                            "is_unvalued": kind != "presence" and record.committed is None,
                            "low_usd": low,
                            "best_usd": best,
                            "high_usd": high,
                            "low_eur": _eur(low),
                            "best_eur": _eur(best),
                            "high_eur": _eur(high),
                            "gross_usd": gross,
                            "gross_eur": _eur(gross),
                            "view": view,
                            "marking_key": key,
                            "precise_marking_key": precise_key,
                        }
                    )
    return rows


def _range(record: Record, kind: str, i: int, parts: int) -> tuple[Decimal | None, ...]:
    if kind == "presence" or record.committed is None:
        return None, None, None
    cents = record.committed * 100 if kind == "commitment" else record.committed * 50
    value = Decimal(cents * (i + 1) // parts - cents * i // parts) / 100
    zero = Decimal("0.00")
    low = zero if record.double_risk != "none" or not record.is_confirmed else value
    best = zero if record.double_risk == "linked" else value
    return low, best, value


def _gross(record: Record, kind: str, high: Decimal | None) -> Decimal | None:
    """All that is told: of what was paid out in some activities, a fifth was certainly told before."""
    is_told_before = kind == "disbursement" and record.number % 5 == 1
    return (high * 5 / 4).quantize(Decimal("0.01")) if high is not None and is_told_before else high


def _eur(value: Decimal | None) -> Decimal | None:
    return None if value is None else (value * Decimal("0.9")).quantize(Decimal("0.01"))


def precision_of(place: str) -> str:
    if place in ("REGIONAL", "UNKNOWN"):
        return {"REGIONAL": "region", "UNKNOWN": "unknown"}[place]
    return {2: "country", 4: "admin1", 6: "admin2"}[len(place)]


def _up(node: str) -> list[str]:
    if node == "UNCLASSIFIED":
        return [node]
    return [node, *([node[0]] if "." in node else []), ALL]


def _places_up(place: str) -> list[str]:
    if place in ("REGIONAL", "UNKNOWN"):
        return [place]
    return [place[:length] for length in (2, 4, 6) if length <= len(place)]


def cube(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`out_cell`, summed in plain Python."""
    money: dict[tuple[Any, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    seen: dict[tuple[Any, ...], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    names = tuple(f"{end}_{c}" for c in ("usd", "eur") for end in ("low", "best", "high", "gross"))
    told = {f"{name}_{c}": at for c in ("usd", "eur") for at, name in ((1, "likely"), (2, "most"))}
    for row in rows:
        for node in _up(row["node_id"]):
            for grain, place, year, org in _grains(row):
                head = (row["framework_id"], grain, node, place, year, org)
                tail = (row["view"], row["marking_key"], row["precise_marking_key"])
                counts = seen[(*head, "ANY", *tail)]
                counts["activities"].add(row["activity_id"])
                counts[row["state"] or "state_unknown"].add(row["activity_id"])
                if row["is_confirmed"]:
                    counts["confirmed"].add(row["activity_id"])
                if row["is_unvalued"]:
                    counts["unvalued"].add(row["activity_id"])
                if row["high_usd"] is not None:
                    sums = money[(*head, row["finance_kind"], *tail)]
                    for name in names:
                        sums[name] += row[name]
                    for name, at in told.items():
                        sums[name] += (twice_of(row, name[-3:]) or (Decimal(0),) * 3)[at]
    keys = (
        "framework_id",
        "grain",
        "node_id",
        "place_id",
        "period",
        "org_id",
        "finance_kind",
        "view",
        "marking_key",
        "precise_marking_key",
    )
    counts_of = (
        "activities",
        "requested",
        "planned",
        "ongoing",
        "completed",
        "cancelled",
        "state_unknown",
        "confirmed",
        "unvalued",
    )
    result = [dict(zip(keys, key, strict=True)) | {c: len(found[c]) for c in counts_of} for key, found in seen.items()]
    return result + [dict(zip(keys, key, strict=True)) | dict(sums) for key, sums in money.items()]


def people(chosen: list[Record], few: tuple[int, ...], need: int) -> dict[str, list[dict[str, Any]]]:
    """Every record reaches 1,200 people; nobody says whether they are the same. The first tells of few people, too."""
    figures, bounds = [], dict[tuple[Any, ...], list[tuple[dict[str, Any], bool]]]()
    for record in chosen:
        own = [_figure(record, "reached", "column", 0, 1200)]
        if record.number == 0:
            own += [
                _figure(record, "targeted", "column", 1, few[0]),
                _figure(record, "reached", "indicator", 1, few[3]),
            ]
        figures += own
        for node in _up(record.node):
            for place in {None, *(up for spot in record.places for up in _places_up(spot))}:
                within = place is None or all(place in _places_up(spot) for spot in record.places)
                sure = within and record.is_confirmed
                for figure in own:
                    bounds.setdefault((node, place, figure["kind"], record.marking), []).append((figure, sure))
    rows = [
        {
            "framework_id": "plan",
            "node_id": node,
            "place_id": place,
            "kind": kind,
            "at_least": max(figure["value"] * sure for figure, sure in found),
            "at_most": sum(figure["value"] for figure, _ in found),
            "told_least": max(figure["told_least"] * sure for figure, sure in found),
            "told_most": sum(figure["told_most"] for figure, _ in found),
            "suppressed": sum(figure["is_suppressed"] for figure, _ in found),
            "figures": len(found),
            "activities": len({figure["activity_id"] for figure, _ in found}),
            "marking_key": marking,
        }
        for (node, place, kind, marking), found in bounds.items()
    ]
    return {"people_figure": figures, "people_bound": rows, "suppressed": _suppressed(chosen[0], need)}


def _figure(record: Record, kind: str, origin: str, seq: int, value: int) -> dict[str, Any]:
    is_few = value < FEW_PEOPLE
    return {
        "record_id": record.id + 1, "activity_id": record.id, "kind": kind, "origin": origin, "seq": seq,
        "value": value, "is_part": False, "is_suppressed": is_few,
        "told_least": 1 if is_few else value, "told_most": FEW_PEOPLE - 1 if is_few else value,
    }  # fmt: skip


def _suppressed(record: Record, need: int) -> list[dict[str, Any]]:
    """What the first record and a need tell of few people, value by value."""
    where = (
        ("core_people", 1, "", "value"),
        ("core_people", 2, "", "value"),
        ("core_indicator", 1, "", "baseline_value"),
        ("core_indicator_period", 1, "", "actual_value"),
        ("core_attribute", -1, "Nombre de femmes", "value"),
    )
    names = ("in_table", "seq", "name", "column")
    bounds = {"record_id": record.id + 1, "least": 1, "most": FEW_PEOPLE - 1}
    told = [dict(zip(names, row, strict=True)) | bounds for row in where]
    return [*told, dict(zip(names, ("core_term", 0, "group", "people"), strict=True)) | bounds | {"record_id": need}]


def unshown() -> list[dict[str, Any]]:
    """What is told of three records that no other table of the fixture holds."""
    cell = {"framework_id": "plan", "node_id": ALL, "place_id": "ML", "marking_key": "CLEAR"}
    return [
        cell | {"finance_kind": "ANY", "records": 3},
        cell | {"finance_kind": "commitment", "high_usd": Decimal("987654.32")},
    ]


def _grains(row: dict[str, Any]) -> Iterable[tuple[str, str | None, int | None, int | None]]:
    yield "node", None, None, None
    yield "node_period", None, row["period"], None
    yield "node_partner", None, None, row["org_id"]
    for place in _places_up(row["place_id"]):
        yield "node_place", place, None, None
        yield "node_place_period", place, row["period"], None
