"""Columns of a batch of rows, read as values; faults are noted once per value.

Place on the way: inside the readers of sheets. Cells enter; lists of values leave, one per row, None where the cell
says nothing or was set aside. Each different cell of a column is parsed once, which is what makes it fast.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import TypeVar

import pyarrow as pa

from concerted.codelists.sheet_words import fold
from concerted.records.cells import Cell, clean_text
from concerted.records.screening.texts import SEVERITIES, codes_of, screen_text, screen_texts
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
        self._screened: dict[int, list[str | None]] = {}

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
        """Free texts, without traces of persons, exact sites and labels on peoples."""
        if column.index not in self._screened:  # once, so that what is found is told once
            self._screened[column.index] = self._screen(column)
        return self._screened[column.index]

    def _screen(self, column: Column) -> list[str | None]:
        texts = self.texts(column)
        different = list({text for text in texts if text is not None})
        found = screen_texts(pa.array(different, pa.string()))
        if not len(found.rows):
            return texts
        known = {different[row]: text for row, text in zip(found.rows.tolist(), found.texts, strict=True)}
        traces = {different[row]: codes_of(kinds) for row, kinds in zip(found.rows.tolist(), found.traces, strict=True)}
        for line, text in zip(self.lines, texts, strict=True):
            for code in traces.get(text or "", ()):
                self.findings.note(SEVERITIES[code], code, line, column.name)
        return [text if text is None else known.get(text, text) for text in texts]

    def named(self, column: Column) -> list[str | None]:
        """Names and codes: those of a list as they came, those of a place that people write freely screened."""
        return self.screened(column) if column.field == "location_name" else self.texts(column)

    def parts(self, column: Column) -> list[list[str]]:
        """Each cell cut at the column's separator; empty list where it says nothing."""
        if column.separator is None:
            return [[] if text is None else [text] for text in self.named(column)]
        known: dict[str | None, list[str]] = {None: []}
        texts = self.named(column)
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
    text, _ = screen_text(str(cell).strip())
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
