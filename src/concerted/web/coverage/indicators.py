"""How the owner of a strategy will know that a priority has come about: its indicators, as the owner writes them."""

from dataclasses import dataclass

from concerted.web.coverage.filters import Filters
from concerted.web.edition.scope import Scope


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; a value that is not stated is None."""

    name: str
    unit: str | None
    baseline: str | None
    baseline_year: int | None
    target: str | None
    target_year: int | None


#: The language comes from the address, so it is looked up, never pasted.
_NAME = {"fr": "name_fr, name_en, name_ar", "en": "name_en, name_fr, name_ar", "ar": "name_ar, name_fr, name_en"}


def list_indicators(scope: Scope, filters: Filters, node: str, lang: str) -> list[Indicator]:
    """The indicators of a node; a strategy is public, so the viewer's filter has nothing to keep back."""
    rows = scope.edition.rows(
        f"""
        SELECT coalesce({_NAME[lang]}, indicator_id), unit, baseline, baseline_year, target, target_year
        FROM core_node_indicator WHERE framework_id = $framework AND node_id = $node ORDER BY indicator_id""",
        {"framework": filters.framework, "node": node},
    )
    return [Indicator(*row) for row in rows]
