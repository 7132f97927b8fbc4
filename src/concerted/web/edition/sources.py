"""What the sources of an edition are called: a reader knows a publisher, not the path of a file.

The name is the publisher that `source.yml` states, else the one organisation that reports all of the source's visible
statements; a source with neither has no name and is shown by its id.
"""

from concerted.web.edition.scope import Scope


def source_names(scope: Scope) -> dict[str, str]:
    """Name by id, of the sources of which the viewer sees a statement, and of those whose publisher is stated.

    Ask it only for sources that the viewer may know of: it names, it does not permit.
    """
    return scope.remember(("source names",), lambda: _names(scope))


def source_kinds(scope: Scope) -> dict[str, str]:
    """Kind of reader by source id; of a source with several inputs the first one's."""
    kinds: dict[str, str] = {}
    for entry in scope.edition.manifest.get("inputs", []):
        if entry.get("source_id") and entry.get("kind"):
            kinds.setdefault(entry["source_id"], entry["kind"])
    return kinds


def _names(scope: Scope) -> dict[str, str]:
    rows = scope.rows(
        f"""
        SELECT source_id, min(reporting_org_name) FROM core_activity WHERE {scope.filter.sql_precise()}
        GROUP BY 1 HAVING min(reporting_org_name) = max(reporting_org_name)"""
    )
    names: dict[str, str] = dict(rows)
    for entry in scope.edition.manifest.get("inputs", []):
        if entry.get("source_id") and entry.get("publisher"):
            names[entry["source_id"]] = entry["publisher"]
    return names
