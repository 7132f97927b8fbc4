"""The texts and attribute values of a chunk as one Arrow array, from which columns are taken.

Place on the way: between the scanner and the columns. Enters: where values begin and end in the bytes. Leaves: value
numbers, and `take`, which turns an array of numbers into a string column. 0 is the number of "nothing there": absent,
empty and blank values all have it, and come out as null.

Values are trimmed of blanks (also those of Unicode) and their references are decoded, once, before columns are made.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concerted.sources.iati.names import Ints
from concerted.sources.iati.references import References, decoded

Bytes = npt.NDArray[np.uint8]

#: Joins values while they are decoded, and stands for a literal carriage return; neither can occur in XML.
_END, _RETURN = b"\0", b"\1"
_BLANK = 32
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
        references: References,
        constants: Sequence[str] = (),
    ) -> None:
        """Trim and decode the values.

        Args:
            data: the chunk.
            texts: first and behind-last bytes of the element texts, ascending and apart.
            attributes: the same for attribute values.
            references: all of the chunk.
            constants: strings that columns may hold besides what stands in the chunk.
        """
        array: Bytes = np.frombuffer(data, np.uint8)
        size = len(data)
        specials = references.start
        returns = np.flatnonzero(array == ord("\r")) if b"\r" in data else specials[:0]
        text = _Group(array, *texts, 0)
        value = _Group(array, *attributes, size)
        blocks, at = [], 2 * size
        numbers, tail = [], []
        first, count = 1, 0
        for group, found in ((text, np.union1d(specials, returns) if len(returns) else specials), (value, specials)):
            number = np.where(group.stop > group.start, first + np.arange(len(group.start)), 0)
            first += len(group.start)
            numbers.append(number)
            odd = group.odd(found)
            if len(odd):
                block, start, stop = group.decoded(odd, references)
                number[odd] = np.where(stop > start, -1 - count - np.arange(len(odd)), 0)
                count += len(odd)
                tail.append(_spans(start, stop) + at)
                blocks.append(block)
                at += len(block)
        for number in numbers:
            is_decoded = np.flatnonzero(number < 0)
            number[is_decoded] = first - 1 - number[is_decoded]
        self.texts, self.attributes = numbers
        self._constants = {c: first + count + i for i, c in enumerate(constants)}
        for constant in constants:
            blocks.append(constant.encode())
            tail.append(np.array([at, at + len(blocks[-1])]))
            at += len(blocks[-1])
        spans = np.concatenate([[0, 0], text.spans(), value.spans(), *tail])
        offsets = np.append(spans, at).astype(np.int32)
        whole = np.empty(at, np.uint8)
        whole[:size] = array
        # In attribute values a line break or tab is a blank (XML 1.0, section 3.3.3), so they come from a second copy.
        np.maximum(array, _BLANK, out=whole[size : 2 * size])
        whole[2 * size :] = np.frombuffer(b"".join(blocks), np.uint8)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(whole)]
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


class _Group:
    """Values of one sort, trimmed of ASCII blanks; they are taken from a copy of the data that begins at `shift`."""

    def __init__(self, array: Bytes, start: Ints, stop: Ints, shift: int) -> None:
        self.array, self.start, self.stop, self.shift = array, start.copy(), stop.copy(), shift
        _trim(array, self.start, self.stop)

    def spans(self) -> Ints:
        """Starts and stops in turn, so that every second piece between them is a value."""
        return _spans(self.start, self.stop) + self.shift

    def odd(self, specials: Ints) -> Ints:
        """Values that cannot be copied as they are: with references or carriage returns, or maybe with wide blanks."""
        some = np.flatnonzero(self.stop > self.start)
        start, stop = self.start[some], self.stop[some]
        of = np.searchsorted(start, specials, side="right") - 1
        is_odd = np.zeros(len(some), bool)
        is_odd[of[(of >= 0) & (specials < stop[of])]] = True
        is_odd |= _WIDE_BLANK_STARTS[self.array[start]]
        wide = np.flatnonzero(self.array[stop - 1] >= 0x80)
        last = self.array[stop[wide] - 1]
        before = self.array[stop[wide] - 2]
        is_wide = (before == 0xC2) & ((last == 0x85) | (last == 0xA0))
        is_wide |= _WIDE_BLANK_STARTS[self.array[np.maximum(stop[wide] - 3, 0)]]
        is_odd[wide[is_wide]] = True
        odd: Ints = some[is_odd]
        return odd

    def decoded(self, which: Ints, references: References) -> tuple[bytes, Ints, Ints]:
        """These values with references decoded, line ends as one line feed: bytes, and where in them each stands."""
        data = memoryview(self.array)  # type: ignore[arg-type]
        start, stop = self.start[which], self.stop[which]
        joined = _END.join([data[a:b] for a, b in zip(start.tolist(), stop.tolist(), strict=True)])
        new_start = np.cumsum(stop - start + len(_END)) - (stop - start + len(_END))
        # What is a blank in an attribute value is one before its references are decoded: &#10; stays a line feed.
        joined = joined.translate(_BLANKS) if self.shift else joined.replace(b"\r", _RETURN)
        joined = decoded(joined, references.within(start, stop, new_start))
        if _RETURN in joined:
            # Only now, as the places of the references were counted with them; those that were written &#13; stay.
            joined = joined.replace(_RETURN + b"\n", b"\n").replace(_RETURN, b"\n")
        found: Bytes = np.frombuffer(joined, np.uint8)
        ends = np.flatnonzero(found == _END[0])
        new_start, new_stop = np.concatenate([[0], ends + 1]), np.append(ends, len(joined))
        _trim(found, new_start, new_stop)
        some = np.flatnonzero(new_stop > new_start)
        wide = _WIDE_BLANK_STARTS[found[new_start[some]]] | (found[new_stop[some] - 1] >= 0x80)
        for i in some[wide].tolist():
            text = joined[new_start[i] : new_stop[i]].decode("utf-8").lstrip()
            new_start[i] = new_stop[i] - len(text.encode("utf-8"))
            new_stop[i] = new_start[i] + len(text.rstrip().encode("utf-8"))
        return joined, new_start, new_stop


def _trim(array: Bytes, start: Ints, stop: Ints) -> None:
    """Move starts and stops past blanks of ASCII, in place."""
    rest = np.flatnonzero(start < stop)
    while len(rest := rest[array[start[rest]] <= _BLANK]):
        start[rest] += 1
        rest = rest[start[rest] < stop[rest]]
    rest = np.flatnonzero(start < stop)
    while len(rest := rest[array[stop[rest] - 1] <= _BLANK]):
        stop[rest] -= 1


def _spans(start: Ints, stop: Ints) -> Ints:
    """Starts and stops in turn."""
    spans = np.empty(2 * len(start), np.int64)
    spans[0::2], spans[1::2] = start, stop
    return spans
