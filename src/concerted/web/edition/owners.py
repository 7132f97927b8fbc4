"""Whose restricted records an answer holds, by the references of those who report them: for the log, not for a page.

What anybody may see is nobody's to watch over; a coarse view does not say whose it is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from concerted.web.edition.scope import Scope


def restricted_owners(scope: Scope, activity_ids: Iterable[int]) -> tuple[str, ...]:
    """References of those who report a statement on one of these activities that the viewer sees and the public not."""
    ids = tuple(activity_ids)
    if not ids or scope.viewer.is_public:
        return ()
    rows = scope.rows(
        f"""
        SELECT DISTINCT reporting_org_ref FROM core_activity
        WHERE {scope.filter.sql_precise()} AND marking_key <> 'CLEAR' AND reporting_org_ref IS NOT NULL
          AND activity_id IN (SELECT unnest($ids))
        ORDER BY 1""",
        {"ids": ids},
    )
    return tuple(row[0] for row in rows)


def owners_among(scope: Scope, statements: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The same of statements that were read already: all that the viewer sees on some activities, in full."""
    if scope.viewer.is_public:
        return ()
    restricted = (s["reporting_org_ref"] for s in statements if s["marking_key"] != "CLEAR")
    return tuple(sorted({reference for reference in restricted if reference is not None}))
