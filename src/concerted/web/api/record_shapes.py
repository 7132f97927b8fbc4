"""How records look in answers, and what programs send of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field
from typing_extensions import TypeVar

from concerted.statements.changes import Change
from concerted.statements.document import SHARING, DocumentError, Fault
from concerted.statements.life import STEPS
from concerted.statements.merging import Conflict, merge
from concerted.statements.rows import Row, row_text
from concerted.web.accounts.actions import Actor
from concerted.web.api.asked import language_in_use
from concerted.web.api.sent import LARGEST, Sent
from concerted.web.api.shapes import Values
from concerted.web.workspace.actions import Clash, Saved
from concerted.web.workspace.actions.saving import version_document
from concerted.web.workspace.models import Condition, Kept, Record, Said
from concerted.web.workspace.queries import Told

Document = dict[str, Any]
R = TypeVar("R", bound=Kept)

#: Who may see what: its owner's alone. The names in a marking would tell one group of the others.
_OWNERS = frozenset(SHARING)


class NewRecord(Sent):
    """A new record. `document` is a statement; its `record` may be stated, so that sending twice makes one."""

    document: Document = Field(description="as docs/reference/fields.md has it: activity, narrative, transaction, ..")
    keep: bool = Field(False, description="true: into the picture; false: a draft, which its owner alone sees")
    answered: bool = Field(False, description="texts that look doubtful are not what they look like")


class ChangedRecord(NewRecord):
    """A record as it should read now, made of the version `began`."""

    began: int = Field(ge=1, le=LARGEST, description="number of the version that it was made of")


class Settled(Sent):
    """The answer to a clash: what was mine, and for each conflict in its order whose value stands."""

    document: Document
    began: int = Field(ge=1, le=LARGEST)
    theirs: int = Field(ge=1, le=LARGEST, description="number of the version that was kept then")
    takes: list[Literal["mine", "theirs"]]
    keep: bool = False


class StepTaken(Sent):
    """A step of an activity's life."""

    to: Literal["requested", "planned", "ongoing", "completed", "cancelled"]
    began: int = Field(ge=1, le=LARGEST)
    day: date | None = None
    reason: str | None = Field(None, max_length=500)
    evidence: str | None = Field(None, max_length=500)


class Restored(Sent):
    """An earlier version to bring back."""

    number: int = Field(ge=1, le=LARGEST)
    began: int = Field(ge=1, le=LARGEST)


class Marked(Sent):
    """The markings of a record, as docs/reference/fields.md has them."""

    marking_key: str = Field(max_length=2000)
    coarse_marking_key: str | None = Field(None, max_length=2000)
    coarse_place_level: Literal[0, 1, 2] | None = None
    is_partner_hidden: bool | None = None


class RecordLine(Schema):
    """A record of a list."""

    record: UUID
    title: str
    state: str
    is_draft: bool
    version: int
    lacks: list[str]
    changed_at: datetime


class RecordsShape(Schema):
    """A page of your organisation's records, drafts first."""

    count: int
    records: list[RecordLine]
    next: int | None


class PictureShape(Schema):
    """Where a record stands on its way into the picture; `activity` is its id there, once it has one."""

    state: str
    activity: str | None


class RecordShape(RecordLine):
    """A record in full. `audience` says in words who sees it; `steps` where its life may lead from here."""

    owner: UUID
    owner_name: str
    document: Document
    audience: Values
    picture: PictureShape
    steps: list[str]


class SavedShape(Schema):
    """A record after saving. `is_joined`: another had saved meanwhile, and both were joined without a question."""

    record: UUID
    version: int
    is_draft: bool
    is_changed: bool
    is_joined: bool
    lacks: list[str]


class ChangeShape(Schema):
    """One field that says something else: null = it says nothing."""

    row: str
    column: str
    old: Any
    new: Any
    kind: str


class VersionShape(Schema):
    """A version: who made it, when, through what, and what changed in it."""

    version: int
    at: datetime
    by: str
    channel: str
    note: str
    changes: list[ChangeShape]


class SaidShape(Schema):
    """What somebody says is not right in a version, and the owner's answer. outcome: open, accepted or answered."""

    remark: int
    organisation: UUID
    organisation_name: str
    about: int
    text: str
    made_at: datetime
    outcome: str
    answer: str
    answered_at: datetime | None


class RemarkShape(SaidShape):
    """What somebody says of a record, and what became of it."""

    where: str
    changes: list[ChangeShape] | None


