"""Rows of a small sheet as a partner sent it back: what each says, and which cells cannot be read.

Place on the way: first step of the inbox for our own sheets and for those that look like them. A workbook or CSV
enters; rows with typed values leave. What a cell that cannot be read holds is shown to its author and kept nowhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, Literal

from concerted.codelists.sheet_words import fold
from concerted.intake.templates import Layout, columns, is_our_own, recognise, unknown_words
from concerted.intake.vocabulary import TRANSACTION_KINDS, Vocabulary, WordError, currency, money_kind, state
from concerted.records.cells import Cell, clean_text, parse_count, parse_date, parse_number
from concerted.sources.base import Input
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.tables import GridTable, is_blank, open_tables

#: How far down headers are looked for, below titles and notes.
HEADER_ROWS = 25
#: Letters of a cell that are looked at; a spreadsheet holds up to 32,767, and no field of ours needs as many.
CELL_LETTERS = 4_000


class Said(Enum):
    """What a cell may say besides a value."""

    REMOVE = "take back what is said"
    UNKNOWN = "the amount is not known yet"


@dataclass(frozen=True)
class CellFault:
    """A cell that cannot be taken over, and why.

    Attributes:
        column: a column of the template.
        code: what is wrong: a word that is none of the list, a number or day that cannot be read, and so on.
        nearest: words that may have been meant.
    """

    column: str
    code: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet.

    Attributes:
        line: its number in the sheet, from 1.
        code: which record it is about; null = a new one.
        said: typed value by column; a column that says nothing is not in it.
    """

    layout: Layout
    sheet: str | None
    line: int
    code: str | None
    said: Mapping[str, Any]
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True)
class OpenSheet:
    """A sheet of a document whose rows can be read.

    Attributes:
        headers: texts of its header row; of a sheet that is no template, of the row that looks most like one.
        layout: which columns they are; null = it is none of the templates.
        count: rows of the table, a bound of those that say something.
    """

    table: GridTable
    headers: tuple[str, ...]
    header_row: int
    layout: Layout | None
    count: int

    def rows(self, vocabulary: Vocabulary) -> Iterator[SheetRow]:
        """Its rows in their order, in bounded memory; none of a sheet that is no template.

        Raises:
            SourceError: after the last good row, where the document is cut or damaged.
        """
        return iter(()) if self.layout is None else _rows(self.table, self.header_row, self.layout, vocabulary)


@dataclass
class Sheets:
    """What was found in a document: the rows of the sheets that are known, and the names of the others."""

    rows: list[SheetRow] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def open_sheets(source: Input, remembered: Mapping[str, str] = MappingProxyType({})) -> list[OpenSheet]:
    """Every sheet of a document that holds anything, but those that we write beside the templates.

    Args:
        remembered: columns by folded header, as the partner said once.

    Raises:
        SourceError: the document cannot be opened, is too large, or is damaged.
    """
    found = []
    for table in open_tables(source, Findings(source)):
        if table.name and is_our_own(table.name):
            continue
        head = [[clean_text(cell) or "" for cell in row] for row in table.head(HEADER_ROWS)]
        layouts = ((n, recognise(row, table.name, remembered)) for n, row in enumerate(head))
        first, layout = next(((n, layout) for n, layout in layouts if layout), (-1, None))
        if layout is None:
            first = max(range(len(head)), key=lambda n: (sum(map(bool, head[n])), -n), default=-1)
        count = table.count_rows()
        if count:
            headers = tuple(head[first]) if first >= 0 else ()
            found.append(OpenSheet(table, headers, first, layout, count))
    return found


def read_sheets_of(source: Input, vocabulary: Vocabulary) -> Sheets:
    """The rows of every sheet that is one of the templates, all at once; for documents that are small.

    Raises:
        SourceError: the document cannot be opened, is too large, or is damaged.
    """
    found = Sheets()
    for sheet in open_sheets(source):
        found.rows += sheet.rows(vocabulary)
        if sheet.layout is None and sheet.table.name:
            found.others.append(sheet.table.name)
    return found


