"""Elements arranged by their path, so that a column is a few array look-ups.

Place on the way: between the scanner and the columns. Enters: a scanned chunk. Leaves: for each path that is read its
elements, the first child of each parent, the numbers of texts and attribute values; and what is not read, by name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from concerted.model.errors import SourceError
from concerted.sources.iati.names import Ints, NameTable, Words
from concerted.sources.iati.plain import Plain, as_is, with_plain_tags, without_asides
from concerted.sources.iati.scan import Scan, scan
from concerted.sources.iati.values import Values

Numbers = npt.NDArray[np.int16]

#: Deeper nesting is refused; the deepest element of IATI stands 8 below the root.
MAX_DEPTH = 256
#: Attributes that are known and not read: named so that only foreign ones need a closer look.
_OTHER_ATTRIBUTES = (
    "xmlns",
    "srsName",
    "indicator-uri",
    "linked-data-uri",
    "budget-not-provided",
    "crs-channel-code",
    "iso-date",
)
_NAME = re.compile(rb"[^\s/>]+")


class Layout:
    """The paths that are read, compiled once: where each (path, tag) leads, which texts and attributes count."""

    def __init__(self, record: str, sources: Iterable[tuple[str, str | None]]) -> None:
        """Compile paths.

        Args:
            record: name of the record element.
            sources: (path below the record, attribute) pairs; None for an element's text, "" for neither.
        """
        wanted = sorted(set(sources), key=lambda s: (s[0], s[1] or ""))
        paths = {""}
        for path, _ in wanted:
            steps = path.split("/") if path else []
            paths.update("/".join(steps[: i + 1]) for i in range(len(steps)))
        self.paths = ("?", *sorted(paths))
        self.number = {path: i for i, path in enumerate(self.paths)}
        tags = sorted({record, *(path.rsplit("/", 1)[-1] for path in paths if path)})
        attributes = sorted({a for _, a in wanted if a} | set(_OTHER_ATTRIBUTES))
        self.tags, self.attributes = NameTable(tags), NameTable(attributes)
        self.record = self.tags.names.index(record)
        self.next = np.zeros((len(self.paths), len(self.tags.names)), np.int16)
        for path in paths - {""}:
            parent, _, tag = path.rpartition("/")
            self.next[self.number[parent], self.tags.names.index(tag)] = self.number[path]
        self.has_text = np.zeros(len(self.paths), bool)
        self.source = np.zeros((len(self.paths), len(self.attributes.names)), np.int16)
        self.source_number: dict[tuple[str, str], int] = {}
        for path, attribute in wanted:
            if attribute is None:
                self.has_text[self.number[path]] = True
            elif attribute:
                number = self.source_number[path, attribute] = len(self.source_number) + 1
                self.source[self.number[path], self.attributes.names.index(attribute)] = number


@dataclass(frozen=True)
class Groups:
    """Things sorted by a small number; `of(n)` are those with number n, in their order."""

    order: Ints
    bounds: Ints

    @classmethod
    def by(cls, keys: Numbers, count: int) -> "Groups":
        """Group indices 0, 1, .. by their keys, which are below `count`."""
        order = np.argsort(keys.astype(np.uint16), kind="stable")
        return cls(order, np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=count))]))

    def of(self, number: int) -> Ints:
        """Indices with this key, ascending."""
        return self.order[self.bounds[number] : self.bounds[number + 1]]


class Tree:
    """A chunk whose elements can be asked for by path. "Local" numbers count the elements of one path from 0."""

    def __init__(self, data: bytes, asides: Sequence[int], layout: Layout, constants: Sequence[str], name: str) -> None:
        """Scan and arrange a chunk.

        Args:
            data: whole children of the root, well-formed.
            asides: where comments, processing instructions and CDATA begin in it.
            layout: what is read.
            constants: strings that columns may hold besides.
            name: of the input, for messages.

        Raises:
            SourceError: nested too deep.
        """
        self.layout = layout
        self.plain, self.scan = _scanned(without_asides(data, asides) if asides else as_is(data), layout)
        if len(self.scan.elements.depth) and int(self.scan.elements.depth.max()) > MAX_DEPTH:
            raise SourceError(f"{name}: refused, elements are nested more than {MAX_DEPTH} deep; IATI needs 8")
        elements = self.scan.elements
        count = len(elements.start)
        self.parent = np.full(count, -1, np.int64)
        self.path = np.zeros(count, np.int16)
        self._unread: list[tuple[Ints, Ints]] = []
        self._walk()
        self._groups = Groups.by(self.path, len(layout.paths))
        self.local = np.empty(count, np.int64)
        self.local[self._groups.order] = np.arange(count) - self._groups.bounds[self.path[self._groups.order]]
        self._fill(constants)
        self._firsts: dict[str, Ints] = {}
        self._numbers: dict[tuple[str, str | None], Ints] = {}

    def _walk(self) -> None:
        """Give each element its parent and its path, one level after another, as far as paths are read."""
        elements, layout, attributes = self.scan.elements, self.layout, self.scan.attributes
        # An element with a default namespace of its own is foreign, whatever its name.
        foreign = attributes.element[attributes.name == layout.attributes.names.index("xmlns")]
        elements.name[foreign[elements.depth[foreign] > 0]] = 0
        level = np.flatnonzero(elements.depth == 0)
        self.path[level] = np.where(elements.name[level] == layout.record, layout.number[""], 0)
        self.strangers = level[self.path[level] == 0]
        depth = 0
        while len(level):
            opens = level[~elements.is_closed[level]]
            depth += 1
            below = np.flatnonzero(elements.depth == depth)
            if not len(below) or not len(opens):
                return
            parent = opens[np.searchsorted(opens, below) - 1]
            is_read = self.path[parent] > 0
            read, its_parent = below[is_read], parent[is_read]
            self.parent[read] = its_parent
            self.path[read] = layout.next[self.path[its_parent], elements.name[read]]
            is_unread = self.path[read] == 0
            if is_unread.any():
                self._unread.append((read[is_unread], its_parent[is_unread]))
            level = below

    def _fill(self, constants: Sequence[str]) -> None:
        """Number the texts and attribute values that are read."""
        elements, attributes, layout = self.scan.elements, self.scan.attributes, self.layout
        holders = np.flatnonzero(layout.has_text[self.path])
        source = layout.source[self.path[attributes.element], attributes.name]
        read = np.flatnonzero(source)
        self.values = Values(
            self.plain.data,
            (elements.text_start[holders], elements.text_stop[holders]),
            (attributes.start[read], attributes.stop[read]),
            constants,
        )
        self._text = np.zeros(len(elements.start), np.int64)
        self._text[holders] = self.values.texts
        self._read = read
        self._sources = Groups.by(source[read], len(layout.source_number) + 1)

    def of(self, path: str) -> Ints:
        """Elements of a path, in document order."""
        return self._groups.of(self.layout.number[path])

    def first(self, path: str) -> Ints:
        """For each element of the parent path the local number of its first child of this path, else -1.

        One -1 more stands at the end, so that the -1 of one step stays -1 in the next.
        """
        if path not in self._firsts:
            children = self.of(path)
            first = np.full(len(self.of(path.rpartition("/")[0])) + 1, -1, np.int64)
            # Written backwards, so that the first child is written last.
            first[self.local[self.parent[children[::-1]]]] = np.arange(len(children) - 1, -1, -1)
            self._firsts[path] = first
        return self._firsts[path]

    def numbers(self, path: str, attribute: str | None) -> Ints:
        """Value numbers of the text or an attribute of each element of a path, and a 0 more at the end."""
        key = (path, attribute)
        if key not in self._numbers:
            elements = self.of(path)
            numbers = np.zeros(len(elements) + 1, np.int64)
            if attribute is None:
                numbers[:-1] = self._text[elements]
            else:
                which = self._sources.of(self.layout.source_number[path, attribute])
                owner = self.scan.attributes.element[self._read[which]]
                numbers[self.local[owner]] = self.values.attributes[which]
            self._numbers[key] = numbers
        return self._numbers[key]

    def given_elements(self) -> Ints:
        """Elements with a text or attribute that is read and not blank, in no order."""
        of_attributes = self.scan.attributes.element[self._read[self.values.attributes > 0]]
        return np.concatenate([np.flatnonzero(self._text), of_attributes])

    def content(self, element: int) -> bytes:
        """The bytes of a child of the root, from its first to its last tag."""
        starts = self.scan.elements.start
        behind = np.flatnonzero(self.scan.elements.depth[element + 1 :] == 0)
        stop = int(starts[element + 1 + behind[0]]) if len(behind) else len(self.plain.data)
        whole = self.plain.data[int(starts[element]) : stop]
        if self.scan.elements.is_closed[element]:
            return whole[: whole.index(b">") + 1]
        return whole[: whole.rindex(b"</" + self.tag(element).encode())]

    def lines(self, elements: Ints, first_line: int) -> Ints:
        """Line of the document on which each element begins."""
        starts = self.scan.elements.start[elements]
        blocks, words = self._breaks
        block, bit = starts >> 6, (starts & 63).astype(np.uint64)
        before = np.bitwise_count(words[block] & ((np.uint64(1) << bit) - np.uint64(1)))
        lines: Ints = first_line + blocks[block] + before.astype(np.int64) + self.plain.lost_before(starts)
        return lines

    @cached_property
    def _breaks(self) -> tuple[Ints, Words]:
        """Line breaks before each 64 bytes, and where they are in these, as bits."""
        data = np.frombuffer(self.plain.data, np.uint8)
        padded = np.zeros(len(data) // 64 * 64 + 64, bool)
        np.equal(data, 10, out=padded[: len(data)])
        words = np.packbits(padded, bitorder="little").view(np.uint64)
        counts = np.bitwise_count(words).astype(np.int64)
        return np.cumsum(counts) - counts, words

    def unread(self) -> Counter[str]:
        """Elements that are not read, by their path below the record; what is inside them is not looked at."""
        found: Counter[str] = Counter()
        for elements, parents in self._unread:
            for element, parent in zip(elements.tolist(), self.path[parents].tolist(), strict=True):
                path = self.layout.paths[parent]
                tag = self.tag(element)
                found[f"{path}/{tag}" if path else tag] += 1
        return found

    def tag(self, element: int) -> str:
        """The name of an element as it is written."""
        found = _NAME.match(self.plain.data, int(self.scan.elements.start[element]) + 1)
        return found[0].decode("utf-8") if found else ""


def _scanned(plain: Plain, layout: Layout) -> tuple[Plain, Scan]:
    """Scan, after rewriting tags that are not plain."""
    while True:
        result = scan(plain.data, layout.tags, layout.attributes)
        if not len(result.odd_tags):
            return plain, result
        plain = with_plain_tags(plain, result.odd_tags.tolist())
