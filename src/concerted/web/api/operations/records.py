"""Records: list, read, make, change, take steps, history; the same actions as the pages, so the same rules."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from concerted.marking.keys import Label
from concerted.statements.document import DocumentError, Fault
from concerted.statements.life import Step
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import ANY
from concerted.web.api import record_shapes as shapes
from concerted.web.api.acting import PUT, actor_in, members, owner_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.problems import problem
from concerted.web.api.scopes import RECORDS_READ, RECORDS_WRITE
from concerted.web.api.shapes import Values
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.workspace import actions, queries
from concerted.web.workspace.actions import Clash, Saved
from concerted.web.workspace.actions.saving import WRITERS, may_write
from concerted.web.workspace.models import Condition, Record
from concerted.web.workspace.queries.records import PAGE

router = Router(tags=["records"])
_WRITERS = sorted(WRITERS)
#: 422 where something is wrong in what was sent, 409 where somebody else has saved meanwhile.
_ANSWERS: dict[Any, Any] = {200: shapes.SavedShape, 201: shapes.SavedShape}


def readable(request: HttpRequest, record: UUID) -> Record:
    """A record that the token's owner may read.

    Raises:
        NotThere: there is none, or none for him.
    """
    found = queries.find_record(request.viewer, Record.objects.filter(pk=record))  # type: ignore[attr-defined]
    if found is None:
        raise NotThere("record")
    return found


def own(request: HttpRequest, record: UUID) -> Record:
    """A record that the token's owner writes.

    Raises:
        NotThere: as `readable`, and where it is another organisation's.
    """
    found = readable(request, record)
    if not may_write(actor_in(request), found.owner_id):
        raise NotThere("record")
    return found


def outcome(found: Saved | Clash, *, is_new: bool = False) -> Any:
    """What follows a saving."""
    if isinstance(found, Clash):
        detail = (
            "Somebody else has saved since `merge.began`, and `merge.conflicts` differ. Nothing was saved. Send"
            " `merge.document` to POST /records/{record}/merge with one of mine, theirs for each conflict, in order."
        )
        return problem(409, "clash", "Another version was saved meanwhile.", detail, merge=shapes.clash(found))
    record = found.record
    body = {
        "record": record.pk,
        "version": record.version,
        "is_draft": record.is_draft,
        "is_changed": found.is_changed,
        "is_joined": found.is_joined,
        "lacks": record.lacks,
    }
    return Status(201 if is_new else 200, body)


class RecordsQuery(Language):
    """Which page of the list, of records that hold these words."""

    q: str = Field("", max_length=100)
    page: int = Field(1, ge=1, le=100_000)


@router.get("/records", response=shapes.RecordsShape, summary="Your organisation's records")
@acts(*ANY, methods=READS, scope=RECORDS_READ)
def records(request: HttpRequest, query: Query[RecordsQuery]) -> Any:
    """Drafts first, then those that changed last, each with the required fields that it lacks."""
    person = request.person  # type: ignore[attr-defined]
    found = queries.own_records(person.organisation_id, query.q, query.page)
    return {
        "count": found.total,
        "records": [shapes.record_line(each) for each in found.records],
        "next": query.page + 1 if query.page * PAGE < found.total else None,
    }


@router.post("/records", response=_ANSWERS, summary="Make a record")
@acts(*_WRITERS, methods=POST, scope=RECORDS_WRITE)
def new_record(request: HttpRequest, query: Query[Language], body: shapes.NewRecord) -> Any:
    """What the document leaves out of `record` and `activity` is as on the page: a new id, your organisation as who
    reports, seen by it alone."""
    actor = actor_in(request)
    owner = owner_in(request)
    document = _begun(owner, body.document)
    condition = Condition.KEPT if body.keep else Condition.DRAFT
    made = actions.make(actor, owner, document, condition, is_answered=body.answered)
    return outcome(made, is_new=isinstance(made, Saved) and made.is_new)


def _begun(owner: Partner, document: dict[str, Any]) -> dict[str, Any]:
    """The document over what a new one begins with.

    Raises:
        DocumentError: its id is none of a record.
    """
    stated = document.get("record")
    try:
        base = actions.begin(owner, UUID(stated) if stated is not None else None)
    except (ValueError, TypeError, AttributeError) as error:
        raise DocumentError([Fault("record", "a random UUID (version 4), or nothing")]) from error
    activity = document.get("activity", {})
    if not isinstance(activity, dict):
        raise DocumentError([Fault("activity", "an object")])
    return {**base, **document, "record": base["record"], "version": 1, "activity": {**base["activity"], **activity}}


def _document(record: Record, began: int, document: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as a version made of `began`."""
    if document.get("record", str(record.pk)) != str(record.pk):
        raise DocumentError([Fault("record", "the id that the address names, or nothing")])
    return {**document, "record": str(record.pk), "version": began}


