"""Bring a file, see what it would change, accept it, undo it; take our own records away as sheets."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh

from concerted.intake.templates import column_names, columns_of_sheets, header
from concerted.intake.vocabulary import Vocabulary
from concerted.intake.writing import write_sheets
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import Partner
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.inbox import actions, queries, tasks, words
from concerted.web.inbox.files import TooLargeError
from concerted.web.inbox.forms import TEMPLATES, BringForm, TakeForm, states
from concerted.web.inbox.models import KEPT, NEEDS, UNDO, Receipt, State, Upload, UploadRow, Work
from concerted.web.inbox.stored import changes_from_json
from concerted.web.inbox.written import Written, written_in
from concerted.web.ui.formats import language, number
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.queries import vocabulary
from concerted.web.workspace.views.reading import edition_of
from concerted.web.workspace.words import change_lines, missing_word

_WRITERS = sorted(WRITERS)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RUNNING = (Work.WAITING, Work.WORKING)


def _owner(request: SignedInRequest) -> Partner:
    partner: Partner = request.person.partner
    return partner.parent or partner


def _actor(request: SignedInRequest) -> Actor:
    return actor_of(request.person)


def _words(request: SignedInRequest) -> Vocabulary:
    return vocabulary(edition_of(request))


def with_upload(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the upload that the address names, if it is of the organisation of who asks."""

    @wraps(view)
    def wrapped(request: SignedInRequest, upload: UUID) -> HttpResponse:
        found = queries.find_upload(request.person.organisation_id, upload)
        if found is None:
            raise Http404("upload")
        return view(request, found)

    return wrapped


