"""The form of a record, and what is asked where two people changed the same."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.statements.document import Document, DocumentError
from concerted.statements.merging import merge as join
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import Partner
from concerted.web.accounts.queries import names_of_people
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language
from concerted.web.workspace import actions, queries, words
from concerted.web.workspace.actions import Clash, RefusedError, Saved
from concerted.web.workspace.actions.saving import WRITERS, may_write, version_document
from concerted.web.workspace.forms import SharingForm, WholeForm
from concerted.web.workspace.forms.sharing import offered_to
from concerted.web.workspace.models import Condition, Record, RecordVersion
from concerted.web.workspace.views.reading import edition_of, with_record

_WRITERS = sorted(WRITERS)
#: Letters of a document that come back from the page of a merge; a document is smaller.
_LONGEST = 1 << 20


def actor_in(request: SignedInRequest) -> Actor:
    """Who acts, through this page."""
    return actor_of(request.person)


def _owner(request: SignedInRequest) -> Partner:
    partner: Partner = request.person.partner
    return partner.parent or partner


@acts(*_WRITERS)
@never_cache
def new(request: SignedInRequest) -> HttpResponse:
    """A new record. Its id comes with the form, so that a form that is sent twice makes one record."""
    owner = _owner(request)
    base = actions.begin(owner, _id(request.POST.get("record")))
    # A new one is for everybody unless its owner says otherwise: the choice stands open beside the form.
    if "implementer" in owner.roles:  # it does its own, unless it says otherwise
        itself = {"role_code": "4", "ref": owner.reference or None, "name": owner.label("fr")}
        base["participating_org"] = [{name: value for name, value in itself.items() if value}]
    form = WholeForm(request.POST or None, base, owner, queries.vocabulary(edition_of(request)), states=True)
    if request.method == "POST" and form.is_valid():
        document = form.document(timezone.now().date())
        condition, answered = _condition(request), "answered" in request.POST
        try:
            return saved(request, actions.make(actor_in(request), owner, document, condition, is_answered=answered))
        except RefusedError as refused:
            form.refuse(refused.found)
        except DocumentError as error:
            form.record.add_error(None, _fault(error))
            if any(each.path == "record" for each in error.faults):  # another's id: what was typed gets one of its own
                form.base["record"] = str(uuid4())
    return _form(request, form, None, 1)


def _id(text: str | None) -> UUID | None:
    """The id that a form brings, if it is one that this page could have given it."""
    try:
        found = UUID(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.version == 4 else None


@acts(*_WRITERS)
@never_cache
@with_record
def edit(request: SignedInRequest, record: Record) -> HttpResponse:
    """Change a record; the form says which version it began with."""
    check_own(request, record)
    began = _number(request.POST.get("began"), record.version)
    try:
        base = version_document(record, began)
    except RecordVersion.DoesNotExist as error:
        raise Http404("version") from error
    words_of = queries.vocabulary(edition_of(request))
    form = WholeForm(request.POST or None, base, record.owner, words_of, states=record.is_draft)
    if request.method == "POST" and form.is_valid():
        document = form.document(timezone.now().date())
        try:
            outcome = actions.save(
                actor_in(request),
                record,
                began,
                document,
                _condition(request),
                is_answered="answered" in request.POST,
            )
            return saved(request, outcome)
        except RefusedError as refused:
            form.refuse(refused.found)
        except DocumentError as error:
            form.record.add_error(None, _fault(error))
    return _form(request, form, record, began)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_record
def merge(request: SignedInRequest, record: Record) -> HttpResponse:
    """Save what was chosen where two had changed the same. What comes from the page is checked as if typed anew."""
    check_own(request, record)
    began, theirs = _number(request.POST.get("began"), 0), _number(request.POST.get("theirs"), 0)
    text = request.POST.get("mine", "")
    try:
        mine: Document = json.loads(text) if len(text) <= _LONGEST else {}
        if not isinstance(mine, dict) or mine.get("record") != str(record.pk):
            raise Http404("document")
        merged = join(version_document(record, began), mine, version_document(record, theirs))
    except (ValueError, KeyError, TypeError, AttributeError, RecordVersion.DoesNotExist) as error:
        raise Http404("document") from error
    condition = Condition.KEPT if request.POST.get("condition") == Condition.KEPT else None
    clash = Clash(record, mine, began, theirs, condition, merged)
    answers = {n: request.POST.get(f"choice-{n}") for n in range(len(merged.conflicts))}
    if not all(each in ("mine", "theirs") for each in answers.values()):
        messages.error(request, gettext("Choose for each line."))
        return _ask(request, clash)
    try:
        return saved(request, actions.settle(actor_in(request), clash, {n: v == "mine" for n, v in answers.items()}))
    except KeyError:
        messages.error(request, gettext("What you keep belongs to something that you drop. Choose again."))
        return _ask(request, clash)
    except (RefusedError, DocumentError) as error:
        raise Http404("document") from error  # the form before this page would not have let it through


@acts(*_WRITERS, methods=READS)
@never_cache
def who_sees(request: SignedInRequest) -> HttpResponse:
    """Who would see a record that is marked as the fields say; for the box beside the form, as one chooses."""
    owner = _owner(request)
    offered = offered_to(owner, language())
    form = SharingForm(request.GET, document=actions.begin(owner), owner=str(owner.pk), offered=offered)
    form.is_valid()  # what is not chosen yet is as it begins
    form.cleaned_data = {**form.initial, **form.cleaned_data}
    document = form.apply(form.document)
    return render(request, "workspace/audience.html", {"audience": _audience(document)})


def _form(request: SignedInRequest, form: WholeForm, record: Record | None, began: int) -> HttpResponse:
    context = {
        "form": form,
        "record": record,
        "began": began,
        "is_draft": record is None or record.is_draft,
        "audience": _audience(form.base),
        "organisations": _organisations(),
    }
    return render(request, "workspace/form.html", context)


def _audience(document: Document) -> Any:
    return queries.audience_words(document, queries.directory(timezone.now().date()), language(), with_groups=True)


def _organisations() -> list[str]:
    """Names to complete who does it with."""
    found = Partner.objects.filter(parent=None, is_active=True)
    return sorted({each.label(language()) for each in found}, key=str.casefold)


def _condition(request: SignedInRequest) -> Condition:
    return Condition.DRAFT if "draft" in request.POST else Condition.KEPT


def saved(request: SignedInRequest, outcome: Saved | Clash) -> HttpResponse:
    """What follows a saving: the record, or the page that asks where two changed the same."""
    if isinstance(outcome, Clash):
        return _ask(request, outcome)
    if not outcome.is_changed:
        messages.info(request, gettext("Nothing new was said, so nothing was saved."))
    elif outcome.is_joined:
        messages.success(
            request, gettext("Saved. Somebody else had saved meanwhile; both are joined, nothing is lost.")
        )
    else:
        messages.success(request, gettext("Saved."))
    return redirect("records-one", outcome.record.pk)


def _ask(request: SignedInRequest, clash: Clash) -> HttpResponse:
    """The page that puts both side by side, with the whole of mine in it, so that nothing must be typed again."""
    vocabulary = queries.vocabulary(edition_of(request))
    theirs = RecordVersion.objects.get(record=clash.record, number=clash.theirs)
    lines = []
    for at, each in enumerate(clash.merged.conflicts):
        table = each.row.table
        values = [
            words.value_word(table, each.column, value, vocabulary) for value in (each.base, each.mine, each.theirs)
        ]
        about = [words.row_word(each.row, vocabulary), words.column_word(table, each.column) if each.column else ""]
        lines.append((at, ", ".join(part for part in about if part), *values))
    by = names_of_people(clash.record.owner_id, [theirs.made_by]).get(theirs.made_by) if theirs.made_by else None
    context = {
        "record": clash.record,
        "lines": lines,
        "mine": json.dumps(clash.mine, ensure_ascii=False),
        "began": clash.began,
        "theirs": clash.theirs,
        "condition": clash.condition or "",
        "by": by or "",
        "at": theirs.made_at,
    }
    return render(request, "workspace/merge.html", context, status=409)


def check_own(request: SignedInRequest, record: Record) -> None:
    """Another's record is not changed here, whoever may read it."""
    if not may_write(actor_in(request), record.owner_id):
        raise Http404("record")


def number_in(request: SignedInRequest, record: Record) -> int:
    """The version that whoever asks has before him; the newest where the page does not say."""
    return _number(request.POST.get("began"), record.version)


def back(record: Record) -> HttpResponse:
    """To the record again."""
    return redirect("records-one", record.pk)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise


def _fault(error: DocumentError) -> str:
    if any(each.path == "record" for each in error.faults):
        return gettext("Nothing was saved: this form was for another activity. Send it again to make a new one.")
    return gettext("This cannot be kept: %(what)s") % {"what": "; ".join(str(each.path) for each in error.faults)}
