"""Step `picture`: what is covered, where a gap is, who is where together, what ends soon, how fresh and sound it is.

Enters: allocations and what they are compared with. Leaves: stored cubes and lists, each row with the marking of its
view, so that a page is a sum over the rows its reader may see.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from concerted.codelists.issues import gain_of_code
from concerted.model.trees import ancestor_chains, parents_and_countries
from concerted.picture.cells import cell_rows
from concerted.picture.cliff import cliff_rows
from concerted.picture.codes import make_codes
from concerted.picture.concentration import concentrations
from concerted.picture.few import suppressed_counts
from concerted.picture.freshness import freshness_rows
from concerted.picture.gains import record_gaps
from concerted.picture.informed import Reported, informed_rows
from concerted.picture.params import Context, Params, params_of
from concerted.picture.people import people_bounds, people_figures
from concerted.picture.quality import quality_rows
from concerted.picture.targets import target_rows
from concerted.store.step import FOUND_ISSUES, WORDS, StepResult, Tables

NAME = "picture"
INPUTS = (
    "out_allocation",
    "core_activity",
    "core_transaction",
    "core_sector",
    "core_participating_org",
    "core_activity_link",
    "core_people",
    "core_indicator",
    "core_indicator_period",
    "core_precedence",
    "core_attribute",
    "core_need",
    "core_offer",
    "core_term",
    "core_place",
    "core_node",
    "core_framework",
    FOUND_ISSUES,
)
OUTPUTS = (
    "out_cell",
    "out_target",
    "out_informed",
    "out_concentration",
    "out_cliff",
    "out_freshness",
    "out_quality",
    "out_people_figure",
    "out_people_bound",
    "out_suppressed",
)


def params(context: Context) -> Params:
    """See `params_of`."""
    return params_of(context)


def unread(_params: object) -> Mapping[str, Sequence[str]]:
    """Columns that change nothing here."""
    return WORDS


def run(tables: Tables, params: Params) -> StepResult:
    """Draw the picture.

    Issues: see `picture.concentration`.
    """
    allocation = tables["out_allocation"]
    supply = tables["core_activity"].filter("is_supply")
    current = supply.filter("is_current")
    node_parents = _node_parents(tables["core_node"])
    place_parents, countries = _place_parents(tables["core_place"])
    codes = make_codes(allocation, node_parents, place_parents, countries)
    concentration, not_listed = concentrations(
        allocation,
        tables["core_activity"],
        tables["core_sector"],
        tables["core_participating_org"],
        tables["core_activity_link"],
        params.as_of,
        params.limits,
    )
    suppressed = suppressed_counts(tables, params.few_people).cache()
    figures = people_figures(
        allocation,
        tables["core_people"],
        tables["core_indicator"],
        tables["core_indicator_period"],
        tables["core_precedence"],
        suppressed,
    ).cache()
    return StepResult(
        tables={
            "out_cell": cell_rows(allocation, codes),
            "out_people_figure": figures,
            "out_people_bound": people_bounds(allocation, figures, codes),
            "out_suppressed": suppressed,
            "out_target": ibis.memtable(_targets(params, node_parents, place_parents)),
            "out_informed": ibis.memtable(_informed(params, supply, allocation, place_parents)),
            "out_concentration": concentration,
            "out_cliff": cliff_rows(allocation, supply, params.as_of, params.horizons),
            "out_freshness": freshness_rows(current, params.as_of),
            "out_quality": quality_rows(
                tables[FOUND_ISSUES],
                tables["core_activity"],
                tables["core_transaction"],
                record_gaps(allocation, _measure(tables["core_framework"])),
                gain_of_code(),
            ),
        },
        issues=[not_listed],
    )


def _node_parents(node: ir.Table) -> dict[tuple[str, str], str | None]:
    rows = node.select("framework_id", "node_id", "parent_id").to_pyarrow().to_pylist()
    return {(row["framework_id"], row["node_id"]): row["parent_id"] for row in rows}


def _place_parents(place: ir.Table) -> tuple[dict[str, str | None], dict[str, str | None]]:
    return parents_and_countries(
        place.select("place_id", "parent_id", "country_code").distinct().to_pyarrow().to_pylist()
    )


def _targets(
    params: Params, node_parents: dict[tuple[str, str], str | None], place_parents: dict[str, str | None]
) -> pa.Table:
    trees: dict[str, dict[str, str | None]] = {}
    for (framework, node), parent in node_parents.items():
        trees.setdefault(framework, {})[node] = parent
    return target_rows(params.costs, trees, place_parents, dict(params.scope))


def _informed(
    params: Params, statements: ir.Table, allocation: ir.Table, place_parents: dict[str, str | None]
) -> pa.Table:
    within: dict[str, list[str]] = {}
    for place, chain in sorted(ancestor_chains(place_parents).items()):
        for up in chain:
            within.setdefault(up, []).append(place)
    return informed_rows(
        params.claims,
        _reported(statements, allocation, params.as_of),
        {place: tuple(sorted({place, *below})) for place, below in within.items()},
        params.as_of,
        params.fresh_from,
    )


def _reported(statements: ir.Table, allocation: ir.Table, as_of: date) -> Reported:
    """Days and years by marking: as many rows as there are sources, years and markings."""
    past = statements.filter(statements.freshness_date <= as_of)
    precise = past.filter(past.is_current).select("source_id", "freshness_date", "marking_key")
    coarse = past.filter(past.coarse_is_current.fill_null(False))
    seen = precise.union(coarse.select("source_id", "freshness_date", marking_key="coarse_marking_key"))
    days = seen.group_by(["source_id", "marking_key"]).aggregate(day=seen.freshness_date.max())
    years: dict[str, list[int]] = {}
    dated = allocation.filter(allocation.period.notnull())
    for row in dated.select("marking_key", "period").distinct().to_pyarrow().to_pylist():
        years.setdefault(row["marking_key"], []).append(row["period"])
    return Reported(
        {(row["source_id"], row["marking_key"]): row["day"] for row in days.to_pyarrow().to_pylist()}, years
    )


def _measure(framework: ir.Table) -> str:
    """The framework in which gaps are measured: the strategy, or the first where there is none."""
    rows = framework.select("framework_id", "is_strategy").to_pyarrow().to_pylist()
    return min(((not row["is_strategy"], row["framework_id"]) for row in rows), default=(True, ""))[1]
