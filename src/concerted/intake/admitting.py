"""Whether a file that somebody sends may be opened at all, and what it is.

Place on the way: the door of the inbox. The bytes of an upload enter; an input with its kind leaves, or why it is
refused. Bounds are those of a file that a person sends, far below those of a source on disk: what it unpacks to and
spans is known before any parser sees it.
"""

import dataclasses
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from concerted.model.errors import ConcertedError, SourceError
from concerted.sources.base import Input
from concerted.sources.grid.workbook_check import probe, span_of
from concerted.sources.open import find_inputs
from concerted.sources.opening.limits import MIB, ZIP_FAULTS, Limits
from concerted.sources.opening.workbook import COMPOUND, ZIP, is_workbook_archive

#: The one source that every upload is of: ids that readers make follow from it, and not from the name of the file.
SOURCE_ID = "inbox"
#: Kinds that hold activities of a partner, or its needs and offers.
KINDS = frozenset(("iati-activities", "hxl-3w", "sheet", "needs"))


@dataclass(frozen=True)
class Bounds:
    """What an upload may cost. 100,000 rows of eight columns are 6 MB as XLSX, 12 MB as CSV, and 50 MB unpacked."""

    max_bytes: int = 64 * MIB
    max_unpacked: int = 160 * MIB
    max_parts: int = 2_000
    max_cells: int = 5_000_000
    probe_bytes: int = 1 << 30


class AdmitError(ConcertedError):
    """A file that is not opened. `code` is why: a word of `CODES`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the file is refused: {code}")
        self.code = code


#: empty, too large, unpacks to too much, spans too many cells, an archive of files, damaged or protected, of no kind
#: that is read, of a kind that holds no activities.
CODES = ("empty", "large", "bomb", "span", "archive", "damaged", "unknown", "no_activities")


def ending_of(head: bytes) -> str:
    """The ending under which a file with these first bytes is kept, whatever its sender called it."""
    if head.startswith(ZIP):
        return ".xlsx"
    if head.startswith(COMPOUND):
        return ".xls"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return ".xml" if text.startswith(b"<") or b"<\x00" in text[:8] else ".csv"


def admit(path: Path, scratch: Path, bounds: Bounds | None = None) -> Input:
    """The one document of an upload.

    Args:
        path: where it lies, with the ending of `ending_of`.
        scratch: an empty folder.

    Raises:
        AdmitError: it is not opened.
    """
    bounds = bounds or Bounds()
    size = path.stat().st_size
    if size == 0:
        raise AdmitError("empty")
    if size > bounds.max_bytes:
        raise AdmitError("large")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\x1f\x8b"):
        raise AdmitError("archive")
    # Of the old format, and of ODS, which repeats cells by a number, nothing is known before it is parsed.
    if start.startswith(COMPOUND) or (start.startswith(ZIP) and not _is_bounded(path, bounds)):
        try:
            probe(path.read_bytes(), path.name, bounds.max_cells, bounds.probe_bytes)
        except SourceError as error:
            raise AdmitError("damaged") from error
    limits = Limits(max_bytes=bounds.max_unpacked, max_members=1, max_workbook_bytes=bounds.max_bytes)
    try:
        inputs, issues = find_inputs([str(path)], scratch, limits)
    except SourceError as error:
        raise AdmitError("damaged") from error
    if not inputs:
        raise AdmitError("damaged" if any(issue.code == "input_refused" for issue in issues) else "unknown")
    found = inputs[0]
    if found.kind not in KINDS:
        raise AdmitError("no_activities")
    return dataclasses.replace(found, config=dataclasses.replace(found.config, source_id=SOURCE_ID))


def _is_bounded(path: Path, bounds: Bounds) -> bool:
    """Whether a workbook says how many cells it has; else its parser has to find out.

    Every part is read to its end once: a directory that lies about sizes would only be found out by the parser.

    Raises:
        AdmitError: it is an archive of files, damaged, or too large in one way or the other.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if not is_workbook_archive(names):
                raise AdmitError("archive")
            if len(infos) > bounds.max_parts or sum(info.file_size for info in infos) > bounds.max_unpacked:
                raise AdmitError("bomb")
            if len(set(names)) != len(names):
                raise AdmitError("damaged")  # two parts of one name: which of them a parser takes nobody knows
            cells = 0
            for info in infos:
                data = archive.read(info)
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename):
                    cells += max(span_of(data), data.count(b"<c"))
                if cells > bounds.max_cells:
                    raise AdmitError("span")
            return "xl/workbook.xml" in names
    except ZIP_FAULTS as error:
        raise AdmitError("damaged") from error
