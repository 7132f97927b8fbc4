"""Large files cut where one activity ends and the next begins, so that several workers can read them.

Place on the way: before reading. Enters: an uncompressed file. Leaves: byte ranges whose bounds lie where chunks end
when the file is read in one go, so that the parts give the same batches as the whole.
"""

import mmap
import re

import numpy as np

from concerted.sources.base import Input, Part
from concerted.sources.iati.chunks import CHUNK_BYTES, is_utf8

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
#: Markup that can hide a closing tag, and how it ends.
_HIDING = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))


def cut(source: Input, wanted: int, record: str) -> list[Part]:
    """About `wanted` parts of about equal size; one where the file is packed, small, or in another encoding than UTF-8.

    Args:
        source: the input.
        wanted: how many parts would be welcome.
        record: name of the record element.
    """
    whole = [Part(0, 0, source.bytes)]
    if wanted < 2 or source.member is not None:
        return whole
    with source.path.open("rb") as file:
        head = file.read(4096)
        size = source.path.stat().st_size
        if head.startswith((_GZIP, _ZIP)) or not is_utf8(head) or size < 2 * CHUNK_BYTES:
            return whole
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            bounds = _bounds(data, size, min(wanted, size // CHUNK_BYTES), record.encode())
            starts, stops = [0, *bounds], [*bounds, size]
            parts, line = [], 1
            for index, (start, stop) in enumerate(zip(starts, stops, strict=True)):
                parts.append(Part(index, start, stop, line))
                line += _line_breaks(data, start, stop)
                data.madvise(mmap.MADV_DONTNEED)
    return parts


def _bounds(data: mmap.mmap, size: int, wanted: int, record: bytes) -> list[int]:
    closing = re.compile(rb"</%s\s*>" % record)
    bounds: list[int] = []
    for number in range(1, wanted):
        target = number * size // wanted // CHUNK_BYTES * CHUNK_BYTES
        found = closing.search(data, target) if target > (bounds[-1] if bounds else 0) else None
        while found is not None and _is_hidden(data, bounds[-1] if bounds else 0, found.start()):
            found = closing.search(data, found.end())
        # Behind the last record there is nothing to read apart.
        if found is not None and closing.search(data, found.end()) is not None:
            bounds.append(found.end())
        data.madvise(mmap.MADV_DONTNEED)  # what was looked at counts as memory of ours else
    return bounds


def _is_hidden(data: mmap.mmap, bare: int, at: int) -> bool:
    """Whether a byte may lie in a comment, an instruction or CDATA. May say yes where it does not: the cut moves on.

    `bare` is a byte before it that does not.
    """
    return any(data.rfind(begin, bare, at) > data.rfind(end, bare, at) for begin, end in _HIDING)


def _line_breaks(data: mmap.mmap, start: int, stop: int) -> int:
    block = 16 << 20
    return sum(
        int(np.count_nonzero(np.frombuffer(data[at : min(at + block, stop)], np.uint8) == ord("\n")))
        for at in range(start, stop, block)
    )
