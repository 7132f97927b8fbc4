"""What the step `picture` is told, and how that follows from the build's context.

Place on the way: before picture. Enters: frameworks with their costs and rule, sources with their claims and markings.
Leaves: frozen parameters that are stored with the edition.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import pyarrow as pa

from concerted.codelists.frameworks import CellRule, Framework
from concerted.codelists.frameworks import Cost as FrameworkCost
from concerted.marking.few_people import FEW_PEOPLE
from concerted.picture.cliff import HORIZONS, months_after
from concerted.picture.concentration import LISTED, Limits
from concerted.picture.informed import SourceClaim
from concerted.picture.targets import Cost, StatedCost
from concerted.records.money import add_values
from concerted.records.rates.matrix import rates
from concerted.sources.run import InputReport

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Params:
    """Parameters of the picture.

    Attributes:
        as_of: day of the edition.
        costs: what the strategy says nodes should cost.
        scope: (framework id, place) of frameworks that are for one country.
        claims: what sources say they cover completely.
        fresh_from: reports from this day on are fresh.
        horizons: months within which an end is a cliff.
        limits: how much of a concentration is listed.
        few_people: counts of people below it are not told to the public.
    """

    as_of: date
    fresh_from: date
    costs: tuple[StatedCost, ...] = ()
    scope: tuple[tuple[str, str], ...] = ()
    claims: tuple[SourceClaim, ...] = ()
    horizons: tuple[int, ...] = HORIZONS
    limits: Limits = LISTED
    few_people: int = FEW_PEOPLE


class Context(Protocol):
    """What this step takes from the build's context."""

    @property
    def as_of(self) -> date:
        """Day of the edition."""
        ...

    @property
    def frameworks(self) -> Sequence[Framework]:
        """Frameworks of the edition, the strategy among them."""
        ...

    @property
    def reports(self) -> Sequence[InputReport]:
        """What the inputs say of themselves."""
        ...

    @property
    def few_people(self) -> int:
        """The least number of people that the public is told."""
        ...


def params_of(context: Context) -> Params:
    """Costs of every framework in dollars and euros, and the claims of every source.

    The strategy's own rule says how long a report is fresh.
    """
    rule = next((f.cell_rule for f in context.frameworks if f.is_strategy), CellRule())
    configs = [report.source.config for report in context.reports]
    claims = {
        SourceClaim(
            config.source_id,
            place,
            config.marking.coarse or config.marking.precise,
            claim.period_from,
            claim.period_to,
        )
        for config in configs
        for claim in config.claims
        for place in claim.places
    }
    return Params(
        as_of=context.as_of,
        fresh_from=months_after(context.as_of, -rule.freshness_months),
        costs=tuple(_costs(context.frameworks)),
        scope=tuple((f.id, f.place_id) for f in context.frameworks if f.place_id is not None),
        few_people=context.few_people,
        claims=tuple(sorted(claims, key=lambda c: (c.source_id, c.place_id, str(c.period_from), str(c.period_to)))),
    )


def _costs(frameworks: Iterable[Framework]) -> list[StatedCost]:
    stated = [(f.id, node.id, cost) for f in frameworks for node in f.nodes for cost in node.costs]
    return [
        StatedCost(framework, node, cost.place_id, cost.period, valued, cost.source)
        for (framework, node, cost), valued in zip(stated, _valued([c for _, _, c in stated]), strict=True)
    ]


def _valued(costs: Sequence[FrameworkCost]) -> list[Cost]:
    """Each cost in dollars and euros at the rate of the middle of its year; for a future year at the latest rate.

    A cost in a currency without a rate is stated and unknown: nothing is its low end, and its high end is not known.
    """
    matrix = rates()
    latest = _EPOCH + timedelta(days=matrix.first_day + matrix.per_eur.shape[1] - 1)
    days = [min(date(cost.period, 7, 1), latest) for cost in costs]
    both = [amount for cost in costs for amount in (cost.low, cost.high)]
    table = pa.table(
        {
            "value": pa.array([Decimal(a).quantize(Decimal("0.0001")) for a in both], pa.decimal128(18, 4)),
            "currency": pa.array([cost.currency for cost in costs for _ in range(2)], pa.string()),
            "value_date": pa.array([day for day in days for _ in range(2)], pa.date32()),
        }
    )
    valued = add_values(table)
    usd, eur = valued["value_usd"].to_pylist(), valued["value_eur"].to_pylist()
    return [
        Cost(
            usd[low] if usd[low] is not None else Decimal(0),
            usd[low + 1],
            eur[low] if eur[low] is not None else Decimal(0),
            eur[low + 1],
        )
        for low in range(0, 2 * len(costs), 2)
    ]
