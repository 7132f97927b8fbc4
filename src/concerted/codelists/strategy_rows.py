"""A strategy file as plain rows, whatever its format and language.

Place on the way: between the file and `strategy.py`. Enters: YAML, or a workbook whose sheets and headers are French,
English or Arabic; leaves: for each table its rows, every cell with the name of its field, every row with its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from concerted.codelists.frameworks import LANGS, Lang
from concerted.codelists.lexicon import fold
from concerted.codelists.strategy_problems import Names, Problem, StrategyError, Where, kind_of
from concerted.model.yaml import load_yaml

TABLES = ("strategy", "nodes", "costs", "indicators", "codes", "crosswalks", "former")
#: Fields that stand once per language: `name` is `name_fr`, `name_en`, `name_ar` in rows.
TRANSLATED = ("name", "definition", "words", "exclusions", "note")
#: Limits against files made to exhaust memory: YAML aliases and zipped sheets grow enormously from a few bytes.
LARGEST_FILE, MOST_ROWS, DEEPEST = 20_000_000, 100_000, 20
#: Sheets and columns whose name begins so are the owner's own notes and are not read.
ASIDE = "#"


@dataclass
class Row:
    """One row: where it stands (for messages), and its cells by field; empty cells are left out."""

    where: Where
    cells: dict[str, Any]


@dataclass
class Document:
    """A strategy file. `problems` holds what could not be read as rows."""

    path: Path
    tables: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})
    problems: list[Problem] = field(default_factory=list)


@cache
def words() -> dict[str, Any]:
    """The document `strategy_words.yml`."""
    document: dict[str, Any] = load_yaml(files("concerted.codelists").joinpath("strategy_words.yml").read_text("utf-8"))
    return document


@cache
def fields(table: str) -> tuple[str, ...]:
    """The fields of a table, those that stand once per language written out."""
    result: list[str] = []
    for name in words()["fields"][table]:
        is_translated = name in TRANSLATED and not (table == "crosswalks" and name == "note")
        result += [f"{name}_{lang}" for lang in LANGS] if is_translated else [name]
    return tuple(result)


def header(table: str, name: str, lang: Lang) -> str:
    """How a field is called in a workbook of that language: `Nom (arabe)`."""
    position = LANGS.index(lang)
    known = words()["fields"][table]
    if name in known:
        return str(known[name][position])
    base, _, text_lang = name.rpartition("_")
    return f"{known[base][position]} ({words()['languages'][text_lang][position]})"


def sheet_name(table: str, lang: Lang) -> str:
    """How a table is called in a workbook of that language."""
    return str(words()["sheets"][table][LANGS.index(lang)])


def read_document(path: Path) -> Document:
    """The rows of a strategy file.

    Raises:
        StrategyError: the file is missing, too large, neither YAML nor XLSX, or cannot be read at all.
    """
    if not path.is_file():
        raise _whole(path, "file_missing")
    if path.stat().st_size > LARGEST_FILE:
        raise _whole(path, "file_large", bytes=path.stat().st_size, most=LARGEST_FILE)
    if path.suffix.lower() in (".yml", ".yaml"):
        return _read_yaml(path)
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path)
    raise _whole(path, "file_ending" if path.suffix else "file_without_ending", ending=path.suffix)


def _whole(path: Path, code: str, where: Where | None = None, **values: Any) -> StrategyError:
    """What makes a file unreadable as a whole."""
    return StrategyError(path, [Problem(code, where, values=values)], is_whole=True)


def _read_yaml(path: Path) -> Document:
    try:
        raw = load_yaml(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _whole(path, "not_yaml", detail=str(error)) from error
    if not isinstance(raw, dict):
        raise _whole(path, "not_fields_at_top", kind=kind_of(raw))
    document = Document(path)
    top = dict(raw)
    rule = top.pop("rule", None)
    lists = {table: top.pop(table, None) for table in TABLES[1:]}
    document.tables["strategy"].append(
        Row(Where("strategy"), _flat(top) | _flat(rule if isinstance(rule, dict) else {}))
    )
    if rule is not None and not isinstance(rule, dict):
        document.problems.append(Problem("not_rule", Where("rule"), values={"kind": kind_of(rule)}))
    for table, rows in lists.items():
        _add_list(document, table, rows, table, {})
    return document


def _add_list(document: Document, table: str, raw: Any, path: str, given: Mapping[str, Any]) -> None:
    """Rows of a YAML list; lists inside a node become rows of their own table that name the node."""
    if raw is None:
        return
    if not isinstance(raw, list):
        document.problems.append(Problem("not_list", Where(path), values={"kind": kind_of(raw)}))
        return
    if path.count(".") > DEEPEST:
        raise _whole(document.path, "too_deep", Where(path), most=DEEPEST)
    for position, item in enumerate(raw):
        where = Where(f"{path}[{position}]")
        if len(document.tables[table]) > MOST_ROWS:
            raise _whole(document.path, "too_many", where, most=MOST_ROWS, table=table)
        if not isinstance(item, dict):
            document.problems.append(Problem("not_fields", where, values={"kind": kind_of(item)}))
            continue
        rest = dict(item)
        inner = {key: rest.pop(key, None) for key in ("costs", "indicators", "children")} if table == "nodes" else {}
        document.tables[table].append(Row(where, {**given, **_flat(rest)}))
        for key, rows in inner.items():
            is_child = key == "children"
            owner = {"parent" if is_child else "node": rest.get("id")}
            _add_list(document, "nodes" if is_child else key, rows, f"{where.path}.{key}", owner)


def _flat(mapping: Mapping[Any, Any]) -> dict[str, Any]:
    """Texts by language as fields of their own: {name: {fr: x}} -> {name_fr: x}."""
    cells: dict[str, Any] = {}
    for key, value in mapping.items():
        if key in TRANSLATED and isinstance(value, dict):
            cells |= {f"{key}_{lang}": text for lang, text in value.items()}
        else:
            cells[str(key)] = value
    return {key: value for key, value in cells.items() if value not in (None, "")}


def _read_xlsx(path: Path) -> Document:
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
    except (calamine.CalamineError, OSError) as error:
        raise _whole(path, "not_workbook", detail=str(error)) from error
    document = Document(path)
    by_name = {fold(word): table for table, names in words()["sheets"].items() for word in (table, *names)}
    for sheet in workbook.sheet_names:
        table = by_name.get(fold(sheet))
        if table is None:
            if not sheet.startswith(ASIDE):
                expected = Names({lang: [sheet_name(t, lang) for t in TABLES] for lang in LANGS})
                values = {"expected": expected, "aside": ASIDE}
                document.problems.append(Problem("unknown_sheet", Where(sheet=sheet), values=values))
            continue
        try:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except calamine.CalamineError as error:  # a sheet is parsed only when it is asked for
            raise _whole(path, "sheet_unreadable", sheet=sheet, detail=str(error)) from error
        if table == "strategy":
            _add_pairs(document, sheet, rows)
        else:
            _add_grid(document, table, sheet, rows)
    return document


def _add_pairs(document: Document, sheet: str, rows: list[list[Any]]) -> None:
    """The sheet of the strategy itself: a field and its value in each row."""
    names = _fields_by_header("strategy")
    cells: dict[str, Any] = {}
    for number, row in enumerate(rows, start=1):
        title, value = ([*row, "", ""])[:2]
        if title in (None, "") or str(title).startswith(ASIDE):
            continue
        name = names.get(fold(str(title)))
        if name is None:
            where = Where(sheet=sheet, row=number)
            document.problems.append(Problem("unknown_title", where, values=_unknown(title, "strategy")))
        elif value not in (None, ""):
            cells[name] = value
    document.tables["strategy"].append(Row(Where(sheet=sheet), cells))


def _add_grid(document: Document, table: str, sheet: str, rows: list[list[Any]]) -> None:
    """Any other sheet: headers in its first row that is not empty, then one row per line."""
    names = _fields_by_header(table)
    start = next((i for i, row in enumerate(rows) if any(cell not in (None, "") for cell in row)), None)
    if start is None:
        return
    columns: dict[int, str] = {}
    where = Where(sheet=sheet, row=start + 1)
    for position, title in enumerate(rows[start]):
        if title in (None, "") or str(title).startswith(ASIDE):
            continue
        name = names.get(fold(str(title)))
        if name is None:
            document.problems.append(Problem("unknown_column", where, values=_unknown(title, table)))
        elif name in columns.values():
            document.problems.append(Problem("column_twice", where, values={"found": title}))
        else:
            columns[position] = name
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        cells = {name: row[i] for i, name in columns.items() if i < len(row) and row[i] not in (None, "")}
        if cells:
            document.tables[table].append(Row(Where(sheet=sheet, row=number), cells))


@cache
def _fields_by_header(table: str) -> dict[str, str]:
    return {fold(word): name for name in fields(table) for word in (name, *(header(table, name, x) for x in LANGS))}


def _unknown(title: Any, table: str) -> dict[str, Any]:
    """What is said of a title that nobody knows."""
    expected = Names({lang: [header(table, name, lang) for name in fields(table)] for lang in LANGS})
    return {"found": str(title), "expected": expected, "aside": ASIDE}
