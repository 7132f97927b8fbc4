"""The inbox: bring a file, see what each row would do, accept, undo; take own records away as sheets."""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from concerted.codelists.frameworks import Lang
from concerted.intake.templates import column_names
from concerted.intake.writing import write_sheets
from concerted.web.api import record_shapes, shapes
from concerted.web.api.acting import actor_in, members, owner_in, person_in, viewer_in, words_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.refusals import NotNowError
from concerted.web.api.scopes import INBOX_READ, INBOX_WRITE
from concerted.web.api.sent import LARGEST, FormError, Sent, checked
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere
from concerted.web.inbox import actions, queries, tasks, words
from concerted.web.inbox.forms import TEMPLATES, BringForm, TakeForm, states
from concerted.web.inbox.models import UNDO, Receipt, State, Upload, UploadRow
from concerted.web.inbox.stored import changes_from_json
from concerted.web.inbox.written import Written, written_in
from concerted.web.workspace.actions.saving import WRITERS

router = Router(tags=["inbox"])
_WRITERS = sorted(WRITERS)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadShape(Schema):
    """A file that was brought; `state`: waiting, reading, columns (say what they mean), ready, refused or closed."""

    upload: UUID
    name: str
    state: str
    kind: str
    why: str = Field(description="why it is refused, as a code and, in `why_words`, in words")
    why_words: str
    done: int
    total: int
    made_at: datetime


class ReceiptShape(Schema):
    """What was accepted at once; `work` and `undo`: none, waiting, working, done or failed."""

    receipt: UUID
    upload: UUID | None
    name: str
    work: str
    undo: str
    done: int
    total: int
    told: dict[str, Any] = Field(description="records added and changed, rows that had moved meanwhile")
    undo_told: dict[str, Any] = Field(description="records brought back, and those that were changed since and stay")
    made_at: datetime
    done_at: datetime | None
    undone_at: datetime | None
    may_be_undone: bool
    undo_until: datetime | None


class InboxShape(Schema):
    """What your organisation brought and has not done with, and its newest receipts."""

    uploads: list[UploadShape]
    receipts: list[ReceiptShape]


class FaultShape(Schema):
    """Why a cell is refused, and the nearest values that may stand there."""

    column: str
    written: str | None = Field(description="what stands in the cell; for who brought the file alone, stored nowhere")
    code: str
    says: str
    nearest: list[str]


class UploadRowShape(Schema):
    """A row and what it would do: new, changed, same, double (perhaps there already), refused, moved."""

    row: int
    sheet: str
    line: int
    outcome: str
    is_safe: bool
    may_be_accepted: bool
    title: str
    changes: list[record_shapes.ChangeShape]
    faults: list[FaultShape]
    refused_words: list[str] = Field(description="for who brought the file alone; stored nowhere")
    perhaps: list[dict[str, str]]
    asks: list[str]
    lacks: list[str]


class UploadPage(UploadShape):
    """A page of its rows that nobody has accepted yet, all counts, and what its headers are taken for."""

    counts: dict[str, int]
    safe: int
    rows: list[UploadRowShape]
    next: int | None
    headers: list[dict[str, str]]
    receipts: list[UUID]
    audience: shapes.Values = Field(description="who will see what is new in it")


class ReceiptPage(ReceiptShape):
    """With the first of its records: those first that undoing left as they are."""

    count: int
    records: list[shapes.Values]


class RowsQuery(Language):
    """Which rows: of one outcome, else those that need a look."""

    show: Literal["", "new", "changed", "double", "refused", "moved", "same"] = ""
    page: int = Field(1, ge=1, le=100_000)


class TakeQuery(Language):
    """Which records, as which sheets."""

    sheets: str = Field(",".join(TEMPLATES), max_length=100, description="activities, money, progress, with commas")
    state: str = Field("", max_length=20)
    q: str = Field("", max_length=100)


class Meant(Sent):
    """What headers mean: the name of a column, or nothing to leave it out."""

    meant: dict[str, str] = Field(max_length=500)


class Accepted(Sent):
    """Numbers of rows that were looked at; null = every safe one."""

    rows: list[int] | None = Field(None, max_length=queries.PAGE * 25)


def _upload(request: HttpRequest, upload: UUID) -> Upload:
    found = queries.find_upload(person_in(request).organisation_id, upload)
    if found is None:
        raise NotThere("upload")
    return found


def _receipt(request: HttpRequest, receipt: UUID) -> Receipt:
    found = queries.find_receipt(person_in(request).organisation_id, receipt)
    if found is None:
        raise NotThere("receipt")
    return found


