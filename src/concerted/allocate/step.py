"""Step `allocate`: the share of each activity that falls on (node, place, year), with money low, best and high.

Enters: resolved statements, their money, and how they spread over places and nodes. Leaves: `out_allocation`, the one
table of which all of the picture is a group-by. Money adds up to the cent: over nodes and places to the statement's
own sums, over coarse rows to the precise ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.allocate.amounts import budget_amounts, current_budgets, told_twice, transaction_amounts
from concerted.allocate.findings import findings
from concerted.allocate.kinds import CHAINED, KINDS, NUMBER_OF_KIND, PRESENCE
from concerted.allocate.numbers import (
    PRECISIONS,
    RISKS,
    STATES,
    VIEWS,
    Words,
    number,
    numbered_nodes,
    numbered_places,
    words_of,
)
from concerted.allocate.presence import active_years
from concerted.allocate.spreads import own_spreads, spread_bounds
from concerted.allocate.views import MONEY, coarse_rows, cut_places, numbered_cuts, one_state
from concerted.codelists.frameworks import Framework
from concerted.model.tables import ON_ACTIVITY, UNCLASSIFIED, full_schema
from concerted.store.exact import from_cents, part
from concerted.store.precedence import budget_kind, set_aside, transaction_kind, without_aside
from concerted.store.step import WORDS, StepResult, Tables
from concerted.store.words import numbered, word

NAME = "allocate"
INPUTS = (
    "core_activity",
    "core_transaction",
    "core_double",
    "core_budget",
    "core_place_share",
    "core_node_share",
    "core_place",
    "core_precedence",
)
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


def unread(_params: object) -> Mapping[str, Sequence[str]]:
    """Columns that change nothing here."""
    return WORDS


def run(tables: Tables, params: Params) -> StepResult:
    """Allocate every current statement of supply.

    Low, best and high are three countings of the same shares. Gross has every statement's money as often as it is told;
    high leaves out what is certainly told twice, best what is likely, low what is possibly, each where it was spent
    last. Low leaves out suggested nodes as well, and best nodes below the threshold. For money that is not negative
    low <= best <= high <= gross; a correction (negative) is counted with the money it corrects.

    Issues: see `allocate.findings`.
    """
    statements = _statements(tables["core_activity"]).cache()
    places = cut_places(_places(tables["core_place"]))
    words = words_of(
        tables["core_node_share"], params.frameworks, tables["core_place_share"], places, tables["core_activity"]
    )
    nodes = numbered_nodes(tables["core_node_share"], words)
    own = own_spreads(tables["core_node_share"], tables["core_place_share"]).cache()
    bounds = spread_bounds(
        statements, own, nodes, numbered_places(tables["core_place_share"], words), _frameworks(words, params), words
    )
    spreads = _with_range(bounds, params.best_threshold, words).cache()
    aside = set_aside(tables["core_precedence"]).cache()
    transactions = without_aside(tables["core_transaction"].semi_join(statements, "record_id"), aside, transaction_kind)
    budgets = without_aside(tables["core_budget"].semi_join(statements, "record_id"), aside, budget_kind)
    years = active_years(statements, params.as_of, params.longest_activity_years)
    amounts = ibis.union(transaction_amounts(transactions, own), budget_amounts(current_budgets(budgets))).cache()
    twice = told_twice(transactions, own, tables["core_double"]).cache()

    def shown(view: str, statement: ir.Table) -> ir.Table:
        # Joined before there are many rows: of the coarse view that leaves a part only.
        placed = spreads.inner_join(statement, "record_id").cache()
        money = _money_rows(amounts, placed, twice.filter(twice["view"] == view).drop("view"))
        columns = [*_ROW, *(name for name in statement.columns if name != "record_id")]
        return _ranged(ibis.union(*(rows.select(columns) for rows in (*money, _presence_rows(years, placed)))))

    rows = shown("precise", _precise_views(statements, words))
    if statements.coarse_is_current.any().to_pyarrow().as_py():  # in most countries nobody shows anything coarsely
        coarse = coarse_rows(shown("coarse", _coarse_views(statements, words)), numbered_cuts(places, words))
        rows = ibis.union(rows, coarse.select(rows.columns))
    return StepResult(
        tables={"out_allocation": _finished(rows, words)},
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


def _frameworks(words: Words, params: Params) -> ir.Table:
    wanted = [
        number for number, word in enumerate(words.frameworks) if word in params.frameworks or not params.frameworks
    ]
    return ibis.memtable(pa.table({"framework_id": pa.array(wanted, pa.int32())}))


def _finished(rows: ir.Table, words: Words) -> ir.Table:
    """`out_allocation`: money instead of cents, words instead of numbers."""
    lists = {
        "framework_id": words.frameworks, "node_id": words.nodes, "place_id": words.places, "precision": PRECISIONS,
        "finance_kind": KINDS, "state": STATES, "double_risk": RISKS, "view": VIEWS, "marking_key": words.markings,
        "precise_marking_key": words.markings,
    }  # fmt: skip
    told = {name: word(rows[name], known) for name, known in lists.items()}
    told |= {name: from_cents(rows[name]) for name in MONEY}
    return rows.select(**{name: told.get(name, rows[name]) for name in full_schema("allocation").names})


def _with_range(bounds: ir.Table, threshold: float, words: Words) -> ir.Table:
    """Spreads with `is_sure` and `is_likely`: whether the node lets money into low and into best.

    UNCLASSIFIED is what nobody suggested anything for: that it stands there is certain.
    """
    is_sure = bounds.is_confirmed.fill_null(False) | (bounds.node_id == words.nodes.index(UNCLASSIFIED))
    is_likely = is_sure | (bounds.probability >= threshold).fill_null(False)
    return bounds.mutate(is_sure=is_sure, is_likely=is_likely, is_confirmed=bounds.is_confirmed.fill_null(False))


def _precise_views(statements: ir.Table, words: Words) -> ir.Table:
    """What the precise rows of a statement carry, with the state of their activity under their marking."""
    current = numbered(statements.filter("is_current"), marking_key=words.markings)
    return current.select(
        "record_id",
        "activity_id",
        "org_id",
        "marking_key",
        double_risk=number(current.double_risk, RISKS),
        state=one_state(current),
        view=ibis.literal(VIEWS.index("precise"), "int32"),
        precise_marking_key=ibis.null("int32"),
    )


def _coarse_views(statements: ir.Table, words: Words) -> ir.Table:
    """The same for the coarse rows, as their own readers know the statement, and the level their places are cut to."""
    shown = statements.filter("coarse_is_current")
    shown = numbered(shown, marking_key=words.markings, coarse_marking_key=words.markings)
    shown = shown.select(
        "record_id",
        "state",
        activity_id="coarse_activity_id",
        org_id=ibis.ifelse(shown.is_partner_hidden.fill_null(False), ibis.null("int64"), shown.coarse_org_id),
        double_risk=number(shown.coarse_double_risk, RISKS),
        marking_key="coarse_marking_key",
        view=ibis.literal(VIEWS.index("coarse"), "int32"),
        precise_marking_key="marking_key",
        coarse_place_level=shown.coarse_place_level.fill_null(0).cast("int32"),
    )
    return shown.mutate(state=one_state(shown))


#: An amount in cents: once or as often as it is told, and without what is told twice at least, likely, at most.
_AMOUNTS = tuple(f"{name}_{currency}" for currency in ("usd", "eur") for name in ("gross", "most", "likely", "least"))
_ROW = (
    "record_id", "framework_id", "node_id", "place_id", "precision", "period", "finance_kind", "transaction_seq",
    "transactions", "is_confirmed", "is_unvalued", "is_sure", "is_likely", *_AMOUNTS,
)  # fmt: skip


def _money_rows(amounts: ir.Table, placed: ir.Table, twice: ir.Table) -> tuple[ir.Table, ir.Table]:
    """Each amount on each (node, place) of its spread: those told once, and those of which a part is told twice."""
    placed = placed.rename(spread_seq="transaction_seq")
    keys = [name for name in twice.columns if not name.startswith("twice_")]
    same = [amounts[name].identical_to(twice[name]) for name in keys]
    once = amounts.anti_join(twice, same).inner_join(placed, ["record_id", "spread_seq"])
    whole = {c: part(once[c], once.low, once.high) for c in ("usd", "eur")}
    once = once.mutate(**{name: whole[name.rpartition("_")[2]] for name in _AMOUNTS})

    told = twice.rename(**{f"_{name}": name for name in keys})
    touched = amounts.inner_join(told, [amounts[name].identical_to(told[f"_{name}"]) for name in keys])
    touched = touched.inner_join(placed, ["record_id", "spread_seq"])
    cents = {}
    for currency in ("usd", "eur"):
        amount = touched[currency]
        low, best, high = (touched[f"twice_{name}_{currency}"] for name in ("low", "best", "high"))
        # Each is the next smaller one and a part of what lies between: so no rounding turns their order round.
        steps = (("least", amount - high), ("likely", high - best), ("most", best - low), ("gross", low))
        sofar: ir.IntegerValue | None = None
        for name, step in steps:
            piece = part(step, touched.low, touched.high)
            sofar = piece if sofar is None else sofar + piece
            cents[f"{name}_{currency}"] = sofar
    return once, touched.mutate(**cents)


def _presence_rows(years: ir.Table, placed: ir.Table) -> ir.Table:
    """Each active year on each (node, place) of the activity's own spread."""
    own = placed.filter(placed.transaction_seq == ON_ACTIVITY)
    joined = years.inner_join(own, "record_id")
    return joined.mutate(
        finance_kind=ibis.literal(NUMBER_OF_KIND[PRESENCE], "int32"),
        transactions=ibis.literal(0, "int64"),
        is_unvalued=ibis.literal(False),
        **dict.fromkeys(_AMOUNTS, ibis.null("int64")),
    )


