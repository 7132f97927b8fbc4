"""The head of a workbook: what a reader would see first, without parsing the sheets.

Place on the way: inside detection. A zip or BIFF workbook enters; a small UTF-8 text leaves, so that readers recognise
a workbook by its content like any other document. The texts of all sheets of an XLSX lie in one shared list, so
hashtags in the last sheet of a large workbook are found in milliseconds.
"""

import re
import zipfile
from html import unescape
from typing import BinaryIO

from concerted.model.errors import SourceError
from concerted.sources.opening.limits import ZIP_FAULTS, Limits

#: First bytes of a zip (XLSX, ODS) and of a compound file (XLS).
ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What the head of every workbook begins with; no text file does.
WORKBOOK_MARK = b"\x00workbook\n"
_TEXT = re.compile(rb"<(?:\w+:)?t(?: [^>]*)?>([^<]{1,200})<")
_SHEET_NAME = re.compile(rb'<(?:\w+:)?sheet [^>]*?name="([^"]+)"')
_HASHTAG = re.compile(rb"\s*#[A-Za-z]")
_BOUND_SHEET = re.compile(rb"\x85\x00(.)\x00.{4}[\x00-\x02]\x00(.)([\x00\x01])", re.DOTALL)
_NARROW = re.compile(rb"[\x20-\x7e\xa1-\xff]{3,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa1-\xff]\x00){3,}")
_TAG_IN_TEXT = re.compile(r"#[a-z]{3,}[0-9]?(?: ?\+[a-z]\w*)*")
_FIRST_TEXTS = 400
_PEEK = 256 * 1024


def sheet_names(head: bytes) -> list[str] | None:
    """Names of the sheets, from the head of a workbook; None when it is the head of something else."""
    if not head.startswith(WORKBOOK_MARK):
        return None
    first = head.removeprefix(WORKBOOK_MARK).split(b"\n", 1)[0].decode("utf-8", "replace")
    return [part.removeprefix("sheet:") for part in first.split("\t") if part.startswith("sheet:")]


def is_workbook_archive(names: list[str]) -> bool:
    """Whether a zip with these members is a workbook and not an archive of files."""
    return bool({"xl/workbook.xml", "xl/workbook.bin"} & set(names)) or {"mimetype", "content.xml"} <= set(names)


def workbook_head(file: BinaryIO, what: str, limits: Limits) -> bytes:
    """Mark, sheet names, hashtag-like texts of all sheets, then the first few hundred texts, one per line.

    Raises:
        SourceError: the zip is damaged, or a part of it unpacks to more than allowed.
    """
    start = file.read(8)
    file.seek(0)
    if start == COMPOUND:
        return WORKBOOK_MARK + _texts_of_binary(file.read())
    try:
        with zipfile.ZipFile(file) as archive:
            return WORKBOOK_MARK + _texts_of_zip(archive, what, limits)
    except (KeyError, *ZIP_FAULTS) as error:  # no such part: its name in the directory is damaged
        raise SourceError(f"{what}: the workbook's zip is damaged ({error}); open and save it again") from error


def _texts_of_zip(archive: zipfile.ZipFile, what: str, limits: Limits) -> bytes:
    names = archive.namelist()
    for info in archive.infolist():
        if info.file_size > limits.output_limit(info.compress_size):
            raise SourceError(f"{what}: refused, {info.filename} in it unpacks to {info.file_size} bytes")
    if "xl/workbook.bin" in names:
        raise SourceError(f"{what}: an XLSB workbook is not read; save it as XLSX")
    if "content.xml" in names:
        return b"\n".join(_read(archive, "content.xml", _PEEK).split(b"</text:p>")[:_FIRST_TEXTS])
    sheets = _SHEET_NAME.findall(_read(archive, "xl/workbook.xml", _PEEK))
    texts: list[bytes] = []
    if "xl/sharedStrings.xml" in names:
        texts = _TEXT.findall(_read(archive, "xl/sharedStrings.xml", limits.max_bytes))
    for name in sorted(n for n in names if n.startswith("xl/worksheets/sheet")):
        texts += _TEXT.findall(_read(archive, name, _PEEK))  # writers in streaming mode keep texts inline
    tags = [text for text in dict.fromkeys(texts) if _HASHTAG.match(text)]
    lines = [b"\t".join(b"sheet:" + s for s in sheets), b"\t".join(tags), *texts[:_FIRST_TEXTS]]
    return unescape(b"\n".join(lines).decode("utf-8", "replace")).encode("utf-8")


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as member:
        return member.read(limit)


def _texts_of_binary(data: bytes) -> bytes:
    """Sheet names and texts of an XLS, found in its bytes: its parser may not be let near a file nobody vouched for.

    Texts lie there one byte per letter, or two (UTF-16); sheet names in records 0x85 ([MS-XLS] 2.4.28, BoundSheet8).
    """
    names = []
    for match in _BOUND_SHEET.finditer(data):
        length, is_wide = match[2][0], match[3][0]
        raw = data[match.end() : match.end() + length * (1 + is_wide)]
        if match[1][0] == 8 + len(raw):
            names.append(raw.decode("utf-16-le" if is_wide else "latin-1", "replace"))
    texts = [t.decode("latin-1") for t in _NARROW.findall(data)]
    texts += [t.decode("utf-16-le", "replace") for t in _WIDE.findall(data)]
    # Texts follow one another without a mark between them, so tags are cut out of what surrounds them.
    tags = [tag for text in texts for tag in _TAG_IN_TEXT.findall(text)]
    lines = ["\t".join(f"sheet:{name}" for name in names), "\t".join(dict.fromkeys(tags)), *texts[:_FIRST_TEXTS]]
    return "\n".join(lines).encode("utf-8")