@router.get("/records/{uuid:record}", response=shapes.RecordShape, summary="One record")
@acts(*ANY, methods=READS, scope=RECORDS_READ)
def one_record(request: HttpRequest, record: UUID, query: Query[Language]) -> Any:
    """One of your organisation, or a kept one of another whose precise view you may see; that is noted in the log."""
    found, lang = readable(request, record), language_in_use()
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.organisation != str(found.owner_id) and found.marking_key != str(Label.CLEAR):
        log(actor_in(request).who, Act("saw", "activity", str(found.pk), found.owner_id))
    is_own = viewer.organisation == str(found.owner_id)
    of = queries.directory(timezone.now().date())
    audience = queries.audience_words(found.document, of, lang, with_groups=is_own)
    return shapes.record_line(found) | {
        "lacks": found.lacks if is_own else [],
        "owner": found.owner_id,
        "owner_name": found.owner.label(lang),
        "document": shapes.told(found.document, is_own=is_own),
        "audience": members(audience),
        "picture": _picture(request, found),
        "steps": shapes.steps_of(found) if may_write(actor_in(request), found.owner_id) else [],
    }


def _picture(request: HttpRequest, record: Record) -> dict[str, Any]:
    found = queries.in_picture(request.scope, record)  # type: ignore[attr-defined]
    return {"state": found.state, "activity": found.activity or None}


@router.put("/records/{uuid:record}", response={200: shapes.SavedShape}, summary="Change a record")
@acts(*_WRITERS, methods=PUT, scope=RECORDS_WRITE)
def change_record(request: HttpRequest, record: UUID, query: Query[Language], body: shapes.ChangedRecord) -> Any:
    """The whole document, made of the version `began`. Where somebody else has saved since, both are joined field by
    field; where they differ, nothing is saved and the answer is 409 with what differs."""
    found = own(request, record)
    document = _document(found, body.began, body.document)
    condition = Condition.KEPT if body.keep else None
    return outcome(actions.save(actor_in(request), found, body.began, document, condition, is_answered=body.answered))


@router.post("/records/{uuid:record}/merge", response={200: shapes.SavedShape}, summary="Answer a clash")
@acts(*_WRITERS, methods=POST, scope=RECORDS_WRITE)
def settle_clash(request: HttpRequest, record: UUID, query: Query[Language], body: shapes.Settled) -> Any:
    """What comes is checked as if it were sent anew, and may clash again with what was saved since."""
    found = own(request, record)
    mine = _document(found, body.began, body.document)
    return outcome(shapes.settled(actor_in(request), found, mine, body, actions.settle))


@router.post("/records/{uuid:record}/steps", response={200: shapes.SavedShape}, summary="Take a step of its life")
@acts(*_WRITERS, methods=POST, scope=RECORDS_WRITE)
def take_step(request: HttpRequest, record: UUID, query: Query[Language], body: shapes.StepTaken) -> Any:
    """From requested to completed; what is still needed is said, and nothing changed."""
    found = own(request, record)
    wanted = Step(body.to, body.day, body.reason or None, body.evidence or None)
    taken = actions.step(actor_in(request), found, body.began, wanted, timezone.now().date())
    if isinstance(taken, list):
        needed = [{"where": need.field, "what": need.code, "do": "send it"} for need in taken]
        return problem(422, "step-needs", "The step needs more.", "Nothing was changed. See `errors`.", needed)
    return outcome(taken)


@router.post("/records/{uuid:record}/restore", response={200: shapes.SavedShape}, summary="Bring back a version")
@acts(*_WRITERS, methods=POST, scope=RECORDS_WRITE)
def restore_version(request: HttpRequest, record: UUID, query: Query[Language], body: shapes.Restored) -> Any:
    """What an earlier version said, as a new version; who may see it stays as it is now."""
    return outcome(actions.restore(actor_in(request), own(request, record), body.began, body.number))


@router.get("/records/{uuid:record}/history", response=list[shapes.VersionShape], summary="Its versions")
@acts(*ANY, methods=READS, scope=RECORDS_READ)
def history(request: HttpRequest, record: UUID, query: Query[Language]) -> Any:
    """Those that you may read, newest first, each with what changed in it."""
    found = readable(request, record)
    viewer = request.viewer  # type: ignore[attr-defined]
    is_own = viewer.organisation == str(found.owner_id)
    return [shapes.version(each, is_own=is_own) for each in queries.history(viewer, found, language_in_use())]


@router.get("/records/{uuid:record}/picture", response=shapes.PictureShape, summary="Whether it is in the picture")
@acts(*ANY, methods=READS, scope=RECORDS_READ)
def picture_of_record(request: HttpRequest, record: UUID, query: Query[Language]) -> Any:
    """Where its newest version stands on its way into the picture."""
    return _picture(request, readable(request, record))


@router.post("/who-sees", response=Values, summary="Who would see a record that is marked so")
@acts(*_WRITERS, methods=POST, scope=RECORDS_READ)
def who_sees(request: HttpRequest, query: Query[Language], body: shapes.Marked) -> Any:
    """In words, before anything is saved: who sees all of it, and who a coarse view. Nothing is changed."""
    document = actions.begin(owner_in(request))
    document["activity"] |= {name: value for name, value in body.dict().items() if value is not None}
    of = queries.directory(timezone.now().date())
    return members(queries.audience_words(document, of, language_in_use(), with_groups=True))
