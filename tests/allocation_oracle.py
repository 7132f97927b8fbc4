"""What allocation must say, in plain Python and apart from the step: loops, fractions, one row at a time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from worlds import PLACES, Row, World

ONE = 10**9
KINDS = dict(
    zip(
        map(str, range(1, 14)),
        [
            "incoming",
            "commitment",
            "disbursement",
            "expenditure",
            "interest_payment",
            "loan_repayment",
            "reimbursement",
            "equity_purchase",
            "equity_sale",
            "credit_guarantee",
            "incoming_commitment",
            "pledge",
            "incoming_pledge",
        ],
        strict=True,
    )
)
#: Kinds of which `chain` says what is told twice.
CHAINED = ("commitment", "disbursement", "expenditure", "pledge")
ACTIVE_FIRST = ["ongoing", "planned", "requested", "completed", "cancelled"]
WORDS = ["site", "admin2", "admin1", "country", "region", "unknown"]
SHOWN_WORD = {0: "country", 1: "admin1", 2: "admin2"}


def half_away(value: Fraction) -> int:
    """Rounded to a whole number, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def spread_of(world: World, record: int, seq: int, framework: str) -> list[tuple[Row, Row, int, int]]:
    """(node row, place row, low, high) of one spread, in the order of node and place."""

    def stated(table: str, at: int) -> list[Row]:
        rows = [r for r in world.rows(table) if r["record_id"] == record and r["transaction_seq"] == at]
        return [r for r in rows if table == "place_share" or r["framework_id"] == framework]

    nodes = stated("node_share", seq) or stated("node_share", -1)
    nodes = nodes or [{"node_id": "UNCLASSIFIED", "share": ONE, "is_confirmed": False, "probability": None}]
    places = stated("place_share", seq) or stated("place_share", -1)
    places = places or [{"place_id": "UNKNOWN", "precision": "unknown", "share": ONE}]
    found, before = [], 0
    for node in sorted(nodes, key=lambda r: str(r["node_id"])):
        upto = 0
        for place in sorted(places, key=lambda r: str(r["place_id"])):
            low = before + half_away(Fraction(node["share"] * upto, ONE))
            upto += place["share"]
            found.append((node, place, low, before + half_away(Fraction(node["share"] * upto, ONE))))
        before += node["share"]
    return found


def own_seqs(world: World, record: int) -> set[int]:
    """Transactions with nodes or places of their own."""
    rows = world.rows("node_share") + world.rows("place_share")
    return {r["transaction_seq"] for r in rows if r["record_id"] == record and r["transaction_seq"] >= 0}


def to_cents(value: Decimal | None) -> int | None:
    """Whole cents, null = unknown."""
    return None if value is None else int(value * 100)


def amounts(world: World, record: int) -> Iterator[tuple[int, int, str, int | None, bool, int | None, int | None]]:
    """(spread, transaction_seq, kind, period, is_unvalued, usd, eur) of each piece of money, not yet summed."""
    own = own_seqs(world, record)
    for t in world.rows("transaction"):
        if t["record_id"] != record:
            continue
        unvalued = t["value_usd"] is None or t["value_eur"] is None
        spread = t["seq"] if t["seq"] in own else -1
        period = t["transaction_date"].year if t["transaction_date"] else None
        kind = KINDS.get(t["type_code"] or "", "unknown")
        row_seq = t["seq"] if unvalued else spread
        yield spread, row_seq, kind, period, unvalued, to_cents(t["value_usd"]), to_cents(t["value_eur"])
    budgets = [b for b in world.rows("budget") if b["record_id"] == record]
    revised = {
        (b["kind"], b["period_start_date"], b["period_end_date"])
        for b in budgets
        if b["type_code"] == "2" and b["period_start_date"] and b["period_end_date"]
    }
    for b in budgets:
        if b["type_code"] != "2" and (b["kind"], b["period_start_date"], b["period_end_date"]) in revised:
            continue
        unvalued = b["value_usd"] is None or b["value_eur"] is None
        for period, below, upto, total in year_parts(b["period_start_date"], b["period_end_date"]):
            usd, eur = (
                None
                if (c := to_cents(b[column])) is None
                else half_away(Fraction(c * upto, total)) - half_away(Fraction(c * below, total))
                for column in ("value_usd", "value_eur")
            )
            yield -1, b["seq"] if unvalued else -1, b["kind"], period, unvalued, usd, eur


