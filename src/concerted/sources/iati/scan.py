"""The columnar scanner: all tags and attributes of a stretch of XML at once, without a Python step per element.

Place on the way: between plain bytes and rows. Enters: whole elements in the plain subset, known to be well-formed.
Leaves: arrays with one entry per element (tag, depth, parent, name, where its text stands) and per attribute.

How: find every `<`, `>` and `"`; the rest is arithmetic on their positions. Tags that are not plain (single quotes,
blanks around `=`, a `>` inside a value, line breaks there) are told by their quotes and given back to be rewritten.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concerted.sources.iati.names import MAX_SEEN, PADDING, Ints, NameTable, Words, words_of
from concerted.sources.iati.references import References

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_LT, _GT, _QUOTE, _APOSTROPHE, _SLASH, _EQUALS, _BLANK = 60, 62, 34, 39, 47, 61, 32
_ONES, _HIGH = np.uint64(0x0101_0101_0101_0101), np.uint64(0x8080_8080_8080_8080)

_NONE: Ints = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Elements:
    """One entry per element, in document order."""

    start: Ints
    """Byte position of `<`."""
    depth: Ints
    """0 for the children of the root."""
    is_closed: Bools
    """Whether it is written as one empty tag."""
    name: npt.NDArray[np.int16]
    """Number in the table of element names, 0 for others."""
    name_length: Ints
    text_start: Ints
    """First byte behind its start tag."""
    text_stop: Ints
    """The next `<` after that."""


@dataclass(frozen=True)
class Attributes:
    """One entry per attribute, in document order."""

    element: Ints
    name: npt.NDArray[np.int16]
    start: Ints
    """First byte of the value."""
    stop: Ints
    name_start: Ints


@dataclass(frozen=True)
class Scan:
    """What was found; `odd_tags` holds positions of tags that must be rewritten first (then nothing else is valid)."""

    elements: Elements
    attributes: Attributes
    odd_tags: Ints
    close_start: Ints
    """Byte position of the `<` of each closing tag that does not directly follow its element's start tag."""
    close_depth: Ints
    """Depth of the element that it closes."""
    is_whole: bool
    """Whether each `<` has its `>` before the next one and closing tags have no quotes; else nothing is valid."""
    words: Words
    """Of the data, see `words_of`."""
    references: References | None = None
    """Of all references in the data, where the quick check has parsed them."""


def scan(data: bytes, tags: NameTable, names: NameTable) -> Scan:
    """The elements and attributes of plain XML.

    Args:
        data: whole elements, well-formed, without comments, processing instructions and CDATA.
        tags: element names that matter.
        names: attribute names that matter.
    """
    array: Bytes = np.frombuffer(data, np.uint8)
    words = words_of(data + b"\0" * PADDING)
    is_mark = array == _LT
    is_mark |= array == _GT
    is_mark |= array == _QUOTE
    marks = np.flatnonzero(is_mark)
    del is_mark  # as large as the data; so are others below, and all of them together are what a chunk costs most
    kinds = array[marks]
    is_lt, is_gt = kinds == _LT, kinds == _GT
    gts = marks[np.flatnonzero(is_gt)]  # twice as fast as marks[is_gt]
    gts_before = np.cumsum(is_gt, dtype=np.int32)
    lt_at = np.flatnonzero(is_lt)
    lts, gt_number = marks[lt_at], gts_before[lt_at]
    if not len(lts):
        return _nothing(_NONE, words, is_whole=not len(gts))
    if gt_number[-1] >= len(gts):
        return _nothing(_NONE, words, is_whole=False)
    ends = gts[gt_number]
    is_whole = bool((lts[1:] > ends[:-1]).all())

    is_close = array[lts + 1] == _SLASH
    tag_of = np.flatnonzero(~is_close)
    if not len(tag_of):
        return _nothing(_NONE, words, is_whole=False)
    start, end = lts[tag_of], ends[tag_of]
    is_closed = array[end - 1] == _SLASH
    step = np.ones(len(lts), np.int64)
    step[is_close] = -1
    step[tag_of[is_closed]] = 0
    depths = np.cumsum(step) - step
    depth = depths[tag_of]

    quote_at = np.flatnonzero(kinds == _QUOTE)
    tag_before = np.cumsum(is_lt, dtype=np.int32)[quote_at] - 1
    is_inside = (gts_before[quote_at] == gt_number[tag_before]) & (tag_before >= 0)
    quotes, of_tag = marks[quote_at[is_inside]], tag_before[is_inside]
    del marks, kinds, is_lt, is_gt, gts, gts_before, lt_at, quote_at, tag_before, is_inside
    if is_close[of_tag].any():
        return _nothing(_NONE, words, is_whole=False)
    owner = (np.cumsum(~is_close) - 1)[of_tag]

    count = np.bincount(owner, minlength=len(start))
    odd = _odd_tags(array, start, end, quotes, owner, count)
    if len(odd):
        return _nothing(start[odd], words, is_whole)

    stops = np.append(lts, len(data))[tag_of + 1]
    name, name_length = _names(words, start + 1, end - start - 1 - is_closed, count > 0, tags)
    elements = Elements(start, depth, is_closed, name, name_length, end + 1, np.where(is_closed, end + 1, stops))
    attributes = _attributes(array, words, elements, quotes, owner, names)
    is_outer = np.append(is_close, False)
    is_outer[tag_of[~is_closed] + 1] = False
    outer = np.flatnonzero(is_outer)
    return Scan(elements, attributes, _NONE, lts[outer], depths[outer] - 1, is_whole, words)


