"""Any XML brought to the plain subset that the scanner reads.

Place on the way: between the well-formedness check and the scanner. Enters: UTF-8 bytes of whole elements, known to be
well-formed and without DOCTYPE. Leaves: the same elements with only double-quoted attributes, no comments, no
processing instructions, no CDATA, no `>` inside values; and where lines were lost, so that line numbers stay true.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: Markup that is no element. An unfinished one reaches to the end, so that nothing inside it is taken for a tag.
ASIDE = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_TAG = re.compile(rb"<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(rb"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True)
class Plain:
    """Plain bytes; from byte `positions[i]` on, `lost[i]` line breaks of the original are missing before it."""

    data: bytes
    positions: Ints
    lost: Ints

    def lost_before(self, at: Ints) -> Ints:
        """Line breaks that were removed before each byte position."""
        found: Ints = np.concatenate([[0], self.lost])[np.searchsorted(self.positions, at, side="right")]
        return found


def as_is(data: bytes) -> Plain:
    """Bytes that are plain already."""
    none = np.zeros(0, np.int64)
    return Plain(data, none, none)


def without_asides(data: bytes, asides: Iterable[int]) -> Plain:
    """Comments and processing instructions cut out, CDATA as escaped text.

    Args:
        data: whole elements.
        asides: where each comment, processing instruction and CDATA section begins, ascending.
    """
    pieces: list[bytes] = []
    positions: list[int] = []
    lost: list[int] = []
    last = length = total = 0
    for start in asides:
        aside = ASIDE.match(data, start)
        if aside is None:
            raise AssertionError(f"no comment, instruction or CDATA at byte {start}: {data[start : start + 40]!r}")
        whole = aside[0]
        text = _escaped(whole[9:-3]) if whole.startswith(b"<![CDATA[") else b""
        pieces += (data[last:start], text)
        length += start - last + len(text)
        last = aside.end()
        if missing := whole.count(b"\n") - text.count(b"\n"):
            total += missing
            positions.append(length)
            lost.append(total)
    pieces.append(data[last:])
    return Plain(b"".join(pieces), np.array(positions, np.int64), np.array(lost, np.int64))


def with_plain_tags(plain: Plain, starts: Iterable[int]) -> Plain:
    """The start tags at these positions (ascending) rewritten: one blank between attributes, double quotes, no `>`."""
    data = plain.data
    pieces: list[bytes] = []
    last = shift = total = 0
    moved: list[tuple[int, int, int]] = []
    for start in starts:
        tag = _TAG.match(data, start)
        if tag is None:  # cannot be: expat has seen this tag; without it the scanner would go on forever
            raise AssertionError(f"no tag at byte {start}: {data[start : start + 80]!r}")
        attributes = b"".join(b' %s="%s"' % (a[1], _quoted(a[2], a[3])) for a in _ATTRIBUTE.finditer(tag[2]))
        text = b"<%s%s%s>" % (tag[1], attributes, tag[3])
        pieces += (data[last:start], text)
        last = tag.end()
        shift += len(text) - len(tag[0])
        total += tag[0].count(b"\n")
        moved.append((last, shift, total))
    pieces.append(data[last:])
    # Both lists of lost line breaks as one: the old positions move with the text before them.
    ends, shifts, totals = (np.array([0, *column], np.int64) for column in zip(*moved, strict=True))
    of_old = np.searchsorted(ends, plain.positions, side="right") - 1
    positions = np.concatenate([plain.positions + shifts[of_old], ends[1:] + shifts[1:]])
    each = np.concatenate([np.diff(plain.lost, prepend=0), np.diff(totals)])
    order = np.argsort(positions, kind="stable")
    return Plain(b"".join(pieces), positions[order], np.cumsum(each[order]))


def _escaped(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _quoted(double: bytes | None, single: bytes | None) -> bytes:
    value = double if double is not None else (single or b"").replace(b'"', b"&quot;")
    return value.replace(b">", b"&gt;").translate(_BLANKS)


#: Attribute values have line breaks and tabs as blanks (XML 1.0, section 3.3.3).
_BLANKS = bytes.maketrans(b"\n\t\r", b"   ")
