"""Why a cell has its state: the rule, the figures that it compares, who is informed, and who could tell us more."""

from dataclasses import dataclass

from concerted.codelists.frameworks import CellRule
from concerted.web.coverage.filters import Filters
from concerted.web.coverage.states import Judged, judge
from concerted.web.edition.scope import Scope
from concerted.web.edition.sources import source_names


@dataclass(frozen=True, slots=True)
class Reasons:
    """The state of a cell and what it follows from. `sources` are (id, name) of those that the viewer may know of."""

    verdict: Judged
    rule: CellRule
    sources: tuple[tuple[str, str], ...]


def explain_state(scope: Scope, filters: Filters, node: str, lang: str) -> Reasons | None:
    """The reasons for the state of one cell; None where a state would make no sense."""
    verdict = judge(scope, filters, [node], None).get((node, None))
    if verdict is None or filters.place in ("REGIONAL", "UNKNOWN"):
        return None
    rule = scope.edition.frameworks[filters.framework].rule
    return Reasons(verdict, rule, _claiming_sources(scope, filters))


def _claiming_sources(scope: Scope, filters: Filters) -> tuple[tuple[str, str], ...]:
    """Sources that claim to be complete in the place and of which the viewer sees a statement."""
    rows = scope.rows(
        f"""
        SELECT DISTINCT i.source_id FROM out_informed i
        WHERE i.is_fresh AND {scope.filter.sql_precise("i")} AND ($place IS NULL OR i.place_id = $place)
          AND i.source_id IN (SELECT source_id FROM core_activity WHERE {scope.filter.sql_precise()})
        ORDER BY 1 LIMIT 5""",
        {"place": filters.place},
    )
    names = source_names(scope)
    return tuple((row[0], names.get(row[0], row[0])) for row in rows)
