"""Open a figure: from a cell or a total to its allocations, statements, files and lines, and the rule behind each.

Enters: an edition, a viewer, what the figure is about. Leaves: the total and the rows that sum to it to the cent.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from concerted.allocate.kinds import CHAINED, KIND_OF_TYPE, UNKNOWN_KIND
from concerted.marking import RowFilter, Viewer
from concerted.model.errors import ConfigError
from concerted.model.ids import id_text
from concerted.model.tables import ALL, REGIONAL, UNCLASSIFIED, UNKNOWN
from concerted.publish.chain import Asked
from concerted.publish.figure import Figure
from concerted.publish.people import people_of
from concerted.publish.shown import shown_edition_id
from concerted.publish.told import twice_of
from concerted.publish.visible import filter_of
from concerted.publish.walk import step_row, told_before, walk
from concerted.store.edition import read_manifest
from concerted.store.query import open_edition

#: Columns of money: what is confirmed, likely and not to be excluded, in dollars and in euros.
BOUNDS = tuple(f"{bound}_{currency}" for currency in ("usd", "eur") for bound in ("low", "best", "high"))

GROSS = ("gross_usd", "gross_eur")

#: Whether a transaction is of the row's kind of money; the same list that made the row.
_KINDS = (
    "CASE t.type_code "
    + " ".join(f"WHEN '{code}' THEN '{kind}'" for code, kind in sorted(KIND_OF_TYPE.items()))
    + f" ELSE '{UNKNOWN_KIND}' END = a.finance_kind"
)

#: A figure's node and place with all beneath them.
WITHIN = """
WITH RECURSIVE
  nodes AS (
    SELECT $node::VARCHAR AS node_id
    UNION SELECT n.node_id FROM core_node n JOIN nodes ON n.parent_id = nodes.node_id WHERE n.framework_id = $framework
  ),
  places AS (
    (SELECT $place::VARCHAR AS place_id UNION SELECT place_id FROM core_place WHERE country_code = $place)
    UNION SELECT p.place_id FROM core_place p JOIN places ON p.parent_id = places.place_id
  )
"""

_ROWS = (
    WITHIN
    + """
SELECT a.*, s.identifier, s.title, s.input_path, s.line, s.sheet, s.source_id, s.reporting_org_name,
  coalesce(s.reporting_org_name, s.reporting_org_ref) AS org_name,
  (SELECT to_json(list({line: t.line, ref: t.ref, date: t.transaction_date, value: t.value, currency: t.currency,
       value_usd: t.value_usd, value_eur: t.value_eur, rate_date: t.rate_date, rate_source: t.rate_source}
       ORDER BY t.seq))
     FROM core_transaction t
     WHERE t.record_id = a.record_id AND {kinds}
       AND (t.seq = a.transaction_seq
            OR a.transaction_seq = -1 AND year(t.transaction_date) IS NOT DISTINCT FROM a.period
               AND t.seq NOT IN (SELECT o.transaction_seq FROM out_allocation o WHERE o.record_id = a.record_id))
  ) AS transactions,
  (SELECT to_json(list({method: l.method, probability: l.probability, evidence: l.evidence} ORDER BY l.method))
     FROM core_label l
     WHERE l.record_id = a.record_id AND l.framework_id = a.framework_id AND l.node_id = a.node_id) AS labels
FROM out_allocation a
JOIN core_activity s USING (record_id)
WHERE a.framework_id = $framework
  AND ($node IS NULL AND a.node_id <> 'UNCLASSIFIED' OR a.node_id IN (SELECT node_id FROM nodes))
  AND ($place IS NULL OR a.place_id IN (SELECT place_id FROM places))
  AND ($period IS NULL OR a.period = $period) AND (NOT $is_undated OR a.period IS NULL)
  AND ($org IS NULL OR a.org_id = $org)
  AND ($activity IS NULL OR a.activity_id = $activity)
  AND ($finance_kind IS NULL AND a.finance_kind <> 'presence' OR a.finance_kind = $finance_kind)
  AND {allowed}
