"""The filters as SQL over allocations, the one table that all of the picture is a sum of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from concerted.model.tables import ALL
from concerted.web.coverage.filters import NO_PARTNER, NO_YEAR, Filters


@dataclass(frozen=True)
class Allocated:
    """A FROM clause over `out_allocation a` (with `node_up n`, and `place_up p` where needed), WHERE and parameters."""

    source: str
    where: str
    parameters: dict[str, Any]


def allocated(filters: Filters, nodes: Sequence[str] | None = None, *, rolls_places: bool = False) -> Allocated:
    """The allocations under the filters; money of the chosen kind is `finance_kind = $kind`.

    Args:
        filters: what is shown.
        nodes: nodes with everything below them; None = the filter's node, else the whole framework. What no node claims
            is never in the whole: it is asked for by name, so that a list has the total of the figure that led to it.
        rolls_places: join every place above a row's own, for sums by `p.ancestor_id`.
    """
    chosen = list(nodes) if nodes is not None else [filters.node or ALL]
    parameters: dict[str, Any] = {"framework": filters.framework, "kind": filters.kind, "nodes": chosen}
    conditions = ["a.framework_id = $framework", "n.ancestor_id IN (SELECT unnest($nodes))"]
    if filters.place:
        parameters["place"] = filters.place
        conditions.append("a.place_id = $place" if filters.exact else "p.ancestor_id = $place")
        rolls_places = rolls_places or not filters.exact
    if filters.period == NO_YEAR:
        conditions.append("a.period IS NULL")
    elif filters.period:
        parameters["year"] = filters.year
        conditions.append("a.period = $year")
    if filters.partner == NO_PARTNER:
        conditions.append("a.org_id IS NULL")
    elif filters.partner:
        parameters["org"] = filters.org_id
        conditions.append("a.org_id = $org")
    source = "out_allocation a JOIN node_up n ON n.framework_id = a.framework_id AND n.node_id = a.node_id"
    if rolls_places:
        source += " JOIN place_up p ON p.place_id = a.place_id"
    return Allocated(source, " AND ".join(conditions), parameters)
