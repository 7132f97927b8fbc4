"""What the method page may say of the inputs: only of sources that the viewer sees, and counts only where all is seen.

Enters: a scope. Leaves: the inputs of the edition, without those whose records are hidden, since a name alone would say
that something is there.
"""

from typing import Any

from concerted.web.edition.scope import Scope


def list_inputs(scope: Scope) -> list[dict[str, Any]]:
    """The manifest's entries for visible sources; counts are left out where some of a source's records are hidden."""
    return scope.remember(("inputs",), lambda: _inputs(scope))


def _inputs(scope: Scope) -> list[dict[str, Any]]:
    precise = scope.filter.sql_precise()
    rows = scope.rows(
        f"""
        SELECT source_id, bool_and({precise}) FROM core_activity GROUP BY 1 HAVING bool_or({precise})
        UNION SELECT source_id, true FROM out_quality WHERE {precise}
            AND source_id NOT IN (SELECT source_id FROM core_activity)"""
    )
    is_whole: dict[str, bool] = dict(rows)
    shown = []
    for entry in scope.edition.manifest.get("inputs", []):
        source = entry.get("source_id")
        if source is None:
            if entry.get("kind") in ("boundaries", "population", "events"):
                shown.append(dict(entry))
            continue
        if source in is_whole:
            kept = dict(entry)
            if not is_whole[source]:
                kept |= {"seen": None, "read": None, "set_aside": None, "unread": {}}
            shown.append(kept)
    return shown


def sees_everything(scope: Scope) -> bool:
    """Whether no record of this edition is hidden from the viewer: only then may totals of the build be shown."""
    return scope.filter.permitted == scope.edition.marking_keys
