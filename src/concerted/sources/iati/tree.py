"""Elements arranged by their path, so that a column is a few array look-ups.

Place on the way: between the scanner and the columns. Enters: a scanned chunk. Leaves: for each path that is read its
elements, the first child of each parent, the numbers of texts and attribute values; and what is not read, by name.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from concerted.model.errors import SourceError
from concerted.records.screening.kinds import Kind
from concerted.records.screening.texts import screen_addresses, screen_texts
from concerted.sources.iati.bits import Marks
from concerted.sources.iati.chunks import Chunk
from concerted.sources.iati.names import BLANK, MAX_SEEN, Ints
from concerted.sources.iati.paths import Layout
from concerted.sources.iati.plain import Plain, as_is, with_plain_tags, without_asides
from concerted.sources.iati.references import References, parse_references
from concerted.sources.iati.scan import Scan, scan
from concerted.sources.iati.values import Values

Numbers = npt.NDArray[np.int16]

#: Deeper nesting is refused; the deepest element of IATI stands 8 below the root.
MAX_DEPTH = 256
_NAME = re.compile(rb"[^\s/>]+")


@dataclass(frozen=True)
class Groups:
    """Things sorted by a small number; `of(n)` are those with number n, in their order."""

    order: Ints
    bounds: list[int]

    @classmethod
    def by(cls, keys: Numbers, count: int) -> "Groups":
        """Group indices 0, 1, .. by their keys, which are below `count`."""
        order = np.argsort(keys.astype(np.uint16), kind="stable")
        return cls(order, [0, *np.cumsum(np.bincount(keys, minlength=count)).tolist()])

    def count(self, number: int) -> int:
        """How many have this key."""
        return self.bounds[number + 1] - self.bounds[number]

    def of(self, number: int) -> Ints:
        """Indices with this key, ascending."""
        return self.order[self.bounds[number] : self.bounds[number + 1]]


@dataclass(frozen=True)
class Refused:
    """An element (or attribute) of which some words are not stored, what it is called, and of what sort they were."""

    element: int
    field: str
    traces: tuple[Kind, ...]


class Tree:
    """A chunk whose elements can be asked for by path. "Local" numbers count the elements of one path from 0."""

    def __init__(self, chunk: Chunk, layout: Layout, constants: Sequence[str], name: str) -> None:
        """Scan (unless that is done) and arrange a chunk.

        Args:
            chunk: whole children of the root, well-formed.
            layout: what is read.
            constants: strings that columns may hold besides.
            name: of the input, for messages.

        Raises:
            SourceError: nested too deep.
        """
        self.layout, self._name = layout, name
        self._starts, self._first_lines = chunk.starts, chunk.first_lines
        self.plain, self.scan = _scanned(chunk, layout)
        self.first_elements: Ints = np.searchsorted(self.scan.elements.start, np.array(chunk.starts))
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
        firsts = np.array(self._groups.bounds[:-1])
        self.local[self._groups.order] = np.arange(count) - firsts[self.path[self._groups.order]]
        self._fill(constants)
        self._firsts: dict[int, Ints] = {}

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
        array = np.frombuffer(self.plain.data, np.uint8)
        controls = Marks(array < BLANK)
        has_others = any(control in self.plain.data for control in (b"\t", b"\r"))
        self._breaks = Marks(array == ord("\n")) if has_others else controls
        holders = np.flatnonzero(layout.has_text[self.path])
        source = layout.source[self.path[attributes.element], attributes.name]
        read = np.flatnonzero(source)
        self.values = Values(
            self.plain.data,
            (elements.text_start[holders], elements.text_stop[holders]),
            (attributes.start[read], attributes.stop[read]),
            controls,
            self._references(),
            constants,
        )
        self._screen(holders, attributes.element[read], source[read])
        self._text = np.zeros(len(elements.start), np.int64)
        self._text[holders] = self.values.texts
        self._owner = attributes.element[read]
        self._sources = Groups.by(source[read], len(layout.source_number) + 1)

    def _screen(self, holders: Ints, owners: Ints, sources: Numbers) -> None:
        """Replace what free texts and addresses say of persons, exact sites and the like; `refused` tells of it."""
        values, layout = self.values, self.layout
        paths = self.path[holders]
        self.refused: list[Refused] = []
        for sort, screen in ((layout.words, screen_texts), (layout.addresses, screen_addresses)):
            texts = np.flatnonzero(sort.of_texts[paths] & (values.texts > 0))
            attributes = np.flatnonzero(sort.of_attributes[sources] & (values.attributes > 0))
            found = screen(values.take(np.concatenate([values.texts[texts], values.attributes[attributes]])))
            if not len(found.rows):
                continue
            numbers = values.add(found.texts)
            is_text = found.rows < len(texts)
            changed, others = texts[found.rows[is_text]], attributes[found.rows[~is_text] - len(texts)]
            values.texts[changed], values.attributes[others] = numbers[is_text], numbers[~is_text]
            fields = [layout.paths[path].removesuffix("/narrative") for path in paths[changed].tolist()]
            names = {number: f"{path}/@{attribute}" for (path, attribute), number in layout.source_number.items()}
            fields += [names[number] for number in sources[others].tolist()]
            elements = np.concatenate([holders[changed], owners[others]]).tolist()
            self.refused += map(Refused, elements, fields, found.traces)

    def _references(self) -> References:
        if self.scan.references is not None:
            return self.scan.references
        references = parse_references(np.frombuffer(self.plain.data, np.uint8), self.scan.words)
        if (
            references is None
        ):  # expat has accepted them, so they are good, only unusual: more leading zeros than digits
            raise SourceError(f"{self._name}: refused, a character reference has more than nine digits")
        return references

    def count(self, path: int) -> int:
        """How many elements a path has."""
        return self._groups.count(path)

    def of(self, path: int) -> Ints:
        """Elements of a path, in document order."""
        return self._groups.of(path)

    def first(self, path: int) -> Ints:
        """For each element of the parent path the local number of its first child of this path, else -1.

        One -1 more stands at the end, so that the -1 of one step stays -1 in the next.
        """
        first = self._firsts.get(path)
        if first is None:
            children = self.of(path)
            first = self._firsts[path] = np.full(self.count(self.layout.parent[path]) + 1, -1, np.int64)
            # Written backwards, so that the first child is written last.
            first[self.local[self.parent[children[::-1]]]] = np.arange(len(children) - 1, -1, -1)
        return first

    def texts(self, path: int) -> Ints:
        """Value numbers of the texts of the elements of a path, and a 0 more at the end."""
        elements = self.of(path)
        numbers = np.zeros(len(elements) + 1, np.int64)
        numbers[:-1] = self._text[elements]
        return numbers

    def attributes(self, path: int, source: int) -> Ints:
        """Value numbers of an attribute (by its number in the layout) of these elements, and a 0 more at the end."""
        numbers = np.zeros(self.count(path) + 1, np.int64)
        if self.has(source):
            which = self._sources.of(source)
            numbers[self.local[self._owner[which]]] = self.values.attributes[which]
        return numbers

    def has(self, source: int) -> bool:
        """Whether an attribute (by its number in the layout) stands anywhere."""
        return self._sources.count(source) > 0

    def given_elements(self) -> Ints:
        """Elements with a text or attribute that is read and not blank, in no order."""
        return np.concatenate([np.flatnonzero(self._text), self._owner[self.values.attributes > 0]])

    def content(self, element: int) -> bytes:
        """The bytes of a child of the root, from its first to its last tag."""
        starts = self.scan.elements.start
        behind = np.flatnonzero(self.scan.elements.depth[element + 1 :] == 0)
        stop = int(starts[element + 1 + behind[0]]) if len(behind) else len(self.plain.data)
        whole = self.plain.data[int(starts[element]) : stop]
        if self.scan.elements.is_closed[element]:
            return whole[: whole.index(b">") + 1]
        return whole[: whole.rindex(b"</" + self.tag(element).encode())]

    def stretch(self, elements: Ints) -> Ints:
        """In which stretch of the chunk, that is in which document, each element stands."""
        found: Ints = np.searchsorted(self.first_elements[1:], elements, side="right")
        return found

    def lines(self, elements: Ints) -> Ints:
        """Line of its document on which each element begins."""
        starts = self.scan.elements.start[elements]
        lines: Ints = self._breaks.before(starts) + self.plain.lost_before(starts)
        lines += self._shifts[self.stretch(elements)] if len(self._shifts) > 1 else self._shifts[0]
        return lines

    @cached_property
    def _shifts(self) -> Ints:
        """What must be added to the line breaks before an element, by stretch."""
        return np.array(self._first_lines) - self._breaks.before(np.array(self._starts))

    def unread(self) -> list[Counter[str]]:
        """Elements that are not read, by their path below the record; what is inside them is not looked at.

        One count for each stretch.
        """
        found = [Counter[str]() for _ in self._starts]
        names, paths = self.layout.tags.names, self.layout.paths
        for elements, parents in self._unread:
            tags = self.scan.elements.name[elements]
            keys = (self.stretch(elements) * len(paths) + self.path[parents]) * len(names) + tags
            different, counts = np.unique(keys[tags > 0], return_counts=True)
            for key, count in zip(different.tolist(), counts.tolist(), strict=True):
                rest, tag = divmod(key, len(names))
                stretch, path = divmod(rest, len(paths))
                found[stretch][_below(paths[path], names[tag])] += count
            others = np.flatnonzero(tags == 0)
            starts = self.scan.elements.start[elements[others]] + 1
            stops = starts + self.scan.elements.name_length[elements[others]]
            spans = [self.plain.data[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)]
            for i in np.flatnonzero(stops - starts > MAX_SEEN).tolist():
                spans[i] = self.tag(int(elements[others[i]])).encode()
            for (key, span), count in Counter(zip(keys[others].tolist(), spans, strict=True)).items():
                stretch, path = divmod(key // len(names), len(paths))
                found[stretch][_below(paths[path], span.decode("utf-8", "replace"))] += count
        return found

    def tag(self, element: int) -> str:
        """The name of an element as it is written."""
        found = _NAME.match(self.plain.data, int(self.scan.elements.start[element]) + 1)
        return found[0].decode("utf-8") if found else ""


def _below(path: str, tag: str) -> str:
    return f"{path}/{tag}" if path else tag


def _scanned(chunk: Chunk, layout: Layout) -> tuple[Plain, Scan]:
    """Scan, after rewriting what is not plain."""
    if chunk.scan is not None:
        return as_is(chunk.data), chunk.scan
    plain = without_asides(chunk.data, chunk.asides) if chunk.asides else as_is(chunk.data)
    while True:
        result = scan(plain.data, layout.tags, layout.attributes)
        if not len(result.odd_tags):
            return plain, result
        plain = with_plain_tags(plain, result.odd_tags.tolist())
