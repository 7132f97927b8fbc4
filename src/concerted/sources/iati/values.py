"""The texts and attribute values of a chunk as one Arrow array, from which columns are taken.

Place on the way: between the scanner and the columns. Enters: where values begin and end in the bytes. Leaves: value
numbers, and `take`, which turns an array of numbers into a string column. 0 is the number of "nothing there": absent,
empty and blank values all have it, and come out as null.

Values are trimmed of blanks (also those of Unicode) and their references are decoded, once, before columns are made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.sources.iati.bits import Marks
from concerted.sources.iati.names import BLANK, Ints
from concerted.sources.iati.references import References, decoded, inside_of

Bytes = npt.NDArray[np.uint8]

#: Joins values while they are decoded, and stands for a literal carriage return; neither can occur in XML.
_END, _RETURN = b"\0", b"\1"
_BLANKS = bytes.maketrans(b"\t\n\r", b"   ")
#: First bytes of the blanks beyond ASCII (U+0085, U+00A0, U+1680, U+2000.., U+3000), as UTF-8.
_WIDE_BLANK_STARTS = np.zeros(256, bool)
_WIDE_BLANK_STARTS[[0xC2, 0xE1, 0xE2, 0xE3]] = True


class Values:
    """The values of one chunk; `texts` and `attributes` give the number of each, 0 for a blank one."""

    def __init__(
        self,
        data: bytes,
        texts: tuple[Ints, Ints],
        attributes: tuple[Ints, Ints],
        controls: Marks,
        references: References,
        constants: Sequence[str] = (),
    ) -> None:
        """Trim and decode the values.

        Args:
            data: the chunk.
            texts: first and behind-last bytes of the element texts, ascending and apart.
            attributes: the same for attribute values.
            controls: the control characters of the chunk.
            references: all of the chunk.
            constants: strings that columns may hold besides what stands in the chunk.
        """
        array: Bytes = np.frombuffer(data, np.uint8)
        groups = _Group(array, *texts), _Group(array, *attributes)
        start, stop = (np.concatenate(ends) for ends in zip(*((g.start, g.stop) for g in groups), strict=True))
        order = np.argsort(start, kind="stable")
        number = np.empty(len(order), np.int64)
        number[order] = np.arange(1, len(order) + 1)
        number[start == stop] = 0
        blocks, spans, at, first = [data], [np.zeros(2, np.int64), _spans(start[order], stop[order])], len(data), 0
        for group, block in (
            (groups[0], groups[0].decoded_texts(references, b"\r" in data)),
            (groups[1], groups[1].decoded_attributes(references, controls)),
        ):
            given = block.stop > block.start
            known = sum(map(len, spans)) // 2
            number[first + block.which] = np.where(given, known + np.arange(len(given)), 0)
            blocks.append(block.data)
            spans.append(_spans(block.start, block.stop) + at)
            at, first = at + len(block.data), first + len(group.start)
        self.texts, self.attributes = np.split(number, [len(texts[0])])
        self._constants = {}
        for constant in constants:
            self._constants[constant] = sum(map(len, spans)) // 2
            blocks.append(constant.encode())
            spans.append(np.array([at, at + len(blocks[-1])]))
            at += len(blocks[-1])
        offsets = np.concatenate([*spans, [at]]).astype(np.int32)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(blocks))]
        self._all = pa.Array.from_buffers(pa.string(), len(offsets) - 1, buffers)

    def constant(self, text: str) -> int:
        """The number of one of the constants."""
        return self._constants[text]

    def add(self, texts: Sequence[str]) -> Ints:
        """The numbers of further values."""
        first = (len(self._all) + 1) // 2
        pieces = pa.array([piece for text in texts for piece in (text, "")], pa.string())
        self._all = pa.concat_arrays([self._all, *([pa.array([""])] if len(self._all) % 2 else []), pieces])
        return first + np.arange(len(texts))

    def take(self, numbers: Ints) -> pa.StringArray:
        """The values with these numbers; null for 0."""
        taken = self._all.take(pa.array(2 * numbers))
        if np.count_nonzero(numbers) == len(numbers):
            return taken
        valid = pa.py_buffer(np.packbits(numbers != 0, bitorder="little"))
        return pa.Array.from_buffers(pa.string(), len(taken), [valid, *taken.buffers()[1:]])


@dataclass(frozen=True)
class _Decoded:
    """Values that could not be copied as they are: which of their group, and where in some bytes they stand now."""

    which: Ints
    data: bytes
    start: Ints
    stop: Ints


class _Group:
    """Values of one sort, trimmed of ASCII blanks."""

    def __init__(self, array: Bytes, start: Ints, stop: Ints) -> None:
        self.array, self.start, self.stop = array, start.copy(), stop.copy()
        _trim(array, self.start, self.stop)

    def decoded_texts(self, references: References, has_returns: bool) -> _Decoded:
        """Line ends become one line feed (XML 1.0, section 2.11), references what they mean."""
        specials = references.start
        if has_returns:
            specials = np.union1d(specials, np.flatnonzero(self.array == ord("\r")))
        which = np.flatnonzero(self._is_odd(specials))
        # The places of the references are counted with the returns, so these go after them; &#13; stays.
        joined = decoded(*self._joined(which, references, lambda text: text.replace(b"\r", _RETURN)))
        if _RETURN in joined:
            joined = joined.replace(_RETURN + b"\n", b"\n").replace(_RETURN, b"\n")
        return _Decoded(which, joined, *_pieces(joined, len(which)))

    def decoded_attributes(self, references: References, controls: Marks) -> _Decoded:
        """Line breaks and tabs become blanks (XML 1.0, section 3.3.3), and then references what they mean."""
        is_odd = self._is_odd(references.start) | (controls.before(self.start) != controls.before(self.stop))
        which = np.flatnonzero(is_odd)
        joined = decoded(*self._joined(which, references, lambda text: text.translate(_BLANKS)))
        return _Decoded(which, joined, *_pieces(joined, len(which)))

    def _is_odd(self, specials: Ints) -> npt.NDArray[np.bool_]:
        """Values with one of the special characters inside, or maybe with wide blanks around."""
        start, stop = self.start, self.stop
        is_odd = np.zeros(len(start), bool)
        is_odd[inside_of(specials, start, stop)[1]] = True
        some = np.flatnonzero(stop > start)
        is_odd[some[_WIDE_BLANK_STARTS[self.array[start[some]]]]] = True
        wide = some[np.flatnonzero(self.array[stop[some] - 1] >= 0x80)]
        last, before = self.array[stop[wide] - 1], self.array[stop[wide] - 2]
        is_wide = (before == 0xC2) & ((last == 0x85) | (last == 0xA0))
        is_wide |= _WIDE_BLANK_STARTS[self.array[np.maximum(stop[wide] - 3, 0)]]
        is_odd[wide[is_wide]] = True
        return is_odd

    def _joined(
        self, which: Ints, references: References, prepared: Callable[[bytes], bytes]
    ) -> tuple[bytes, References]:
        """Some values one after another, with `_END` between them, and the references in them."""
        data = memoryview(self.array)  # type: ignore[arg-type]
        start, stop = self.start[which], self.stop[which]
        joined = _END.join([data[a:b] for a, b in zip(start.tolist(), stop.tolist(), strict=True)])
        behind = np.cumsum(stop - start + len(_END))
        return prepared(joined), references.within(start, stop, behind - (stop - start + len(_END)))


def _pieces(joined: bytes, count: int) -> tuple[Ints, Ints]:
    """Where each of some joined values starts and stops, trimmed of all blanks."""
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    found: Bytes = np.frombuffer(joined, np.uint8)
    ends = np.flatnonzero(found == _END[0])
    start, stop = np.concatenate([[0], ends + 1]), np.append(ends, len(joined))
    _trim(found, start, stop)
    some = np.flatnonzero(stop > start)
    wide = _WIDE_BLANK_STARTS[found[start[some]]] | (found[stop[some] - 1] >= 0x80)
    for i in some[wide].tolist():
        text = joined[start[i] : stop[i]].decode("utf-8").lstrip()
        start[i] = stop[i] - len(text.encode("utf-8"))
        stop[i] = start[i] + len(text.rstrip().encode("utf-8"))
    return start, stop


def _trim(array: Bytes, start: Ints, stop: Ints) -> None:
    """Move starts and stops past blanks of ASCII, in place."""
    rest = np.flatnonzero(start < stop)
    while len(rest := rest[array[start[rest]] <= BLANK]):
        start[rest] += 1
        rest = rest[start[rest] < stop[rest]]
    rest = np.flatnonzero(start < stop)
    while len(rest := rest[array[stop[rest] - 1] <= BLANK]):
        stop[rest] -= 1


def _spans(start: Ints, stop: Ints) -> Ints:
    """Starts and stops in turn."""
    spans = np.empty(2 * len(start), np.int64)
    spans[0::2], spans[1::2] = start, stop
    return spans
