"""Rows of sheets of needs and offers as documents in the words of the field dictionary.

Place on the way: inside the reader of needs and offers. Tables of cells enter; documents leave, whose values are what
the cells mean, or the cells as they came where they mean nothing known: the check behind tells what is wrong.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from concerted.codelists import lists
from concerted.codelists.need_words import TERMS, Ask, recognise_ask, value_list
from concerted.codelists.sheet_words import fold, sheet_words
from concerted.model.tables import tables
from concerted.records.cells import Cell, clean_text, parse_count, parse_date, parse_number
from concerted.records.screening.texts import screen_text
from concerted.sources.base import Input
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.tables import GridTable, is_blank, numbered_rows, open_tables

_HEAD_ROWS = 25
#: What separates several places, lines, kinds of receiver, languages or groups in one cell.
_SEPARATOR = ";"


def rows_of(
    source: Input, findings: Findings, unread: dict[str, int]
) -> Iterator[tuple[int, str | None, dict[str, Any]]]:
    """(row, sheet, document) of every row below headers of needs or offers; other sheets are named and left alone.

    `unread` is given the headers that nobody knows, with how many of their cells are filled.
    """
    if source.config.marking.precise != "CLEAR":
        findings.follow_row_markings()
    for table, at, ask, columns in known_tables(source, findings):
        others = _unknown(table.head(_HEAD_ROWS)[at], columns)
        for number, row in numbered_rows(table, at + 2, findings):
            for place, header in others.items():
                if place < len(row) and clean_text(row[place]) is not None:
                    unread[header] = unread.get(header, 0) + 1
            if not is_blank(row):
                yield number, table.name, _document(source, ask, columns, row)


def _unknown(headers: Sequence[Cell], columns: Mapping[str, int]) -> dict[int, str]:
    """The headers of no column of ours, by place; screened, because they stand in the manifest."""
    known = {*columns.values()}
    texts = {place: clean_text(cell) for place, cell in enumerate(headers) if place not in known}
    return {place: screen_text(text)[0] for place, text in texts.items() if text}


def known_tables(source: Input, findings: Findings) -> Iterator[tuple[GridTable, int, Ask, Mapping[str, int]]]:
    """Each sheet of needs or offers: the place of its headers (0-based), which of the two, where each column stands."""
    for table in open_tables(source, findings):
        head = table.head(_HEAD_ROWS)
        found = [(n, recognise_ask([str(cell or "") for cell in row])) for n, row in enumerate(head)]
        at, known = next(((n, known) for n, known in found if known is not None), (0, None))
        if known is not None:
            yield table, at, *known
        elif rows := table.count_rows():
            findings.note("info", "sheet_unmapped", None, None, sheet=table.name, rows=rows)


def said_in(
    ask: Ask, columns: Mapping[str, int], row: Sequence[Cell]
) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """What the cells of a row say: values by column, and terms by the column that holds several."""
    stated: dict[str, Any] = {}
    terms: dict[str, list[dict[str, Any]]] = {}
    for name, n in columns.items():
        cell = row[n] if n < len(row) else None
        if name in TERMS:
            if found := list(_terms(ask, name, cell)):
                terms[name] = found
        elif (value := _value(ask, name, cell)) is not None:
            stated[name] = value
    return stated, terms


def _document(source: Input, ask: Ask, columns: Mapping[str, int], row: Sequence[Cell]) -> dict[str, Any]:
    stated, terms = said_in(ask, columns, row)
    stated.setdefault("marking_key", source.config.marking.precise)
    if ask == "need":
        stated.setdefault("state", "open")
    record = stated.get("identifier")
    every = [term for told in terms.values() for term in told]
    found: dict[str, Any] = {"format": f"concerted-{ask}/1", "version": 1, ask: stated, "term": every}
    return found | {"record": str(record) if record is not None else None}


def _value(ask: Ask, name: str, cell: Cell) -> Any:
    """What a cell means in JSON's terms; the cell's text where that cannot be told."""
    text = clean_text(cell)
    if text is None:
        return None
    if (listed := value_list(ask, name)) is not None:
        code = _code(listed, text)
        return int(code) if name == "urgency" and code.isdecimal() else code
    if name == "currency":
        return sheet_words().currencies.get(fold(text)) or text.upper()
    kind = next(c.type for c in tables()[ask].columns if c.name == name)
    try:
        return _PARSERS.get(kind, clean_text)(cell)
    except (ValueError, OverflowError):
        return text


def _terms(ask: Ask, name: str, cell: Cell) -> Iterator[dict[str, Any]]:
    listed = value_list(ask, name)
    for piece in (clean_text(cell) or "").split(_SEPARATOR):
        if (text := clean_text(piece)) is None:
            continue
        if name != "group":
            yield {"kind": name, "code": _code(listed, text) if listed else text}
            continue
        group, _, count = text.partition(":")
        try:
            people: Any = parse_count(count) if count.strip() else None
        except ValueError:
            people = count.strip()
        yield {"kind": name, "code": group.strip()} | ({} if people is None else {"people": people})


def _code(listed: str, text: str) -> str:
    """The code that a word means; the word where it means none of the list."""
    if listed == "OrganisationType" and (code := sheet_words().organisation_types.get(fold(text))) is not None:
        return code
    return lists.find_code(listed, text) or text


def _money(cell: Cell) -> str | None:
    number = parse_number(cell)
    return None if number is None else format(number.quantize(_FOUR), "f")


def _day(cell: Cell) -> str | None:
    day = parse_date(cell)
    return None if day is None else day.isoformat()


def _percent(cell: Cell) -> float | None:
    number = parse_number(cell)
    return None if number is None else float(number)


def _count(cell: Cell) -> int | None:
    return parse_count(cell)


_FOUR = Decimal("0.0001")
_PARSERS: Mapping[str, Callable[[Cell], Any]] = {
    "amount": _money,
    "date": _day,
    "float64": _percent,
    "int64": _count,
    "int32": _count,
}