def year_parts(begin: date | None, end: date | None) -> Iterator[tuple[int | None, int, int, int]]:
    """(year, days before it, days up to its end, all days) of a budget's period."""
    begin, end = begin or end, end or begin
    if begin is None or end is None or begin > end or end.year - begin.year >= 30:
        yield None, 0, 1, 1
        return
    total = (end - begin).days + 1
    for year in range(begin.year, end.year + 1):
        below = max((date(year, 1, 1) - begin).days, 0)
        yield year, below, min((date(year + 1, 1, 1) - begin).days, total), total


def years_at_work(activity: Row, as_of: date) -> list[int | None]:
    """Calendar years in which the activity is present."""
    start = activity.get("start_actual_date") or activity.get("start_planned_date")
    end = activity.get("end_actual_date") or activity.get("end_planned_date")
    if start is None and end is None:
        return [None]
    first = (start or end).year
    if end is not None:
        last = end.year
    else:
        last = max(first, as_of.year) if activity["state"] in ("ongoing", "planned", "requested") else first
    return list(range(first, last + 1)) if first <= last < first + 40 else [None]


def cut(place: str, level: int) -> tuple[str, str | None]:
    """(place shown, word of its level) in a coarse view; the word is null where the place is kept as it is."""
    if place in ("REGIONAL", "UNKNOWN") or (place not in PLACES and len(place) == 2):
        return place, None
    if place not in PLACES:
        return "UNKNOWN", "unknown"
    while PLACES[place][0] > level:
        place = str(PLACES[place][1])
    return place, SHOWN_WORD[PLACES[place][0]]


def allocate(world: World, frameworks: list[str], as_of: date, threshold: float) -> dict[tuple[Any, ...], Row]:
    """Rows of `out_allocation` by their key."""
    counted = [a for a in world.rows("activity") if a["is_supply"] and (a["is_current"] or a.get("coarse_is_current"))]
    rows: dict[tuple[Any, ...], Row] = {}
    for a in counted:
        record = a["record_id"]
        summed: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [None, None, 0])
        for *key, usd, eur in amounts(world, record):
            entry = summed[tuple(key)]
            for i, c in enumerate((usd, eur)):
                entry[i] = c if entry[i] is None else entry[i] if c is None else entry[i] + c
            entry[2] += 1
        for year in years_at_work(a, as_of):
            summed[(-1, -1, "presence", year, False)] = [None, None, 0]
        again = told_again(world, record)
        for framework in frameworks:
            for (spread, seq, kind, period, unvalued), (usd, eur, count) in summed.items():
                for node, place, low, high in spread_of(world, record, spread, framework):
                    base = {
                        "framework_id": framework,
                        "node_id": node["node_id"],
                        "period": period,
                        "finance_kind": kind,
                        "record_id": record,
                        "transaction_seq": seq,
                        "transactions": count,
                        "is_confirmed": node["is_confirmed"],
                        "is_unvalued": unvalued,
                    }
                    for view in views(counted, a, place):
                        twice = again.get((view["view"], spread, seq, kind, period, unvalued))
                        money = ranges(
                            view["double_risk"], kind, node, {"usd": usd, "eur": eur}, twice, low, high, threshold
                        )
                        put(rows, base | view, money)
    return rows


