"""Step `allocate`: the share of each activity that falls on (node, place, year), with money low, best and high.

Enters: resolved statements, their money, and how they spread over places and nodes. Leaves: `out_allocation`, the one
table of which all of the picture is a group-by. Money adds up to the cent: over nodes and places to the statement's
own sums, over coarse rows to the precise ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.allocate.amounts import budget_amounts, current_budgets, transaction_amounts
from concerted.allocate.findings import findings
from concerted.allocate.kinds import PRESENCE
from concerted.allocate.presence import active_years
from concerted.allocate.spreads import own_spreads, spread_bounds
from concerted.allocate.views import MONEY, coarse_rows, cut_places, one_state
from concerted.codelists.frameworks import Framework
from concerted.model.tables import ON_ACTIVITY, UNCLASSIFIED, full_schema
from concerted.store.exact import from_cents, part
from concerted.store.step import StepResult, Tables

NAME = "allocate"
INPUTS = ("core_activity", "core_transaction", "core_budget", "core_place_share", "core_node_share", "core_place")
OUTPUTS = ("out_allocation",)


@dataclass(frozen=True)
class Params:
    """How shares become rows.

    Attributes:
        as_of: day of the edition; activities without an end last at least until its year.
        frameworks: ids of the frameworks to allocate; none = every one in `core_node_share`.
        best_threshold: calibrated probability from which a suggested node counts in `best`.
        longest_activity_years: an activity of more years has a wrong date; its years are then unknown.
    """

    as_of: date
    frameworks: tuple[str, ...] = ()
    best_threshold: float = 0.5
    longest_activity_years: int = 40


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


def params(context: Context) -> Params:
    """Every framework of the edition is allocated."""
    return Params(context.as_of, tuple(framework.id for framework in context.frameworks))


def run(tables: Tables, params: Params) -> StepResult:
    """Allocate every current statement of supply.

    Low, best and high are three countings of the same shares. High has everything; low leaves out what may be double
    (possible, linked) and suggested nodes; best leaves out what is linked and nodes below the threshold. For money that
    is not negative low <= best <= high; a correction (negative) is counted with the money it corrects.

    Issues: see `allocate.findings`.
    """
    statements = _statements(tables["core_activity"]).cache()
    frameworks = _frameworks(tables["core_node_share"], params.frameworks)
    own = own_spreads(tables["core_node_share"], tables["core_place_share"]).cache()
    bounds = spread_bounds(statements, own, tables["core_node_share"], tables["core_place_share"], frameworks)
    spreads = _with_range(bounds, params.best_threshold).cache()
    transactions = tables["core_transaction"].semi_join(statements, "record_id")
    budgets = tables["core_budget"].semi_join(statements, "record_id")
    years = active_years(statements, params.as_of, params.longest_activity_years)
    amounts = ibis.union(transaction_amounts(transactions, own), budget_amounts(current_budgets(budgets))).cache()
    parts = ibis.union(_money_rows(amounts, spreads), _presence_rows(years, spreads))
    precise = _ranged(parts.inner_join(_precise_views(statements), "record_id"))
    cut = ibis.memtable(cut_places(_places(tables["core_place"])))
    coarse = coarse_rows(_ranged(parts.inner_join(_coarse_views(statements), "record_id")), cut)
    rows = ibis.union(precise, coarse.select(precise.columns))
    finished = rows.mutate(**{name: from_cents(rows[name]) for name in MONEY})
    return StepResult(
        tables={"out_allocation": finished.select(full_schema("allocation").names)},
        issues=[findings(statements.filter("is_current"), transactions, budgets, years, params.as_of)],
    )


def _statements(activity: ir.Table) -> ir.Table:
    """What is counted in one of its views at least: statements of supply that are current there."""
    is_current, is_shown = activity.is_current.fill_null(False), activity.coarse_is_current.fill_null(False)
    counted = activity.mutate(is_current=is_current, coarse_is_current=is_shown)
    counted = counted.filter(counted.is_supply & (counted.is_current | counted.coarse_is_current))
    return counted.select(
        "record_id", "source_id", "input_path", "line", "activity_id", "org_id", "double_risk", "is_current",
        "coarse_activity_id", "coarse_org_id", "coarse_double_risk", "coarse_is_current", "marking_key",
        "coarse_marking_key", "coarse_place_level", "is_partner_hidden", "state", "start_planned_date",
        "start_actual_date", "end_planned_date", "end_actual_date",
    )  # fmt: skip


def _frameworks(node_share: ir.Table, wanted: tuple[str, ...]) -> ir.Table:
    if not wanted:
        return node_share.select("framework_id").distinct()
    return ibis.memtable(pa.table({"framework_id": pa.array(sorted(set(wanted)), pa.string())}))


def _with_range(bounds: ir.Table, threshold: float) -> ir.Table:
    """Spreads with `is_sure` and `is_likely`: whether the node lets money into low and into best.

    UNCLASSIFIED is what nobody suggested anything for: that it stands there is certain.
    """
    is_sure = bounds.is_confirmed.fill_null(False) | (bounds.node_id == UNCLASSIFIED)
    is_likely = is_sure | (bounds.probability >= threshold).fill_null(False)
    return bounds.mutate(is_sure=is_sure, is_likely=is_likely, is_confirmed=bounds.is_confirmed.fill_null(False))


def _precise_views(statements: ir.Table) -> ir.Table:
    """What the precise rows of a statement carry, with the state of their activity under their marking."""
    current = statements.filter("is_current")
    return current.select(
        "record_id",
        "activity_id",
        "org_id",
        "double_risk",
        "marking_key",
        state=one_state(current),
        view=ibis.literal("precise"),
        precise_marking_key=ibis.null("string"),
    )


def _coarse_views(statements: ir.Table) -> ir.Table:
    """The same for the coarse rows, as their own readers know the statement, and the level their places are cut to."""
    shown = statements.filter("coarse_is_current")
    shown = shown.select(
        "record_id",
        "state",
        activity_id="coarse_activity_id",
        org_id=ibis.ifelse(shown.is_partner_hidden.fill_null(False), ibis.null("int64"), shown.coarse_org_id),
        double_risk="coarse_double_risk",
        marking_key="coarse_marking_key",
        view=ibis.literal("coarse"),
        precise_marking_key="marking_key",
        coarse_place_level=shown.coarse_place_level.fill_null(0).cast("int32"),
    )
    return shown.mutate(state=one_state(shown))


_ROW = (
    "record_id", "framework_id", "node_id", "place_id", "precision", "period", "finance_kind", "transaction_seq",
    "transactions", "is_confirmed", "is_unvalued", "is_sure", "is_likely", "usd", "eur",
)  # fmt: skip


def _money_rows(amounts: ir.Table, spreads: ir.Table) -> ir.Table:
    """Each amount on each (node, place) of its spread."""
    placed = spreads.rename(spread_seq="transaction_seq")
    joined = amounts.inner_join(placed, ["record_id", "spread_seq"])
    return joined.mutate(
        usd=part(joined.usd, joined.low, joined.high), eur=part(joined.eur, joined.low, joined.high)
    ).select(_ROW)


def _presence_rows(years: ir.Table, spreads: ir.Table) -> ir.Table:
    """Each active year on each (node, place) of the activity's own spread."""
    own = spreads.filter(spreads.transaction_seq == ON_ACTIVITY)
    nothing = ibis.null("int64")
    joined = years.inner_join(own, "record_id")
    return joined.mutate(
        finance_kind=ibis.literal(PRESENCE),
        transactions=ibis.literal(0, "int64"),
        is_unvalued=ibis.literal(False),
        usd=nothing,
        eur=nothing,
    ).select(_ROW)


def _ranged(rows: ir.Table) -> ir.Table:
    """Rows with low, best and high (cents) instead of one amount; unknown money is unknown in all three."""
    is_alone = rows.double_risk == "none"
    is_linked = rows.double_risk == "linked"
    money = {}
    for currency in ("usd", "eur"):
        amount = rows[currency]
        nothing = amount - amount  # zero, but null where the amount is
        money[f"low_{currency}"] = ibis.ifelse(rows.is_sure & is_alone, amount, nothing)
        money[f"best_{currency}"] = ibis.ifelse(rows.is_likely & ~is_linked, amount, nothing)
        money[f"high_{currency}"] = amount
    return rows.mutate(**money).drop("usd", "eur", "is_sure", "is_likely")


def _places(place: ir.Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = (
        place.select("place_id", "level", "parent_id", "country_code").distinct().to_pyarrow().to_pylist()
    )
    return rows