def _told(upload: Upload) -> dict[str, Any]:
    return {
        "upload": upload.pk,
        "name": upload.name,
        "state": upload.state,
        "kind": upload.kind,
        "why": upload.why,
        "why_words": words.why_word(upload.why) if upload.state == State.REFUSED else "",
        "done": upload.done,
        "total": upload.total,
        "made_at": upload.made_at,
    }


def _given(receipt: Receipt) -> dict[str, Any]:
    names = ("name", "work", "undo", "done", "total", "told", "undo_told", "made_at", "done_at", "undone_at")
    return {name: getattr(receipt, name) for name in names} | {
        "receipt": receipt.pk,
        "upload": receipt.upload_id,
        "may_be_undone": receipt.may_be_undone,
        "undo_until": receipt.done_at + UNDO if receipt.done_at else None,
    }


@router.get("/inbox", response=InboxShape, summary="What was brought, and receipts")
@acts(*_WRITERS, methods=READS, scope=INBOX_READ)
def inbox(request: HttpRequest, query: Query[Language]) -> Any:
    """Newest first."""
    mine = person_in(request).organisation_id
    return {
        "uploads": [_told(each) for each in queries.uploads_of(mine)],
        "receipts": [_given(each) for each in queries.receipts_of(mine)],
    }


@router.post("/inbox", response={201: UploadShape}, summary="Bring a file")
@acts(*_WRITERS, methods=POST, scope=INBOX_WRITE)
def bring(
    request: HttpRequest,
    query: Query[Language],
    file: File[UploadedFile],
    sharing: Form[Literal["own", "partners", "anyone"]] = "own",
) -> Any:
    """XLSX, CSV, IATI XML or HXL, as multipart/form-data; `sharing` is who may see what is new in it. Nothing of it
    enters a record before it is accepted. What is large is read beside the site: ask for the upload again."""
    form = BringForm({"sharing": sharing}, MultiValueDict({"file": [file]}))
    sent, owner = checked(form)["file"], owner_in(request)
    brought = actions.bring(actor_in(request), owner, sent, form.marking_key(owner), language_in_use())
    tasks.read_soon(brought, words_in(request))
    brought.refresh_from_db()
    return Status(201, _told(brought))


