"""A document as stretches of whole activities, checked for well-formedness on the way.

Place on the way: first thing that touches the bytes of an IATI file. Enters: a stream. Leaves: chunks of about 8 MiB
that end behind an activity, and, where the document breaks, everything before the break and the place of it.
"""

import codecs
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from concerted.model.errors import SourceError
from concerted.sources.iati.plain import ASIDE, without_asides

#: Chunks end behind the first activity that closes past each multiple of this offset, so that they are the same
#: whether a file is read whole or in parts. 8 MiB keeps the scanner's arrays in the processor's cache.
CHUNK_BYTES = 4 << 20
#: A single activity beyond this is refused: the largest published ones we know are below 10 MiB.
MAX_RECORD_BYTES = 64 << 20

#: The root of a document by its records. A lone record without root is read too.
ROOTS = {"iati-activity": "iati-activities", "iati-organisation": "iati-organisations"}

_FIRST_TAG = re.compile(rb"<[^\s/>!?]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


@dataclass(frozen=True)
class Chunk:
    """Whole children of the root: bytes, the line on which they begin, where comments and the like stand in them."""

    data: bytes
    first_line: int
    asides: tuple[int, ...]


@dataclass(frozen=True)
class Break:
    """Where a document stops being XML, and whether that falls inside a record that had begun."""

    line: int
    column: int
    reason: str
    is_inside_record: bool


@dataclass(frozen=True)
class Root:
    """The root element of a document."""

    name: str
    attributes: dict[str, str]

    def tag(self) -> bytes:
        """Its start tag, on one line."""
        pairs = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        return f"<{self.name}{pairs}>".encode()


class ChunkReader:
    """Iterates over the chunks of one part of a document.

    After the last chunk, `broken` says whether the document broke off. `root` is known before the first chunk.
    """

    def __init__(self, stream: BinaryIO, name: str, record: str, root: Root | None = None, first_line: int = 1) -> None:
        """Read `stream`, whose records are elements called `record`.

        Args:
            stream: the bytes; for a later part of a document only those of the part.
            name: of the input, for messages.
            record: `iati-activity` or `iati-organisation`.
            root: for a later part, the root of the document, under which its elements stand.
            first_line: line of the document on which the stream begins.
        """
        self.root = root
        self.broken: Break | None = None
        self._stream, self._name = stream, name
        self._record = record.encode()
        self._roots = (ROOTS[record], record)
        self._close = re.compile(rb"</%s\s*>" % self._record)
        self._line_shift = first_line - 1
        self._head_bytes = 0
        self._asides: list[int] = []
        self._root_at = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.CommentHandler = self._note_aside
        self._parser.ProcessingInstructionHandler = self._note_aside
        self._parser.StartCdataSectionHandler = self._note_aside
        if root is None:
            self._parser.StartElementHandler = self._note_root
        else:
            self._parser.Parse(root.tag(), False)
            self._head_bytes = len(root.tag())

    def chunks(self, offset: int = 0, *, is_end: bool = True) -> Iterator[Chunk]:
        """The chunks in order.

        Args:
            offset: byte of the document at which the stream begins.
            is_end: the stream reaches to the end of the document, so that its root must be closed.

        Raises:
            SourceError: DOCTYPE, another root, an unknown encoding, a record over the size limit, or the stream itself
                is damaged; whole records before the damage come out first.
        """
        buffer, line, start, failure = b"", self._line_shift + 1, 0, None
        is_body = self.root is not None
        blocks = self._blocks()
        while self.broken is None:
            try:
                block = next(blocks, b"")
            except SourceError as error:
                failure = error
                break
            if not block:
                self._feed(b"" if is_end or self.root is None else b"</%s>" % self.root.name.encode(), is_final=True)
                break
            self._feed(block)
            buffer += block
            if not is_body and self.root is not None:
                cut, is_body = self._body_start(buffer), True
                line, start, buffer = line + buffer.count(b"\n", 0, cut), start + cut, buffer[cut:]
            while self.broken is None and is_body:
                target = (start + offset) // CHUNK_BYTES * CHUNK_BYTES + CHUNK_BYTES - (start + offset)
                cut = self._close_after(buffer, start, target)
                if cut == 0:
                    break
                yield Chunk(buffer[:cut], line, self._asides_within(start, cut))
                line, start, buffer = line + buffer.count(b"\n", 0, cut), start + cut, buffer[cut:]
            if len(buffer) > MAX_RECORD_BYTES + 2 * CHUNK_BYTES:
                raise SourceError(
                    f"{self._name}: refused, over {MAX_RECORD_BYTES} bytes from line {line} on without the end of a "
                    f"{self._record.decode()}; no known publisher has records that large"
                )
        if self.root is None and failure is None:
            raise SourceError(_no_root(self._name, buffer, self.broken))
        if self.broken is not None or failure is not None:
            buffer = self._before_break(buffer, start)
        if buffer and is_body:
            yield Chunk(buffer, line, self._asides_within(start, len(buffer)))
        if failure is not None:
            raise failure

    def _blocks(self) -> Iterator[bytes]:
        """The stream in blocks of UTF-8, a byte order mark taken off."""
        block = self._stream.read(CHUNK_BYTES)
        encoding = _encoding(block)
        if encoding is None:
            while block:
                yield block
                block = self._stream.read(CHUNK_BYTES)
            return
        try:
            decoder = codecs.getincrementaldecoder(encoding)("strict")
        except LookupError as error:
            raise SourceError(
                f"{self._name}: refused, it declares an encoding {encoding!r} that is unknown; save it as UTF-8"
            ) from error
        while block:
            try:
                yield decoder.decode(block).encode("utf-8")
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"{self._name}: bytes that are not {encoding}, the encoding it declares ({error.reason}); "
                    "save it as UTF-8"
                ) from error
            block = self._stream.read(CHUNK_BYTES)

    def _feed(self, block: bytes, *, is_final: bool = False) -> None:
        try:
            self._parser.Parse(block, is_final)
        except expat.ExpatError as error:
            column = error.offset - (self._head_bytes if error.lineno == 1 else 0)
            reason = expat.errors.messages[error.code]
            self.broken = Break(error.lineno + self._line_shift, column + 1, reason, is_inside_record=False)

    def _body_start(self, buffer: bytes) -> int:
        """Where the children of the root begin; a lone record is its own body."""
        tag = _FIRST_TAG.match(buffer, self._root_at)
        is_lone = tag is None or self.root is None or self.root.name.encode() == self._record
        return self._root_at if tag is None or is_lone else tag.end()

    def _close_after(self, buffer: bytes, start: int, target: int) -> int:
        """End of the first record whose closing tag begins at `target` or later; 0 when there is none yet."""
        # A comment that is still open is not known yet: look no further than the parser has come.
        stop = self._parser.CurrentByteIndex - self._head_bytes - start
        return next(self._closes(buffer, start, target, stop), 0)

    def _closes(self, buffer: bytes, start: int, first: int, stop: int) -> Iterator[int]:
        """End of each closing tag of a record between `first` and `stop` that is no part of a comment or CDATA."""
        for found in self._close.finditer(buffer, max(first, 0), max(stop, 0)):
            before = bisect_right(self._asides, start + found.start()) - 1
            at = self._asides[before] - start if before >= 0 else -1
            aside = ASIDE.match(buffer, at) if at >= 0 else None
            if aside is None or aside.end() <= found.start():
                yield found.end()

    def _before_break(self, buffer: bytes, start: int) -> bytes:
        """What of the buffer lies before the last whole record; notes whether another one had begun."""
        valid = len(buffer)
        if self.broken is not None:
            valid = self._parser.ErrorByteIndex - self._head_bytes - start
        cut = max(self._closes(buffer, start, 0, valid), default=0)
        if self.broken is not None:
            rest = without_asides(buffer[cut:valid], self._asides_within(start + cut, valid - cut)).data
            is_inside = re.search(rb"<%s[\s/>]" % self._record, rest) is not None
            self.broken = replace(self.broken, is_inside_record=is_inside)
        return buffer[:cut]

    def _asides_within(self, start: int, length: int) -> tuple[int, ...]:
        first, last = bisect_left(self._asides, start), bisect_left(self._asides, start + length)
        return tuple(at - start for at in self._asides[first:last])

    def _note_root(self, name: str, attributes: dict[str, str]) -> None:
        self._root_at = self._parser.CurrentByteIndex
        self._parser.StartElementHandler = None
        if name not in self._roots:
            raise SourceError(f"{self._name}: refused, its root is <{name}>, expected <{self._roots[0]}>")
        self.root = Root(name, attributes)

    def _note_aside(self, *_: object) -> None:
        self._asides.append(self._parser.CurrentByteIndex - self._head_bytes)

    def _refuse_doctype(self, *_: object) -> None:
        raise SourceError(
            f"{self._name}: refused, it has a DOCTYPE, which IATI does not use and which can make a reader fetch or "
            "expand what the file does not hold; remove the DOCTYPE"
        )


def read_root(stream: BinaryIO, name: str, record: str) -> Root:
    """The root element of a document.

    Raises:
        SourceError: as `ChunkReader.chunks`.
    """
    reader = ChunkReader(stream, name, record)
    next(reader.chunks(), None)
    if reader.root is None:
        raise SourceError(_no_root(name, b"", reader.broken))
    return reader.root


def is_utf8(head: bytes) -> bool:
    """Whether a document that begins so says that it is UTF-8, or says nothing."""
    return _encoding(head) is None


def _encoding(head: bytes) -> str | None:
    """The codec for a document that is not UTF-8; None when it is."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return encoding
    declared = _ENCODING.match(head)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return None if name in ("utf-8", "utf8", "us-ascii", "ascii") else name


def _no_root(name: str, head: bytes, broken: Break | None) -> str:
    start = head[:60].decode("utf-8", "replace")
    if not head.strip():
        return f"{name}: refused, it is empty; get the file again"
    reason = "" if broken is None else f" (line {broken.line}, column {broken.column}: {broken.reason})"
    return f"{name}: refused, it is no XML{reason}, it starts with {start!r}; get the file again"
