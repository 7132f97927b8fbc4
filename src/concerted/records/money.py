"""Money valued in US dollars and euros at the rate of its day.

Place on the way: step 2, called by every reader for its `budget` and `transaction` rows. In go amounts as the source
gave them, with currency and day; out come value_usd and value_eur, exact to the cent, null where no rate is known.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concerted.model.errors import SchemaError
from concerted.model.tables import TYPES
from concerted.records.rates.matrix import EUR_SCALE, SOURCES, USD_SCALE, Rates, own_currencies, rates

#: The CFA francs of West (XOF) and Central Africa (XAF) have been fixed to the euro at this parity since 1999-01-01.
XOF_PER_EUR = Decimal("655.957")

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_AMOUNTS_PER_CENT = 100  # an amount has four decimals, money two


def add_values(table: pa.Table, date_column: str = "value_date") -> pa.Table:
    """Add value_usd and value_eur, and for transactions rate_date and rate_source.

    Rounded half to even, to the cent, exact. A day without a quote takes the last earlier one within 7 days; after the
    last day of the ECB's file its rates serve for 31 days. Before 1999 or later than that only what needs no quote is
    known: dollars of a dollar amount, euros of a euro amount or of a currency that is fixed to the euro; the other
    value is null, and so is rate_date. Without currency or date, or in a currency that we do not know: null in all
    columns. Null means unknown, not zero.

    Args:
        table: has `value` (decimal(18,4)), `currency` (ISO 4217) and the date column. Older columns of the same names
            are replaced in place. A table with `transaction_date` or `rate_date` also gets rate_date and rate_source.
        date_column: the day whose rate is used.
    Raises:
        SchemaError: a needed column is missing or has another type.
    Source: IATI 2.03, value/@value-date; ECB reference rates; `records/rates/*.csv`.
    """
    value = _column(table, "value", TYPES["amount"])
    currency = _column(table, "currency", pa.string())
    day = _column(table, date_column, pa.date32())
    matrix = rates()
    is_stated = ~_nulls(value)
    rows, days = _find(matrix, currency, day)
    row, column, is_known = _within(matrix, rows, days)
    per_eur, per_usd = matrix.per_eur[row, column], matrix.per_usd[row, column]
    dollar, by_eur = matrix.usd_per_eur[column], per_eur > 0
    is_known &= (by_eur | (per_usd > 0)) & is_stated
    amount = np.where(is_stated, _low_words(value), 0)
    usd = _divide(amount, np.where(by_eur, dollar, USD_SCALE), np.where(by_eur, per_eur, per_usd), is_known)
    eur = _divide(
        amount,
        np.where(by_eur, EUR_SCALE, EUR_SCALE * USD_SCALE),
        np.where(by_eur, per_eur, per_usd * dollar),
        is_known,
    )
    has_usd, has_eur, is_fixed = is_known.copy(), is_known.copy(), np.zeros_like(is_known)
    rest = np.flatnonzero(is_stated & ~is_known & (rows >= 0))
    for own in own_currencies(matrix) if len(rest) else ():  # what needs no quote
        at = rest[(rows[rest] == own.row) & (days[rest] >= own.first_day) & (days[rest] <= own.last_day)]
        if not len(at):
            continue
        values, has = (usd, has_usd) if own.is_dollar else (eur, has_eur)
        values[at] = _divide(amount[at], np.int64(own.scale), np.int64(own.units), np.ones(len(at), np.bool_))
        has[at], is_fixed[at] = True, own.is_fixed
    found: dict[str, pa.Array] = {
        "value_usd": _decimals(usd, has_usd, TYPES["usd"]),
        "value_eur": _decimals(eur, has_eur, TYPES["eur"]),
    }
    if {"transaction_date", "rate_date"} & set(table.column_names):
        unknown = ~is_known
        found["rate_date"] = pa.array(matrix.rate_day[row, column], pa.int32(), mask=unknown).cast(pa.date32())
        names = pa.array(SOURCES, pa.string())
        source = np.where(is_fixed, np.int8(SOURCES.index("peg")), matrix.source[row, column])
        found["rate_source"] = names.take(pa.array(source, pa.int8(), mask=unknown & ~is_fixed))
    for name, array in found.items():
        place = table.schema.get_field_index(name)
        table = table.append_column(name, array) if place < 0 else table.set_column(place, name, array)
    return table


def xof(eur: Decimal | None) -> Decimal | None:
    """Whole CFA francs of an amount in euros, rounded half to even; unknown stays unknown."""
    return None if eur is None else (eur * XOF_PER_EUR).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)


def _column(table: pa.Table, name: str, wanted: pa.DataType) -> pa.Array:
    if name not in table.column_names:
        raise SchemaError(f"money needs a column {name!r}; the table has {table.column_names}")
    column = table[name]
    if pa.types.is_null(column.type):
        column = column.cast(wanted)
    if column.type != wanted:
        raise SchemaError(f"money needs column {name!r} as {wanted}, found {column.type}")
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def _find(matrix: Rates, currency: pa.Array, day: pa.Array) -> tuple[Int64s, Int64s]:
    """Matrix row of each value's currency, and its day from 1970-01-01; row -1 where either is unknown."""
    encoded = currency.dictionary_encode()
    rows = np.array([matrix.row_of.get(name, -1) for name in encoded.dictionary.to_pylist()] + [-1], np.int64)
    row = rows[encoded.indices.fill_null(len(rows) - 1).to_numpy(zero_copy_only=False)]
    days = day.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.where(_nulls(day), -1, row), days


