"""Needs and offers: of the picture, and as the site keeps them; the same actions as the pages, so the same rules."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status

from concerted.codelists.need_words import Ask as Which
from concerted.intake.ask_sheets import write_ask_sheets
from concerted.marking.keys import Label
from concerted.model.ids import id_text
from concerted.statements.document import DocumentError, Fault
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import ANY, Role
from concerted.web.api import ask_shapes as shapes
from concerted.web.api import record_shapes
from concerted.web.api.acting import PUT, actor_in, members, owner_in, person_in, scope_in, viewer_in, words_in
from concerted.web.api.asked import Language, language_in_use, scope_of
from concerted.web.api.problems import problem
from concerted.web.api.scopes import NEEDS_READ, NEEDS_WRITE, SAFEGUARDS_WRITE, VALIDATION_WRITE
from concerted.web.api.shapes import amount
from concerted.web.asks import actions, listing, queries
from concerted.web.asks.given import Given, given_of
from concerted.web.asks.models import Ask
from concerted.web.asks.views.reading import XLSX
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import POST, READS, Access, acts, declares
from concerted.web.coverage.filters import NotThere
from concerted.web.strategy.actions import KEEPS
from concerted.web.ui.formats import language
from concerted.web.workspace import queries as workspace
from concerted.web.workspace.actions import Clash, Saved, restore
from concerted.web.workspace.actions.saving import WRITERS, may_write
from concerted.web.workspace.models import Condition

router = Router(tags=["needs and offers"])
_WRITERS = sorted(WRITERS)
_ANSWERS: dict[Any, Any] = {200: shapes.AskSaved, 201: shapes.AskSaved}


def readable(request: HttpRequest, ask: UUID) -> Ask:
    """A need or offer.

    Raises:
        NotThere: it is not, or not for him.
    """
    found = queries.find_ask(viewer_in(request), ask)
    if found is None:
        raise NotThere("ask")
    return found


def own(request: HttpRequest, ask: UUID) -> Ask:
    """One that he writes.

    Raises:
        NotThere: as `readable`, or it is another's.
    """
    found = readable(request, ask)
    if not may_write(actor_in(request), found.owner_id):
        raise NotThere("ask")
    return found


def _outcome(found: Saved[Ask] | Clash[Ask], *, is_new: bool = False) -> Any:
    if isinstance(found, Clash):
        detail = (
            "Somebody else has saved since `merge.began`, and `merge.conflicts` differ. Nothing was saved. Send"
            " `merge.document` to POST /asks/{ask}/merge with one of mine, theirs for each conflict, in order."
        )
        told = record_shapes.clash(found)
        return problem(409, "clash", "Another version was saved meanwhile.", detail, merge=told)
    body = _saved(found.record) | {"is_changed": found.is_changed, "is_joined": found.is_joined}
    return Status(201 if is_new else 200, body)


def _saved(ask: Ask) -> dict[str, Any]:
    return {
        "ask": ask.pk,
        "need": id_text(ask.statement),
        "version": ask.version,
        "state": ask.state,
        "is_draft": ask.is_draft,
        "is_changed": True,
        "is_joined": False,
    }


def _wanted(request: HttpRequest, query: shapes.AsksQuery) -> tuple[listing.Wanted, listing.Names]:
    words, scope = words_in(request), scope_in(request)
    stated = {name: str(value) for name, value in query.dict(exclude_none=True).items()}
    return listing.read_wanted(stated, words), listing.Names(words, scope.edition if scope else None)


@router.get("/needs", response=shapes.PictureAsks, summary="Needs and offers of the picture")
@declares(Access.RECORDS)
def needs_of_picture(request: HttpRequest, query: Query[shapes.AsksQuery]) -> Any:
    """As far as you may see them, as of the picture's day: needs by urgency, offers by their last day."""
    wanted, names = _wanted(request, query)
    found = listing.listed(listing.edition_rows(scope_of(request)), wanted, names)
    lines = {str(which): [_picture_line(row) for row in each.rows] for which, each in found.items()}
    return shapes.page_of(found, wanted, lines)


@router.get("/needs/{need}", response=shapes.PictureAsk, summary="A need or offer of the picture")
@declares(Access.RECORDS)
def need_of_picture(request: HttpRequest, need: str, query: Query[Language]) -> Any:
    """What it says, with the file and line that it came from."""
    return _picture_line(listing.edition_row(scope_of(request), need))