ORDER BY a.high_usd DESC NULLS LAST, a.activity_id, a.record_id, a.transaction_seq, a.node_id, a.place_id, a.period
"""
)


def default_framework(folder: Path) -> str:
    """The strategy of an edition, or its first framework where there is none."""
    with open_edition(folder) as connection:
        row = connection.execute(
            "SELECT framework_id FROM core_framework ORDER BY is_strategy DESC, framework_id LIMIT 1"
        ).fetchone()
    if row is None:
        raise ConfigError(f"{folder} holds no framework; build with --strategy or --framework")
    return str(row[0])


def explain(viewer: Viewer, folder: Path, figure: Figure) -> dict[str, Any]:
    """The total of a figure and every row behind it.

    Returns:
        `edition`, `as_of`, `figure`, `total` (per finance kind: low, best, high and gross in USD and EUR, how much of
        gross is told twice, and how many rows could not be valued in both; null = unknown, as for presence),
        `activities` (distinct count), `rows` (each with file, line, rule and evidence; coarse rows name no file),
        `people` (reached and targeted, as bounds, with every figure behind them),
        `chain` (per kind of money, the links through which the money of these activities was told before; amounts of
        the whole activity, of which a cell may hold a share), `told_again` (of one activity: what others tell again of
        the money that it let go, in every book).

    Raises:
        ConfigError: the edition has no such framework, node or place.
    """
    figure = replace(figure, node=None) if figure.node == ALL else figure
    manifest = read_manifest(folder)
    with open_edition(folder) as connection:
        edition = shown_edition_id(viewer, connection, manifest)
        allowed = filter_of(viewer, connection)
        _check(connection, figure, allowed)
        query = _ROWS.replace("{allowed}", allowed.sql("a")).replace("{kinds}", _KINDS)
        cursor = connection.execute(query, asdict(figure) | (allowed.parameters if allowed.permitted else {}))
        names = [c[0] for c in cursor.description or []]
        raw = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        people = people_of(_asked(connection, allowed), figure, WITHIN)
        chain = _chain(connection, allowed, raw)
        again = walk(_asked(connection, allowed), figure.activity).after if figure.activity is not None else ()
    rows = [_row(row) for row in raw]
    kinds = sorted({row["finance_kind"] for row in rows})
    return {
        "edition": edition,
        "as_of": manifest["as_of"],
        "figure": {k: v for k, v in asdict(figure).items() if v not in (None, False)},
        "total": {kind: _total([row for row in rows if row["finance_kind"] == kind]) for kind in kinds},
        "activities": len({row["activity_id"] for row in rows}),
        "rows": rows,
        "people": people,
        "chain": chain,
        "told_again": [step_row(step) for step in again],
    }


def _asked(connection: duckdb.DuckDBPyConnection, allowed: RowFilter) -> Asked:
    return Asked(lambda sql, parameters: connection.execute(sql, parameters).fetchall(), allowed)


def _chain(
    connection: duckdb.DuckDBPyConnection, allowed: RowFilter, rows: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Per kind of money, why the activities of these rows are told twice; only of those that are seen in full."""
    asked = _asked(connection, allowed)
    full = [row for row in rows if row["view"] == "precise"]
    kinds = sorted({row["finance_kind"] for row in full})
    activities = {kind: {row["activity_id"] for row in full if row["finance_kind"] == kind} for kind in kinds}
    found = {kind: told_before(asked, ids, kind) for kind, ids in activities.items()}
    return {kind: [step_row(step) for step in steps] for kind, steps in found.items() if steps}


def _total(rows: list[dict[str, Any]]) -> dict[str, Decimal | int | None]:
    total: dict[str, Decimal | int | None] = {bound: sum_known(row[bound] for row in rows) for bound in BOUNDS}
    total |= {column: sum_known(row[column] for row in rows) for column in GROSS}
    for currency in ("usd", "eur"):
        twice = [row["twice"][currency] for row in rows if row["twice"][currency] is not None]
        for at, bound in enumerate(("low", "best", "high")):
            total[f"told_twice_{bound}_{currency}"] = sum_known(parts[at] for parts in twice)
    return total | {"unvalued": sum(bool(row["is_unvalued"]) for row in rows)}


def sum_known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; null where nothing is: unknown is not zero."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _check(connection: duckdb.DuckDBPyConnection, figure: Figure, allowed: RowFilter) -> None:
    """A misspelt node or place would read as a gap."""
    known = [f for (f,) in connection.execute("SELECT framework_id FROM core_framework ORDER BY 1").fetchall()]
    if figure.framework not in known:
        raise ConfigError(f"no framework {figure.framework!r} in this edition; it has: {', '.join(known)}")
    nodes = connection.execute("SELECT node_id FROM core_node WHERE framework_id = ?", [figure.framework]).fetchall()
    if figure.node not in (None, UNCLASSIFIED) and (figure.node,) not in nodes:
        some = ", ".join(node for (node,) in nodes[:12])
        raise ConfigError(f"no node {figure.node!r} in framework {figure.framework}; it has {len(nodes)}: {some}, ...")
    if figure.place in (None, UNKNOWN, REGIONAL):
        return
    places = "SELECT 1 FROM core_place WHERE $place IN (place_id, country_code)"
    # A country that no list of places holds.
    used = f"SELECT 1 FROM out_allocation WHERE place_id = $place AND {allowed.sql()}"
    parameters = {"place": figure.place} | (allowed.parameters if allowed.permitted else {})
    if connection.execute(f"{places} UNION {used} LIMIT 1", parameters).fetchone() is None:
        raise ConfigError(
            f"no place {figure.place!r} in this edition; expected an id of core_place, a country such as ML,"
            f" {UNKNOWN} or {REGIONAL}"
        )


def _row(raw: dict[str, Any]) -> dict[str, Any]:
    """One allocation as people read it; what the coarse view hides is left out, not blanked."""
    row = {
        "activity_id": id_text(raw["activity_id"]),
        **{k: raw[k] for k in ("node_id", "place_id", "precision", "period", "finance_kind", "state")},
        **{k: raw[k] for k in (*BOUNDS, *GROSS, "is_unvalued", "is_confirmed")},
        "twice": {currency: twice_of(raw, currency) for currency in ("usd", "eur")},
        "rule": _rule(raw),
    }
    if raw["view"] == "coarse":
        return row | {"view": "coarse"}
    return row | {
        "identifier": raw["identifier"],
        "title": raw["title"],
        "organisation": raw["org_name"],
        "source": raw["source_id"],
        "file": raw["input_path"],
        "line": raw["line"],
        "sheet": raw["sheet"],
        "transactions": json.loads(raw["transactions"] or "[]"),
        "labels": [entry | {"evidence": json.loads(entry["evidence"])} for entry in json.loads(raw["labels"] or "[]")],
    }


def _rule(raw: dict[str, Any]) -> list[str]:
    """Why low and best are what they are, as stable words that the site and the docs explain."""
    why = []
    if raw["is_unvalued"]:
        why.append("unvalued")
    if raw["finance_kind"] in CHAINED:
        twice = twice_of(raw, "usd")
        if twice is not None and any(twice):
            why.append("told_before")
    elif raw["double_risk"] in ("possible", "linked"):
        why.append(f"double_{raw['double_risk']}")
    if raw["node_id"] == UNCLASSIFIED:
        why.append("no_node")
    else:
        why.append("node_confirmed" if raw["is_confirmed"] else "node_suggested")
    return why
