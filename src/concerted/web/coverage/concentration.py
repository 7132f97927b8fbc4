"""Who is where with the same thing: pairs of activities of several partners, and why we ask.

A pair is shown only where both of its activities may be seen, each by its own marking. It is a question to the
partners, never an accusation.
"""

import json
from dataclasses import dataclass
from typing import Any

from concerted.web.coverage.allocated import allocated
from concerted.web.coverage.filters import Filters
from concerted.web.edition.names import organisation_names
from concerted.web.edition.scope import Scope
from concerted.web.registry.titles import activity_titles

MOST = 20


@dataclass(frozen=True, slots=True)
class Pair:
    """Two activities with the same node, place and period."""

    sides: tuple[tuple[int, str | None, str | None], ...]
    reasons: tuple[dict[str, Any], ...]
    score: float


def list_concentrations(scope: Scope, filters: Filters, lang: str) -> list[Pair]:
    """The pairs under the filters, most alike first."""
    kept = filters.but(opened=frozenset(), by="place", q="", state=None)
    return scope.remember(("pairs", kept, lang), lambda: _pairs(scope, kept, lang))


def _pairs(scope: Scope, filters: Filters, lang: str) -> list[Pair]:
    behind = allocated(filters)
    behind.parameters.pop("kind")
    source = behind.source.replace("out_allocation a", "out_concentration a", 1)
    precise = scope.filter.sql_precise
    rows = scope.rows(
        f"""
        SELECT a.activity_id, a.other_activity_id, min(a.org_id), min(a.other_org_id), min(a.reasons), max(a.score)
        FROM {source}
        WHERE {behind.where} AND {precise("a")} AND {precise("a", "other_marking_key")} AND a.view = 'precise'
        GROUP BY 1, 2 ORDER BY max(a.score) DESC, 1, 2 LIMIT {MOST}""",
        behind.parameters,
    )
    titles = activity_titles(scope, (i for row in rows for i in row[:2]), lang)
    names = organisation_names(scope, (i for row in rows for i in row[2:4]), lang)
    found = []
    for first, second, org, other_org, reasons, score in rows:
        if first not in titles or second not in titles:
            continue
        sides = tuple((i, titles[i][0], names.get(o)) for i, o in ((first, org), (second, other_org)))
        found.append(Pair(sides, tuple(json.loads(reasons or "[]")), score))
    return found
