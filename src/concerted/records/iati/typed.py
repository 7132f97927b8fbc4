"""Texts of IATI as dates, amounts, numbers and flags, a whole column at a time.

Place on the way: step 2. Enters: a string column, null where nothing stands. Leaves: the typed column, null also where
the text cannot be meant, and which rows those are. The usual spelling is parsed by vector operations; the unusual ones
(blanks in numbers, decimal commas, times behind dates) one by one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]

AMOUNT = pa.decimal128(18, 4)
#: No amount of aid is that large; a number that is was typed twice or is no money.
ABSURD = Decimal(10) ** 13
#: Years of aid; 0012, 1900 as "none" and 9999 as "never ends" are no dates.
FIRST_YEAR, LAST_YEAR = 1901, 2199

_PLAIN_AMOUNT = r"^-?[0-9]{1,13}(\.[0-9]{1,10})?$"
_PLAIN_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,20})?$"
_PLAIN_WHOLE = r"^-?[0-9]{1,9}$"
#: What may stand behind a date: a zone or a time with or without one (XML Schema 1.0 part 2, sections 3.2.7 and 3.2.9).
_AFTER_DATE = re.compile(r"(Z|[+-]\d\d:?\d\d)?|[T ]\d\d(:?\d\d){0,2}([.,]\d+)?\s?(Z|[+-]\d\d(:?\d\d)?)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}([ ,.'\u2019])\d{3}(\1\d{3})*([.,]\d+)?")
#: Thousands in one country, decimals in another: not guessed. With a point it is what XML Schema means by it.
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True)
class Typed:
    """A typed column and, by issue code, the rows whose text could not be used."""

    array: pa.Array
    faults: dict[str, Ints] = field(default_factory=dict)


def dates(texts: pa.StringArray) -> Typed:
    """Days (date32) of `YYYY-MM-DD`, with or without a time or zone behind it, which are left out.

    Issues:
        date_wrong: another order or spelling (day first is not guessed), no such day, a year outside 1901 to 2199.
    """
    offsets, data = buffers_of(texts)
    length = np.diff(offsets)
    rows = np.flatnonzero(length >= 10)
    characters = data[offsets[rows][:, None] + np.arange(10)].astype(np.int64) - ord("0")
    digits = characters[:, [0, 1, 2, 3, 5, 6, 8, 9]]
    good = ((digits >= 0) & (digits <= 9)).all(axis=1) & (characters[:, [4, 7]] == ord("-") - ord("0")).all(axis=1)
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month, day = digits[:, 4:6] @ np.array([10, 1]), digits[:, 6:] @ np.array([10, 1])
    good &= (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good &= day <= _MONTH_DAYS[np.where(good, month, 0)] + ((month == 2) & is_leap)
    for i in np.flatnonzero(good & (length[rows] > 10)).tolist():
        good[i] = _AFTER_DATE.fullmatch(texts[int(rows[i])].as_py(), 10) is not None
    valid = np.zeros(len(texts), bool)
    valid[rows[good]] = True
    days = np.zeros(len(texts), "datetime64[D]")
    months = ((year[good] - 1970) * 12 + month[good] - 1).astype("datetime64[M]")
    days[rows[good]] = months.astype("datetime64[D]") + (day[good] - 1)
    array = pa.array(days.astype(np.int32), mask=~valid).cast(pa.date32())
    return Typed(array, _faults(date_wrong=np.flatnonzero((length > 0) & ~valid)))


def times(texts: pa.StringArray) -> Typed:
    """Moments (timestamp in microseconds, UTC) of ISO 8601; without a zone they are taken as UTC.

    Issues:
        date_wrong: no such moment.
    """
    return _one_by_one(texts, _moment, pa.timestamp("us"), "date_wrong")


def amounts(texts: pa.StringArray) -> Typed:
    """Money as decimal(18,4); more decimals are rounded half to even.

    Accepted beside `-1234.56`: groups of thousands parted by blank, comma, point or apostrophe, a decimal comma, an
    exponent. `1,234` is not guessed: it may be either.

    Issues:
        value_wrong: no number.
        value_absurd: 10^13 or more.
    """
    plain = np.asarray(pc.match_substring_regex(texts, _PLAIN_AMOUNT).fill_null(False))
    odd = np.flatnonzero(~plain & _given(texts))
    if not len(odd):
        return Typed(_rounded(texts))
    values: list[Decimal | None] = []
    wrong, absurd = [], []
    for row in odd.tolist():
        value = decimal_of(texts[row].as_py())
        if value is None:
            wrong.append(row)
        elif abs(value) >= ABSURD:
            absurd.append(row)
            value = None
        else:
            value = value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
        values.append(value)
    mask = np.zeros(len(texts), bool)
    mask[odd] = True
    base = _rounded(pc.if_else(pa.array(mask), None, texts))
    array = pc.replace_with_mask(base, pa.array(mask), pa.array(values, AMOUNT))
    return Typed(array, _faults(value_wrong=np.array(wrong, np.int64), value_absurd=np.array(absurd, np.int64)))


def numbers(texts: pa.StringArray, unit: str = "") -> Typed:
    """Numbers (float64), with a decimal comma, and `unit` behind them, where somebody wrote one.

    Issues:
        value_wrong: no number.
    """
    plain = np.asarray(pc.match_substring_regex(texts, _PLAIN_NUMBER).fill_null(False))
    odd = np.flatnonzero(~plain & _given(texts))
    if not len(odd):
        return Typed(texts.cast(pa.float64()))
    found = [decimal_of(texts[row].as_py().rstrip(f"{unit} ")) for row in odd.tolist()]
    mask = np.zeros(len(texts), bool)
    mask[odd] = True
    base = pc.if_else(pa.array(mask), None, texts).cast(pa.float64())
    values = pa.array([None if value is None else float(value) for value in found], pa.float64())
    array = pc.replace_with_mask(base, pa.array(mask), values)
    return Typed(array, _faults(value_wrong=odd[[value is None for value in found]]))


def percents(texts: pa.StringArray) -> Typed:
    """Percentages from 0 to 100 (float64).

    Issues:
        percent_wrong: no number, or outside 0 to 100.
    """
    read = numbers(texts, "%")
    out = np.asarray(pc.or_(pc.less(read.array, 0.0), pc.greater(read.array, 100.0)).fill_null(False))
    wrong = np.union1d(np.flatnonzero(out), read.faults.get("value_wrong", np.zeros(0, np.int64)))
    array = pc.if_else(pa.array(out), None, read.array) if out.any() else read.array
    return Typed(array, _faults(percent_wrong=wrong))


def wholes(texts: pa.StringArray) -> Typed:
    """Whole numbers (int32).

    Issues:
        value_wrong: no whole number of at most nine digits.
    """
    plain = np.asarray(pc.match_substring_regex(texts, _PLAIN_WHOLE).fill_null(False))
    wrong = np.flatnonzero(~plain & _given(texts))
    kept = pc.if_else(pa.array(plain), texts, None) if len(wrong) else texts
    return Typed(kept.cast(pa.int32()), _faults(value_wrong=wrong))


def flags(texts: pa.StringArray) -> Typed:
    """Booleans of `1`, `0`, `true`, `false` in any case.

    Issues:
        value_wrong: anything else.
    """
    words = {"1": True, "true": True, "0": False, "false": False}
    return _one_by_one(texts, lambda text: words.get(text.lower()), pa.bool_(), "value_wrong")


def langs(texts: pa.StringArray) -> Typed:
    """Languages as two lower-case letters (ISO 639-1): the part before `-` or `_`.

    Issues:
        lang_unknown: not two letters.
    """
    return _one_by_one(texts, lang_of, pa.string(), "lang_unknown")


def lang_of(text: str) -> str | None:
    """Two lower-case letters of a language tag such as `fr-FR`; None when it has no such beginning."""
    first = re.split(r"[-_]", text, maxsplit=1)[0].lower()
    return first if re.fullmatch(r"[a-z]{2}", first) else None


def decimal_of(text: str) -> Decimal | None:
    """The number that a text means; None when it is none.

    >>> decimal_of("1 234 567,89")
    Decimal('1234567.89')
    """
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if (grouped := _GROUPED.fullmatch(text)) is not None and _is_grouping(text, grouped):
        text = text.replace(grouped[1], "")
    text = text.replace(" ", "") if re.fullmatch(r"[+-] \S+", text) else text
    if _AMBIGUOUS.fullmatch(text) is not None:
        return None
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", text, re.ASCII) is None:
        return None
    return Decimal(text)


def buffers_of(texts: pa.StringArray) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Offsets (one more than rows) and bytes of a string array; the bytes are never empty."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    found = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    return ends, found


def _is_grouping(text: str, found: "re.Match[str]") -> bool:
    """Whether the separator parts thousands: it stands twice, is no comma or point, or another one follows."""
    sign, decimals = found[1], found[3]
    if sign not in ",.":
        return True
    if decimals is not None:
        return decimals[0] != sign
    return text.count(sign) > 1


def _rounded(texts: pa.StringArray) -> pa.Array:
    wide = texts.cast(pa.decimal128(26, 10))
    return pc.round(wide, ndigits=4, round_mode="half_to_even").cast(AMOUNT)


def _one_by_one(texts: pa.StringArray, parse: Callable[[str], Any], type_: pa.DataType, code: str) -> Typed:
    """Parse each distinct text once."""
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    parsed = [parse(text) for text in distinct]
    if parsed == distinct:
        return Typed(texts)
    array = pa.array(parsed, type_).take(encoded.indices)
    if None not in parsed:
        return Typed(array)
    return Typed(array, _faults(**{code: np.flatnonzero(_given(texts) & ~_given(array))}))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1) if len(text) > 10 else text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None)


def _given(array: pa.Array) -> npt.NDArray[np.bool_]:
    given: npt.NDArray[np.bool_] = np.asarray(array.is_valid())
    return given


def _faults(**rows: Ints) -> dict[str, Ints]:
    return {code: found for code, found in rows.items() if len(found)}