def told_again(world: World, record: int) -> dict[tuple[Any, ...], Row]:
    """Cents that others tell again, by (view, spread, transaction_seq, kind, period, is_unvalued)."""
    own = own_seqs(world, record)
    found: dict[tuple[Any, ...], Row] = defaultdict(lambda: defaultdict(int))
    for t in (t for t in world.rows("transaction") if t["record_id"] == record):
        unvalued = t["value_usd"] is None or t["value_eur"] is None
        spread = t["seq"] if t["seq"] in own else -1
        period = t["transaction_date"].year if t["transaction_date"] else None
        key = (spread, t["seq"] if unvalued else spread, KINDS.get(t["type_code"] or "", "unknown"), period, unvalued)
        for d in world.rows("double"):
            if (d["record_id"], d["transaction_seq"]) == (record, t["seq"]):
                for column in ("low_usd", "best_usd", "high_usd", "low_eur", "best_eur", "high_eur"):
                    found[(d["view"], *key)][column] += to_cents(d[column]) or 0
    return found


def ranges(
    risk: str,
    kind: str,
    node: Row,
    amount: dict[str, int | None],
    twice: Row | None,
    low: int,
    high: int,
    threshold: float,
) -> Row:
    """Low, best, high and gross in cents of one amount between two bounds."""
    sure = node["is_confirmed"] or node["node_id"] == "UNCLASSIFIED"
    likely = sure or (node["probability"] or 0) >= threshold
    if kind in CHAINED:
        risk = "none"

    def piece(cents: int) -> int:
        return half_away(Fraction(cents * high, ONE)) - half_away(Fraction(cents * low, ONE))

    found: Row = {}
    for currency, cents in amount.items():
        names = [f"{name}_{currency}" for name in ("low", "best", "high", "gross")]
        if cents is None:
            found |= dict.fromkeys(names)
            continue
        most, middle, least = (twice[f"{name}_{currency}"] if twice else 0 for name in ("high", "best", "low"))
        values = [piece(cents - most)]
        for step in (most - middle, middle - least, least):
            values.append(values[-1] + piece(step))
        values[0] = values[0] if sure and risk == "none" else 0
        values[1] = values[1] if likely and risk != "linked" else 0
        found |= dict(zip(names, values, strict=True))
    return found


def views(counted: list[Row], a: Row, place: Row) -> Iterator[Row]:
    """What differs between the precise row and the coarse one."""
    if a["is_current"]:
        yield {
            "view": "precise",
            "place_id": place["place_id"],
            "precision": place["precision"],
            "activity_id": a["activity_id"],
            "org_id": a["org_id"],
            "double_risk": a["double_risk"],
            "marking_key": a["marking_key"],
            "precise_marking_key": None,
            "state": most_active(counted, a, ""),
        }
    if a.get("coarse_is_current"):
        shown, word = cut(place["place_id"], a["coarse_place_level"])
        words = [place["precision"], *([word] if word else [])]
        yield {
            "view": "coarse",
            "place_id": shown,
            "precision": max(words, key=WORDS.index),
            "activity_id": a["coarse_activity_id"],
            "org_id": None if a["is_partner_hidden"] else a["coarse_org_id"],
            "double_risk": a["coarse_double_risk"],
            "marking_key": a["coarse_marking_key"],
            "precise_marking_key": a["marking_key"],
            "state": most_active(counted, a, "coarse_"),
        }


def most_active(counted: list[Row], a: Row, view: str) -> str | None:
    """One state for all views of the activity with the same marking."""
    same = [
        b["state"]
        for b in counted
        if b.get(f"{view}is_current")
        and all(b[f"{view}{name}"] == a[f"{view}{name}"] for name in ("activity_id", "marking_key"))
    ]
    return min((s for s in same if s), key=ACTIVE_FIRST.index, default=None)


def put(rows: dict[tuple[Any, ...], Row], row: Row, money: Row) -> None:
    """Add a row; places that fall together in the coarse view are summed."""
    key = tuple(row[k] for k in KEY)
    old = rows.get(key)
    if old is None:
        rows[key] = row | money
        return
    assert row["view"] == "coarse", f"two precise rows with the key {key}"
    for name, value in money.items():
        old[name] = value if old[name] is None else old[name] + value
    old["precision"] = max(old["precision"], row["precision"], key=WORDS.index)


KEY = (
    "framework_id",
    "node_id",
    "place_id",
    "period",
    "finance_kind",
    "activity_id",
    "record_id",
    "transaction_seq",
    "view",
)