def said(given: Said) -> dict[str, Any]:
    """See `SaidShape`."""
    return {
        "remark": given.pk,
        "organisation": given.organisation_id,
        "organisation_name": given.organisation.label(language_in_use()),
        "about": given.about,
        "text": given.text,
        "made_at": given.made_at,
        "outcome": given.outcome,
        "answer": given.answer,
        "answered_at": given.answered_at,
    }


class NewRemark(Sent):
    """What is not right; with `document`, how the whole should read (a proposal, which its owner accepts or not)."""

    about: int = Field(ge=1, le=LARGEST, description="number of the version that it is about")
    text: str = Field(max_length=2000)
    document: Document | None = None


class AnswerText(Sent):
    """The owner's answer in words."""

    text: str = Field(min_length=1, max_length=2000)


class ChangeEvent(Schema):
    """A record that was saved (with its document), or one that you could read and cannot any more (`is_gone`)."""

    record: UUID
    version: int | None
    is_gone: bool
    is_draft: bool
    owner: UUID | None
    changed_at: datetime | None
    document: Document | None


class ChangesShape(Schema):
    """Changes since a cursor, oldest first. Ask again with `cursor`: at once where `has_more`, else later."""

    changes: list[ChangeEvent]
    cursor: str
    has_more: bool


def told(document: Document, *, is_own: bool) -> Document:
    """A document as it is told: to others than its owner without who else may see it."""
    if is_own:
        return document
    return {**document, "activity": {n: v for n, v in document["activity"].items() if n not in _OWNERS}}


def record_line(record: Record) -> dict[str, Any]:
    """A record of a list."""
    return {
        "record": record.pk,
        "title": record.title,
        "state": record.state,
        "is_draft": record.is_draft,
        "version": record.version,
        "lacks": record.lacks,
        "changed_at": record.updated_at,
    }


def steps_of(record: Record) -> list[str]:
    """Where its life may lead."""
    return list(STEPS[record.document["activity"].get("state")])


def changes(found: tuple[Change, ...] | list[Change]) -> list[ChangeShape]:
    """Changes, field by field."""
    return [ChangeShape(row=row_text(c.row), column=c.column, old=c.old, new=c.new, kind=c.kind) for c in found]


def version(told: Told, *, is_own: bool) -> VersionShape:
    """A version; to others than its owner without who else may see it."""
    return VersionShape(
        version=told.number,
        at=told.at,
        by=told.by,
        channel=told.channel,
        note=told.note,
        changes=changes([c for c in told.changes if is_own or c.column not in _OWNERS]),
    )


def clash(found: Clash[Any]) -> dict[str, Any]:
    """What a program needs to answer a clash: the conflicts in their order, and what to send back."""
    return {
        "began": found.began,
        "theirs": found.theirs,
        "conflicts": [_conflict(each) for each in found.merged.conflicts],
        "document": found.mine,
    }


def settled(
    actor: Actor,
    record: R,
    mine: Document,
    sent: Settled,
    settle: Callable[[Actor, Clash[R], dict[int, bool]], Saved[R] | Clash[R]],
) -> Saved[R] | Clash[R]:
    """What a program chose where two had changed the same, saved by `settle`.

    Raises:
        DocumentError: what it sends is none, does not answer each conflict, or its answers do not go together.
    """
    clash = _clash(record, mine, sent)
    try:
        return settle(actor, clash, {at: side == "mine" for at, side in enumerate(sent.takes)})
    except KeyError as error:
        fault = Fault("takes", "answers that go together: what you keep belongs to a row that you drop")
        raise DocumentError([fault]) from error


def _clash(record: R, mine: Document, sent: Settled) -> Clash[R]:
    """The clash that a program answers, worked out again from what it sends.

    Raises:
        DocumentError: what it sends is none, or does not answer each conflict.
    """
    try:
        merged = merge(version_document(record, sent.began), mine, version_document(record, sent.theirs))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DocumentError([Fault("document", "the `merge.document` of a clash, as it came")]) from error
    if len(sent.takes) != len(merged.conflicts):
        raise DocumentError([Fault("takes", f"an answer for each of {len(merged.conflicts)} conflicts")])
    condition = Condition.KEPT if sent.keep else None
    return Clash(record, mine, sent.began, sent.theirs, condition, merged)


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "where": _where(conflict.row, conflict.column),
        "base": conflict.base,
        "mine": conflict.mine,
        "theirs": conflict.theirs,
    }


def _where(row: Row, column: str) -> str:
    return f"{row_text(row)}.{column}" if column else row_text(row)
