"""What a sheet would change, row by row, before anything is changed.

Place on the way: the inbox. Rows of sheets and the partner's own records enter; for each row leaves whether it is new,
changed, the same, refused or perhaps a double, with old and new value of each field. Accepting is taking the same rows
again, so what was shown is what happens. Rows stream: what is held is one document for each record that changes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from concerted.codelists.frameworks import Lang
from concerted.codelists.sheet_words import fold
from concerted.intake.cells import code_of, title_of
from concerted.intake.doubles import Doubles
from concerted.intake.reading import CellFault, SheetRow
from concerted.intake.taking import Taken, take_row
from concerted.intake.vocabulary import Vocabulary
from concerted.records.screening.kinds import Kind
from concerted.statements.changes import Change, changes_between
from concerted.statements.completeness import missing
from concerted.statements.document import Document
from concerted.statements.texts import FoundText, found_texts

Outcome = Literal["new", "changed", "same", "refused", "double"]
#: The column of a sheet in which somebody wrote a free text of a document.
_WRITTEN = {
    ("narrative", "text"): "title",
    ("participating_org", "name"): "doer",
    ("transaction", "provider_org_name"): "other_side",
    ("transaction", "receiver_org_name"): "other_side",
    ("attribute", "value"): "note",
}
#: Columns in which somebody writes freely.
FREE_COLUMNS = (*dict.fromkeys(_WRITTEN.values()), "evidence")


@dataclass(frozen=True)
class PreviewRow:
    """A row of a sheet, or a statement of another file, and what it would do.

    Attributes:
        sheet, line: where it stands in the file.
        record: the record that it is about; of a new one the one that it would be.
        doubles: records that this new one may be, the likeliest first; only with outcome `double`.
        lacks: required fields that the record still lacks after the row.
        asks: what its texts may be, which only the author can say; such a row is taken by itself, never with others.
    """

    sheet: str | None
    line: int
    outcome: Outcome
    record: str
    title: str | None
    changes: tuple[Change, ...] = ()
    faults: tuple[CellFault, ...] = ()
    doubles: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    asks: tuple[Kind, ...] = ()

    @property
    def is_safe(self) -> bool:
        """Whether it may be accepted together with others, without a look at it alone."""
        return self.outcome in ("new", "changed") and not self.asks


@dataclass(frozen=True)
class Preview:
    """Every row, and the documents as they would be."""

    rows: tuple[PreviewRow, ...]
    documents: Mapping[str, Document]

    def counts(self) -> dict[str, int]:
        """Number of rows by outcome."""
        found = dict.fromkeys(("new", "changed", "same", "refused", "double"), 0)
        for row in self.rows:
            found[row.outcome] += 1
        return found


class Holdings(Protocol):
    """What a partner has, as rows are taken over one after the other."""

    def record_of(self, code: str) -> str | None:
        """The own record that a code means, one that an earlier row made among them."""
        ...

    def document(self, record: str) -> Document | None:
        """What a record says after the rows before; null = there is none. Not to be changed."""
        ...

    def is_kept(self, record: str) -> bool:
        """Whether the record was there before the first row."""
        ...

    def begin(self, code: str | None, place: str) -> Document:
        """A new record from its code (null = none was given) and the place of its row, with the owner's marking."""
        ...

    def put(self, record: str, document: Document) -> None:
        """What a record says now."""
        ...

    def is_cleared(self, record: str, document: Document) -> bool:
        """Whether it may be ongoing as far as support to security forces goes."""
        ...

    def doubles(self, title: str | None, code: str | None) -> tuple[str, ...]:
        """Records that a new one may be, the likeliest first."""
        ...

    def by_code(self, code: str | None) -> Sequence[str]:
        """Records of which the code looks like this one."""
        ...


@dataclass(frozen=True)
class Owned:
    """What a partner has, all in memory.

    Attributes:
        documents: own records that may be changed.
        others: titles of further records that the partner may see, by record: a new one may be one of them.
        begin: see `Holdings.begin`.
    """

    documents: Sequence[Document]
    others: Mapping[str, str]
    begin: Callable[[str | None, str], Document]