def _rows(table: GridTable, header: int, layout: Layout, vocabulary: Vocabulary) -> Iterator[SheetRow]:
    wanted = [name for name in columns(layout.template) if name in layout.at]
    for line, cells in enumerate(table.rows(), start=1):
        if line <= header + 1 or is_blank(cells):
            continue
        given = {name: cells[layout.at[name]] for name in wanted if layout.at[name] < len(cells)}
        if not is_blank(list(given.values())):
            yield _row(table.name, line, layout, given, vocabulary)


def _row(sheet: str | None, line: int, layout: Layout, given: Mapping[str, Cell], vocabulary: Vocabulary) -> SheetRow:
    said: dict[str, Any] = {}
    faults: list[CellFault] = []
    for name, cell in given.items():
        if isinstance(cell, str):
            if len(cell) > CELL_LETTERS:
                faults.append(CellFault(name, "cell_long"))
                continue
            cell = _plain(cell) if sheet is None else cell
        try:
            value = _value(name, cell, vocabulary)
        except WordError as error:
            faults.append(CellFault(name, f"word_{name}", error.nearest))
        except (ValueError, OverflowError):
            faults.append(CellFault(name, _WRONG.get(name, "cell_wrong")))
        else:
            if value is not None:
                said[name] = value
    code = said.pop("code", None)
    if code is Said.REMOVE:
        faults.append(CellFault("code", "code_removed"))
        code = None
    return SheetRow(layout, sheet, line, code, said, tuple(faults))


def _plain(text: str) -> str:
    """A text of a CSV without the apostrophe that stands before it so that no spreadsheet runs it."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def _value(name: str, cell: Cell, vocabulary: Vocabulary) -> Any:
    """What a cell of a column says; null for nothing.

    Raises:
        WordError: a word that is none of the list.
        ValueError: it cannot be read.
    """
    if isinstance(cell, str) and cell.strip() in ("-", "–", "—"):
        return Said.REMOVE
    if name == "amount" and isinstance(cell, str) and fold(cell) in unknown_words():
        return Said.UNKNOWN
    return None if clean_text(cell) is None else _READ[name](cell, vocabulary)


def _text(cell: Cell, _: Vocabulary) -> str | None:
    text = clean_text(cell)
    return None if text is None else " ".join(text.split())


def _parts(cell: Cell) -> list[str]:
    text = clean_text(cell) or ""
    pieces = (" ".join(piece.split()) for piece in text.replace("؛", ";").replace("\n", ";").split(";"))
    return list(dict.fromkeys(piece for piece in pieces if piece))


def _words(meaning: Callable[[str], str]) -> Callable[[Cell, Vocabulary], Any]:
    return lambda cell, _: meaning(clean_text(cell) or "")


def _kind(text: str) -> str:
    found = money_kind(text)
    if found not in TRANSACTION_KINDS:
        raise ValueError("not a kind of money that moves")
    return found


def _day(cell: Cell, _: Vocabulary) -> str | None:
    found = parse_date(cell)
    return None if found is None else found.isoformat()


def _amount(cell: Cell, _: Vocabulary) -> Decimal | None:
    found = parse_number(cell)
    if found is not None and (abs(found) >= Decimal(10) ** 14 or found != round(found, 4)):
        raise ValueError("more digits than money has")
    return found


_READ: dict[str, Callable[[Cell, Vocabulary], Any]] = {
    "code": _text,
    "title": _text,
    "doer": lambda cell, _: _parts(cell),
    "state": _words(state),
    "start": _day,
    "end": _day,
    "places": lambda cell, vocabulary: [vocabulary.place(part) for part in _parts(cell)],
    "nodes": lambda cell, vocabulary: [vocabulary.node(part) for part in _parts(cell)],
    "kind": _words(_kind),
    "date": _day,
    "amount": _amount,
    "currency": _words(currency),
    "other_side": _text,
    "ref": _text,
    "started": _day,
    "ended": _day,
    "reached": lambda cell, _: parse_count(cell),
    "evidence": _text,
    "note": _text,
}
_WRONG: dict[str, Literal["day_wrong", "number_wrong", "people_wrong"]] = {
    **dict.fromkeys(("start", "end", "date", "started", "ended"), "day_wrong"),
    "amount": "number_wrong",
    "reached": "people_wrong",
}


def headers_of(layouts: Sequence[Layout]) -> list[str]:
    """Headers that no template has, each once: shown to the partner, because nothing in them is taken over."""
    return list(dict.fromkeys(text for layout in layouts for text in layout.unknown.values()))
