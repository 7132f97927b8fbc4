"""A strategy as rows again, and the rows as YAML that `strategy.load_strategy` reads back equal."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from concerted.codelists.frameworks import LANGS, WHOLE, Cost, Framework, Indicator, Node
from concerted.codelists.strategy_rows import TABLES, TRANSLATED


def strategy_tables(framework: Framework) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table of a strategy file, fields in the order of the file, empty cells left out."""
    rule = framework.cell_rule
    top = {
        "id": framework.id,
        "version": framework.version,
        **_by_language("name", framework.name),
        "place": framework.place_id,
        "status": framework.status,
        "adopted_by": framework.adopted_by,
        "adopted_date": _iso(framework.adopted_date),
        "valid_from": _iso(framework.valid_from),
        "valid_to": _iso(framework.valid_to),
        "source": framework.source,
        "author": framework.author,
        **_by_language("note", framework.note),
        "covered": _number(rule.covered),
        "not_covered": _number(rule.not_covered),
        "freshness_months": rule.freshness_months,
        "supply_kind": rule.supply_kind,
    }
    tables: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    tables["strategy"].append(top)
    for node in framework.nodes:
        tables["nodes"].append(_node_row(node))
        tables["costs"] += [_cost_row(node.id, cost) for cost in node.costs]
        tables["indicators"] += [_indicator_row(node.id, indicator) for indicator in node.indicators]
    tables["codes"] = [
        {
            "code": own.code,
            "node": own.node_id,
            "relation": own.relation,
            "vocabulary_uri": own.vocabulary_uri,
            "column": own.column,
        }
        for own in framework.own_codes
    ]
    tables["crosswalks"] = [
        {
            "from_vocabulary": row.from_vocabulary,
            "from_code": row.from_code,
            "node": row.node_id,
            "relation": row.relation,
            "author": row.author,
            "date": _iso(row.date),
            "note": row.note,
        }
        for row in framework.crosswalks
    ]
    tables["former"] = [
        {
            "version": row.version or None,
            "place": row.place,
            "code": row.code,
            "vocabulary_uri": row.vocabulary_uri,
            "column": row.column,
            "node": row.node_id,
            "share": _number(Decimal(row.share) * 100 / WHOLE),
            "author": row.author,
            "date": _iso(row.date),
        }
        for row in framework.former_codes
    ]
    return {table: [_filled(row) for row in rows] for table, rows in tables.items()}


def _node_row(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "parent": node.parent_id,
        "code": node.code,
        **_by_language("name", node.name),
        **_by_language("definition", node.definition),
        **_by_language("words", {lang: ", ".join(terms) for lang, terms in node.lexicon.items()}),
        **_by_language("exclusions", {lang: ", ".join(terms) for lang, terms in node.exclusions.items()}),
        "lead": node.lead,
        "pve_specific": None if node.is_pve_specific is None else "yes" if node.is_pve_specific else "no",
    }


def _cost_row(node_id: str, cost: Cost) -> dict[str, Any]:
    return {
        "node": node_id,
        "place": cost.place_id,
        "year": cost.period,
        "low": _number(cost.low),
        "high": _number(cost.high),
        "currency": cost.currency,
        "source": cost.source,
    }


def _indicator_row(node_id: str, indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "node": node_id,
        **_by_language("name", indicator.name),
        "unit": indicator.unit,
        "baseline": indicator.baseline,
        "baseline_year": indicator.baseline_year,
        "target": indicator.target,
        "target_year": indicator.target_year,
    }


def _by_language(base: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{base}_{lang}": texts[lang] for lang in LANGS if lang in texts}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: Decimal) -> int | str:
    """Whole numbers as numbers; others as text, because a float could not give back every decimal."""
    return int(value) if value == value.to_integral_value() else f"{value:f}"


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def write_yaml(path: Path, tables: Mapping[str, list[dict[str, Any]]]) -> None:
    """Rows as a YAML file that `read_document` reads back; costs and indicators stand inside their node."""
    (strategy,) = tables["strategy"]
    rule = {key: strategy[key] for key in ("covered", "not_covered", "freshness_months", "supply_kind")}
    nodes = {row["id"]: _nested(row) for row in tables["nodes"]}
    for table in ("costs", "indicators"):
        for row in tables[table]:
            part = {key: value for key, value in row.items() if key != "node"}
            nodes[row["node"]].setdefault(table, []).append(_nested(part))
    top = {key: value for key, value in strategy.items() if key not in rule}
    document: dict[str, Any] = {**_nested(top), "rule": rule, "nodes": list(nodes.values())}
    document |= {table: rows for table in ("codes", "crosswalks", "former") if (rows := tables[table])}
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110), "utf-8")


def _nested(row: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in row.items():
        base, _, lang = key.rpartition("_")
        if base in TRANSLATED and lang in LANGS:
            nested.setdefault(base, {})[lang] = value
        else:
            nested[key] = value
    return nested
