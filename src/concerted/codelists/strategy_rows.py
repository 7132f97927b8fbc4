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
from concerted.model.errors import ConfigError
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

    where: str
    cells: dict[str, Any]


@dataclass
class Document:
    """A strategy file. `problems` holds what could not be read as rows."""

    name: str
    tables: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})
    problems: list[str] = field(default_factory=list)


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
        ConfigError: the file is missing, too large, neither YAML nor XLSX, or cannot be read at all.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: no such file; expected a strategy as .yml or .xlsx")
    if path.stat().st_size > LARGEST_FILE:
        raise ConfigError(f"{path}: {path.stat().st_size} bytes; expected at most {LARGEST_FILE}, is it a strategy?")
    if path.suffix.lower() in (".yml", ".yaml"):
        return _read_yaml(path)
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path)
    raise ConfigError(f"{path}: a strategy is a .yml or .xlsx file, found {path.suffix or 'no ending'}")


def _read_yaml(path: Path) -> Document:
    try:
        raw = load_yaml(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML in UTF-8: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected a mapping with id, version, name and nodes, found {_kind(raw)}")
    document = Document(path.name)
    top = dict(raw)
    rule = top.pop("rule", None)
    lists = {table: top.pop(table, None) for table in TABLES[1:]}
    document.tables["strategy"].append(Row("strategy", _flat(top) | _flat(rule if isinstance(rule, dict) else {})))
    if rule is not None and not isinstance(rule, dict):
        document.problems.append(f"rule: expected a mapping such as {{covered: 0.8}}, found {_kind(rule)}")
    for table, rows in lists.items():
        _add_list(document, table, rows, table, {})
    return document


def _add_list(document: Document, table: str, raw: Any, path: str, given: Mapping[str, Any]) -> None:
    """Rows of a YAML list; lists inside a node become rows of their own table that name the node."""
    if raw is None:
        return
    if not isinstance(raw, list):
        document.problems.append(f"{path}: expected a list, each item beginning with '- ', found {_kind(raw)}")
        return
    if path.count(".") > DEEPEST:
        raise ConfigError(f"{document.name}, {path}: children stand more than {DEEPEST} levels deep; is it a circle?")
    for position, item in enumerate(raw):
        where = f"{path}[{position}]"
        if len(document.tables[table]) > MOST_ROWS:
            raise ConfigError(f"{document.name}, {where}: more than {MOST_ROWS} {table}; is it a strategy?")
        if not isinstance(item, dict):
            document.problems.append(f"{where}: expected a mapping of fields, found {_kind(item)}")
            continue
        rest = dict(item)
        inner = {key: rest.pop(key, None) for key in ("costs", "indicators", "children")} if table == "nodes" else {}
        document.tables[table].append(Row(where, {**given, **_flat(rest)}))
        for key, rows in inner.items():
            is_child = key == "children"
            owner = {"parent" if is_child else "node": rest.get("id")}
            _add_list(document, "nodes" if is_child else key, rows, f"{where}.{key}", owner)


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
        raise ConfigError(f"{path}: not a readable .xlsx workbook: {error}") from error
    document = Document(path.name)
    by_name = {fold(word): table for table, names in words()["sheets"].items() for word in (table, *names)}
    for sheet in workbook.sheet_names:
        table = by_name.get(fold(sheet))
        if table is None:
            if not sheet.startswith(ASIDE):
                expected = ", ".join(names[1] for names in words()["sheets"].values())
                document.problems.append(
                    f"sheet {sheet}: unknown sheet; expected {expected} (or their French or Arabic names); rename it, "
                    f"or let its name begin with {ASIDE} to have it left aside"
                )
            continue
        try:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except calamine.CalamineError as error:  # a sheet is parsed only when it is asked for
            raise ConfigError(
                f"{path}: sheet {sheet} cannot be read ({error}); open and save the file again"
            ) from error
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
            document.problems.append(f"sheet {sheet}, row {number}: {_unknown('field', title, 'strategy')}")
        elif value not in (None, ""):
            cells[name] = value
    document.tables["strategy"].append(Row(f"sheet {sheet}", cells))


def _add_grid(document: Document, table: str, sheet: str, rows: list[list[Any]]) -> None:
    """Any other sheet: headers in its first row that is not empty, then one row per line."""
    names = _fields_by_header(table)
    start = next((i for i, row in enumerate(rows) if any(cell not in (None, "") for cell in row)), None)
    if start is None:
        return
    columns: dict[int, str] = {}
    for position, title in enumerate(rows[start]):
        if title in (None, "") or str(title).startswith(ASIDE):
            continue
        name = names.get(fold(str(title)))
        if name is None:
            document.problems.append(f"sheet {sheet}, row {start + 1}: {_unknown('column', title, table)}")
        elif name in columns.values():
            document.problems.append(f"sheet {sheet}, row {start + 1}: column {title!r} is there twice; keep one")
        else:
            columns[position] = name
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        cells = {name: row[i] for i, name in columns.items() if i < len(row) and row[i] not in (None, "")}
        if cells:
            document.tables[table].append(Row(f"sheet {sheet}, row {number}", cells))


@cache
def _fields_by_header(table: str) -> dict[str, str]:
    return {fold(word): name for name in fields(table) for word in (name, *(header(table, name, x) for x in LANGS))}


def _unknown(what: str, title: Any, table: str) -> str:
    expected = ", ".join(header(table, name, "en") for name in fields(table))
    return (
        f"unknown {what} {str(title)!r}; expected one of: {expected} (or the French or Arabic word); rename it, or "
        f"let it begin with {ASIDE} to have it left aside"
    )


def _kind(value: Any) -> str:
    """What a value is, for messages; containers are only named, because an alias can make one without end."""
    if value is None or isinstance(value, (dict, list)):
        return {type(None): "nothing", dict: "a mapping", list: "a list"}[type(value)]
    return f"{type(value).__name__} {str(value)[:60]!r}"