def _nothing(odd_tags: Ints, words: Words, is_whole: bool) -> Scan:
    names = _NONE.astype(np.int16)
    elements = Elements(_NONE, _NONE, _NONE.astype(bool), names, _NONE, _NONE, _NONE)
    return Scan(elements, Attributes(_NONE, names, _NONE, _NONE, _NONE), odd_tags, _NONE, _NONE, is_whole, words)


def _names(
    words: Words, at: Ints, longest: Ints, has_attributes: Bools, tags: NameTable
) -> tuple[npt.NDArray[np.int16], Ints]:
    """The numbers and lengths of the names of elements."""
    # Where there is no attribute, all up to the `>` must be the name: if it is a known one, it is.
    length = longest.copy()
    some = np.flatnonzero(has_attributes)
    length[some] = _name_lengths(words, at[some], longest[some])
    number = tags.find(words, at, length)
    others = np.flatnonzero((number == 0) & ~has_attributes)
    if len(others):
        length[others] = _name_lengths(words, at[others], longest[others])
        number[others] = tags.find(words, at[others], length[others])
    return number, length


def _name_lengths(words: Words, at: Ints, longest: Ints) -> Ints:
    """Bytes up to the first blank, at most `longest` (what is between `<` and `>` or `/>`)."""
    length = np.full(len(at), MAX_SEEN + 1, np.int64)
    rest = np.arange(len(at))
    for block in range(MAX_SEEN // 8):
        word = words[at[rest] + 8 * block]
        # Sets the high bit of the first byte below 33 (borrows can set more, but only behind it).
        hit = (word - _ONES * np.uint64(33)) & ~word & _HIGH
        found = hit != 0
        lowest = hit[found] & (~hit[found] + np.uint64(1))
        length[rest[found]] = 8 * block + (np.bitwise_count(lowest - np.uint64(1)) >> 3)
        rest = rest[~found]
    return np.minimum(length, longest)


def _odd_tags(array: Bytes, start: Ints, end: Ints, quotes: Ints, owner: Ints, count: Ints) -> Ints:
    """Elements whose start tag is outside the plain subset."""
    odd = (count & 1).astype(bool)
    if not odd.any():
        opens, owners = quotes[0::2], owner[0::2]
        odd[owners[(array[opens - 1] != _EQUALS) | (array[opens - 2] <= _BLANK)]] = True
    singles = np.flatnonzero(array == _APOSTROPHE)
    if len(singles):
        of = np.searchsorted(start, singles, side="right") - 1
        within = np.flatnonzero((of >= 0) & (singles < end[of]))
        is_outside = np.searchsorted(quotes, singles[within]) & 1 == 0
        odd[of[within[is_outside]]] = True
    return np.flatnonzero(odd)


def _attributes(
    array: Bytes, words: Words, elements: Elements, quotes: Ints, owner: Ints, names: NameTable
) -> Attributes:
    opens, closes, element = quotes[0::2], quotes[1::2], owner[0::2]
    # A name begins behind the value before it, or behind the name of the tag.
    name_start = elements.start[element] + 1 + elements.name_length[element]
    follows = np.flatnonzero(element[1:] == element[:-1]) + 1
    name_start[follows] = closes[follows - 1] + 1
    blank = np.arange(len(name_start))
    # In a stretch that is not well-formed a name may seem to begin behind its value: go no further than that.
    blank = blank[name_start < opens]
    while len(blank := blank[(array[name_start[blank]] <= _BLANK) & (name_start[blank] < opens[blank])]):
        name_start[blank] += 1
    name = names.find(words, name_start, opens - 1 - name_start)
    return Attributes(element, name, opens + 1, closes, name_start)
