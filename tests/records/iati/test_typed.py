"""Texts as values: what is accepted, what is not, and that the vector way equals the plain way."""

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.records.iati.codes import codelists, codes
from concerted.records.iati.typed import amounts, dates, decimal_of, flags, langs, numbers, percents, times, wholes


def column(*texts: str | None) -> pa.StringArray:
    return pa.array(texts, pa.string())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234 567,89", "1234567.89"), ("1,234,567.89", "1234567.89"), ("1.234.567,89", "1234567.89"),
        ("1\u00a0234", "1234"), ("1'234'567", "1234567"), ("12,5", "12.5"), ("1,234", None), ("0,234", "0.234"),
        ("1.234", "1.234"), ("+5", "5"), ("- 5", "-5"), (".5", "0.5"), ("1e3", "1E+3"), ("1,2,3", None),
        ("12.34.56", None), ("", None), ("ten", None), ("0x1F", None), ("NaN", None), ("1e999", None),
        ("١٢", None), ("1 23", None), ("$5", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them_and_never_guessed(text: str, value: str | None) -> None:
    assert decimal_of(text) == (None if value is None else Decimal(value))


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)))
def test_amounts_are_exact_to_four_decimals(values: list[Decimal]) -> None:
    wanted = [value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN) for value in values]
    typed = amounts(column(*(f"{value:f}" for value in values)))
    assert typed.array.to_pylist() == wanted
    assert typed.faults == {}


def test_amounts_that_cannot_be_meant_are_null_and_told_apart() -> None:
    typed = amounts(column("1.5", None, "x", "10000000000000", "1 000"))
    assert typed.array.to_pylist() == [Decimal("1.5"), None, None, None, Decimal(1000)]
    assert {code: rows.tolist() for code, rows in typed.faults.items()} == {"value_wrong": [2], "value_absurd": [3]}


@given(st.lists(st.one_of(st.none(), st.dates(date(1901, 1, 1), date(2199, 12, 31)))))
def test_every_day_is_read_as_itself(days: list[date | None]) -> None:
    typed = dates(column(*(None if day is None else day.isoformat() for day in days)))
    assert typed.array.to_pylist() == days
    assert typed.faults == {}


@given(st.text(alphabet="0123456789-TZ:+ ", max_size=14))
def test_a_date_is_what_the_standard_library_reads_in_its_first_ten_characters(text: str) -> None:
    found = dates(column(text)).array[0].as_py()
    if found is not None:
        assert found == date.fromisoformat(text[:10])


@pytest.mark.parametrize(
    "text", ["2021-02-29", "12/05/2021", "2021-1-5", "0012-01-01", "9999-12-31", "2021-01-01x", "2021"]
)
def test_dates_that_cannot_be_meant_are_null_with_their_row(text: str) -> None:
    typed = dates(column("2020-01-01", None, text))
    assert typed.array.to_pylist() == [date(2020, 1, 1), None, None]
    assert typed.faults["date_wrong"].tolist() == [2]


@pytest.mark.parametrize("tail", ["Z", "+02:00", "T10:00:00", "T10:00:00Z", " 10:00", "T23:59:59.999+0200"])
def test_times_and_zones_behind_a_date_are_left_out(tail: str) -> None:
    assert dates(column("2020-02-29" + tail)).array.to_pylist() == [date(2020, 2, 29)]


def test_moments_are_taken_to_utc() -> None:
    typed = times(column("2021-05-26T10:00:00+02:00", "2021-05-26", "2021-05-26T10:00:00Z", "soon"))
    eight = datetime(2021, 5, 26, 8)  # noqa: DTZ001 (the column is UTC without saying so)
    assert typed.array.to_pylist() == [eight, eight.replace(hour=0), eight.replace(hour=10), None]
    assert typed.faults["date_wrong"].tolist() == [3]


def test_percentages_stay_between_0_and_100() -> None:
    typed = percents(column("0", "100", "33,3", "50 %", "-1", "101", "x", None))
    assert typed.array.to_pylist() == [0.0, 100.0, 33.3, 50.0, None, None, None, None]
    assert typed.faults["percent_wrong"].tolist() == [4, 5, 6]


def test_coordinates_keep_all_their_digits() -> None:
    assert numbers(column("50%")).array.to_pylist() == [None]
    assert numbers(column("-0.423316", "+14.1234567", "1e-3")).array.to_pylist() == [-0.423316, 14.1234567, 0.001]


def test_whole_numbers_flags_and_languages() -> None:
    assert wholes(column("7", "-1", "7.0", None)).array.to_pylist() == [7, -1, None, None]
    assert flags(column("1", "TRUE", "0", "false", "yes")).array.to_pylist() == [True, True, False, False, None]
    assert langs(column("FR", "en-GB", "pt_BR", "english", None)).array.to_pylist() == ["fr", "en", "pt", None, None]


def test_codes_off_the_list_are_kept_and_told() -> None:
    typed = codes(column("D", "Disbursement", "3", "77", None), "TransactionType")
    assert typed.array.to_pylist() == ["3", "3", "3", "77", None]
    assert typed.faults["code_unknown"].tolist() == [3]


def test_every_word_stands_for_a_code_on_its_list() -> None:
    for name, codelist in codelists().items():
        assert set(codelist.words.values()) <= codelist.codes, name
