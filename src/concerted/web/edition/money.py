"""Ranges of money in the reader's currency.

Tables hold USD and EUR. XOF is the euro at the parity fixed since 1999, so it needs no table and no rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from concerted.publish.told import twice_sql

#: XOF and XAF per euro (Council decision 98/683/EC of 23 November 1998 and the notices of BCEAO and BEAC).
XOF_PER_EUR = Decimal("655.957")

AMOUNTS = ("low", "best", "high", "gross", "likely", "most")


@dataclass(frozen=True, slots=True)
class Money:
    """A range in one currency; each end is None where nothing is known of it, which is not zero.

    Attributes:
        gross: all that is told, as often as it is told; gross less high is certainly told twice.
        likely, most: told twice, likely and at most.
    """

    low: Decimal | None = None
    best: Decimal | None = None
    high: Decimal | None = None
    gross: Decimal | None = None
    likely: Decimal | None = None
    most: Decimal | None = None

    @property
    def is_known(self) -> bool:
        """Some money has been stated and valued."""
        return self.high is not None

    @property
    def certain(self) -> Decimal | None:
        """What is certainly told twice, and in no end of the range."""
        return None if self.gross is None or self.high is None else self.gross - self.high

    @property
    def is_net(self) -> bool:
        """Something is, or may be, told twice here."""
        return bool(self.certain) or bool(self.most)

    def plus(self, other: "Money") -> "Money":
        """Both together; what is unknown in one is what the other has."""
        parts = ((getattr(self, name), getattr(other, name)) for name in AMOUNTS)
        return Money(*(a if b is None else b if a is None else a + b for a, b in parts))


def money_columns(currency: str) -> tuple[str, str, str]:
    """The three money columns that a currency is read from."""
    suffix = column_suffix(currency)
    return f"low_{suffix}", f"best_{suffix}", f"high_{suffix}"


def money_sums(currency: str, where: str = "TRUE") -> str:
    """Sums over `out_allocation a` under the names of `AMOUNTS`, in the order in which `money_of` takes them."""
    suffix = column_suffix(currency)
    values = (*(f"a.{name}_{suffix}" for name in AMOUNTS[:4]), *twice_sql(suffix))
    return ", ".join(f"sum({value}) FILTER ({where}) AS {name}" for value, name in zip(values, AMOUNTS, strict=True))


def column_suffix(currency: str) -> str:
    """`usd` or `eur`: how columns of a currency end."""
    return "usd" if currency == "USD" else "eur"


def in_currency(value: Decimal | None, currency: str) -> Decimal | None:
    """A value read from such a column, in that currency. Exact, so sums still add up; rounding is for display."""
    return value * XOF_PER_EUR if value is not None and currency == "XOF" else value


def money_of(values: Sequence[Decimal | None], currency: str) -> Money:
    """Low, best and high, and gross and what is told twice where they were asked, as they come out of a query."""
    return Money(*(in_currency(value, currency) for value in values))
