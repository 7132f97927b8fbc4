"""What changed between two editions, and why: a new or changed input, a changed record, a changed rule.

Enters: two edition folders and a viewer. Leaves: inputs, records and totals that differ, each with its cause.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import duckdb

from concerted.marking import Viewer
from concerted.model.ids import id_text
from concerted.publish.figures import BOUNDS, sum_known
from concerted.publish.shown import UNTOLD, shown_edition_id, visible_inputs
from concerted.publish.visible import RULES, Rule, filter_of, visible_sql
from concerted.store.edition import read_manifest
from concerted.store.query import open_edition, younger_columns

_DERIVED = {
    "core_activity_link",
    "core_place_share",
    "core_label",
    "core_node_share",
    "core_text_language",
    "core_pve_marker",
}
#: Tables that hold what a source said; a statement changed when a row of one of them did.
_SAID = sorted(n for n, rule in RULES.items() if rule in (Rule.STATEMENTS, Rule.CHILDREN) and n not in _DERIVED)
#: Columns that steps add or that move when a file is edited elsewhere: no change of what was said.
_NOT_SAID = {
    "line",
    "activity_id",
    "is_current",
    "validation",
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

#: record_id -> (how to name it, hash of what it says by table).
Fingerprints = dict[int, tuple[dict[str, Any], dict[str, int]]]
Money = tuple[Decimal | None, ...]
#: (framework, node, finance kind) -> record_id -> low, best, high in USD and in EUR, as in `BOUNDS`.
Sums = dict[tuple[str, str, str], dict[int, Money]]


class Cause(Enum):
    """Why the money of a statement in a total moved."""

    INPUT = "input added or removed"
    RECORD = "record added, removed or changed"
    RULE = "rule changed"
    OTHERS = "another record changed how it counts"
    COARSE = "record shown coarsely"


def compare(viewer: Viewer, old: Path, new: Path) -> dict[str, Any]:
    """Differences from `old` to `new`, as far as `viewer` may see the records.

    Returns:
        `old`, `new` (ids of what the viewer sees), `inputs` (added, removed, changed, same count; of those that he
        knows of; a file whose rows have markings of their own is never called changed), `rules` (parameters or code
        that differ), `records` (added, removed, changed with the tables), `totals` (per framework, node and
        finance kind: low, best and high in USD and EUR before and after, `because`: how many statements moved it by
        each cause, see `Cause`, and `moved`: by how much each cause did, null where the amounts are unknown).
    """
    before, after = read_manifest(old), read_manifest(new)
    rules = [rule for rule in _rules(before, after) if viewer.is_keeper or rule["rule"] not in UNTOLD]
    younger = [{(table, c.name) for table, cs in younger_columns(each).items() for c in cs} for each in (old, new)]
    unknown = younger[0] | younger[1]  # what one of them could not say yet is no change of what was said
    with open_edition(old) as a, open_edition(new) as b:
        inputs = _inputs(visible_inputs(viewer, before), visible_inputs(viewer, after))
        ids = [shown_edition_id(viewer, edition, told) for edition, told in ((a, before), (b, after))]
        was, now = _fingerprints(viewer, a, unknown), _fingerprints(viewer, b, unknown)
        totals = _totals(_sums(viewer, a), _sums(viewer, b), _causes(was, now, inputs, bool(rules)))
    return {
        "old": ids[0],
        "new": ids[1],
        "inputs": inputs,
        "rules": rules,
        "records": _records(was, now),
        "totals": totals,
    }


def _inputs(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[str, Any]:
    was, now = ({entry["path"]: entry["sha256"] for entry in entries} for entries in (before, after))
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


def _records(was: Fingerprints, now: Fingerprints) -> dict[str, Any]:
    changed = sorted(r for r in was.keys() & now.keys() if was[r][1] != now[r][1])
    return {
        "added": [now[r][0] for r in sorted(now.keys() - was.keys())],
        "removed": [was[r][0] for r in sorted(was.keys() - now.keys())],
        "changed": [
            now[r][0] | {"tables": sorted(t for t in _SAID if was[r][1].get(t) != now[r][1].get(t))} for r in changed
        ],
    }


def _fingerprints(viewer: Viewer, connection: duckdb.DuckDBPyConnection, unknown: set[tuple[str, str]]) -> Fingerprints:
    """Per visible statement: how to name it, and one hash per table of what it says there.

    Args:
        unknown: (table, column) that are left out.
    """
    found: Fingerprints = {}
    sql, parameters = visible_sql(viewer, connection, "core_activity")
    for record, activity, identifier, path, line in connection.execute(
        f"SELECT record_id, activity_id, identifier, input_path, line FROM ({sql})",
        parameters,
    ).fetchall():
        name = {"activity_id": id_text(activity), "identifier": identifier, "file": path, "line": line}
        found[record] = (name, {})
    for table in _SAID:
        sql, parameters = visible_sql(viewer, connection, table)
        there = [c[0] for c in connection.execute(f"DESCRIBE {table}").fetchall()]
        columns = [name for name in there if name not in _NOT_SAID and (table, name) not in unknown]
        said = ", ".join(f'"{column}"' for column in columns)  # `group` is a column, and a word of SQL
        rows = connection.execute(
            # XOR does not depend on the order of rows; a key column keeps two equal rows from cancelling out.
            f"SELECT record_id, bit_xor(hash({said})) FROM ({sql}) GROUP BY record_id",
            parameters,
        ).fetchall()
        for record, fingerprint in rows:
            found[record][1][table] = fingerprint
    return found


def _causes(was: Fingerprints, now: Fingerprints, inputs: dict[str, Any], has_rules: bool) -> Callable[[int], Cause]:
    """What moved the money of a statement."""
    files = {*inputs["added"], *inputs["removed"]}

    def cause(record: int) -> Cause:
        if record not in was and record not in now:
            return Cause.COARSE
        if record not in was or record not in now:
            name = (now.get(record) or was[record])[0]
            return Cause.INPUT if name["file"] in files else Cause.RECORD
        if was[record][1] != now[record][1]:
            return Cause.RECORD
        return Cause.RULE if has_rules else Cause.OTHERS

    return cause


_SUMS = """
SELECT framework_id, node_id, finance_kind, record_id, {sums}
FROM out_allocation WHERE finance_kind <> 'presence' AND {allowed} GROUP BY ALL
"""


def _sums(viewer: Viewer, connection: duckdb.DuckDBPyConnection) -> Sums:
    """Money per total and statement."""
    allowed = filter_of(viewer, connection)
    rows = connection.execute(
        _SUMS.format(allowed=allowed.sql(), sums=", ".join(f"sum({bound})" for bound in BOUNDS)),
        allowed.parameters if allowed.permitted else {},
    ).fetchall()
    found: Sums = {}
    for framework, node, kind, record, *money in rows:
        found.setdefault((framework, node, kind), {})[record] = tuple(money)
    return found


def _totals(was: Sums, now: Sums, cause: Callable[[int], Cause]) -> list[dict[str, Any]]:
    """Totals in which the money of some statement differs, with how many statements and how much money by cause."""
    moved = []
    for key in sorted(was.keys() | now.keys()):
        before, after = was.get(key, {}), now.get(key, {})
        by_cause: dict[Cause, list[Money]] = {}
        for record in sorted(before.keys() | after.keys()):
            if before.get(record) != after.get(record):
                difference = _difference(before.get(record), after.get(record))
                by_cause.setdefault(cause(record), []).append(difference)
        if by_cause:
            causes = [name for name in Cause if name in by_cause]
            moved.append(
                {
                    **dict(zip(("framework_id", "node_id", "finance_kind"), key, strict=True)),
                    "before": _total(before.values()),
                    "after": _total(after.values()),
                    "because": {name.value: len(by_cause[name]) for name in causes},
                    "moved": {name.value: _total(by_cause[name]) for name in causes},
                }
            )
    return moved


def _difference(before: Money | None, after: Money | None) -> Money:
    """What a statement adds to a total or takes from it; one that is not there has nothing, one unknown is unknown."""
    nothing = (Decimal(0),) * len(BOUNDS)
    return tuple(
        None if old is None or new is None else new - old
        for old, new in zip(before or nothing, after or nothing, strict=True)
    )


def _total(money: Iterable[Money]) -> dict[str, Decimal | None]:
    rows = list(money)
    return {bound: sum_known(row[place] for row in rows) for place, bound in enumerate(BOUNDS)}
