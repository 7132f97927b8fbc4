"""The rows of an upload with what each would do, one after the other: the same way for the preview and for applying.

Enters: an opened file, what its partner has. Leaves: numbered rows of a preview, and what the file told besides.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar, cast

from concerted.codelists.frameworks import Lang
from concerted.codelists.sheet_words import fold
from concerted.intake.admitting import AdmitError
from concerted.intake.asking import AskRow, ask_rows, outline, preview_asks
from concerted.intake.files import FileStatements, Incoming, stream_file
from concerted.intake.joining import preview_statements
from concerted.intake.preview import PreviewRow, preview_rows
from concerted.intake.reading import OpenSheet, SheetRow, headers_of, open_sheets
from concerted.intake.templates import column_of
from concerted.intake.vocabulary import Vocabulary
from concerted.records.screening.texts import screen_text
from concerted.sources.base import Input
from concerted.sources.open import open_stream
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import User
from concerted.web.accounts.person import viewer_for
from concerted.web.inbox.ask_holdings import HeldAsks
from concerted.web.inbox.holdings import HeldInRegistry
from concerted.web.inbox.models import NEEDS, Column, Upload

T = TypeVar("T")
Held = HeldInRegistry | HeldAsks
#: Rows of which the records are read from the registry at once.
AT_ONCE = 500
#: Headers that are asked and shown at most.
_HEADERS = 60


@dataclass
class Found:
    """What is in a file.

    Attributes:
        total: about how many rows it has.
        unknown: headers of sheets that are known, which are no column: nothing of them is taken over.
        others: sheets that are none of the templates.
        headers: header and column (empty = none) of every sheet, each header once.
        statements: what a file of another kind tells while it is read.
        is_of_asks: its sheets hold needs and offers.
    """

    total: int
    sheets: list[OpenSheet] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    statements: FileStatements | None = None
    is_of_asks: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything of it can be read without asking."""
        return self.is_of_asks or self.statements is not None or any(sheet.layout for sheet in self.sheets)


def look_into(source: Input, upload: Upload) -> Found:
    """What a file holds, before its rows are read.

    Raises:
        SourceError: it cannot be opened.
        AdmitError: nothing of it can be read.
    """
    if source.kind == NEEDS:
        inside = outline(source)
        if not inside.total:  # it looks like one to its reader, and holds no row of one
            raise AdmitError("unknown")
        told = _screened(inside.unknown), _screened(inside.others)
        return Found(inside.total, unknown=told[0], others=told[1], is_of_asks=True)
    if source.kind != "sheet":
        return Found(_count_statements(source), statements=FileStatements())
    meant = remembered(upload)
    sheets = open_sheets(source, meant)
    known = [sheet.layout for sheet in sheets if sheet.layout]
    unknown = [text for text in headers_of(known) if fold(text)[:200] not in meant]
    others = [sheet.table.name for sheet in sheets if not sheet.layout and sheet.table.name]
    headers = {text: column_of(text, meant) or "" for sheet in sheets for text in sheet.headers if text}
    return Found(
        sum(sheet.count for sheet in sheets if sheet.layout),
        sheets,
        _screened(unknown),
        _screened(others),
        [(text, name) for text, name in headers.items() if _screened([text]) == [text]][:_HEADERS],
    )


def held_for(upload: Upload, by: User, kind: str) -> Held:
    """What its partner has of the kind of things that a file holds, as `by` may see it."""
    viewer = viewer_for(by, is_sure=True)
    if kind == NEEDS:
        return HeldAsks(Actor(by, "sheet"), upload.owner, viewer, upload.sha256, upload.marking_key)
    return HeldInRegistry(upload.owner, viewer, upload.sha256, upload.marking_key)


def remembered(upload: Upload) -> dict[str, str]:
    """What the headers of this organisation mean, as somebody of it said once."""
    return dict(Column.objects.filter(owner=upload.owner).values_list("header", "name"))


def numbered_rows(
    source: Input,
    found: Found,
    upload: Upload,
    held: Held,
    vocabulary: Vocabulary,
    today: date,
    wanted: Callable[[int], bool] = lambda _: True,
) -> Iterator[tuple[int, PreviewRow]]:
    """Each wanted row, with its number in the file, and what it would do after the wanted ones before it.

    Raises:
        SourceError: after the last good row: the file is cut or damaged further down.
    """
    numbers: deque[int] = deque()

    def those_wanted(rows: Iterable[T]) -> Iterator[T]:
        for number, row in enumerate(rows):
            if wanted(number):
                numbers.append(number)
                yield row

    if isinstance(held, HeldAsks):
        asked = _prefetched(those_wanted(ask_rows(source)), held, _code_of_ask)
        shown = preview_asks(held, asked, vocabulary, cast(Lang, upload.language))
    elif found.statements is not None:
        statements = stream_file(source, found.statements)
        incoming = _prefetched(those_wanted(statements), held, _code_of_statement)
        shown = preview_statements(held, incoming, upload.owner.reference, cast(Lang, upload.language))
    else:
        rows = (row for sheet in found.sheets for row in sheet.rows(vocabulary))
        shown = preview_rows(held, _prefetched(those_wanted(rows), held, _code_of_row), vocabulary, today)
    for row in shown:
        yield numbers.popleft(), row


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size` items."""
    each = iter(items)
    while batch := list(islice(each, size)):
        yield batch


def _prefetched(items: Iterable[T], held: Held, code: Callable[[T], str | None]) -> Iterator[T]:
    for batch in in_batches(items, AT_ONCE):
        held.prefetch([code(each) for each in batch])
        yield from batch


def _code_of_row(row: SheetRow) -> str | None:
    return row.code


def _code_of_ask(row: AskRow) -> str | None:
    return row.key if row.code else None


def _code_of_statement(incoming: Incoming) -> str | None:
    code: str | None = incoming.document["activity"].get("identifier")
    return code


def _screened(texts: Iterable[str]) -> list[str]:
    """Texts that are kept beside an upload: short, and without what must not be stored."""
    return [screen_text(text[:100])[0] for text in texts][:_HEADERS]


def _count_statements(source: Input) -> int:
    """Activities of an IATI file, roughly; of other files the lines."""
    mark, count, tail = (b"</iati-activity>", 0, b"") if source.kind == "iati-activities" else (b"\n", 0, b"")
    with open_stream(source) as stream:
        while chunk := stream.read(1 << 20):
            count += (tail + chunk).count(mark)
            tail = chunk[-(len(mark) - 1) :] if len(mark) > 1 else b""
    return count