@router.get(
    "/inbox/sheets", summary="Records as a workbook", openapi_extra={"responses": {200: {"content": {_XLSX: {}}}}}
)
@acts(*_WRITERS, methods=READS, scope=INBOX_READ)
def sheets(request: HttpRequest, query: Query[TakeQuery]) -> Any:
    """Your organisation's records in the small sheets, to be changed and brought back; empty where none match, so that
    it is a template too. The log notes it."""
    stated = {"sheets": [each for each in query.sheets.split(",") if each], "state": query.state, "q": query.q}
    wanted, owner = checked(TakeForm(stated, states())), owner_in(request)
    found = queries.to_take(owner, wanted["state"], wanted["q"])
    if found is None:
        raise NotNowError("that is more than a workbook holds well; choose a state or some words")
    chosen = [each for each in TEMPLATES if each in wanted["sheets"]]
    lang = cast(Lang, language_in_use())
    answer = HttpResponse(write_sheets(found, chosen, lang, words_in(request)), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="concerted-{timezone.now():%Y-%m-%d}-{lang}.xlsx"'
    log(actor_in(request).who, Act("exported", "export", "sheets", owner.pk))
    return answer


@router.get("/inbox/uploads/{uuid:upload}", response=UploadPage, summary="An upload and what its rows would do")
@acts(*_WRITERS, methods=READS, scope=INBOX_READ)
def one_upload(request: HttpRequest, upload: UUID, query: Query[RowsQuery]) -> Any:
    """A page of rows, each with its changes or why it is refused; or how far its reading has come."""
    found = _upload(request, upload)
    if found.state in (State.WAITING, State.READING):
        tasks.take_up_again()
        found.refresh_from_db()
    rows = queries.rows_of_upload(found, query.show, query.page)
    written = written_in(found, rows.rows) if found.holder_id == person_in(request).pk else {}
    titles = queries.titles_of_records(viewer_in(request), rows.rows)
    return _told(found) | {
        "counts": rows.counts,
        "safe": rows.safe,
        "rows": [_row(row, titles, written.get(row.number, Written())) for row in rows.rows],
        "next": query.page + 1 if query.page * queries.PAGE < rows.total else None,
        "headers": [{"header": text, "column": name} for text, name in found.told.get("headers", [])],
        "receipts": list(found.receipts.order_by("-made_at").values_list("pk", flat=True)[:5]),
        "audience": members(queries.audience_of_new(found, language_in_use())),
    }


def _row(row: UploadRow, titles: dict[str, str], written: Written) -> dict[str, Any]:
    return {
        "row": row.number,
        "sheet": row.sheet,
        "line": row.line,
        "outcome": row.outcome,
        "is_safe": row.is_safe,
        "may_be_accepted": row.outcome in actions.OPEN,
        "title": row.title or written.title,
        "changes": record_shapes.changes(changes_from_json(row.changes)),
        "faults": [
            {
                "column": column,
                "written": written.cells.get(column),
                "code": code,
                "says": words.fault_word(code),
                "nearest": list(nearest),
            }
            for column, code, nearest in row.faults
        ],
        "refused_words": written.refused,
        "perhaps": [{"record": each, "title": titles[each]} for each in row.doubles if each in titles],
        "asks": list(row.asks),
        "lacks": list(row.lacks),
    }


@router.post("/inbox/uploads/{uuid:upload}/columns", response=UploadShape, summary="Say what its columns mean")
@acts(*_WRITERS, methods=POST, scope=INBOX_WRITE)
def name_columns(request: HttpRequest, upload: UUID, query: Query[Language], body: Meant) -> Any:
    """By header of the upload; it is remembered for all sheets of your organisation, and the file is read anew."""
    found = _upload(request, upload)
    headers = {text for text, _name in found.told.get("headers", [])}
    if found.state not in (State.COLUMNS, State.READY) or not headers:
        raise NotThere("columns")
    known = {"", *column_names()}
    wrong = [
        {"where": f"body.meant.{header}", "what": "no header of it, or no column", "do": f"one of {sorted(known)}"}
        for header, name in body.meant.items()
        if header not in headers or name not in known
    ]
    if not wrong and actions.lacks_code(found, body.meant):
        wrong = [{"where": "body.meant", "what": "code", "do": "say which column holds the code of an activity"}]
    if wrong:
        raise FormError(wrong)
    actions.name_columns(actor_in(request), found, body.meant)
    found.refresh_from_db()
    tasks.read_soon(found, words_in(request))
    found.refresh_from_db()
    return _told(found)


@router.post("/inbox/uploads/{uuid:upload}/accept", response={201: ReceiptShape}, summary="Accept rows")
@acts(*_WRITERS, methods=POST, scope=INBOX_WRITE)
def accept_rows(request: HttpRequest, upload: UUID, query: Query[Language], body: Accepted) -> Any:
    """Every safe row, or those that are named. Each row is worked out again before it is written: one whose record was
    changed meanwhile is left and counted as moved."""
    numbers = None if body.rows is None else [each for each in body.rows if 0 <= each <= LARGEST]
    made = actions.accept(actor_in(request), _upload(request, upload), numbers)
    if made is None:
        raise NotNowError("there is nothing to accept")
    tasks.apply_soon(made, words_in(request))
    made.refresh_from_db()
    return Status(201, _given(made))


@router.post("/inbox/uploads/{uuid:upload}/put-away", response=UploadShape, summary="Forget what was not accepted")
@acts(*_WRITERS, methods=POST, scope=INBOX_WRITE)
def put_away(request: HttpRequest, upload: UUID, query: Query[Language]) -> Any:
    """Its rows and its file go; what was accepted stays, with its receipts."""
    found = _upload(request, upload)
    actions.put_away(actor_in(request), found)
    found.refresh_from_db()
    return _told(found)


@router.get("/inbox/receipts/{uuid:receipt}", response=ReceiptPage, summary="A receipt")
@acts(*_WRITERS, methods=READS, scope=INBOX_READ)
def one_receipt(request: HttpRequest, receipt: UUID, query: Query[Language]) -> Any:
    """What was taken over, how far it has come, and until when it can be undone."""
    tasks.take_up_again()
    found = _receipt(request, receipt)
    applied, count = queries.applied_of(found)
    records = [
        {
            found.column: each.kept_id,  # `record` of activities, `ask` of needs and offers
            "title": each.kept.title,
            "before": each.before,
            "after": each.after,
            "undone": each.undone,
        }
        for each in applied
    ]
    return _given(found) | {"count": count, "records": records}


@router.post("/inbox/receipts/{uuid:receipt}/undo", response=ReceiptShape, summary="Undo what was accepted")
@acts(*_WRITERS, methods=POST, scope=INBOX_WRITE)
def undo_receipt(request: HttpRequest, receipt: UUID, query: Query[Language]) -> Any:
    """Records become what they were; those that were changed since stay and are told."""
    found = _receipt(request, receipt)
    if not actions.ask_to_undo(actor_in(request), found):
        raise NotNowError("this cannot be undone any more, or is being undone")
    found.refresh_from_db()
    tasks.undo_soon(found)
    found.refresh_from_db()
    return _given(found)
