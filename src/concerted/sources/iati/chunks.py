"""A document as stretches of whole records, checked for well-formedness on the way.

Place on the way: first thing that touches the bytes of an IATI file. Enters: a stream. Leaves: chunks of some MiB that
end behind a record, and, where the document breaks, everything before the break and the place of it.

Most stretches are plain enough for the quick check. The first one that is not, for whatever reason, is given to expat,
and so is all that follows it.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from concerted.model.errors import SourceError
from concerted.sources.iati.plain import without_asides
from concerted.sources.iati.scan import Scan
from concerted.sources.iati.strict import Break, Root, StrictParser

#: Chunks end behind the first record that closes past each multiple of this offset, so that they are the same whether
#: a file is read whole or in parts. What a chunk costs whatever its size is paid once for each: 4 MiB take 4 % more
#: processor time than 6, which is that of 8; 2 MiB a fifth more. Of memory, reading takes 230 MB at 4, 251 at 6 and 319
#: at 8 MiB.
CHUNK_BYTES = 6 << 20
#: A single record beyond this is refused: the largest published ones we know are below 10 MiB.
MAX_RECORD_BYTES = 64 << 20
#: The root of a document by its records. A lone record without root is read too.
ROOTS = {"iati-activity": "iati-activities", "iati-organisation": "iati-organisations"}

_FIRST_TAG = re.compile(rb"<[^\s/>!?]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*(/?)>")
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_FIRST_LOOK = 4096

Check = Callable[[bytes], Scan | None]


@dataclass(frozen=True)
class Chunk:
    """Whole children of the root: bytes, the line on which they begin, where comments and the like stand in them.

    Of several small documents together: `starts` are the bytes at which the stretch of each begins, `first_lines` the
    line of its document.
    """

    data: bytes
    first_lines: tuple[int, ...]
    asides: tuple[int, ...] = ()
    scan: Scan | None = None
    starts: tuple[int, ...] = (0,)


class ChunkReader:
    """Iterates over the chunks of one part of a document.

    `root` is known before the first chunk; after the last one `broken` says whether the document broke off.
    """

    def __init__(
        self, stream: BinaryIO, name: str, record: str, check: Check, root: Root | None = None, first_line: int = 1
    ) -> None:
        """Read `stream`, whose records are elements called `record`.

        Args:
            stream: the bytes; for a later part of a document only those of the part.
            name: of the input, for messages.
            record: `iati-activity` or `iati-organisation`.
            check: scans bytes that are surely well-formed; None for any others.
            root: for a later part, the root of the document, under which its elements stand.
            first_line: line of the document on which the stream begins.
        """
        self.root = root
        self.broken: Break | None = None
        self._stream, self._name, self._record, self._check = stream, name, record.encode(), check
        self._close = re.compile(rb"</%s\s*>" % self._record)
        self._buffer, self._start, self._line = b"", 0, first_line
        self._strict: StrictParser | None = None
        self._failure: SourceError | None = None

    def chunks(self, offset: int = 0, *, is_end: bool = True) -> Iterator[Chunk]:
        """The chunks in order.

        Args:
            offset: byte of the document at which the stream begins.
            is_end: the stream reaches to the end of the document, so that its root must be closed.

        Raises:
            SourceError: DOCTYPE, another root, an unknown encoding, a record over the size limit, or the stream itself
                is damaged; whole records before the damage come out first.
        """
        blocks = self._blocks()
        if self.root is None:
            self._begin(blocks)
        while self.broken is None:
            yield from self._ready(offset)
            block = self._next(blocks) if self.broken is None else b""
            if not block:
                break
            self._buffer += block
            self._feed(block)
            if len(self._buffer) > MAX_RECORD_BYTES + 2 * CHUNK_BYTES:
                raise SourceError(
                    f"{self._name}: refused, over {MAX_RECORD_BYTES} bytes from line {self._line} on without the end "
                    f"of a {self._record.decode()}; no known publisher has records that large"
                )
        yield from self._rest(offset, is_end)
        if self._failure is not None:
            raise self._failure

    def lone(self) -> Chunk | None:
        """The one chunk of a small document, not checked yet; None where there are more, or it does not end plainly.

        Raises:
            SourceError: as `chunks`.
        """
        blocks = self._blocks()
        self._begin(blocks)
        while len(self._buffer) < CHUNK_BYTES and (block := self._next(blocks)):
            self._buffer += block
        if len(self._buffer) >= CHUNK_BYTES or self._strict is not None or self._failure is not None:
            return None
        cut = -1 if self.root is None else self._body_end(self.root.name.encode())
        return None if cut < 0 else Chunk(self._buffer[:cut], (self._line,))

    def _begin(self, blocks: Iterator[bytes]) -> None:
        """Read up to the root element; what follows it stays in the buffer."""
        parser, fed = StrictParser(self._name), 0
        while parser.root is None and parser.broken is None:
            if fed == len(self._buffer):
                block = self._next(blocks)
                if not block:
                    if self._failure is not None:
                        raise self._failure
                    parser.feed(b"", is_final=True)
                    break
                self._buffer += block
            # A little at first: expat is only asked for what stands before the records.
            stop = min(len(self._buffer), max(_FIRST_LOOK, 4 * fed))
            parser.feed(self._buffer[fed:stop])
            fed = stop
        if parser.root is None:
            raise SourceError(_no_root(self._name, self._buffer, parser.broken))
        name, attributes, at = parser.root
        roots = (ROOTS[self._record.decode()], self._record.decode())
        if name not in roots:
            raise SourceError(f"{self._name}: refused, its root is <{name}>, expected <{roots[0]}>")
        tag = _FIRST_TAG.match(self._buffer, at)
        is_lone = name == roots[1] or tag is None
        self.root = Root(name, attributes, b"" if tag is None or is_lone else tag[0].replace(b"\n", b" "))
        self._skip(at if tag is None or is_lone else tag.end())
        if is_lone or self.root.tag.endswith(b"/>") or parser.broken is not None:
            self._be_strict()

    def _ready(self, offset: int) -> Iterator[Chunk]:
        """The chunks whose ends are in the buffer; `offset` is the document's byte at which the stream begins."""
        while self.broken is None:
            done = self._start + offset
            cut = self._cut(done // CHUNK_BYTES * CHUNK_BYTES + CHUNK_BYTES - done)
            if cut == 0:
                return
            chunk = self._chunk(cut)
            if chunk is not None:
                self._skip(cut)
                yield chunk
                del chunk  # nothing of it is needed while the next one is looked for

    def _cut(self, target: int) -> int:
        """End of the first record whose closing tag begins at `target` or later; 0 when there is none yet."""
        stop = len(self._buffer)
        if self._strict is not None:
            # A comment that is still open is not known yet: look no further than the parser has come.
            stop = self._strict.position - self._start
        return next(self._closes(target, stop), 0)

    def _closes(self, first: int, stop: int) -> Iterator[int]:
        """End of each closing tag of a record in a stretch of the buffer."""
        for found in self._close.finditer(self._buffer, max(first, 0), max(stop, 0)):
            if self._strict is None or not self._strict.is_aside(self._buffer, self._start, found.start()):
                yield found.end()

    def _chunk(self, cut: int) -> Chunk | None:
        """The first bytes of the buffer as a chunk; None when expat must judge first."""
        if self._strict is not None:
            return Chunk(self._buffer[:cut], (self._line,), self._strict.asides_within(self._start, cut))
        data = self._buffer[:cut]
        scan = self._check(data)
        if scan is None:
            self._be_strict()
            return None
        return Chunk(data, (self._line,), scan=scan)

    def _be_strict(self) -> None:
        """Have expat read from here on."""
        head = self.root.tag if self.root is not None else b""
        self._strict = StrictParser(self._name, head, self._start, self._line)
        self._feed(self._buffer)

    def _rest(self, offset: int, is_end: bool) -> Iterator[Chunk]:
        """What is left when the stream has ended, is damaged, or the document has broken off."""
        root = self.root.name.encode() if self.root is not None else b""
        if self._strict is None:
            cut = self._before_break() if self._failure is not None else self._body_end(root if is_end else None)
            chunk = self._chunk(cut) if cut >= 0 else None
            if chunk is not None:
                if chunk.data:
                    yield chunk
                return
            if self._strict is None:
                self._be_strict()
        if self._strict is not None and self.broken is None and self._failure is None:
            self._feed(b"" if is_end else b"</%s>" % root, is_final=True)
            yield from self._ready(offset)
        whole = self.broken is None and self._failure is None
        chunk = self._chunk(len(self._buffer) if whole else self._before_break())
        if chunk is not None and chunk.data:
            yield chunk

    def _body_end(self, root: bytes | None) -> int:
        """Where the closing tag of the root begins, with nothing behind it; -1 when that is not how the buffer ends."""
        if root is None:
            return len(self._buffer)
        tail = re.search(rb"</%s\s*>\s*\Z" % re.escape(root), self._buffer[-_FIRST_LOOK:])
        return -1 if tail is None else len(self._buffer) - len(tail[0])

    def _feed(self, block: bytes, *, is_final: bool = False) -> None:
        if self._strict is not None:
            self._strict.feed(block, is_final=is_final)
            self.broken = self._strict.broken

    def _before_break(self) -> int:
        """How much of the buffer lies before the end of the last whole record; notes whether another had begun."""
        valid = len(self._buffer)
        if self._strict is not None:
            valid = min(valid, self._strict.position - self._start)
        cut = max(self._closes(0, valid), default=0)
        if self.broken is not None and self._strict is not None:
            asides = self._strict.asides_within(self._start + cut, valid - cut)
            rest = without_asides(self._buffer[cut:valid], asides).data
            is_inside = re.search(rb"<%s[\s/>]" % self._record, rest) is not None
            self.broken = replace(self.broken, is_inside_record=is_inside)
        return cut

    def _skip(self, count: int) -> None:
        self._line += int(np.count_nonzero(np.frombuffer(self._buffer, np.uint8, count) == ord("\n")))
        self._start += count
        self._buffer = self._buffer[count:]

    def _next(self, blocks: Iterator[bytes]) -> bytes:
        """The next block, empty at the end of the stream or where it is damaged."""
        try:
            return next(blocks, b"")
        except SourceError as error:
            self._failure = error
            return b""

    def _blocks(self) -> Iterator[bytes]:
        """The stream in blocks of UTF-8."""
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


def read_root(stream: BinaryIO, name: str, record: str) -> Root:
    """The root element of a document.

    Raises:
        SourceError: as `ChunkReader.chunks`.
    """
    reader = ChunkReader(stream, name, record, lambda _: None)
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
