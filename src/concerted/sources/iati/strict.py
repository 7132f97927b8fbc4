"""expat, followed from any element boundary of a document on: the judge of what is XML.

Place on the way: behind the quick check of `wellformed`, for whatever that does not vouch for. Enters: bytes. Leaves:
where the document breaks and why, and where its comments, processing instructions and CDATA sections begin.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from xml.parsers import expat

from concerted.model.errors import SourceError
from concerted.sources.iati.plain import ASIDE


@dataclass(frozen=True)
class Root:
    """The root element of a document: name, attributes, and its start tag on one line."""

    name: str
    attributes: dict[str, str]
    tag: bytes


@dataclass(frozen=True)
class Break:
    """Where a document stops being XML, and whether that falls inside a record that had begun."""

    line: int
    column: int
    reason: str
    is_inside_record: bool


class StrictParser:
    """Follows a document; positions are bytes of the stream it comes from."""

    def __init__(self, name: str, head: bytes = b"", origin: int = 0, line: int = 1) -> None:
        """Begin at byte `origin`, line `line` of a stream, under the elements that `head` (on one line) opens."""
        self.broken: Break | None = None
        self.root: tuple[str, dict[str, str], int] | None = None
        self._asides: list[int] = []
        self._name, self._line_shift = name, line - 1
        self._head_bytes = len(head)
        self._shift = origin - len(head)
        self._parser = expat.ParserCreate("utf-8")
        self._parser.Parse(head, False)
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.CommentHandler = self._note_aside
        self._parser.ProcessingInstructionHandler = self._note_aside
        self._parser.StartCdataSectionHandler = self._note_aside
        if not head:
            self._parser.StartElementHandler = self._note_root

    def feed(self, block: bytes, *, is_final: bool = False) -> None:
        """Take the next bytes; after a break there is nothing more to take.

        Raises:
            SourceError: the document has a DOCTYPE.
        """
        try:
            self._parser.Parse(block, is_final)
        except expat.ExpatError as error:
            column = error.offset - (self._head_bytes if error.lineno == 1 else 0)
            reason = expat.errors.messages[error.code]
            self.broken = Break(error.lineno + self._line_shift, column + 1, reason, is_inside_record=False)

    @property
    def position(self) -> int:
        """How far the document is understood: to its break, else to the last piece that is complete."""
        at = self._parser.ErrorByteIndex if self.broken is not None else self._parser.CurrentByteIndex
        return at + self._shift

    def asides_within(self, start: int, length: int) -> tuple[int, ...]:
        """Where comments, instructions and CDATA begin in a stretch, counted from its start."""
        first, last = bisect_left(self._asides, start), bisect_left(self._asides, start + length)
        return tuple(at - start for at in self._asides[first:last])

    def is_aside(self, buffer: bytes, start: int, at: int) -> bool:
        """Whether byte `at` of a buffer that begins at `start` is part of a comment, an instruction or CDATA."""
        before = bisect_right(self._asides, start + at) - 1
        begin = self._asides[before] - start if before >= 0 else -1
        found = ASIDE.match(buffer, begin) if begin >= 0 else None
        return found is not None and found.end() > at

    def _note_root(self, name: str, attributes: dict[str, str]) -> None:
        self.root = name, attributes, self._parser.CurrentByteIndex + self._shift
        self._parser.StartElementHandler = None

    def _note_aside(self, *_: object) -> None:
        self._asides.append(self._parser.CurrentByteIndex + self._shift)

    def _refuse_doctype(self, *_: object) -> None:
        raise SourceError(
            f"{self._name}: refused, it has a DOCTYPE, which IATI does not use and which can make a reader fetch or "
            "expand what the file does not hold; remove the DOCTYPE"
        )