class HeldInMemory:
    """`Holdings` over documents that are all at hand."""

    def __init__(self, owned: Owned) -> None:
        self._before = {document["record"]: document for document in owned.documents}
        self._by_code = {fold(n): record for record, d in self._before.items() for n in (record, code_of(d))}
        self._doubles = Doubles(titles_of(self._before.values()) | dict(owned.others), dict(self._by_code))
        self.begin = owned.begin
        self.after: dict[str, Document] = {}

    def record_of(self, code: str) -> str | None:
        """See `Holdings`."""
        return self._by_code.get(fold(code))

    def document(self, record: str) -> Document | None:
        """See `Holdings`."""
        return self.after.get(record) or self._before.get(record)

    def is_kept(self, record: str) -> bool:
        """See `Holdings`."""
        return record in self._before

    def put(self, record: str, document: Document) -> None:
        """See `Holdings`."""
        self.after[record] = document
        self._by_code |= {fold(name): record for name in (record, code_of(document))}

    def is_cleared(self, record: str, document: Document) -> bool:
        """See `Holdings`; here nobody keeps such records."""
        return True

    def doubles(self, title: str | None, code: str | None) -> tuple[str, ...]:
        """See `Holdings`."""
        return self._doubles.of(title, code)

    def by_code(self, code: str | None) -> Sequence[str]:
        """See `Holdings`."""
        return self._doubles.by_code(code)


def preview(owned: Owned, rows: Iterable[SheetRow], vocabulary: Vocabulary, today: date) -> Preview:
    """What rows would do to documents that are all at hand."""
    held = HeldInMemory(owned)
    shown = tuple(preview_rows(held, rows, vocabulary, today))
    return Preview(shown, held.after)


def preview_rows(held: Holdings, rows: Iterable[SheetRow], vocabulary: Vocabulary, today: date) -> Iterator[PreviewRow]:
    """What each row would do after those before it; what a row says is put into `held`."""
    for row in rows:
        known = held.record_of(row.code) if row.code else None
        if known is None:
            start = held.begin(row.code, f"{row.sheet or ''}:{row.line}")
            record = str(start["record"])
            start = held.document(record) or start
        else:
            record, start = known, held.document(known) or held.begin(row.code, known)
        is_new = not held.is_kept(record)
        is_first = is_new and held.document(record) is None
        taken = Taken(deepcopy(start), list(row.faults))
        if row.layout.template != "activities" and is_first:
            taken.faults.append(CellFault("code", "code_unknown", tuple(held.by_code(row.code))))
        if not taken.faults:
            take_row(taken, row, vocabulary, today, is_new=is_new)
        yield settled(held, row.sheet, row.line, record, start, taken, row.layout.lang, row.code, is_first=is_first)


def settled(
    held: Holdings,
    sheet: str | None,
    line: int,
    record: str,
    start: Document,
    taken: Taken,
    lang: Lang,
    code: str | None,
    *,
    is_first: bool,
) -> PreviewRow:
    """The row of a preview for a document that was taken over, put into `held` where it says something new."""
    state = taken.document["activity"].get("state")
    begins = state in ("ongoing", "completed") and state != start["activity"].get("state")
    if not taken.faults and begins and not held.is_cleared(record, taken.document):
        taken.faults.append(CellFault("state", "needs_due_diligence"))
    told = (lambda document: title_of(document, lang)), (lambda document: tuple(missing(document)))
    return judged(held, (sheet, line), start, taken.document, taken.faults, told, code, is_first=is_first)


def judged(
    held: Holdings,
    at: tuple[str | None, int],
    start: Document,
    after: Document,
    faults: Sequence[CellFault],
    told: tuple[Callable[[Document], str | None], Callable[[Document], tuple[str, ...]]],
    code: str | None,
    *,
    is_first: bool,
) -> PreviewRow:
    """What a row does that makes `after` of `start`, put into `held` where it says something new.

    Args:
        at: sheet and line.
        told: how such a document is called, and what it lacks.
    """
    (sheet, line), record, (called, lacking) = at, str(start["record"]), told
    if faults:
        # Its words may be what must not be stored: nothing of them is told but where they stand.
        return PreviewRow(sheet, line, "refused", record, called(start), faults=tuple(dict.fromkeys(faults)))
    found = found_texts(after, start)
    if refused := [each for each in found if each.is_refused]:
        marked = dict.fromkeys(CellFault(_column(each), f"text_{each.finding.kind}") for each in refused)
        return PreviewRow(sheet, line, "refused", record, called(start), faults=tuple(marked))
    title = called(after)
    changes = tuple(changes_between(start, after))
    doubles = held.doubles(title, code) if is_first else ()
    is_new = not held.is_kept(record)
    outcome: Outcome = "double" if doubles else "new" if is_new else "changed" if changes else "same"
    if changes or is_first:
        held.put(record, after)
    asks = tuple(dict.fromkeys(each.finding.kind for each in found))
    return PreviewRow(sheet, line, outcome, record, title, changes, (), doubles, lacking(after), asks)


def titles_of(documents: Iterable[Document]) -> dict[str, str]:
    """A title of each record that has one."""
    return {
        document["record"]: row["text"]
        for document in documents
        for row in document.get("narrative") or ()
        if row["field"] == "title"
    }


def _column(found: FoundText) -> str:
    if found.table in ("need", "offer"):
        return found.column
    return _WRITTEN.get((found.table, found.column), f"{found.table}.{found.column}")
