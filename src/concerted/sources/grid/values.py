"""Columns of a batch of rows, read as values; faults are noted once per value.

Place on the way: inside the readers of sheets. Cells enter; lists of values leave, one per row, None where the cell
says nothing or was set aside. Each different cell of a column is parsed once, which is what makes it fast.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import TypeVar

from concerted.codelists.sheet_words import fold
from concerted.records.cells import Cell, clean_text
from concerted.records.screening import mask_persons
from concerted.sources.grid.fields import Column, Plan
from concerted.sources.grid.findings import Findings

T = TypeVar("T")
_SHOWN = 60


class Rows:
    """Some rows of a sheet, by column."""

    def __init__(self, rows: Sequence[Sequence[Cell]], lines: Sequence[int], findings: Findings) -> None:
        self.lines = lines
        self.findings = findings
        self._columns: list[tuple[Cell, ...]] = list(zip_longest(*rows, fillvalue=None))

    def __len__(self) -> int:
        return len(self.lines)

    def cells(self, column: Column) -> Sequence[Cell]:
        """The cells of a column, the source's own words translated where its mapping says so."""
        cells = self._columns[column.index] if column.index < len(self._columns) else (None,) * len(self)
        if not column.values:
            return cells
        texts = {cell: cell if isinstance(cell, str) else clean_text(cell) or "" for cell in set(cells)}
        known = {cell: column.values.get(fold(text), cell) for cell, text in texts.items()}
        return [known[cell] for cell in cells]

    def read(self, column: Column, parse: Callable[[Cell], T | None], code: str) -> list[T | None]:
        """The values of a column; a cell that `parse` refuses is None and a finding `code`."""
        cells = self.cells(column)
        known: dict[Cell, T | None] = {}
        bad: dict[Cell, str] = {}
        for cell in set(cells):
            try:
                known[cell] = parse(cell)
            except (ValueError, OverflowError) as error:
                known[cell] = None
                bad[cell] = str(error)
        if bad:
            for line, cell in zip(self.lines, cells, strict=True):
                if cell in bad:
                    self.findings.note("warning", code, line, column.name, found=shown(cell), reason=bad[cell])
        return [known[cell] for cell in cells]

    def texts(self, column: Column) -> list[str | None]:
        """The texts of a column."""
        cells = self.cells(column)
        known = {cell: clean_text(cell) for cell in set(cells)}
        return [known[cell] for cell in cells]

    def screened(self, column: Column) -> list[str | None]:
        """Free texts, without e-mail addresses and telephone numbers."""
        texts = self.texts(column)
        known: dict[str | None, str | None] = {None: None}
        hits: set[str] = set()
        for text in set(texts):
            if text is not None:
                known[text], found = mask_persons(text)
                if found:
                    hits.add(text)
        if hits:
            for line, text in zip(self.lines, texts, strict=True):
                if text in hits:
                    self.findings.note("info", "text_masked", line, column.name)
        return [known[text] for text in texts]

    def parts(self, column: Column) -> list[list[str]]:
        """Each cell cut at the column's separator; empty list where it says nothing."""
        if column.separator is None:
            return [[] if text is None else [text] for text in self.texts(column)]
        known: dict[str | None, list[str]] = {None: []}
        texts = self.texts(column)
        for text in set(texts):
            if text is not None:
                pieces = (clean_text(piece) for piece in text.split(column.separator))
                known[text] = list(dict.fromkeys(p for p in pieces if p is not None))
        return [known[text] for text in texts]


def first_column(rows: Rows, plan: Plan, field: str, parse: Callable[[Cell], T | None], code: str) -> list[T | None]:
    """The values of the column of a field that a row has once; the plan's constant where there is no column."""
    column = next(iter(plan.of(field)), None)
    if column is None:
        constant = plan.constants.get(field)
        return [None if constant is None else parse(constant)] * len(rows)
    return rows.read(column, parse, code)


def shown(cell: Cell) -> str:
    """A cell as an issue may show it: short, and without traces of persons."""
    text, _ = mask_persons(str(cell).strip())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def amount(number: Decimal, factor: Decimal) -> Decimal:
    """Money with four decimals.

    Raises:
        ValueError: more than the 14 digits before the point that the field dictionary holds.
    """
    value = (number * factor).quantize(Decimal("0.0001"))
    if abs(value) >= Decimal(10) ** 14:
        raise ValueError("larger than any sum of money here")
    return value
