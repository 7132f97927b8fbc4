"""What a cell of a sheet says: texts, numbers, dates and truth, as people write them in four languages.

Place on the way: step 2, called by the readers of sheets. One cell enters (a text, or what a workbook typed); a value,
None for "says nothing", or `ValueError` for "says something that cannot be read" leaves. Nothing is guessed: a date or
number that can be read in two ways is read by the stated convention or refused.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from concerted.codelists.sheet_words import fold, sheet_words

Cell = str | float | int | bool | date | datetime | time | timedelta | None

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u200b\ufeff]+")
_CURRENCY = r"f\.?cfa|us\$|[a-z]{3}|[$€£]"
_UNIT = re.compile(rf"^(?:{_CURRENCY})|(?:{_CURRENCY}|%)$", re.IGNORECASE)
#: Excel counts days from 1899-12-30 (so that its invented 29 February 1900 does no harm from March 1900 on).
_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_SERIALS = range(18264, 73051)  # 1950-01-01 .. 2100-01-01; smaller numbers are years or counts
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[T ].*)?$")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[T ].*)?$")
_DAY_MONTH_YEAR = re.compile(r"(?:\w+,? )?(\d{1,2})(?:er|st|nd|rd|th)?[ \-./]*([^\W\d]+)\.?[ \-./,]*(\d{4}|\d{2})$")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")


def clean_text(cell: Cell) -> str | None:
    """The cell as text, blanks trimmed; None when it says nothing (`n/a`, `-`, `néant`, ..).

    Whole floats lose their `.0`, because a workbook keeps every number as a float; dates become ISO 8601.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        text = cell.replace("\x00", "").strip(" \t\r\n\u00a0\u202f\u200b\ufeff")
        # Folding is dear; only short cells can be a word for "nothing".
        return None if not text or (len(text) <= 16 and fold(text) in sheet_words().missing) else text
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def parse_number(cell: Cell, decimal: str | None = None) -> Decimal | None:
    """The number in a cell, exact; None when it says nothing.

    Args:
        cell: `1 234,5`, `1.234.567`, `1,234.50`, `USD 5000`, `(300)` for minus, Arabic-Indic digits, or a typed number.
        decimal: `,` or `.` where the source states it. Without it the last of two different marks is the decimal mark,
            a mark that occurs several times groups thousands, and `1,234` or `1.234` is refused as ambiguous.
    Raises:
        ValueError: not a number, or ambiguous.
    """
    if isinstance(cell, bool):
        raise ValueError("true or false is not a number")
    if isinstance(cell, int | float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            raise ValueError("not a finite number")
        return Decimal(repr(cell)).normalize() if isinstance(cell, float) else Decimal(cell)
    text = clean_text(cell)
    if text is None:
        return None
    text = _SPACES.sub("", text.translate(_DIGITS)).replace("'", "").replace("’", "").replace("−", "-")
    if is_negative := text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    text = _UNIT.sub("", _UNIT.sub("", text))
    text = _with_point(text, decimal)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite():
        raise ValueError("not a finite number")
    return -number if is_negative else number


def parse_count(cell: Cell) -> int | None:
    """A count of people: whole, so that `1,234` and `1.234` can only be thousands.

    Raises:
        ValueError: not a number, negative, or not whole.
    """
    if isinstance(cell, str) and re.fullmatch(r"\s*\d{1,3}([.,\u00a0\u202f ]\d{3})+\s*", cell.translate(_DIGITS)):
        number: Decimal | None = Decimal(re.sub(r"\D", "", cell.translate(_DIGITS)))
    else:
        number = parse_number(cell)
    if number is None:
        return None
    if number < 0 or number != number.to_integral_value():
        raise ValueError("not a whole number from 0")
    if number > 10**10:
        raise ValueError("more people than there are")
    return int(number)


def parse_date(cell: Cell, pattern: str | None = None) -> date | None:
    """The day in a cell; None when it says nothing.

    Day comes before month in `03/04/2021`, as in French, Arabic and British use; a source that writes the month first
    must say so with `pattern`. `mars 2021` is refused: it is no day.

    Args:
        cell: text, a typed date, or an Excel serial number (days since 1899-12-30).
        pattern: a `strptime` pattern such as `%m/%d/%Y`; then nothing else is tried on text.
    Raises:
        ValueError: not a day, or outside 1950 to 2100.
    """
    if isinstance(cell, datetime):
        found: date | None = cell.date()
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, bool | time | timedelta):
        # Excel shows an empty computed date as 00:00:00: it says nothing.
        if isinstance(cell, time) and cell == time(0):
            return None
        raise ValueError("not a day")
    else:
        text = clean_text(cell)
        if text is None:
            return None
        found = _date_from_text(_SPACES.sub(" ", text.translate(_DIGITS)), pattern, isinstance(cell, int | float))
    if found is not None and (year := (found - _EXCEL_DAY_0).days) in range(1950, 2101):
        raise ValueError(f"the year {year} in a cell that is formatted as a date")
    if found is None or not 1950 <= found.year <= 2100:
        raise ValueError("not a day between 1950 and 2100")
    return found


