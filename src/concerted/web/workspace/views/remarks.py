"""*This is not right*, and proposals instead of changes of what others keep; and the owner's answer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.model.errors import NotAllowedError
from concerted.records.screening.kinds import message
from concerted.statements.document import DocumentError
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import POST, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language
from concerted.web.workspace import actions, queries
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.actions.remarks import with_value
from concerted.web.workspace.actions.saving import WRITERS, version_document
from concerted.web.workspace.forms import WholeForm
from concerted.web.workspace.forms.remarks import RemarkForm
from concerted.web.workspace.models import Record, RecordVersion
from concerted.web.workspace.queries.remarks import find_remark, versions_read
from concerted.web.workspace.views.editing import back, check_own, number_in, saved
from concerted.web.workspace.views.reading import edition_of, with_record
from concerted.web.workspace.views.saving import actor_in

_WRITERS = sorted(WRITERS)


@acts(*ANY)
@never_cache
@with_record
def say(request: SignedInRequest, record: Record) -> HttpResponse:
    """Anybody who may read a record says what is not right in it."""
    about, base = _before(request, record)
    form = RemarkForm(request.POST or None, document=base, vocabulary=queries.vocabulary(edition_of(request)))
    refused: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        values, meant = form.cleaned_data, form.meant
        try:
            proposed = with_value(base, *meant, values["value"]) if meant and values["value"] else None
            actions.remark(actor_in(request), record, about, values["text"], proposed, meant)
        except RefusedError as error:
            refused = [(each.words, message(each.finding, language())) for each in error.found]
        except DocumentError:
            form.add_error("value", gettext("This cannot stand in that field; say it in words."))
        else:
            messages.success(request, gettext("Sent. Its owner reads it and answers."))
            return back(record)
    return render(
        request,
        "workspace/say.html",
        {"form": form, "record": record, "began": about, "refused": refused, "back_to": "records-one"},
    )


@acts(*_WRITERS)
@never_cache
@with_record
def propose(request: SignedInRequest, record: Record) -> HttpResponse:
    """How a record of another organisation should read, in the same form; its owner accepts it or not."""
    actor = actor_in(request)
    if actions.may_write(actor, record.owner_id):
        raise Http404("record")  # its own are changed, not proposed
    about, base = _before(request, record)
    form = WholeForm(request.POST or None, base, record.owner, queries.vocabulary(edition_of(request)), states=False)
    if request.method == "POST" and form.record.is_valid() and form.money.is_valid():
        document = form.record.apply(timezone.now().date())
        document = form.money.apply(document, unknown=form.record.cleaned_data["amount_unknown"])
        try:
            actions.remark(actor, record, about, request.POST.get("text", "")[:2000], document)
        except RefusedError as error:
            form.refuse(error.found)
        except DocumentError as error:
            form.record.add_error(None, str(error))
        else:
            messages.success(request, gettext("Sent. Its owner reads it and answers."))
            return back(record)
    context: dict[str, Any] = {"form": form, "record": record, "began": about, "is_proposal": True}
    return render(request, "workspace/form.html", context)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_record
def answer(request: SignedInRequest, record: Record, number: int) -> HttpResponse:
    """Accept what is proposed, which makes a version; or answer in words."""
    check_own(request, record)
    given = find_remark(record, number)
    if given is None:
        raise Http404("remark")
    try:
        if "accept" in request.POST:
            return saved(request, actions.accept(actor_in(request), given))
        actions.answer(actor_in(request), given, request.POST.get("answer", "").strip()[:2000])
    except NotAllowedError:
        messages.error(request, gettext("It is answered already."))
    except (RefusedError, DocumentError):
        messages.error(request, gettext("Nothing was changed: these words are not stored here."))
    else:
        messages.success(request, gettext("Answered."))
    return back(record)


def _before(request: SignedInRequest, record: Record) -> tuple[int, Any]:
    """The version that whoever writes has before him; one that he may read."""
    number = number_in(request, record)
    if number not in versions_read(request.viewer, record, language()):
        raise Http404("version")
    try:
        return number, version_document(record, number)
    except RecordVersion.DoesNotExist as error:
        raise Http404("version") from error
