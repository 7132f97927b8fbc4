"""Workbooks and CSV files with the same bytes on every machine.

Place on the way: rows enter, the bytes of a file leave. A workbook's zip is not compressed, because compressed bytes
differ with the version of zlib; its members are dated 1980.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter

from concerted.demo.catalogue import NOTICE

Cell = str | int | float | date | None
Rows = Sequence[Sequence[Cell]]
CREATED = datetime(2026, 9, 30, 6, 0, 0)  # noqa: DTZ001 (a workbook knows no time zone)


def xlsx_bytes(sheets: dict[str, Rows], merged: dict[str, Sequence[tuple[int, int, int, str]]] | None = None) -> bytes:
    """A workbook.

    Args:
        sheets: rows by sheet name; dates become real dates.
        merged: by sheet name, merged header cells as (row, first column, last column, text), 0-based.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": NOTICE, "comments": NOTICE, "author": "Concerted demo", "created": CREATED})
    as_date = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, datetime(value.year, value.month, value.day), as_date)  # noqa: DTZ001
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif value is not None:
                    sheet.write_number(r, c, value)
        for row_number, first, last, text in (merged or {}).get(name, ()):
            sheet.merge_range(row_number, first, row_number, last, text)
    book.close()
    return _stored(buffer)


def _stored(packed: io.BytesIO) -> bytes:
    """The same members in the same order, stored as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename)
            info.create_system = 3  # else it is that of the machine
            new.writestr(info, old.read(member))
    return buffer.getvalue()


def csv_bytes(rows: Rows, delimiter: str = ",") -> bytes:
    """A CSV file in UTF-8 with a byte order mark, as spreadsheet programs write it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")
