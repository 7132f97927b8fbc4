"""Delimited text as rows of cells: encoding and delimiter found out, rows streamed.

Place on the way: below the readers of sheets. A stream of bytes enters; rows of texts leave, in bounded memory.
"""

import codecs
import contextlib
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from concerted.model.errors import SourceError

DELIMITERS = (",", ";", "\t", "|")
#: A cell larger than this is an unclosed quote that swallowed the rest of the file, not a text.
CELL_LIMIT = 1 << 20
_CHUNK = 1 << 20


def sniff_encoding(open_stream: Callable[[], BinaryIO]) -> str:
    """`utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be` or `cp1252`: the first that fits the whole document.

    One pass over all bytes, because a French file is often pure ASCII until its first `é` far below.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_stream() as stream:
        try:
            chunk = stream.read(_CHUNK)
            if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            zeros = chunk[:1024].count(0)
            if zeros > len(chunk[:1024]) // 4:
                return "utf-16-be" if chunk[0] == 0 else "utf-16-le"
            while chunk:
                decoder.decode(chunk)
                chunk = stream.read(_CHUNK)
        except UnicodeDecodeError:
            return "cp1252"
        except SourceError:
            return "utf-8-sig"  # cut or damaged further down; reading it will say where
    return "utf-8-sig"


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows most evenly into most columns; a comma when there is none."""

    def score(delimiter: str) -> float:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows: list[list[str]] = []
        with contextlib.suppress(csv.Error):
            rows.extend(row for row in islice(reader, 25) if row)
        if not rows:
            return 0.0
        width, times = Counter(map(len, rows)).most_common(1)[0]
        return (width - 1) * times / len(rows)

    return max(DELIMITERS, key=score)


def read_head(head: bytes, rows: int = 25) -> list[list[str]]:
    """The first rows of a document of which only the first bytes are at hand; the last, cut row is left out."""
    for encoding in ("utf-16",) if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8-sig", "cp1252"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
            break
        except UnicodeDecodeError:
            continue
    else:
        return []
    if text[:1024].count("\x00") > len(text[:1024]) // 50:
        return []  # binary; a stray zero byte is no more than dirt
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sniff_delimiter(text[:8192]))
        return list(islice(reader, rows))
    except csv.Error:
        return []


def read_rows(open_stream: Callable[[], BinaryIO], encoding: str) -> Iterator[list[str]]:
    """The rows, blank ones included, so that their position is their row number.

    Raises:
        SourceError: after the last good row: the stream is cut, or a quote is never closed.
    """
    with open_stream() as stream:
        # Bytes that cp1252 leaves undefined become a visible mark instead of ending the file.
        text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        # `open_stream` may fault in the very first read (a gzip cut inside its first block): no sample then.
        sample = text.read(8192)
        delimiter = sniff_delimiter(sample)
        csv.field_size_limit(CELL_LIMIT)
        reader = csv.reader(_lines(sample, text), delimiter=delimiter)
        number = 0
        try:
            for row in reader:
                number += 1
                yield row
        except csv.Error as error:
            raise SourceError(f"row {number + 1} cannot be read ({error}); is a quotation mark left open?") from error


def _lines(sample: str, rest: io.TextIOWrapper) -> Iterator[str]:
    """Lines of the sample and of what follows it, none cut in two."""
    if not sample.endswith("\n"):
        sample += rest.readline()
    yield from io.StringIO(sample, newline="")
    yield from rest
