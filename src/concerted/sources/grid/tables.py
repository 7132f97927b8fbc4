"""An input as tables of rows, whatever its format, and which of its rows are data.

Place on the way: between the formats and the readers of sheets. An input enters; numbered rows leave, without blank
rows, repeated headers and totals, each of them counted.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from concerted.codelists.sheet_words import fold, sheet_words
from concerted.model.errors import SourceError
from concerted.model.issues import ROWS_MARKED
from concerted.records.cells import Cell
from concerted.sources.base import Batch, Input
from concerted.sources.grid.delimited import read_rows, sniff_encoding
from concerted.sources.grid.fields import Plan
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.statements import StatementMaker
from concerted.sources.grid.workbook import Region, fill_right, read_sheets
from concerted.sources.open import open_stream, read_bytes
from concerted.sources.opening.workbook import COMPOUND, ZIP

#: Rows per batch: large enough for columns to pay, small enough to hold a few MB.
BATCH_ROWS = 10_000


@dataclass(frozen=True)
class GridTable:
    """A sheet or a delimited file; `rows` starts anew at row 1 each time."""

    name: str | None
    rows: Callable[[], Iterator[list[Cell]]]
    merged: tuple[Region, ...] = ()

    def head(self, count: int) -> list[list[Cell]]:
        """The first rows; fewer where the document is cut among them, which reading on will report."""
        rows: list[list[Cell]] = []
        with contextlib.suppress(SourceError):
            rows.extend(islice(self.rows(), count))
        return rows

    def count_rows(self, after: int = 0) -> int:
        """How many rows after row number `after` hold anything."""
        return sum(1 for row in islice(self.rows(), after, None) if not is_blank(row))


def open_tables(source: Input, findings: Findings) -> Iterator[GridTable]:
    """The tables of a workbook or of delimited text.

    Raises:
        SourceError: it cannot be opened.
    """
    with open_stream(source) as stream:
        start = stream.read(8)
    if start.startswith((ZIP, COMPOUND)):
        for sheet in read_sheets(read_bytes(source), source.name):
            yield GridTable(sheet.name, sheet.rows, sheet.merged)
        return
    encoding = sniff_encoding(lambda: open_stream(source))
    if encoding == "cp1252":
        # Windows writes what is not Unicode in the code page of the user's language.
        encoding = "cp1256" if source.config.lang == "ar" else encoding
        findings.note("info", "encoding_assumed", encoding=encoding)
    yield GridTable(None, lambda: iter(_cells(source, encoding)))


def _cells(source: Input, encoding: str) -> Iterator[list[Cell]]:
    for row in read_rows(lambda: open_stream(source), encoding):
        yield list(row)


def is_blank(row: Sequence[Cell]) -> bool:
    """Whether no cell says anything."""
    return not any(cell is not None and (cell != "" and (not isinstance(cell, str) or cell.strip())) for cell in row)


def headers_above(
    rows: Sequence[Sequence[Cell]], position: int, merged: tuple[Region, ...], count: int | None = None
) -> list[str]:
    """Headers of the columns: the texts of `count` rows up to index `position`, joined from top to bottom.

    A merged title stands over each of its columns. Where `count` is stated and above 1, an empty cell in an upper row
    continues the title to its left, as exports of merged headers to CSV leave it. Without `count` it is one row, and
    two where a title is merged over several columns above it.
    """
    if position < 0:
        return []
    under = [_text(cell) for cell in rows[position]]
    if count is None:
        is_titled = any(top <= position - 1 <= bottom and right > left for top, left, bottom, right in merged)
        upper = [_merged_titles(rows[position - 1], position - 1, merged)] if position and is_titled else []
    else:
        first = max(0, position - count + 1)
        upper = [_continued([_text(c) for c in fill_right(list(rows[n]), n, merged)]) for n in range(first, position)]
    headers = []
    for column, text in enumerate(under):
        parts = [row[column] for row in upper if column < len(row)]
        headers.append(" ".join(dict.fromkeys(part for part in (*parts, text) if part)))
    return headers


def _merged_titles(row: Sequence[Cell], number: int, merged: tuple[Region, ...]) -> list[str]:
    """The titles that are merged over several columns, and nothing elsewhere."""
    filled = [_text(cell) for cell in fill_right(list(row), number, merged)]
    spans = [(left, right) for top, left, bottom, right in merged if top <= number <= bottom and right > left]
    return [text if any(left <= n <= right for left, right in spans) else "" for n, text in enumerate(filled)]


def _continued(texts: list[str]) -> list[str]:
    found: list[str] = []
    for text in texts:
        found.append(text or (found[-1] if found else ""))
    return found


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a year as header
    return "" if cell is None else " ".join(str(cell).split())


@dataclass
class RowFilter:
    """Tells rows of data from the others, and counts those."""

    headers: Sequence[str]
    width: int
    findings: Findings
    is_header_row: Callable[[Sequence[Cell]], bool]
    seen: int = 0
    set_aside: int = 0
    blank: int = 0
    _totals: frozenset[str] = field(default_factory=lambda: sheet_words().totals)

    def is_data(self, row: Sequence[Cell], line: int) -> bool:
        """Whether the row is data; a header that comes again and a total are set aside with an issue.

        Issues:
            row_header_repeated, row_total (info), row_too_long (warning): cells beyond the last column are set aside.
        """
        if is_blank(row):
            self.blank += 1
            return False
        self.seen += 1
        if self._repeats_header(row):
            self.findings.note("info", "row_header_repeated", line)
        elif self._is_total(row):
            self.findings.note("info", "row_total", line)
        else:
            if len(row) > self.width and not is_blank(row[self.width :]):
                self.findings.note("warning", "row_too_long", line, None, width=self.width)
            return True
        self.set_aside += 1
        return False

    def _repeats_header(self, row: Sequence[Cell]) -> bool:
        first = next((n for n, cell in enumerate(row) if isinstance(cell, str) and cell.strip()), None)
        if first is None:
            return False
        start = row[first]
        if isinstance(start, str) and start.lstrip().startswith("#") and self.is_header_row(row):
            return True
        if first >= len(self.headers) or _text(start) != self.headers[first]:
            return False
        filled = [n for n, cell in enumerate(row) if _text(cell)]
        same = sum(1 for n in filled if n < len(self.headers) and _text(row[n]) == self.headers[n])
        return same >= max(2, len(filled) // 2 + 1)

    def _is_total(self, row: Sequence[Cell]) -> bool:
        filled = [cell for cell in row if cell is not None and cell != ""]
        if not isinstance(filled[0], str) or len(filled) < 2 or fold(filled[0]) not in self._totals:
            return False
        return all(not isinstance(c, str) or not any(x.isalpha() for x in c) for c in filled[1:])


def numbered_rows(table: GridTable, first: int, findings: Findings) -> Iterator[tuple[int, list[Cell]]]:
    """Rows with their numbers from row number `first` on, blank ones included.

    Issues:
        input_cut (error): the document ends or cannot be read from some row on; the rows before are delivered.
    """
    number = first - 1
    try:
        for row in islice(table.rows(), first - 1, None):
            number += 1
            yield number, row
    except SourceError as error:
        findings.note("error", "input_cut", number, None, reason=str(error))


def read_statements(
    table: GridTable, plan: Plan, rows: RowFilter, maker: StatementMaker, findings: Findings
) -> Iterator[Batch]:
    """The statements of a table below its header, in batches."""
    for column in plan.of("marking")[:1]:
        findings.note("info", ROWS_MARKED, None, column.name)
        findings.follow_row_markings()
    kept: list[list[Cell]] = []
    lines: list[int] = []
    for number, row in numbered_rows(table, plan.first_row, findings):
        if rows.is_data(row, number):
            kept.append(row[: rows.width])
            lines.append(number)
        if len(kept) >= BATCH_ROWS:
            yield _statements(kept, lines, plan, maker)
            kept, lines = [], []
    if kept:
        yield _statements(kept, lines, plan, maker)
    blank = {"blank rows": rows.blank} if rows.blank else {}
    yield Batch(seen=rows.set_aside, set_aside=rows.set_aside, unread=blank)


def _statements(kept: list[list[Cell]], lines: list[int], plan: Plan, maker: StatementMaker) -> Batch:
    batch = maker.make(kept, lines, plan)
    batch.unread = _dropped(kept, plan)
    return batch


def _dropped(rows: Sequence[Sequence[Cell]], plan: Plan) -> dict[str, int]:
    """How many filled cells of persons' columns were not stored, by column."""
    counts = {}
    for column in plan.of("drop"):
        filled = sum(1 for row in rows if column.index < len(row) and _text(row[column.index]))
        if filled:
            counts[f"not stored: {column.name}"] = filled
    return counts
