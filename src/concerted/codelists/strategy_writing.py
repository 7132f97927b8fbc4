"""A strategy as a file that `strategy.load_strategy` reads back equal.

Place on the way: out of the system again. Enters: a `Framework`; leaves: YAML, or a workbook in one of three languages.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from concerted.codelists.frameworks import LANGS, Cost, Framework, Indicator, Lang, Node
from concerted.codelists.strategy_rows import TABLES, TRANSLATED, fields, header, sheet_name, words

#: A workbook says when it was made; a fixed day keeps two writings of the same strategy equal byte by byte.
_FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


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
    rule = {key: strategy.pop(key) for key in ("covered", "not_covered", "freshness_months", "supply_kind")}
    document: dict[str, Any] = {**_nested(strategy), "rule": rule, "nodes": []}
    for row in tables["nodes"]:
        inner = {
            table: [_nested({k: v for k, v in part.items() if k != "node"}) for part in rows]
            for table in ("costs", "indicators")
            if (rows := [part for part in tables[table] if part["node"] == row["id"]])
        }
        document["nodes"].append(_nested(row) | inner)
    document |= {table: rows for table in ("codes", "crosswalks") if (rows := tables[table])}
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


def write_xlsx(path: Path, tables: Mapping[str, list[dict[str, Any]]], lang: Lang) -> None:
    """Rows as a workbook with headers in `lang`, that `read_document` reads back.

    Cells are formatted as text where a number would be changed by a spreadsheet (an id `1.10` becomes 1.1).
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": _FIXED_DAY})
        bold = workbook.add_format({"bold": True, "bg_color": "#E8EEF2", "border": 1, "text_wrap": True})
        text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        number = workbook.add_format({"num_format": "#,##0.####", "valign": "top"})
        for table in TABLES:
            sheet = workbook.add_worksheet(sheet_name(table, lang))
            if lang == "ar":
                sheet.right_to_left()
            for row, column, value, is_header, hint in _grid(table, tables[table], lang):
                if is_header:
                    sheet.write_string(row, column, str(value), bold)
                    if hint:
                        sheet.write_comment(row, column, hint)
                elif isinstance(value, (int, float)):
                    sheet.write_number(row, column, value, number)
                else:
                    sheet.write_string(row, column, str(value), text)
            if table == "strategy":
                sheet.set_column(0, 0, 28)
                sheet.set_column(1, 1, 80, text)
            else:
                sheet.set_column(0, len(fields(table)) - 1, 22, text)
                sheet.freeze_panes(1, 1)


def _grid(table: str, rows: list[dict[str, Any]], lang: Lang) -> Iterator[tuple[int, int, Any, bool, str | None]]:
    """Row, column, value, is it a header, hint; the strategy's own sheet stands on its side."""
    for position, name in enumerate(fields(table)):
        base = name.rpartition("_")[0] if name not in words()["fields"][table] else name
        hints = words()["hints"].get(base)
        hint = hints[LANGS.index(lang)] if hints else None
        place = (position, 0) if table == "strategy" else (0, position)
        yield (*place, header(table, name, lang), True, hint)
        for number, row in enumerate(rows, start=1):
            if name in row:
                place = (position, number) if table == "strategy" else (number, position)
                yield (*place, row[name], False, None)
