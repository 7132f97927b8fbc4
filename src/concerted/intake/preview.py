"""What a sheet would change, row by row, before anything is changed.

Place on the way: the inbox. Rows of sheets and the partner's own records enter; for each row leaves whether it is new,
changed, the same, refused or perhaps a double, with old and new value of each field. Accepting is taking the same rows
again, so what was shown is what happens.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Literal

from concerted.codelists.sheet_words import fold
from concerted.intake.cells import code_of, title_of
from concerted.intake.doubles import Doubles
from concerted.intake.reading import CellFault, SheetRow
from concerted.intake.taking import Taken, take_row
from concerted.intake.vocabulary import Vocabulary
from concerted.records.screening.texts import screen_text
from concerted.statements.changes import Change, changes_between
from concerted.statements.completeness import missing
from concerted.statements.document import Document

Outcome = Literal["new", "changed", "same", "refused", "double"]
#: Columns in which somebody writes freely.
_FREE = ("title", "doer", "other_side", "note")


@dataclass(frozen=True)
class PreviewRow:
    """A row of a sheet and what it would do.

    Attributes:
        record: the record that it is about; of a new one the one that it would be.
        doubles: records that this new one may be, the likeliest first; only with outcome `double`.
        lacks: required fields that the record still lacks after the row.
    """

    row: SheetRow
    outcome: Outcome
    record: str
    title: str | None
    changes: tuple[Change, ...] = ()
    faults: tuple[CellFault, ...] = ()
    doubles: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class Owned:
    """What a partner has.

    Attributes:
        documents: own records that may be changed.
        others: titles of further records that the partner may see, by record: a new one may be one of them.
        begin: a new record from its code (null = none was given) and the place of its row, with the owner's marking.
    """

    documents: Sequence[Document]
    others: Mapping[str, str]
    begin: Callable[[str | None, str], Document]


def preview(
    owned: Owned,
    rows: Iterable[SheetRow],
    vocabulary: Vocabulary,
    today: date,
    accepted: Callable[[SheetRow], bool] = lambda _: True,
) -> Preview:
    """What the accepted rows would do; the others are as if they were not there."""
    before = {document["record"]: document for document in owned.documents}
    by_code = {fold(name): record for record, document in before.items() for name in (record, code_of(document))}
    after: dict[str, Document] = {}
    shown: list[PreviewRow] = []
    doubles_of = Doubles(_titles(before.values()) | dict(owned.others), by_code)
    for row in rows:
        if not accepted(row):
            continue
        known = by_code.get(fold(row.code)) if row.code else None
        start = owned.begin(row.code, f"{row.sheet or ''}:{row.line}") if known is None else before.get(known, {})
        record = known or start["record"]
        start = after.get(record, start)
        is_new, is_first = record not in before, record not in before and record not in after
        taken = Taken(deepcopy(start), [*row.faults, *_screened(row)])
        if row.layout.template != "activities" and is_first:
            taken.faults.append(CellFault("code", "code_unknown", tuple(doubles_of.by_code(row.code))))
        if not taken.faults:
            take_row(taken, row, vocabulary, today, is_new=is_new)
        title = title_of(taken.document, row.layout.lang)
        if taken.faults:
            shown.append(PreviewRow(row, "refused", record, title, faults=tuple(taken.faults)))
            continue
        changes = tuple(changes_between(start, taken.document))
        doubles = doubles_of.of(title, row.code) if is_first else ()
        outcome: Outcome = "double" if doubles else "new" if is_new else "changed" if changes else "same"
        lacks = tuple(missing(taken.document))
        shown.append(PreviewRow(row, outcome, record, title, changes, doubles=doubles, lacks=lacks))
        if changes or is_new:
            after[record] = taken.document
            by_code |= {fold(name): record for name in (record, code_of(taken.document))}
    return Preview(tuple(shown), after)


def _screened(row: SheetRow) -> list[CellFault]:
    """Free texts that hold what must not be stored."""
    faults = []
    for name in _FREE:
        said = row.said.get(name)
        texts = said if isinstance(said, list) else [said] if isinstance(said, str) else []
        faults += [CellFault(name, f"text_{trace}") for text in texts for trace in screen_text(text)[1]]
    return faults


def _titles(documents: Iterable[Document]) -> dict[str, str]:
    return {
        document["record"]: row["text"]
        for document in documents
        for row in document.get("narrative") or ()
        if row["field"] == "title"
    }
