"""Shares over places: they sum to one, whatever is stated, and agree with a plain Python reading of the rules."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.locate.shares import spread_over_places
from concerted.model.tables import ONE, REGIONAL, UNKNOWN
from located import Located, locate, table

Shares = dict[tuple[int, int], dict[str, int]]

PLACED = pa.schema(
    [
        ("record_id", pa.int64()),
        ("place_id", pa.string()),
        ("country_code", pa.string()),
        ("level", pa.int32()),
        ("precision", pa.string()),
        ("pct", pa.float64()),
    ]
)


def spread(records: list[int], recipients: list[dict[str, Any]], placed: list[dict[str, Any]]) -> Shares:
    result = spread_over_places(
        table("activity", [{"record_id": r} for r in records], full=True),
        table("recipient", recipients),
        ibis.memtable(pa.Table.from_pylist(placed, schema=PLACED)),
    )
    found: Shares = defaultdict(dict)
    for row in result.shares.to_pyarrow().to_pylist():
        group = found[row["record_id"], row["transaction_seq"]]
        assert row["place_id"] not in group
        group[row["place_id"]] = row["share"]
    return found


# --- the oracle: the rules once more, one statement at a time, in fractions --------------------------------------


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def cut(whole: int, weights: dict[str, Fraction]) -> dict[str, int]:
    total, running, parts = sum(weights.values()), Fraction(0), {}
    for key in sorted(weights):
        before, running = running, running + weights[key]
        parts[key] = half_up(whole * running / total) - half_up(whole * before / total)
    return parts


def milli(pct: float | None) -> Fraction | None:
    return None if pct is None else Fraction(half_up(Fraction(min(pct, 100.0) * 1000)))


def oracle(recipients: list[dict[str, Any]], spots: list[dict[str, Any]]) -> dict[str, int]:
    members: dict[str, list[Fraction | None]] = defaultdict(list)
    for row in recipients:
        if row["kind"] == "country":
            members[row["code"]].append(milli(row["pct"]))
    regions = [milli(r["pct"]) for r in recipients if r["kind"] == "region"]
    sums = {c: None if None in w else sum(x for x in w if x is not None) for c, w in members.items()}
    if regions:
        region = None if None in regions else sum(x for x in regions if x is not None)
        leaves = sums and None not in sums.values() and sum(sums.values()) < 99_500 and region
        if not members or leaves:
            sums[REGIONAL] = region

    stated_spots = all(s["pct"] is not None for s in spots) and sum(milli(s["pct"]) for s in spots) > 0
    weights: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for s in spots:
        weight = milli(s["pct"]) if stated_spots else Fraction(1)
        if weight:
            weights[s["country_code"]][s["place_id"]] += weight

    total = sum(w for w in sums.values() if w is not None)
    if len(sums) == 1:
        parts = {next(iter(sums)): ONE}
    elif total:
        missing = [c for c, w in sums.items() if w is None]
        left = max(Fraction(0), 100_000 - total)
        parts = cut(ONE, {c: w if w is not None else left / len(missing) for c, w in sums.items()})
    else:
        inside = {s["country_code"] for s in spots if s["level"] > 0 and s["place_id"] in weights[s["country_code"]]}
        if (sums and not set(sums) <= inside) or (not sums and not any(weights.values())):
            return {REGIONAL if sums else UNKNOWN: ONE}
        scope = sums or weights
        return {p: s for p, s in cut(ONE, {p: w for c in scope for p, w in weights[c].items()}).items() if s}
    found: dict[str, int] = {}
    for country, part in parts.items():
        found |= cut(part, weights[country]) if weights[country] else {country: part}
    return {p: s for p, s in found.items() if s}


COUNTRIES = ["ML", "NE", "BF"]
pcts = st.none() | st.sampled_from([0.0, 10.0, 33.33, 50.0, 66.67, 100.0]) | st.floats(0, 150)
recipient_rows = st.fixed_dictionaries(
    {"kind": st.sampled_from(["country", "country", "region"]), "code": st.sampled_from(COUNTRIES), "pct": pcts}
)
spot_rows = st.builds(
    lambda country, number, pct: {
        "country_code": country,
        "place_id": f"{country}{number}" if number else country,
        "level": 1 if number else 0,
        "precision": "admin1" if number else "country",
        "pct": pct,
    },
    st.sampled_from(COUNTRIES),
    st.integers(0, 3),
    pcts,
)
statements = st.lists(
    st.tuples(st.lists(recipient_rows, max_size=5), st.lists(spot_rows, max_size=6)), min_size=1, max_size=40
)


def tables_of(drawn: list[tuple[list[dict[str, Any]], list[dict[str, Any]]]]) -> tuple[list[Any], list[Any]]:
    recipients = [
        {"record_id": n, "transaction_seq": -1, "seq": i, **r}
        for n, (rs, _) in enumerate(drawn)
        for i, r in enumerate(rs)
    ]
    return recipients, [{"record_id": n, **s} for n, (_, spots) in enumerate(drawn) for s in spots]


@settings(deadline=None, max_examples=12)
@given(statements, st.randoms())
def test_shares_sum_to_one_and_agree_with_the_oracle_in_any_order(drawn: list[Any], random: Any) -> None:
    recipients, placed = tables_of(drawn)
    random.shuffle(recipients)
    random.shuffle(placed)
    shares = spread(list(range(len(drawn))), recipients, placed)
    assert {k: sum(v.values()) for k, v in shares.items()} == {(n, -1): ONE for n in range(len(drawn))}
    assert all(share > 0 for group in shares.values() for share in group.values())
    for number, (rows, spots) in enumerate(drawn):
        assert shares[number, -1] == oracle(rows, spots), (rows, spots)


# --- cases by name: statement number, (recipients, names of locations), shares ------------------------------------

SEVENTY, THIRTY = {"name": "Gao", "pct": 70.0}, {"name": "Kidal", "pct": 30.0}
CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, int]]] = {
    "three equal places are cut by rounding the running total": (
        [{"code": "ML"}],
        [{"name": "Gao"}, {"name": "Kidal"}, {"name": "Mopti"}],
        {"ML05": 333_333_333, "ML07": 333_333_334, "ML08": 333_333_333},
    ),
    "a place named twice counts twice": (
        [{"code": "ML"}],
        [{"name": "Gao"}, {"name": "Gao"}, {"name": "Gao"}, {"name": "Kidal"}],
        {"ML07": 750_000_000, "ML08": 250_000_000},
    ),
    "country percentages come first and places split their country": (
        [{"code": "ML", "pct": 60.0}, {"code": "NE", "pct": 40.0}],
        [{"name": "Gao"}, {"name": "Kidal"}],
        {"ML07": 300_000_000, "ML08": 300_000_000, "NE": 400_000_000},
    ),
    "percentages that miss 100 are scaled": (
        [{"code": "ML", "pct": 60.0}, {"code": "NE", "pct": 50.0}],
        [],
        {"ML": 545_454_545, "NE": 454_545_455},
    ),
    "recipients without a percentage share what the others leave": (
        [{"code": "ML", "pct": 50.0}, {"code": "NE"}, {"code": "TD"}],
        [],
        {"ML": 500_000_000, "NE": 250_000_000, "TD": 250_000_000},
    ),
    "several countries without a split are regional, not equal": (
        [{"code": "ML"}, {"code": "NE"}], [{"name": "Gao"}], {REGIONAL: ONE},
    ),
    "several countries with a place in each spread over these places": (
        [{"code": "ML"}, {"code": "NE"}],
        [{"name": "Gao"}, {"name": "Diffa"}],
        {"ML07": ONE // 2, "NE002": ONE // 2},
    ),
    "a region beside countries only says where they lie": (
        [{"code": "ML", "pct": 100.0}, {"kind": "region", "code": "289", "pct": 100.0}], [], {"ML": ONE},
    ),
    "a region takes what countries leave over, once for all vocabularies": (
        [
            {"code": "ML", "pct": 30.0},
            {"kind": "region", "code": "289", "vocabulary_code": "1", "pct": 70.0},
            {"kind": "region", "code": "X", "vocabulary_code": "99", "pct": 70.0},
        ],
        [],
        {"ML": 300_000_000, REGIONAL: 700_000_000},
    ),
    "a region alone is regional": ([{"kind": "region", "code": "289"}], [], {REGIONAL: ONE}),
    "nothing stated is unknown, not a country": ([], [], {UNKNOWN: ONE}),
    "a code that is no country is unknown for its part": (
        [{"code": "ML", "pct": 25.0}, {"code": "QQ", "pct": 75.0}], [], {"ML": 250_000_000, UNKNOWN: 750_000_000},
    ),
    "alpha-3 codes are read, and a region's number as a country is regional": (
        [{"code": "MLI", "pct": 40.0}, {"code": "998", "pct": 60.0}], [], {"ML": 400_000_000, REGIONAL: 600_000_000},
    ),
    "stated percentages of places are kept": (
        [{"code": "ML"}], [SEVENTY, THIRTY], {"ML07": 700_000_000, "ML08": 300_000_000},
    ),
    "countries named only on transactions, all the same, are the country": (
        [{"code": "ML", "transaction_seq": 0}, {"code": "ML", "transaction_seq": 1}], [], {"ML": ONE},
    ),
    "countries named only on transactions, different ones, have an unknown split": (
        [{"code": "ML", "transaction_seq": 0}, {"code": "NE", "transaction_seq": 1}], [], {REGIONAL: ONE},
    ),
    "transactions with recipients do not change the statement's own spread": (
        [
            {"code": "ML", "pct": 50.0},
            {"code": "NE", "pct": 50.0},
            {"code": "ML", "transaction_seq": 4},
            {"kind": "region", "code": "289", "transaction_seq": 5},
        ],
        [{"name": "Gao"}],
        {"ML07": ONE // 2, "NE": ONE // 2},
    ),
}  # fmt: skip
NUMBER = {name: n for n, name in enumerate(CASES)}


@pytest.fixture(scope="module")
def all_cases() -> Located:
    return locate(
        activities=[{"record_id": n} for n in range(len(CASES))],
        recipients=[{"record_id": n, **r} for n, (rs, _, _) in enumerate(CASES.values()) for r in rs],
        locations=[{"record_id": n, **x} for n, (_, xs, _) in enumerate(CASES.values()) for x in xs],
    )


@pytest.mark.parametrize("name", CASES)
def test_shares_of(all_cases: Located, name: str) -> None:
    assert all_cases.shares[NUMBER[name], -1] == CASES[name][2]


def test_transactions_with_recipients_have_shares_of_their_own(all_cases: Located) -> None:
    number = NUMBER["transactions with recipients do not change the statement's own spread"]
    assert all_cases.shares[number, 4] == {"ML07": ONE}
    assert all_cases.shares[number, 5] == {REGIONAL: ONE}


def test_each_share_says_on_what_it_is_based(all_cases: Located) -> None:
    basis = {(r["record_id"], r["place_id"]): (r["basis"], r["precision"]) for r in all_cases.share_rows}
    number = NUMBER["country percentages come first and places split their country"]
    assert basis[number, "ML07"] == ("equal", "admin1")
    assert basis[number, "NE"] == ("stated", "country")
    assert basis[NUMBER["a region alone is regional"], REGIONAL] == ("whole", "region")
    assert basis[NUMBER["nothing stated is unknown, not a country"], UNKNOWN] == ("whole", "unknown")
    assert basis[NUMBER["stated percentages of places are kept"], "ML07"] == ("stated", "admin1")


def test_percentages_that_do_not_add_up_are_said(all_cases: Located) -> None:
    said = {(i["record_id"], i["code"], i["values"]) for i in all_cases.issues}
    assert said == {
        (NUMBER["percentages that miss 100 are scaled"], "share_sum", '{"sum": "110.000"}'),
        (NUMBER["recipients without a percentage share what the others leave"], "share_partial", '{"sum": "50.000"}'),
        (NUMBER["a code that is no country is unknown for its part"], "country_unknown", '{"found": "QQ"}'),
        (
            NUMBER["alpha-3 codes are read, and a region's number as a country is regional"],
            "country_unknown",
            '{"found": "998"}',
        ),
    }
