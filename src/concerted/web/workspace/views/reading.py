"""Our records with what is missing; one record with who sees it and where it stands."""

import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from concerted.intake.vocabulary import Vocabulary
from concerted.marking.keys import Label
from concerted.statements.changes import changes_between
from concerted.statements.document import SHARING
from concerted.statements.life import STEPS, Step, still_needed
from concerted.statements.rows import rows_of
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.queries import name_of
from concerted.web.accounts.roles import ANY, Duty
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.edition.opened import Edition
from concerted.web.ui.formats import language, moment
from concerted.web.workspace import queries, words
from concerted.web.workspace.actions import may_write
from concerted.web.workspace.actions.saving import WRITERS, version_document
from concerted.web.workspace.clearing import clearance
from concerted.web.workspace.forms.steps import StepForm
from concerted.web.workspace.models import Kept, Record
from concerted.web.workspace.queries.records import PAGE, count_open
from concerted.web.workspace.queries.remarks import open_remarks, remarks_of


def edition_of(request: SignedInRequest) -> Edition | None:
    """The edition that the request is served from."""
    scope = request.scope
    return scope.edition if scope else None


def with_kept(model: type[Kept], name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Give a view what a part of the address names; what the viewer may not read is as if it were not there."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: SignedInRequest, **kwargs: Any) -> HttpResponse:
            wanted: UUID = kwargs.pop(name)
            found = queries.find_record(request.viewer, model._default_manager.filter(pk=wanted))
            if found is None:
                raise Http404(name)
            return view(request, found, **kwargs)

        return wrapped

    return decorate


def of_statement_at(request: SignedInRequest, statement: str, model: type[Kept], page: str) -> HttpResponse:
    """From a statement of the picture to the page of what the site keeps of it, for whoever may read that."""
    found = None
    if re.fullmatch("[0-9a-f]{16}", statement):
        signed = int.from_bytes(bytes.fromhex(statement), "big", signed=True)
        found = queries.find_record(request.viewer, model._default_manager.filter(statement=signed))
    if found is None:
        raise Http404(page)
    return redirect(page, found.pk)


#: The record that the address names.
with_record = with_kept(Record, "record")


@acts(*ANY, methods=READS)
@never_cache
def records(request: SignedInRequest) -> HttpResponse:
    """The records of my organisation, drafts first, each with what is missing."""
    person = request.person
    text = request.GET.get("q", "")[:100]
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    listed = queries.own_records(person.organisation_id, text, page)
    lacking, drafts = count_open(person.organisation_id)
    context = {
        "rows": [(each, [words.missing_word(name) for name in each.lacks]) for each in listed.records],
        "records": listed.records,
        "total": listed.total,
        "lacking": lacking,
        "drafts": drafts,
        "text": text,
        "waiting": [(each, each.organisation.label(language())) for each in open_remarks(person.organisation_id)],
        "page": page,
        "pages": -(-listed.total // PAGE),
        "may_write": may_write(actor_of(person), person.organisation_id),
        "may_sign": not {str(Duty.SIGNER), str(Duty.ADMINISTRATOR)}.isdisjoint(person.held),
        "organisation": name_of(person.partner, language()),
    }
    return render(request, "workspace/records.html", context)


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
def of_statement(request: SignedInRequest, statement: str) -> HttpResponse:
    """From a statement in the picture to the record behind it."""
    return of_statement_at(request, statement, Record, "records-one")


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
@with_record
def record(request: SignedInRequest, record: Record) -> HttpResponse:
    """One record: what it says, what is missing, who sees it, where it stands on its way into the picture."""
    person, lang = request.person, language()
    vocabulary = queries.vocabulary(edition_of(request))
    is_own = request.viewer.is_of(str(record.owner_id))
    writes = request.eyes is None and may_write(actor_of(person), record.owner_id)
    if person.organisation_id != record.owner_id and record.marking_key != str(Label.CLEAR):
        log(actor_of(person).who, Act("saw", "activity", str(record.pk), record.owner_id))
    today = timezone.now().date()
    of, cleared = queries.directory(today), clearance(record, record.document)
    said = queries.history(request.viewer, record, lang)
    context = {
        "record": record,
        "owner": record.owner.label(lang),
        "is_own": is_own,
        "may_write": writes,
        "lacks": [words.missing_word(name) for name in record.lacks] if is_own else [],
        "audience": queries.audience_words(record.document, of, lang, with_groups=is_own),
        "told": told(said, record, vocabulary),
        "clearance": cleared if is_own and cleared.needed != "no" else None,
        "steps": next_steps(record, today, is_cleared=cleared.is_cleared) if writes else [],
        "picture": queries.in_picture(request.scope, record),
        "remarks": _remarks(said, record, lang, vocabulary),
        "may_propose": not is_own and request.eyes is None and not WRITERS.isdisjoint(person.held),
        "states": ("requested", "planned", "ongoing", "completed", "cancelled"),
    }
    return render(request, "workspace/record.html", context)


def told(history: list[queries.Told], record: Record, vocabulary: Vocabulary) -> list[tuple[str, str, str]]:
    """What the document says, row by row: what it is about, its values, and who said that last, when, through what."""
    last = queries.last_said(history)
    found = []
    for row, stated in rows_of(record.document).items():
        said = {name: last.get((row, name)) for name in stated}
        if row.table == "activity":
            found += [
                (
                    words.column_word(row.table, name),
                    words.value_word(row.table, name, value, vocabulary),
                    _by(said[name]),
                )
                for name, value in stated.items()
                if name not in _SHOWN_ELSEWHERE
            ]
            continue
        label, _sign, rest = words.row_word(row, vocabulary).partition(": ")
        newest = max((each for each in said.values() if each), key=lambda each: each.number, default=None)
        found.append((label, _values(row.table, stated, rest, vocabulary), _by(newest)))
    return found


def _remarks(history: list[queries.Told], record: Record, lang: str, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """What others say of a record, with what would change.

    What was said of a version that the viewer may not read is not told: it would tell of that version.
    """
    found, readable = [], {each.number for each in history}
    for each in remarks_of(record):
        if each.about not in readable:
            continue
        changes = []
        if each.proposed is not None:
            before = version_document(record, each.about)
            changes = words.change_lines(changes_between(before, each.proposed), vocabulary)
        found.append({"said": each, "by": each.organisation.label(lang), "changes": changes})
    return found


#: Columns of the activity that its page shows in words of its own.
_SHOWN_ELSEWHERE = frozenset({*SHARING, "state", "reporting_org_ref", "reporting_org_type_code"})


def _values(table: str, stated: dict[str, Any], rest: str, vocabulary: Vocabulary) -> str:
    if table in ("transaction", "budget"):
        return _money(table, stated, vocabulary)
    if table in ("location", "tag", "recipient", "participating_org", "result", "document"):
        return rest
    if table == "attribute":
        return words.attribute_word(stated["name"], str(stated["value"]))
    shown = {name: value for name, value in stated.items() if name not in words.SAID_BY_NAME}
    texts = [words.value_word(table, name, value, vocabulary) for name, value in shown.items()]
    return " · ".join(text for text in texts if text)


def _by(said: queries.Told | None) -> str:
    if said is None:
        return ""
    return " · ".join(part for part in (said.by, moment(said.at), words.channel_word(said.channel)) if part)


def _money(table: str, stated: dict[str, Any], vocabulary: Vocabulary) -> str:
    amount = words.value_word(table, "value", stated["value"], vocabulary)
    sides = [stated[name] for name in ("provider_org_name", "receiver_org_name") if stated.get(name)]
    return " · ".join([f"{amount} {stated.get('currency') or ''}".strip(), *sides])


def next_steps(record: Record, today: date, *, is_cleared: bool) -> list[dict[str, Any]]:
    """The steps that may follow, each with its form and what it needs besides what the form asks."""
    state = record.document["activity"].get("state")
    found = []
    for to in STEPS[state]:
        needed = [need.code for need in still_needed(record.document, Step(to, is_cleared=is_cleared), today)]
        asked = {"date", "date_order", "date_future", "reason", "evidence"}
        found.append(
            {
                "to": to,
                "word": words.step_word(state, to),
                "form": StepForm(to=to, document=record.document, prefix=to),
                "needs": [words.needs_word(code) for code in needed if code not in asked],
            }
        )
    return found


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
@with_record
def picture(request: SignedInRequest, record: Record) -> HttpResponse:
    """Where the record stands on its way into the picture; asked again and again by its page until it is there."""
    context = {"record": record, "picture": queries.in_picture(request.scope, record)}
    return render(request, "workspace/picture.html", context)
