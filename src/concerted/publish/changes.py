"""What changed between two editions, and why: a new or changed input, a changed record, a changed rule.

Enters: two edition folders and a viewer. Leaves: inputs, records and totals that differ, each with its cause.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from concerted.marking import Viewer
from concerted.model.ids import id_text
from concerted.publish.visible import RULES, Rule, filter_of, visible_sql
from concerted.store.edition import read_manifest
from concerted.store.query import open_edition

#: Tables that hold what a source said; a statement changed when a row of one of them did.
_SAID = sorted(name for name, rule in RULES.items() if rule in (Rule.STATEMENTS, Rule.CHILDREN))
_DERIVED = {
    "core_activity_link",
    "core_place_share",
    "core_label",
    "core_node_share",
    "core_text_language",
    "core_pve_marker",
}
#: Columns that steps add or that move when a file is edited elsewhere: no change of what was said.
_NOT_SAID = {
    "line",
    "activity_id",
    "is_current",
    "org_id",
    "double_risk",
    "freshness_date",
    "provider_org_id",
    "receiver_org_id",
    "provider_activity_id",
    "receiver_activity_id",
    "place_id",
    "precision",
    "located_by",
    "evidence",
}


def compare(viewer: Viewer, old: Path, new: Path) -> dict[str, Any]:
    """Differences from `old` to `new`, as far as `viewer` may see the records.

    Returns:
        `inputs` (added, removed, changed, same count), `rules` (parameters or code that differ), `records` (added,
        removed, changed with the fields), `totals` (per framework, node and finance kind: best before and after, with
        the causes `inputs`, `records`, `rules` that are at work).
    """
    before, after = read_manifest(old), read_manifest(new)
    inputs = _inputs(before, after)
    rules = _rules(before, after)
    with open_edition(old) as a, open_edition(new) as b:
        records = _records(viewer, a, b)
        totals = _totals(viewer, a, b)
    causes = [
        name
        for name, found in (
            ("inputs", inputs["added"] or inputs["removed"]),
            ("records", records["added"] or records["removed"] or records["changed"]),
            ("rules", rules),
        )
        if found
    ]
    for total in totals:
        total["because"] = causes
    return {
        "old": before["edition_id"],
        "new": after["edition_id"],
        "inputs": inputs,
        "rules": rules,
        "records": records,
        "totals": totals,
    }


def _inputs(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    was = {i["path"]: i["sha256"] for i in before["inputs"]}
    now = {i["path"]: i["sha256"] for i in after["inputs"]}
    both = was.keys() & now.keys()
    return {
        "added": sorted(now.keys() - was.keys()),
        "removed": sorted(was.keys() - now.keys()),
        "changed": sorted(p for p in both if was[p] != now[p]),
        "same": sum(was[p] == now[p] for p in both),
    }


def _rules(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    was = before["parameters"] | {"code": before["code"]["hash"]}
    now = after["parameters"] | {"code": after["code"]["hash"]}
    return [
        {"rule": key, "before": was.get(key), "after": now.get(key)}
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    ]


def _records(viewer: Viewer, a: duckdb.DuckDBPyConnection, b: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    was, now = _fingerprints(viewer, a), _fingerprints(viewer, b)
    changed = sorted(r for r in was.keys() & now.keys() if was[r][1] != now[r][1])
    return {
        "added": [now[r][0] for r in sorted(now.keys() - was.keys())],
        "removed": [was[r][0] for r in sorted(was.keys() - now.keys())],
        "changed": [
            now[r][0] | {"tables": sorted(t for t in _SAID if was[r][1].get(t) != now[r][1].get(t))} for r in changed
        ],
    }


def _fingerprints(
    viewer: Viewer, connection: duckdb.DuckDBPyConnection
) -> dict[int, tuple[dict[str, Any], dict[str, int]]]:
    """Per visible statement: how to name it, and one hash per table of what it says there."""
    found: dict[int, tuple[dict[str, Any], dict[str, int]]] = {}
    sql, parameters = visible_sql(viewer, connection, "core_activity")
    for record, activity, identifier, path, line in connection.execute(
        f"SELECT record_id, activity_id, identifier, input_path, line FROM ({sql})",
        parameters,
    ).fetchall():
        name = {"activity_id": id_text(activity), "identifier": identifier, "file": path, "line": line}
        found[record] = (name, {})
    for table in _SAID:
        if table in _DERIVED:
            continue
        sql, parameters = visible_sql(viewer, connection, table)
        columns = [c[0] for c in connection.execute(f"DESCRIBE {table}").fetchall() if c[0] not in _NOT_SAID]
        rows = connection.execute(
            # XOR does not depend on the order of rows; a key column keeps two equal rows from cancelling out.
            f"SELECT record_id, bit_xor(hash({', '.join(columns)})) FROM ({sql}) GROUP BY record_id",
            parameters,
        ).fetchall()
        for record, fingerprint in rows:
            found[record][1][table] = fingerprint
    return found


_TOTALS = """
SELECT framework_id, node_id, finance_kind, sum(low_usd), sum(best_usd), sum(high_usd)
FROM out_allocation WHERE finance_kind <> 'presence' AND {allowed} GROUP BY ALL
"""


def _totals(viewer: Viewer, a: duckdb.DuckDBPyConnection, b: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    def read(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], tuple[Decimal, ...]]:
        allowed = filter_of(viewer, connection)
        rows = connection.execute(
            _TOTALS.replace("{allowed}", allowed.sql()), allowed.parameters if allowed.permitted else {}
        ).fetchall()
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}

    was, now = read(a), read(b)
    nothing = (None, None, None)
    return [
        {
            "framework_id": key[0],
            "node_id": key[1],
            "finance_kind": key[2],
            "before": dict(zip(("low_usd", "best_usd", "high_usd"), was.get(key, nothing), strict=True)),
            "after": dict(zip(("low_usd", "best_usd", "high_usd"), now.get(key, nothing), strict=True)),
        }
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    ]
