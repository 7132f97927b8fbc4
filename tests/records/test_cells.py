"""Cells as people write them: what is read, what is refused, and that nothing is guessed."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.records.cells import clean_text, parse_bool, parse_count, parse_date, parse_month, parse_number

NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1 234,5", "1234.5"),
        (f"1{NARROW}234{NO_BREAK}567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("(300)", "-300"),
        ("−5", "-5"),
        ("USD 5000", "5000"),
        ("5000 FCFA", "5000"),
        ("€1,5", "1.5"),
        ("١٢٣٤٫٥", "1234.5"),
        ("2.4e+07", "2.4e+07"),
        (3.25, "3.25"),
        (1e7, "10000000"),
        (12, "12"),
    ],
)
def test_numbers_are_read_as_written(cell: Any, number: str) -> None:
    assert parse_number(cell) == Decimal(number)


@pytest.mark.parametrize(
    "cell", ["1,234", "1.234", "12.34.5", "1,2,3", "abc", "1-2", "1.2,3.4", "Infinity", float("nan"), True]
)
def test_a_number_that_can_be_read_in_two_ways_or_none_is_refused(cell: Any) -> None:
    with pytest.raises(ValueError):
        parse_number(cell)


@pytest.mark.parametrize(
    ("cell", "decimal", "number"), [("1.234", ",", "1234"), ("1.234", ".", "1.234"), ("1,234", ",", "1.234")]
)
def test_the_stated_decimal_mark_decides(cell: str, decimal: str, number: str) -> None:
    assert parse_number(cell, decimal) == Decimal(number)


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from([(" ", ","), (NARROW, ","), (".", ","), (",", ".")]))
def test_a_number_printed_with_marks_is_read_back(number: Decimal, marks: tuple[str, str]) -> None:
    thousands, decimal = marks
    text = f"{number:,.2f}".translate(str.maketrans({",": thousands, ".": decimal}))
    assert parse_number(text, decimal) == number


@given(st.integers(0, 10**10), st.sampled_from([" ", NARROW, ".", ",", "'"]))
def test_a_count_is_whole_so_its_marks_are_thousands(count: int, thousands: str) -> None:
    assert parse_count(f"{count:,}".replace(",", thousands)) == count


@pytest.mark.parametrize("cell", ["-5", "2,5", "3.7", 2.5, 1e11, "many"])
def test_a_count_of_people_is_whole_and_not_negative(cell: Any) -> None:
    with pytest.raises(ValueError):
        parse_count(cell)


@pytest.mark.parametrize("cell", [None, "", "  ", "n/a", "N/A", "néant", "NEANT", "-", "#N/A", "(vide)", "غير معروف"])
def test_unknown_value_is_not_zero(cell: Any) -> None:
    assert clean_text(cell) is None
    assert parse_number(cell) is None
    assert parse_count(cell) is None
    assert parse_date(cell) is None
    assert parse_bool(cell) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-03-04", date(2021, 3, 4)),
        ("2021/03/04", date(2021, 3, 4)),
        ("2021-12-15T00:00:00", date(2021, 12, 15)),
        ("03/04/2021", date(2021, 4, 3)),
        ("3.4.21", date(2021, 4, 3)),
        ("03-04-1999", date(1999, 4, 3)),
        ("1 March 2015", date(2015, 3, 1)),
        ("1er août 2021", date(2021, 8, 1)),
        ("12 de", None),
        ("March 1, 2015", date(2015, 3, 1)),
        ("25-déc-21", date(2021, 12, 25)),
        ("٠٣/٠٤/٢٠٢١", date(2021, 4, 3)),
        (44167.0, date(2020, 12, 2)),
        ("44167", date(2020, 12, 2)),
        (datetime(2021, 3, 4, 12), date(2021, 3, 4)),  # noqa: DTZ001 (workbooks know no zone)
        (date(2021, 3, 4), date(2021, 3, 4)),
        (time(0), "nothing"),
        ("04/25/2021", None),
        ("31/02/2021", None),
        ("mars 2021", None),
        (2021.0, None),
        (date(1905, 7, 10), None),
        (12.5, None),
    ],
)
def test_days_are_read_day_first_and_never_guessed(cell: Any, day: Any) -> None:
    if day is None:
        with pytest.raises(ValueError):
            parse_date(cell)
    else:
        assert parse_date(cell) == (None if day == "nothing" else day)


def test_a_stated_pattern_reads_the_month_first() -> None:
    assert parse_date("03/04/2021", "%m/%d/%Y") == date(2021, 3, 4)
    with pytest.raises(ValueError):
        parse_date("25/12/2021", "%m/%d/%Y")


@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y"])
)
def test_a_printed_day_is_read_back(day: date, pattern: str) -> None:
    assert parse_date(day.strftime(pattern)) == day


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_an_excel_serial_is_its_day(day: date) -> None:
    assert parse_date(float((day - date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("02. Février", (None, 2)),
        ("August", (None, 8)),
        (3.0, (None, 3)),
        ("2022-02", (2022, 2)),
        ("mars 2021", (2021, 3)),
        ("ماي", None),
        ("13", None),
    ],
)
def test_months_are_names_or_numbers(cell: Any, month: Any) -> None:
    if month is None:
        with pytest.raises(ValueError):
            parse_month(cell)
    else:
        assert parse_month(cell) == month


@pytest.mark.parametrize(
    ("cell", "truth"), [("Oui", True), ("NON", False), ("نعم", True), (1.0, True), ("0", False), (True, True)]
)
def test_yes_and_no_in_four_languages(cell: Any, truth: bool) -> None:
    assert parse_bool(cell) is truth


def test_perhaps_is_neither_yes_nor_no() -> None:
    with pytest.raises(ValueError):
        parse_bool("peut-être")


@pytest.mark.parametrize(
    ("cell", "text"), [(5.0, "5"), (5.5, "5.5"), (date(2021, 3, 4), "2021-03-04"), (True, "true"), ("  a b ", "a b")]
)
def test_text_of_typed_cells(cell: Any, text: str) -> None:
    assert clean_text(cell) == text
