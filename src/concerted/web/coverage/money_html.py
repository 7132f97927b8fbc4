"""The money band: each kind as a range, certain and possible, on one scale. Kinds are never added together."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from concerted.model.tables import ALL
from concerted.web.coverage.filters import Filters, default_filters
from concerted.web.coverage.told import net_by_kind
from concerted.web.edition.money import Money
from concerted.web.edition.scope import Scope
from concerted.web.ui.formats import plain_range
from concerted.web.ui.labels import kind_of_money

#: Kinds shown first; others are a filter away.
KINDS = ("pledge", "commitment", "disbursement", "expenditure")


@dataclass(frozen=True, slots=True)
class Bar:
    """One kind of money: its range, its drawing, its address."""

    kind: str
    label: str
    money: Money
    drawing: SafeString
    url: str


def money_bars(scope: Scope, filters: Filters) -> list[Bar]:
    """A bar for each kind that has money under the filters."""
    defaults = default_filters(scope.edition)
    net = net_by_kind(scope, filters)
    found = [(kind, net.get(kind, Money())) for kind in KINDS]
    top = max((money.high for _, money in found if money.high), default=None)
    return [
        Bar(
            kind,
            kind_of_money(kind),
            money,
            range_svg(money, top, filters.currency),
            reverse("coverage-cell") + filters.but(kind=kind, node=filters.node or ALL).query(defaults),
        )
        for kind, money in found
        if money.is_known
    ]


def range_svg(money: Money, top: Decimal | None, currency: str) -> SafeString:
    """A range as a bar: certain, possible, and a mark at the best where it is known; `top` is the end of the scale."""

    def share(value: object) -> float:
        return max(0.0, min(100.0, 100 * float(str(value or 0)) / float(str(top or 1))))

    low, high = share(money.low), share(money.high)
    best = (
        ""
        if money.best is None
        else f'<rect class="be" x="{max(share(money.best) - 0.3, 0):.2f}" y="0" width=".6" height="10"/>'
    )
    label = escape(plain_range(money, currency))
    return mark_safe(  # noqa: S308 (numbers of ours, and an escaped label)
        f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f'<rect class="grey" x="0" y="4.5" width="100" height="1"/>'
        f'<rect class="lo" x="0" y="1" width="{low:.2f}" height="8"/>'
        f'<rect class="hi" x="{low:.2f}" y="1" width="{max(high - low, 0):.2f}" height="8"/>'
        f"{best}</svg>"
    )
