"""The readers of IATI activity and organisation files.

Place on the way: steps 1 and 2 for the format IATI, versions 1.01 to 2.03. Enters: one input, plain or packed. Leaves:
batches of `rec_` tables, one per stretch of about 6 MiB, in memory that does not grow with the file.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

import numpy as np

from concerted.sources.base import Batch, Input, Part, Reader, Sheaf
from concerted.sources.iati.activities import read_activities
from concerted.sources.iati.chunks import Check, Chunk, ChunkReader, read_root
from concerted.sources.iati.columns import layout
from concerted.sources.iati.findings import Findings
from concerted.sources.iati.gather import gather
from concerted.sources.iati.identity import Identities
from concerted.sources.iati.organisations import read_organisations
from concerted.sources.iati.parts import cut
from concerted.sources.iati.prefixes import undeclared
from concerted.sources.iati.scan import Scan
from concerted.sources.iati.stretches import Stretch, constants_of
from concerted.sources.iati.strict import Root
from concerted.sources.iati.tree import Tree
from concerted.sources.iati.wellformed import scan_if_well_formed
from concerted.sources.open import open_stream

_BUFFER = 1 << 20
#: What may stand before the first element, a piece at a time; and its name.
_PROLOG = re.compile(rb"\xef\xbb\xbf|\s+|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", re.DOTALL)
_NAME = re.compile(rb"<([A-Za-z_][^\s/>]*)")


class IatiReader:
    """Reads `iati-activities`: every table of the field dictionary that IATI can fill.

    Persons (`contact-info`) are never read, only counted. What else is not read is counted by element in
    `Batch.unread`; `../x` is an element beside the activities, `x (repeated)` one of which only the first is read.

    Issues:
        xml_broken (error): the document stops being XML; what is complete before is delivered.
        activity_empty (error): nothing is said below the activity; it is set aside.
        identifier_missing, identifier_duplicate, date_wrong, value_wrong, value_absurd, percent_wrong,
        coordinates_wrong, code_unknown, lang_unknown, currency_missing (warning): the value is null (codes are kept).
        narrative_empty, value_negative, element_unknown, prefix_undeclared (info).
    """

    kind = "iati-activities"

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether the first element is `iati-activities` or a lone `iati-activity`."""
        return _first_element(head) in ("iati-activities", "iati-activity")

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """Byte ranges that end where an activity ends; one part for packed and small files."""
        return cut(source, wanted, "iati-activity")

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The activities of one part, one batch per chunk.

        Raises:
            SourceError: DOCTYPE, no IATI at all, too deep, too large a record, damaged gzip.
        """

        def check(data: bytes) -> Scan | None:
            return scan_if_well_formed(data, layout().tags, layout().attributes)

        identities = Identities(source.name)
        with _open(source, part, "iati-activity", check) as (reader, is_end):
            for chunk in reader.chunks(part.start, is_end=is_end):
                yield _read_alone(chunk, Stretch.under(cast(Root, reader.root), source, identities))
                del chunk  # before the next one is scanned
            yield from _end(reader, source)

    def together(self, sources: Sequence[Input]) -> Iterator[tuple[Sequence[Input], Sheaf | None]]:
        """Small plain documents gathered to chunks, of which each costs what one of them would cost alone.

        What comes of each document is what `read` makes of it. Documents that are not small, or not well-formed beyond
        doubt, are left to it.
        """
        for gathered in gather(sources):
            chunk, stretches = gathered.chunk, gathered.stretches
            yield gathered.sources, None if chunk is None else _read(chunk, stretches, gathered.sources[0].name)


class IatiOrganisationReader:
    """Reads `iati-organisations`: the names by which it calls organisations; all else is counted in `unread`.

    Issues:
        xml_broken, organisation_empty (error); element_unknown (info).
    """

    kind = "iati-organisations"

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether the first element is `iati-organisations` or a lone `iati-organisation`."""
        return _first_element(head) in ("iati-organisations", "iati-organisation")

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """Always one: these files are small."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The names of one file.

        Raises:
            SourceError: DOCTYPE, no IATI at all, damaged gzip.
        """
        known: set[tuple[object, ...]] = set()
        with _open(source, part, "iati-organisation", lambda _: None) as (reader, is_end):
            for chunk in reader.chunks(is_end=is_end):
                yield read_organisations(chunk, cast(Root, reader.root), source, Findings(source), known)
            yield from _end(reader, source)


def _read_alone(chunk: Chunk, stretch: Stretch) -> Batch:
    sheaf = _read(chunk, [stretch], stretch.source.name)
    return replace(sheaf.batches[0], tables=sheaf.tables)


def _read(chunk: Chunk, stretches: Sequence[Stretch], name: str) -> Sheaf:
    tree = Tree(chunk, layout(), constants_of(stretches), name)
    for number, prefix, element in undeclared(tree, [stretch.declared for stretch in stretches]):
        line = int(tree.lines(np.array([element]))[0])
        stretches[number].findings.add("prefix_undeclared", line=line, found=prefix)
    return read_activities(tree, stretches)


READERS: tuple[Reader, ...] = (IatiReader(), IatiOrganisationReader())


def _end(reader: ChunkReader, source: Input) -> Iterator[Batch]:
    """Where the document broke off: the issue, and the record that was being told."""
    broken = reader.broken
    if broken is None:
        return
    findings = Findings(source)
    findings.add("xml_broken", line=broken.line, column=broken.column, reason=broken.reason)
    unfinished = int(broken.is_inside_record)
    yield Batch(issues=findings.issues(), seen=unfinished, set_aside=unfinished)


@contextmanager
def _open(source: Input, part: Part, record: str, check: Check) -> Iterator[tuple[ChunkReader, bool]]:
    """A chunk reader for a part, and whether the part reaches to the end of the document."""
    if part.start == 0 and part.stop >= source.bytes:
        with open_stream(source) as stream:
            yield ChunkReader(stream, source.name, record, check), True
        return
    with source.path.open("rb") as file:
        root = None if part.start == 0 else read_root(file, source.name, record)
        file.seek(part.start)
        stretch = cast(BinaryIO, BufferedReader(_Stretch(file, part.stop - part.start), _BUFFER))
        yield ChunkReader(stretch, source.name, record, check, root, part.first_line), part.stop >= source.bytes


class _Stretch(RawIOBase):
    """The next `length` bytes of a file."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` from the file, at most to the end of the stretch."""
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def _first_element(head: bytes) -> str:
    """Name of the first element, comments, instructions and DOCTYPE passed over; empty when there is none."""
    for encoding, mark in (("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff")):
        if head.startswith(mark):
            head = head[: len(head) // 2 * 2].decode(encoding, "replace").encode()
    at = 0
    while (passed := _PROLOG.match(head, at)) is not None:
        at = passed.end()
    found = _NAME.match(head, at)
    return found[1].decode("utf-8", "replace") if found else ""