def _ranged(rows: ir.Table) -> ir.Table:
    """Rows with low, best, high and gross (cents); unknown money is unknown in all four.

    What is told twice is known for each transaction of the chained kinds; of the other kinds whole statements are left
    out of low, or of low and best.
    """
    is_chained = rows.finance_kind.isin([NUMBER_OF_KIND[kind] for kind in CHAINED])
    is_alone = is_chained | (rows.double_risk == RISKS.index("none"))
    is_linked = ~is_chained & (rows.double_risk == RISKS.index("linked"))
    money = {}
    for currency in ("usd", "eur"):
        gross = rows[f"gross_{currency}"]
        nothing = gross - gross  # zero, but null where the amount is
        money[f"low_{currency}"] = ibis.ifelse(rows.is_sure & is_alone, rows[f"least_{currency}"], nothing)
        money[f"best_{currency}"] = ibis.ifelse(rows.is_likely & ~is_linked, rows[f"likely_{currency}"], nothing)
        money[f"high_{currency}"] = rows[f"most_{currency}"]
    helpers = [name for name in _AMOUNTS if not name.startswith("gross_")]
    return rows.mutate(**money).drop(*helpers, "is_sure", "is_likely")


def _places(place: ir.Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = (
        place.select("place_id", "level", "parent_id", "country_code").distinct().to_pyarrow().to_pylist()
    )
    return rows
