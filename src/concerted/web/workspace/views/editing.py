"""The form of a record, and what is asked where two people changed the same."""

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.statements.document import DocumentError
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language
from concerted.web.workspace import actions, queries
from concerted.web.workspace.actions import Clash, RefusedError, Saved
from concerted.web.workspace.actions.saving import WRITERS, may_write
from concerted.web.workspace.forms import SharingForm, WholeForm
from concerted.web.workspace.forms.sharing import offered_to
from concerted.web.workspace.models import Kept, Record
from concerted.web.workspace.views.reading import edition_of, with_record
from concerted.web.workspace.views.saving import (
    Pages,
    actor_in,
    after_saving,
    audience_of,
    begun,
    condition_in,
    id_in,
    number,
    organisation_names,
    owner_in,
    settled,
)

_WRITERS = sorted(WRITERS)
#: Where activities have their pages.
PAGES = Pages("records-one", "records-merge")


@acts(*_WRITERS)
@never_cache
def new(request: SignedInRequest) -> HttpResponse:
    """A new record. Its id comes with the form, so that a form that is sent twice makes one record."""
    owner = owner_in(request)
    base = actions.begin(owner, id_in(request.POST.get("record")))
    # A new one is for everybody unless its owner says otherwise: the choice stands open beside the form.
    if "implementer" in owner.roles:  # it does its own, unless it says otherwise
        itself = {"role_code": "4", "ref": owner.reference or None, "name": owner.label("fr")}
        base["participating_org"] = [{name: value for name, value in itself.items() if value}]
    form = WholeForm(request.POST or None, base, owner, queries.vocabulary(edition_of(request)), states=True)
    if request.method == "POST" and form.is_valid():
        document = form.document(timezone.now().date())
        condition, answered = condition_in(request), "answered" in request.POST
        try:
            return saved(request, actions.make(actor_in(request), owner, document, condition, is_answered=answered))
        except RefusedError as refused:
            form.refuse(refused.found)
        except DocumentError as error:
            form.record.add_error(None, _fault(error))
            if any(each.path == "record" for each in error.faults):  # another's id: what was typed gets one of its own
                form.base["record"] = str(uuid4())
    return _form(request, form, None, 1)


@acts(*_WRITERS)
@never_cache
@with_record
def edit(request: SignedInRequest, record: Record) -> HttpResponse:
    """Change a record; the form says which version it began with."""
    check_own(request, record)
    began = number(request.POST.get("began"), record.version)
    base = begun(record, began)
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
                condition_in(request),
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
    """Save what was chosen where two had changed the same."""
    check_own(request, record)
    return settled(request, record, actions.settle, PAGES)


@acts(*_WRITERS, methods=READS)
@never_cache
def who_sees(request: SignedInRequest) -> HttpResponse:
    """Who would see a record that is marked as the fields say; for the box beside the form, as one chooses."""
    owner = owner_in(request)
    offered = offered_to(owner, language())
    form = SharingForm(request.GET, document=actions.begin(owner), owner=str(owner.pk), offered=offered)
    form.is_valid()  # what is not chosen yet is as it begins
    form.cleaned_data = {**form.initial, **form.cleaned_data}
    document = form.apply(form.document)
    return render(request, "workspace/audience.html", {"audience": audience_of(document)})


def _form(request: SignedInRequest, form: WholeForm, record: Record | None, began: int) -> HttpResponse:
    context = {
        "form": form,
        "record": record,
        "began": began,
        "is_draft": record is None or record.is_draft,
        "audience": audience_of(form.base),
        "organisations": organisation_names(),
    }
    return render(request, "workspace/form.html", context)


def saved(request: SignedInRequest, outcome: Saved | Clash) -> HttpResponse:
    """What follows a saving: the record, or the page that asks where two changed the same."""
    return after_saving(request, outcome, PAGES)


def check_own(request: SignedInRequest, record: Kept) -> None:
    """Another's record is not changed here, whoever may read it."""
    if not may_write(actor_in(request), record.owner_id):
        raise Http404("record")


def number_in(request: SignedInRequest, record: Kept) -> int:
    """The version that whoever asks has before him; the newest where the page does not say."""
    return number(request.POST.get("began"), record.version)


def back(record: Record) -> HttpResponse:
    """To the record again."""
    return redirect("records-one", record.pk)


def _fault(error: DocumentError) -> str:
    if any(each.path == "record" for each in error.faults):
        return gettext("Nothing was saved: this form was for another activity. Send it again to make a new one.")
    return gettext("This cannot be kept: %(what)s") % {"what": "; ".join(str(each.path) for each in error.faults)}
