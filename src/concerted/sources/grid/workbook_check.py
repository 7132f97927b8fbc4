"""Whether a workbook can be parsed without bringing the process down.

Place on the way: before a workbook is parsed. The parser holds a sheet as one dense block, so that two cells in
opposite corners cost 400 GB, and a damaged XLS can ask for as much; both end the process and not only the reading.
Bytes enter; nothing or a `SourceError` leaves.
"""

import io
import re
import subprocess
import sys
import zipfile

from concerted.model.errors import SourceError
from concerted.sources.opening.limits import ZIP_FAULTS
from concerted.sources.opening.workbook import COMPOUND

#: A sheet that spans more cells than this is formatting dragged down to the last row, or a bomb.
CELLS_LIMIT = 50_000_000
#: Unpacked bytes of one part of a workbook.
PART_LIMIT = 2 << 30
#: References of cells; other references (of validations, filters) reach to the last row and cost nothing. Two passes of
#: one group each cost a third of one pass with two.
_COLUMNS = re.compile(rb"""\sr=["']([A-Z]{1,3})[0-9]{1,7}["']""")
_ROWS = re.compile(rb"""\sr=["'][A-Z]{1,3}([0-9]{1,7})["']""")
_PROBE_SECONDS = 120
_PROBE_BYTES = 4 << 30
_PROBE = """
import io, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (%d, %d))
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
for name in book.sheet_names:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > %d:
        raise SystemExit(3)
"""


def check_workbook(data: bytes, what: str) -> None:
    """Refuse a workbook that would exhaust memory or make its parser fail.

    Raises:
        SourceError: a part unpacks to too much, a sheet spans too many cells, or the parser fails on it.
    """
    if data.startswith(COMPOUND):
        probe(data, what)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            for info in archive.infolist():
                if info.file_size > PART_LIMIT:
                    raise SourceError(f"{what}: refused, {info.filename} in it unpacks to {info.file_size} bytes")
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename):
                    # Reading to the end also proves the stated size and the checksum.
                    _check_span(archive.read(info), f"{what}: {info.filename}")
    except ZIP_FAULTS as error:
        raise SourceError(f"{what}: the workbook's zip is damaged ({error}); open and save it again") from error
    if "xl/workbook.xml" not in names:
        probe(data, what)  # ODS repeats cells by a number, which no pattern bounds


def _check_span(sheet: bytes, what: str) -> None:
    span = span_of(sheet)
    if span > CELLS_LIMIT:
        raise SourceError(f"{what} spans {span} cells, the limit is {CELLS_LIMIT}; delete the empty rows and columns")


def span_of(sheet: bytes) -> int:
    """Cells of the smallest rectangle around all cells of a sheet's XML: what its parser will hold."""
    columns = [_column_number(letters) for letters in set(_COLUMNS.findall(sheet))]
    rows = [int(row) for row in set(_ROWS.findall(sheet))]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) if columns else 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def probe(data: bytes, what: str, cells: int = CELLS_LIMIT, memory: int = _PROBE_BYTES) -> None:
    """Parse once in a process of its own, whose memory is bounded and whose end does not matter.

    Raises:
        SourceError: it needs more memory than `memory` bytes, a sheet spans more than `cells`, or the parser fails.
    """
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and text)
            [sys.executable, "-c", _PROBE % (memory, memory, cells)],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{what}: refused, parsing it takes longer than {_PROBE_SECONDS} s") from error
    if done.returncode == 3:
        raise SourceError(f"{what}: a sheet spans more than {cells} cells; delete the empty rows and columns")
    if done.returncode != 0:
        raise SourceError(f"{what}: cannot be read as a workbook, it is damaged; save it as XLSX and try again")