def _within(matrix: Rates, rows: Int64s, days: Int64s) -> tuple[Int64s, Int64s, Bools]:
    """Matrix row and column of each value (0 where there is none), and whether there is one."""
    columns = days - matrix.first_day
    is_known = (rows >= 0) & (columns >= 0) & (columns < matrix.per_eur.shape[1])
    return np.where(is_known, rows, 0), np.where(is_known, columns, 0), is_known


def _divide(amount: Int64s, numerator: Int64s | np.int64, denominator: Int64s | np.int64, is_known: Bools) -> Int64s:
    """Cents of amount x numerator / denominator, half to even, exact.

    The product needs more than 64 bits. So: estimate in floats, then get the estimate's error from the same product
    modulo 2^64, which is exact because the error itself is small, and correct by it.
    """
    amount, divisor = np.where(is_known, amount, 0), np.where(is_known, denominator, 1) * _AMOUNTS_PER_CENT
    estimate = np.rint(amount.astype(np.float64) * numerator / divisor).astype(np.int64)
    doubled = 2 * (amount * numerator - estimate * divisor) + divisor  # wraps, on purpose
    step, rest = np.divmod(doubled, 2 * divisor)
    cents = estimate + step
    even: Int64s = np.where((rest == 0) & (cents % 2 == 1), cents - 1, cents)
    return even


def _nulls(array: pa.Array) -> Bools:
    found: Bools = pc.is_null(array).to_numpy(zero_copy_only=False)
    return found


def _low_words(array: pa.Array) -> Int64s:
    """The low 64 bits of decimal128 values: the whole number, as 18 digits fit 63 bits."""
    if len(array) == 0:
        return np.zeros(0, np.int64)
    words = np.frombuffer(array.buffers()[1], np.int64)
    return words[2 * array.offset : 2 * (array.offset + len(array)) : 2]


def _decimals(units: Int64s, is_known: Bools, type_: pa.DataType) -> Any:
    """A decimal128 array made of whole units; null where not known."""
    words = np.empty((len(units), 2), np.int64)
    words[:, 0] = np.where(is_known, units, 0)
    words[:, 1] = words[:, 0] >> 63
    valid = np.packbits(is_known, bitorder="little")
    return pa.Array.from_buffers(type_, len(units), [pa.py_buffer(valid), pa.py_buffer(words)])
