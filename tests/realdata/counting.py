"""Counts of activities, transactions, locations and rows in plain Python: nothing of ours, so that it can disagree.

IATI is counted by expat, which gives what stands before a break; CSV by the standard library; workbooks by calamine,
which only opens them.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

TAG_ROWS = 25


@dataclass
class Counts:
    """What an IATI file holds. Children are those of activities that are whole."""

    begun: int = 0
    whole: int = 0
    transactions: int = 0
    locations: int = 0


def content(path: Path) -> bytes:
    """A file's bytes, unpacked where they are packed."""
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def count_iati(data: bytes) -> Counts | None:
    """Counts of an IATI activity document as far as it is well formed; None for any other document."""
    counts = Counts()
    stack: list[str] = []
    inside = {"transaction": 0, "location": 0}
    root: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        root.append(name) if not stack else None
        if name == "iati-activity":
            counts.begun += 1
            inside.update(transaction=0, location=0)
        elif stack and stack[-1] == "iati-activity" and name in inside:
            inside[name] += 1
        stack.append(name)

    def end(name: str) -> None:
        stack.pop()
        if name == "iati-activity":
            counts.whole += 1
            counts.transactions += inside["transaction"]
            counts.locations += inside["location"]

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    with suppress(expat.ExpatError):  # what stands before a break has been counted
        parser.Parse(data, True)
    return counts if root and root[0] != "iati-organisations" and b"<iati-activit" in data else None


def is_blank(row: Sequence[object]) -> bool:
    """Whether no cell of a row holds anything."""
    return all(str(cell).strip() == "" for cell in row)


def count_tagged(rows: Iterable[Sequence[object]]) -> int | None:
    """Rows that are not blank below the row of HXL tags; None where there is no such row."""
    found: int | None = None
    for number, row in enumerate(rows):
        cells = [str(cell).strip() for cell in row if str(cell).strip()]
        if found is None:
            if number >= TAG_ROWS:
                return None
            if cells and sum(c.startswith("#") for c in cells) / len(cells) > 0.5:
                found = 0
        elif cells:
            found += 1
    return found


def csv_rows(data: bytes) -> list[list[str]]:
    """Rows of a comma-separated file."""
    csv.field_size_limit(1 << 24)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheets(path: Path) -> list[list[list[object]]]:
    """Rows of each sheet of a workbook."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def count_hxl(path: Path) -> int | None:
    """Rows below the tags of a CSV file or of all sheets of a workbook; None where there are no tags."""
    if path.suffix in (".xlsx", ".xls"):
        counts = [count_tagged(rows) for rows in sheets(path)]
    else:
        counts = [count_tagged(csv_rows(content(path)))]
    return sum(c for c in counts if c is not None) if any(c is not None for c in counts) else None
