"""Ranges of money in the reader's currency.

Tables hold USD and EUR. XOF is the euro at the parity fixed since 1999, so it needs no table and no rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

#: XOF and XAF per euro (Council decision 98/683/EC of 23 November 1998 and the notices of BCEAO and BEAC).
XOF_PER_EUR = Decimal("655.957")


@dataclass(frozen=True, slots=True)
class Money:
    """A range in one currency; each end is None where nothing is known of it, which is not zero."""

    low: Decimal | None = None
    best: Decimal | None = None
    high: Decimal | None = None

    @property
    def is_known(self) -> bool:
        """Some money has been stated and valued."""
        return self.high is not None


def money_columns(currency: str) -> tuple[str, str, str]:
    """The three money columns that a currency is read from."""
    suffix = column_suffix(currency)
    return f"low_{suffix}", f"best_{suffix}", f"high_{suffix}"


def column_suffix(currency: str) -> str:
    """`usd` or `eur`: how columns of a currency end."""
    return "usd" if currency == "USD" else "eur"


def in_currency(value: Decimal | None, currency: str) -> Decimal | None:
    """A value read from such a column, in that currency. Exact, so sums still add up; rounding is for display."""
    return value * XOF_PER_EUR if value is not None and currency == "XOF" else value


def money_of(values: Sequence[Decimal | None], currency: str) -> Money:
    """Low, best and high as they come out of a query."""
    return Money(*(in_currency(value, currency) for value in values))