def with_receipt(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for a receipt."""

    @wraps(view)
    def wrapped(request: SignedInRequest, receipt: UUID) -> HttpResponse:
        found = queries.find_receipt(request.person.organisation_id, receipt)
        if found is None:
            raise Http404("receipt")
        return view(request, found)

    return wrapped


@acts(*_WRITERS)
@never_cache
def inbox(request: SignedInRequest) -> HttpResponse:
    """Bring a file; what was brought before; sheets to take away."""
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        owner = _owner(request)
        try:
            brought = actions.bring(
                _actor(request), owner, form.cleaned_data["file"], form.marking_key(owner), language()
            )
        except TooLargeError:
            form.add_error("file", words.why_word("large"))
        else:
            tasks.read_soon(brought, _words(request))
            return redirect("inbox-one", brought.pk)
    context = {
        "form": form,
        "take": TakeForm(None, states()),
        "uploads": queries.uploads_of(request.person.organisation_id),
        "receipts": queries.receipts_of(request.person.organisation_id),
        "days": KEPT.days,
    }
    return render(request, "inbox/inbox.html", context)


@acts(*_WRITERS, methods=READS)
@never_cache
def sheets(request: SignedInRequest) -> HttpResponse:
    """Our records as a workbook to be changed and sent back."""
    owner, form = _owner(request), TakeForm(request.GET, states())
    if not form.is_valid():
        raise Http404("sheets")
    wanted = form.cleaned_data
    found = queries.to_take(owner, wanted["state"], wanted["q"])
    if found is None:
        messages.error(request, gettext("That is more than a workbook holds well. Choose a state or some words."))
        return redirect("inbox")
    chosen = [each for each in TEMPLATES if each in wanted["sheets"]]
    lang = language()
    answer = HttpResponse(write_sheets(found, chosen, lang, _words(request)), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="concerted-{timezone.now():%Y-%m-%d}-{lang}.xlsx"'
    log(_actor(request).who, Act("exported", "export", "sheets", owner.pk))
    return answer


@acts(*_WRITERS, methods=READS)
@never_cache
@with_upload
def one(request: SignedInRequest, upload: Upload) -> HttpResponse:
    """What an upload would change, row by row; or how far its reading has come."""
    outcome = request.GET.get("show", "")
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 7 else 1
    if outcome not in ("", *queries.OUTCOMES):
        raise Http404("outcome")
    found = queries.rows_of_upload(upload, outcome, page)
    is_author = upload.holder_id == request.person.pk
    written = written_in(upload, found.rows) if is_author else {}
    of_words, titles = _words(request), queries.titles_of_records(request.viewer, found.rows)
    context = {
        "upload": upload,
        "kind": words.kind_word(upload.kind),
        "one_page": "asks-one" if upload.kind == NEEDS else "records-one",
        "why": words.why_word(upload.why) if upload.state == State.REFUSED else "",
        "rows": [_shown(row, of_words, titles, written.get(row.number, Written())) for row in found.rows],
        "counts": [(each, words.outcome_count(each, n), n) for each in queries.OUTCOMES if (n := found.counts[each])],
        "safe": found.safe,
        "show": outcome,
        "page": page,
        "pages": -(-found.total // queries.PAGE),
        "receipts": list(upload.receipts.order_by("-made_at")[:5]),
        "audience": queries.audience_of_new(upload, language())
        if found.counts["new"] or found.counts["double"]
        else None,
    }
    return render(request, "inbox/one.html", context)


def _shown(row: UploadRow, of_words: Vocabulary, titles: dict[str, str], written: Written) -> dict[str, Any]:
    lang = language()
    return {
        "row": row,
        "title": row.title or written.title,
        "outcome": words.outcome_word(row.outcome),
        "changes": change_lines(changes_from_json(row.changes), of_words)[:20],
        "faults": [
            (words.cell_word(column, lang), written.cells.get(column), words.fault_word(code), _nearest(nearest))
            for column, code, nearest in row.faults
        ],
        "refused": written.refused,
        "doubles": [(record, titles[record]) for record in row.doubles if record in titles],
        "asks": [words.text_word(kind) for kind in row.asks],
        "lacks": [missing_word(name) for name in row.lacks],
        "is_open": row.outcome in actions.OPEN,
    }


def _nearest(nearest: list[str]) -> str:
    return ", ".join(nearest)


@acts(*_WRITERS, methods=READS)
@never_cache
@with_upload
def progress(request: SignedInRequest, upload: Upload) -> HttpResponse:
    """How far the reading of an upload has come; asked again and again by its page."""
    tasks.take_up_again()
    if upload.state not in (State.WAITING, State.READING):
        return HttpResponseClientRefresh()
    return render(request, "inbox/progress.html", {"of": upload, "address": request.path})


@acts(*_WRITERS)
@never_cache
@with_upload
def columns(request: SignedInRequest, upload: Upload) -> HttpResponse:
    """Say what the columns of a sheet mean; it is remembered for the next time."""
    headers: list[tuple[str, str]] = [tuple(each) for each in upload.told.get("headers", [])]
    if upload.state not in (State.COLUMNS, State.READY) or not headers:
        raise Http404("columns")
    if request.method == "POST":
        meant = {text: request.POST.get(f"c{at}", "") for at, (text, _name) in enumerate(headers)}
        if actions.lacks_code(upload, meant):
            messages.error(request, gettext("Say which column holds the code of an activity."))
        else:
            actions.name_columns(_actor(request), upload, meant)
            upload.refresh_from_db()
            tasks.read_soon(upload, _words(request))
            return redirect("inbox-one", upload.pk)
    lang = language()
    choices = [
        (words_of_sheet, [(name, header(name, lang)) for name in names])
        for words_of_sheet, names in columns_of_sheets(lang)
    ]
    context = {"upload": upload, "headers": list(enumerate(headers)), "choices": choices, "names": column_names()}
    return render(request, "inbox/columns.html", context)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_upload
def accept(request: SignedInRequest, upload: Upload) -> HttpResponse:
    """Accept every safe row, or one that was looked at."""
    wanted = request.POST.get("row", "")
    numbers = [int(wanted)] if wanted.isdecimal() and len(wanted) < 9 else None
    if numbers is None and "safe" not in request.POST:
        raise Http404("row")
    made = actions.accept(_actor(request), upload, numbers)
    if made is None:
        messages.info(request, gettext("There is nothing to accept any more."))
        return redirect("inbox-one", upload.pk)
    tasks.apply_soon(made, _words(request))
    if numbers is None:
        return redirect("inbox-receipt", made.pk)
    made.refresh_from_db()
    _tell_of_one(request, made)
    upload.refresh_from_db()
    return redirect("inbox-receipt", made.pk) if upload.state == State.CLOSED else redirect("inbox-one", upload.pk)


def _tell_of_one(request: SignedInRequest, made: Receipt) -> None:
    if made.work in _RUNNING:
        messages.info(request, gettext("Accepted; it is taken over in a moment."))
    elif made.told.get("added", 0) + made.told.get("changed", 0):
        messages.success(request, gettext("Accepted."))
    else:
        messages.error(request, gettext("Not taken over: it was changed meanwhile. Bring the file again."))


@acts(*_WRITERS, methods=POST)
@never_cache
@with_upload
def put_away(request: SignedInRequest, upload: Upload) -> HttpResponse:
    """Forget what was not accepted."""
    actions.put_away(_actor(request), upload)
    messages.info(request, gettext("Put away. Nothing of it is kept."))
    return redirect("inbox")


@acts(*_WRITERS, methods=READS)
@never_cache
@with_receipt
def receipt(request: SignedInRequest, receipt: Receipt) -> HttpResponse:
    """What was taken over, and the button that undoes it."""
    applied, count = queries.applied_of(receipt)
    added, changed = receipt.told.get("added", 0), receipt.told.get("changed", 0)
    context = {
        "receipt": receipt,
        "applied": applied,
        "count": count,
        "is_running": receipt.work in _RUNNING or receipt.undo in _RUNNING,
        "added": _counted(_added_word(receipt, added), added) if added else "",
        "changed": _counted(_changed_word(receipt, changed), changed),
        "one_page": "asks-one" if receipt.is_of_asks else "records-one",
        "history_page": "asks-history" if receipt.is_of_asks else "records-history",
        "moved": receipt.told.get("moved", 0),
        "undone": receipt.undo_told.get("undone", 0),
        "kept": receipt.undo_told.get("changed", 0),
        "last_day": receipt.done_at + UNDO if receipt.done_at else None,
        "is_open": receipt.upload is not None and receipt.upload.state == State.READY,
    }
    return render(request, "inbox/receipt.html", context)


def _added_word(receipt: Receipt, count: int) -> str:
    if receipt.is_of_asks:
        return ngettext("%(n)s new need or offer", "%(n)s new needs and offers", count)
    return ngettext("%(n)s new activity", "%(n)s new activities", count)


def _changed_word(receipt: Receipt, count: int) -> str:
    if receipt.is_of_asks:
        return ngettext("%(n)s need or offer changed", "%(n)s needs and offers changed", count)
    return ngettext("%(n)s activity changed", "%(n)s activities changed", count)


def _counted(text: str, count: int) -> str:
    return text % {"n": number(count)}


@acts(*_WRITERS, methods=READS)
@never_cache
@with_receipt
def receipt_progress(request: SignedInRequest, receipt: Receipt) -> HttpResponse:
    """How far a receipt has come; asked again and again by its page."""
    tasks.take_up_again()
    if receipt.work not in _RUNNING and receipt.undo not in _RUNNING:
        return HttpResponseClientRefresh()
    return render(request, "inbox/progress.html", {"of": receipt, "address": request.path})


@acts(*_WRITERS, methods=POST)
@never_cache
@with_receipt
def undo(request: SignedInRequest, receipt: Receipt) -> HttpResponse:
    """Bring back what the records said before."""
    if actions.ask_to_undo(_actor(request), receipt):
        receipt.refresh_from_db()
        tasks.undo_soon(receipt)
    else:
        messages.error(request, gettext("This cannot be undone any more."))
    return redirect("inbox-receipt", receipt.pk)
