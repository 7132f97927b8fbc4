"""The quick judge of what is XML: yes, or "not sure".

Place on the way: before everything else, on nearly all bytes. Enters: a stretch of whole elements. Leaves: its scan
when it is well-formed beyond doubt, else nothing; then expat judges. What is vouched for here is always accepted by
expat; that a good stretch is sent to expat (comments, CDATA, unusual blanks, names beyond ASCII) only costs time.

Checked, by section of XML 1.0: characters and encoding (2.2, 4.3.3), names (2.3), no comments, instructions, CDATA or
declarations (2.5 to 2.8), tags and their nesting (3.1), attributes written plainly and once (3.1), references (4.1).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.sources.iati.names import MAX_SEEN, Ints, NameTable, Words, keep_bytes
from concerted.sources.iati.references import parse_references
from concerted.sources.iati.scan import Attributes, Elements, Scan, scan

Bytes = npt.NDArray[np.uint8]

_BLANK = 32
_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)
_NAME = re.compile(rb"[A-Za-z_:][A-Za-z0-9_:.-]*")
_NOT_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF


def scan_if_well_formed(data: bytes, tags: NameTable, names: NameTable, starts: Sequence[int] = (0,)) -> Scan | None:
    """The scan of a stretch of content, or None when it is not well-formed beyond doubt.

    Args:
        data: whole elements with text between them.
        tags: element names that matter.
        names: attribute names that matter.
        starts: first bytes of stretches of several documents, each of which must be well-formed; a line feed stands
            before each but the first.
    """
    array: Bytes = np.frombuffer(data, np.uint8)
    if not _has_only_characters(data, array):
        return None
    found = scan(data, tags, names)
    if not found.is_whole or len(found.odd_tags):
        return None
    elements, attributes = found.elements, found.attributes
    if not (_are_tags_plain(data, array, elements, attributes) and _are_attributes_unique(found.words, attributes)):
        return None
    if not _is_nested(array, found) or not _are_parted(array, found, np.array(starts[1:], np.int64)):
        return None
    references = parse_references(array, found.words)
    return None if references is None else replace(found, references=references)


def _has_only_characters(data: bytes, array: Bytes) -> bool:
    # Line feeds first: tabs and carriage returns are only counted where there are other control characters.
    others = int(np.count_nonzero(array < _BLANK)) - int(np.count_nonzero(array == ord("\n")))
    if others != 0 and others != sum(int(np.count_nonzero(array == blank)) for blank in b"\t\r"):
        return False
    if _has(array, b"]]>"):
        return False
    if int(array.max(initial=0)) < 0x80:
        return True
    if any(_has(array, sequence) for sequence in _NOT_CHARACTERS):
        return False
    offsets = pa.py_buffer(np.array([0, len(data)], np.int32))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _has(array: Bytes, wanted: bytes) -> bool:
    """Whether three bytes follow each other, the first of which is rare (then faster than `in`)."""
    at = np.flatnonzero(array[:-2] == wanted[0])
    return bool(((array[at + 1] == wanted[1]) & (array[at + 2] == wanted[2])).any())


def _are_tags_plain(data: bytes, array: Bytes, elements: Elements, attributes: Attributes) -> bool:
    """Start tags are names, attributes parted by blanks, blanks, maybe a slash; nothing else."""
    if not len(elements.start):
        return True
    # Where the last thing in each tag ends: its name or its last attribute.
    last = elements.start + 1 + elements.name_length
    last[attributes.element] = attributes.stop + 1  # ascending, so that the last attribute wins
    stop = elements.text_start - 1 - elements.is_closed
    rest = np.flatnonzero(last < stop)
    while len(rest):
        if (array[last[rest]] > _BLANK).any():
            return False
        last[rest] += 1
        rest = rest[last[rest] < stop[rest]]
    # Before each attribute stands a blank (the scanner has skipped blanks up to its name).
    if len(attributes.start) and (array[attributes.name_start - 1] > _BLANK).any():
        return False
    unknown = np.flatnonzero(elements.name == 0)
    if (elements.name_length[unknown] > MAX_SEEN).any():
        return False
    starts = elements.start[unknown] + 1
    spans = {data[a:b] for a, b in zip(starts.tolist(), (starts + elements.name_length[unknown]).tolist(), strict=True)}
    unknown = np.flatnonzero(attributes.name == 0)
    starts, stops = attributes.name_start[unknown], attributes.start[unknown] - 2
    spans |= {data[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)}
    return all(_NAME.fullmatch(span) for span in spans)


def _are_attributes_unique(words: Words, attributes: Attributes) -> bool:
    """No attribute stands twice in a tag. Unknown names count as the same when their first and last 8 bytes are."""
    if not len(attributes.element):
        return True
    length = attributes.start - 2 - attributes.name_start
    key = attributes.name.astype(np.uint64)
    unknown = np.flatnonzero(attributes.name == 0)
    start, size = attributes.name_start[unknown], length[unknown]
    first, last = words[start] & keep_bytes(size), words[np.maximum(start, start + size - 8)] & keep_bytes(size)
    key[unknown] = (first * _MIX) ^ last
    step = 1
    same = np.flatnonzero(attributes.element[1:] == attributes.element[:-1])
    while len(same):
        if ((key[same] == key[same + step]) & (length[same] == length[same + step])).any():
            return False
        step += 1
        same = same[same + step < len(key)]
        same = same[attributes.element[same] == attributes.element[same + step]]
    return True


def _is_nested(array: Bytes, found: Scan) -> bool:
    """Every closing tag closes the element that was opened last.

    Most follow the start tag of their element. Of the others the n-th closing tag of a depth belongs to the n-th open
    element of that depth, if the depths are right at all.
    """
    elements = found.elements
    is_leaf = ~elements.is_closed & (array[np.minimum(elements.text_stop + 1, len(array) - 1)] == ord("/"))
    leaf = np.flatnonzero(is_leaf)
    begin, close = elements.start[leaf] + 1, elements.text_stop[leaf] + 2
    if not _are_names_same(array, found.words, begin, close, elements.name_length[leaf]):
        return False
    open_ = np.flatnonzero(~elements.is_closed & ~is_leaf)
    if len(open_) != len(found.close_start) or (found.close_depth < 0).any():
        return False
    opened = open_[np.argsort(elements.depth[open_].astype(np.int16), kind="stable")]
    order = np.argsort(found.close_depth.astype(np.int16), kind="stable")
    if not np.array_equal(elements.depth[opened], found.close_depth[order]):
        return False
    begin, close = elements.start[opened] + 1, found.close_start[order] + 2
    return _are_names_same(array, found.words, begin, close, elements.name_length[opened])


def _are_parted(array: Bytes, found: Scan, starts: Ints) -> bool:
    """No child of the root reaches from one document into the next. (Nothing else can, past a line feed.)"""
    if not len(starts):
        return True
    elements = found.elements
    children = np.flatnonzero(elements.depth == 0)
    is_closed, last = elements.is_closed[children], elements.text_stop[children]
    ends = np.where(is_closed, elements.text_start[children] - 1, last)
    ends[~is_closed & (array[np.minimum(last + 1, len(array) - 1)] != ord("/"))] = found.close_start[
        found.close_depth == 0
    ]
    which = np.searchsorted(elements.start[children], starts) - 1
    return bool((ends[which[which >= 0]] < starts[which >= 0]).all())


def _are_names_same(array: Bytes, words: Words, begin: Ints, close: Ints, length: Ints) -> bool:
    """Whether at each `close` stands the name that stands at `begin`, and then a `>`."""
    if (array[np.minimum(close + length, len(array) - 1)] != ord(">")).any():
        return False
    for done in range(0, MAX_SEEN, 8):
        differ = (words[begin + done] ^ words[close + done]) & keep_bytes(length - done)
        if differ.any():
            return False
        longer = np.flatnonzero(length > done + 8)
        begin, close, length = begin[longer], close[longer], length[longer]
    return not len(length)
