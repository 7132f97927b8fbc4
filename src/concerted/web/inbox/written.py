"""What stands in the cells for which rows are refused, out of the file that is still there.

Place on the way: beside the preview. It may be what must not be stored, so it stands in no row: the file is read
again, for who brought it alone; of a large one nothing is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from concerted.intake.admitting import AdmitError
from concerted.intake.asking import AskRow, ask_rows
from concerted.intake.preview import FREE_COLUMNS
from concerted.model.errors import SourceError
from concerted.records.screening.screen import READERS, screen
from concerted.sources.base import Input
from concerted.statements.texts import is_address
from concerted.web.inbox.files import opened
from concerted.web.inbox.models import NEEDS, Upload, UploadRow
from concerted.web.inbox.rows import look_into
from concerted.web.inbox.tasks import is_small

#: Rows of a sheet that are gone through, letters of a text that are screened, letters of a cell that are shown.
_ROWS, _SCREENED, _SHOWN = 100_000, 4_000, 200


@dataclass(frozen=True)
class Written:
    """What the author of a refused row wrote in it.

    Attributes:
        refused: the words that must not be stored.
        cells: what stands in the columns that are at fault, by column.
        title: what the row is about.
    """

    refused: list[str] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    title: str = ""


def written_in(upload: Upload, rows: list[UploadRow]) -> dict[int, Written]:
    """What is written in those of these rows that are refused, by number of the row."""
    wanted = {(row.sheet, row.line): row for row in rows if row.faults}
    if not wanted or not is_small(upload):
        return {}
    found: dict[int, Written] = {}
    try:
        with opened(upload) as source:
            lines = _of_asks(source) if upload.kind == NEEDS else _of_sheets(source, upload)
            for sheet, line, cells, free in lines:
                if row := wanted.get((sheet, line)):
                    found[row.number] = _written(row, cells, free)
                    if len(found) == len(wanted):
                        break
    except (AdmitError, SourceError, OSError):
        return {}
    return found


#: Sheet, line, what stands in it by column, and those of its texts that are free.
_Line = tuple[str, int, Mapping[str, str], list[str]]


def _of_sheets(source: Input, upload: Upload) -> Iterator[_Line]:
    for sheet in look_into(source, upload).sheets:
        if sheet.layout is None:
            continue
        at = sheet.layout.at
        for line, cells in enumerate(islice(sheet.table.rows(), _ROWS), start=1):
            told = {name: str(cells[n]) for name, n in at.items() if n < len(cells) and cells[n] is not None}
            free = [cells[at[name]] for name in FREE_COLUMNS if name in told]
            yield (sheet.table.name or "")[:100], line, told, [text for text in free if isinstance(text, str)]


def _of_asks(source: Input) -> Iterator[_Line]:
    for row in ask_rows(source):
        free = [value for value in row.said.values() if isinstance(value, str) and not is_address(value)]
        yield (row.sheet or "")[:100], row.line, _cells(row), free


def _cells(row: AskRow) -> dict[str, str]:
    terms = {kind: "; ".join(str(term["code"]) for term in terms) for kind, terms in row.terms.items()}
    return {name: str(value) for name, value in row.said.items()} | terms


def _written(row: UploadRow, cells: Mapping[str, str], free: list[str]) -> Written:
    columns: list[tuple[str, str]] = [(column, code) for column, code, _ in row.faults]
    return Written(
        refused=_refused(free) if any(code.startswith("text_") for _, code in columns) else [],
        cells={
            column: _short(cells[column])
            for column, code in columns
            if not code.startswith("text_") and cells.get(column, "").strip()
        },
        title=_short(cells.get("title", "")),
    )


def _refused(texts: list[str]) -> list[str]:
    return [text[one.start : one.end] for text in texts for one in screen(text[:_SCREENED], READERS)]


def _short(text: Any) -> str:
    told = " ".join(str(text).split())
    return told if len(told) <= _SHOWN else f"{told[: _SHOWN - 1]}…"