def parse_month(cell: Cell) -> tuple[int | None, int] | None:
    """Year, where it is given, and number of a month (`février`, `02. Février`, `2`, `2022-02`, `mars 2021`).

    Raises:
        ValueError: not a month.
    """
    text = clean_text(cell)
    if text is None:
        return None
    if match := re.fullmatch(r"(\d{4})[-/](\d{1,2})(?:-\d{1,2})?|(\d{1,2})/(\d{4})", text):
        year, number = int(match[1] or match[4]), int(match[2] or match[3])
    else:
        word, year = fold(re.sub(r"^\d+\.?\s+(?=\D)", "", text)), None
        if match := re.fullmatch(r"(\D+) (\d{4})", word):
            word, year = match[1], int(match[2])
        number = sheet_words().months.get(word) or (int(word) if word.isdecimal() else 0)
    if not 1 <= number <= 12:
        raise ValueError("not a month")
    return year, number


def parse_bool(cell: Cell) -> bool | None:
    """Yes or no, in four languages; None when it says nothing.

    Raises:
        ValueError: neither.
    """
    if isinstance(cell, bool):
        return cell
    text = clean_text(cell)
    if text is None:
        return None
    word = fold(text)
    words = sheet_words()
    if word in words.true or word in words.false:
        return word in words.true
    raise ValueError("neither yes nor no")


def _with_point(text: str, decimal: str | None) -> str:
    """`text` with `.` as decimal mark and no thousands marks."""
    if decimal is not None:
        group = "." if decimal == "," else ","
        # A typed workbook number or an English export inside a French file: one point that groups nothing.
        if group in text and not re.fullmatch(rf"[+-]?\d{{1,3}}(\{group}\d{{3}})+(\{decimal}\d*)?", text):
            raise ValueError(f"{group!r} stands where no thousands mark can be, and the decimal mark is {decimal!r}")
        return text.replace(group, "").replace(decimal, ".")
    marks = [c for c in text if c in ".,"]
    if not marks:
        return text
    last = marks[-1]
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            raise ValueError("decimal and thousands marks are mixed up")
        other = "," if last == "." else "."
        return text.replace(other, "").replace(last, ".")
    if len(marks) > 1:
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(\{last}\d{{3}})+", text):
            raise ValueError("thousands marks that group no thousands")
        return text.replace(last, "")
    if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}\{last}\d{{3}}", text):
        raise ValueError("thousands or decimals? state `decimal:` in source.yml")
    return text.replace(",", ".")


def _date_from_text(text: str, pattern: str | None, is_number: bool) -> date | None:
    if re.fullmatch(r"\d{5}", text) and int(text) in _EXCEL_SERIALS:
        return _EXCEL_DAY_0 + timedelta(days=int(text))
    if is_number:
        days = int(float(text))
        return _EXCEL_DAY_0 + timedelta(days=days) if days in _EXCEL_SERIALS else None
    if match := _ISO.match(text):
        return date(*map(int, match.groups()))
    if pattern is not None:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
    if match := _YEAR_FIRST.match(text):
        return date(*map(int, match.groups()))
    if match := _DAY_FIRST.match(text):
        day, month, year = map(int, match.groups())
        if month > 12 >= day:
            raise ValueError("the month seems to come first; state `format:` in source.yml")
        return date(_full_year(year), month, day)
    if match := _DAY_MONTH_YEAR.match(text):
        month_number = sheet_words().months.get(fold(match[2]))
        return date(_full_year(int(match[3])), month_number, int(match[1])) if month_number else None
    if match := _MONTH_DAY_YEAR.match(text):
        month_number = sheet_words().months.get(fold(match[1]))
        return date(int(match[3]), month_number, int(match[2])) if month_number else None
    return None


def _full_year(year: int) -> int:
    return year if year >= 100 else 2000 + year if year < 70 else 1900 + year
