"""Workbooks as rows of cells, sheet by sheet, with merged regions.

Place on the way: below the readers of sheets. The bytes of an XLSX, XLSM, XLS or ODS enter; rows of typed cells leave.
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from concerted.model.errors import SourceError
from concerted.records.cells import Cell
from concerted.sources.grid.workbook_check import check_workbook

#: First and last row and column of a merged region, 0-based, inclusive.
Region = tuple[int, int, int, int]


@dataclass(frozen=True)
class Worksheet:
    """One sheet: its name and rows from row 1 on; merged regions as the format states them."""

    name: str
    is_hidden: bool
    merged: tuple[Region, ...]
    _sheet: Any

    def rows(self) -> Iterator[list[Cell]]:
        """Rows with blank ones, columns from A on; a merged region's value fills down its first column."""
        first_column = (self._sheet.start or (0, 0))[1]
        pad: list[Cell] = [None] * first_column
        downs = {(r, left): top for top, left, bottom, _ in self.merged for r in range(top + 1, bottom + 1)}
        kept: dict[tuple[int, int], Cell] = {}
        tops = {(top, left) for top, left, bottom, _ in self.merged if bottom > top}
        for number, cells in enumerate(self._sheet.iter_rows()):
            row: list[Cell] = [*pad, *cells]
            if bool in set(map(type, row)):  # as texts, because 1 and True are the same key of a dict
                row = [("true" if c else "false") if isinstance(c, bool) else c for c in row]
            if tops:
                for column in range(len(row)):
                    if (number, column) in tops:
                        kept[number, column] = row[column]
                    elif (top := downs.get((number, column))) is not None:
                        row[column] = kept.get((top, column))
            yield row


def read_sheets(data: bytes, what: str) -> Iterator[Worksheet]:
    """The worksheets of a workbook, hidden ones included.

    Raises:
        SourceError: it cannot be opened, is protected by a password, or a sheet is too large.
    """
    check_workbook(data, what)
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with _faults_as_source_errors(what):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for position, meta in enumerate(book.sheets_metadata):
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        with _faults_as_source_errors(f"{what}: sheet {meta.name!r}"):
            sheet = book.get_sheet_by_index(position)
        merged = tuple(sorted((r0, c0, r1, c1) for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or []))
        yield Worksheet(meta.name, meta.visible != SheetVisibleEnum.Visible, merged, sheet)


@contextlib.contextmanager
def _faults_as_source_errors(what: str) -> Iterator[None]:
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise SourceError(f"{what}: protected by a password; save it without one") from error
    except (CalamineError, OSError) as error:
        raise SourceError(f"{what}: cannot be read as a workbook ({error}); save it as XLSX and try again") from error
    except BaseException as error:
        # A panic inside the parser comes as PanicException, which derives from BaseException and cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise SourceError(f"{what}: damaged so that its parser fails; save it as XLSX and try again") from error


def fill_right(row: list[Cell], number: int, merged: tuple[Region, ...]) -> list[Cell]:
    """A header row in which a merged title stands over each of its columns."""
    filled = list(row)
    for top, left, bottom, right in merged:
        if top <= number <= bottom and left < len(filled):
            filled[left : right + 1] = [filled[left]] * (min(right + 1, len(filled)) - left)
    return filled