def _picture_line(row: listing.Row) -> dict[str, Any]:
    return shapes.line(row) | {"need": row.key}


@router.get("/asks", response=shapes.KeptAsks, summary="Needs and offers that the site keeps")
@acts(*ANY, methods=READS, scope=NEEDS_READ)
def asks(request: HttpRequest, query: Query[shapes.KeptQuery]) -> Any:
    """As they are now: your organisation's, drafts first, and what others let you read."""
    wanted, names = _wanted(request, query)
    own, today = str(person_in(request).organisation_id), timezone.now().date()
    rows = listing.kept_rows(queries.asks_seen(viewer_in(request)), today, own, language_in_use())
    found = listing.listed(rows, wanted, names)
    lines = {
        str(which): [shapes.kept_line(row, row.ask) for row in each.rows if row.ask] for which, each in found.items()
    }
    return shapes.page_of(found, wanted, lines)


@router.get("/asks/sheets", summary="Your organisation's needs and offers as a workbook")
@acts(*_WRITERS, methods=READS, scope=NEEDS_READ)
def ask_sheets(request: HttpRequest, query: Query[Language]) -> HttpResponse:
    """Two small sheets, to be filled in or changed and brought back to the inbox."""
    organisation = person_in(request).organisation_id
    book = write_ask_sheets(queries.to_take(organisation), language(), words_in(request))
    log(actor_in(request).who, Act("exported", "export", "needs", organisation))
    return HttpResponse(book, content_type=XLSX)


@router.post("/asks", response=_ANSWERS, summary="State a need, or make an offer")
@acts(*_WRITERS, methods=POST, scope=NEEDS_WRITE)
def new_ask(request: HttpRequest, query: Query[Language], body: shapes.NewAsk) -> Any:
    """What the document leaves out is as on the page: a new id, open, your organisation, seen by it alone."""
    actor, owner = actor_in(request), owner_in(request)
    document = _begun(request, owner, body.document)
    condition = Condition.KEPT if body.keep else Condition.DRAFT
    made = actions.make(actor, owner, document, condition, is_answered=body.answered)
    return _outcome(made, is_new=isinstance(made, Saved) and made.is_new)


def _begun(request: HttpRequest, owner: Partner, document: dict[str, Any]) -> dict[str, Any]:
    which: Which | None = "need" if "need" in document else "offer" if "offer" in document else None
    if which is None or not isinstance(document[which], dict):
        raise DocumentError([Fault("document", "an object `need` or `offer`")])
    stated = document.get("record")
    try:
        base = actions.begin(actor_in(request), owner, which, UUID(stated) if stated is not None else None)
    except (ValueError, TypeError, AttributeError) as error:
        raise DocumentError([Fault("record", "a random UUID (version 4), or nothing")]) from error
    # What is asked for is said and never taken from a form's first choice.
    begun = {name: value for name, value in base[which].items() if name != "kind"}
    return {**document, "record": base["record"], "version": 1, which: {**begun, **document[which]}}


def _document(ask: Ask, began: int, document: dict[str, Any]) -> dict[str, Any]:
    if document.get("record", str(ask.pk)) != str(ask.pk):
        raise DocumentError([Fault("record", "the id that the address names, or nothing")])
    return {**document, "record": str(ask.pk), "version": began}


@router.get("/asks/{uuid:ask}", response=shapes.AskShape, summary="One need or offer")
@acts(*ANY, methods=READS, scope=NEEDS_READ)
def one_ask(request: HttpRequest, ask: UUID, query: Query[Language]) -> Any:
    """One of your organisation, or a kept one of another that you may see; that is noted in the log."""
    found, lang = readable(request, ask), language_in_use()
    actor, own, today = actor_in(request), str(person_in(request).organisation_id), timezone.now().date()
    is_own = own == str(found.owner_id)
    if not is_own and found.marking_key != str(Label.CLEAR):
        log(actor.who, Act("saw", found.object_kind, str(found.pk), found.owner_id))
    audience = workspace.audience_words(found.document, workspace.directory(today), lang, with_groups=is_own)
    row = listing.kept_row(found, today, own, lang)
    where = queries.where(scope_in(request), found)
    writes = may_write(actor, found.owner_id) and not found.is_draft
    states = actions.next_states(found)
    given = given_of(viewer_in(request), [found.statement]).get(found.statement, Given())
    return shapes.kept_line(row, found) | {
        "document": {**found.document, found.which: shapes.line(row)["stated"]},
        "audience": members(audience),
        "picture": {"state": where.state, "need": where.activity or None},
        "states": states if writes else [],
        "agreed": amount(given.agreed),
        "delivered": amount(given.delivered),
        "is_closed_by_match": writes and queries.is_closed_by_match(found),
    }


@router.put("/asks/{uuid:ask}", response={200: shapes.AskSaved}, summary="Change a need or offer")
@acts(*_WRITERS, methods=PUT, scope=NEEDS_WRITE)
def change_ask(request: HttpRequest, ask: UUID, query: Query[Language], body: shapes.ChangedAsk) -> Any:
    """The whole document, made of the version `began`; where somebody else saved since, as with records."""
    found = own(request, ask)
    document = _document(found, body.began, body.document)
    condition = Condition.KEPT if body.keep else None
    return _outcome(actions.save(actor_in(request), found, body.began, document, condition, is_answered=body.answered))


@router.post("/asks/{uuid:ask}/merge", response={200: shapes.AskSaved}, summary="Answer a clash")
@acts(*_WRITERS, methods=POST, scope=NEEDS_WRITE)
def settle_ask(request: HttpRequest, ask: UUID, query: Query[Language], body: record_shapes.Settled) -> Any:
    """What comes is checked as if it were sent anew, and may clash again with what was saved since."""
    found = own(request, ask)
    mine = _document(found, body.began, body.document)
    return _outcome(record_shapes.settled(actor_in(request), found, mine, body, actions.settle))


@router.post("/asks/{uuid:ask}/restore", response={200: shapes.AskSaved}, summary="Bring back a version")
@acts(*_WRITERS, methods=POST, scope=NEEDS_WRITE)
def restore_ask(request: HttpRequest, ask: UUID, query: Query[Language], body: record_shapes.Restored) -> Any:
    """What an earlier version said, as a new version; who may see it stays as it is now."""
    return _outcome(restore(actor_in(request), own(request, ask), body.began, body.number))


@router.post("/asks/{uuid:ask}/state", response={200: shapes.AskSaved}, summary="Say what became of it")
@acts(*_WRITERS, methods=POST, scope=NEEDS_WRITE)
def give_state(request: HttpRequest, ask: UUID, query: Query[Language], body: shapes.StateGiven) -> Any:
    """Withdrawn, met or taken, or open again. That it expires needs no word: it follows from its days."""
    return _outcome(actions.close(actor_in(request), own(request, ask), body.began, body.to))


@router.post("/asks/{uuid:ask}/validate", response={200: shapes.AskSaved}, summary="Validate a need")
@acts(*KEEPS, methods=POST, scope=VALIDATION_WRITE)
def validate_need(request: HttpRequest, ask: UUID, query: Query[Language], body: shapes.Validated) -> Any:
    """For who keeps the strategy. What its owner changes afterwards ends it."""
    found = readable(request, ask)
    viewer = viewer_in(request)
    return _saved(actions.validate(actor_in(request), viewer, found, body.began, is_valid=body.is_valid))


@router.post("/asks/{uuid:ask}/assess", response={200: shapes.AskSaved}, summary="Say what due diligence found")
@acts(Role.RIGHTS, methods=POST, scope=SAFEGUARDS_WRITE)
def assess_need(request: HttpRequest, ask: UUID, query: Query[Language], body: shapes.Assessed) -> Any:
    """For a human-rights focal point, of a need that he may read."""
    found = readable(request, ask)
    return _saved(actions.assess(actor_in(request), viewer_in(request), found, body.began, body.found))


@router.get("/asks/{uuid:ask}/history", response=list[record_shapes.VersionShape], summary="Its versions")
@acts(*ANY, methods=READS, scope=NEEDS_READ)
def history_of_ask(request: HttpRequest, ask: UUID, query: Query[Language]) -> Any:
    """Those that you may read, newest first, each with what changed in it."""
    found, viewer = readable(request, ask), viewer_in(request)
    is_own = viewer.organisation == str(found.owner_id)
    told = workspace.history(viewer, found, language_in_use())
    return [record_shapes.version(each, is_own=is_own) for each in told]
