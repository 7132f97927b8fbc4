"""The next steps of an activity's life, and its history."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.statements.document import DocumentError
from concerted.statements.life import STEPS
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language
from concerted.web.workspace import actions, queries, words
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.forms.steps import StepForm
from concerted.web.workspace.models import Kept, Record, RecordVersion
from concerted.web.workspace.views.editing import PAGES, back, check_own, number_in, saved
from concerted.web.workspace.views.reading import edition_of, with_record
from concerted.web.workspace.views.saving import actor_in, restored

_WRITERS = sorted(WRITERS)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_record
def step(request: SignedInRequest, record: Record) -> HttpResponse:
    """Take a step; what is still needed is said on the record."""
    check_own(request, record)
    to = request.POST.get("to", "")
    if to not in STEPS:
        raise Http404("step")
    form = StepForm(request.POST, to=to, document=record.document, prefix=to)
    if not form.is_valid():
        messages.error(request, gettext("Nothing was changed: %(why)s.") % {"why": " ".join(form.wrong)})
        return back(record)
    try:
        outcome = actions.step(
            actor_in(request), record, number_in(request, record), form.wanted, timezone.now().date()
        )
    except (RefusedError, DocumentError):
        messages.error(request, gettext("Nothing was changed: these words are not stored here."))
        return back(record)
    except RecordVersion.DoesNotExist as error:
        raise Http404("version") from error
    if isinstance(outcome, list):
        why = ", ".join(words.needs_word(need.code) for need in outcome)
        messages.error(request, gettext("Nothing was changed. Still needed: %(what)s.") % {"what": why})
        return back(record)
    return saved(request, outcome)


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
@with_record
def history(request: SignedInRequest, record: Record) -> HttpResponse:
    """Every version with what changed in it."""
    return history_page(
        request, record, reverse("records-one", args=[record.pk]), reverse("records-restore", args=[record.pk])
    )


def history_page(request: SignedInRequest, record: Kept, back_to: str, restore_to: str) -> HttpResponse:
    """The versions of what is kept, whatever kind it is of."""
    vocabulary = queries.vocabulary(edition_of(request))
    told = queries.history(request.viewer, record, language())
    rows = [
        {
            "told": each,
            "channel": words.channel_word(each.channel),
            "note": words.note_word(each.note),
            "changes": words.change_lines(each.changes, vocabulary),
        }
        for each in told
    ]
    context = {
        "record": record,
        "rows": rows,
        "back_to": back_to,
        "restore_to": restore_to,
        "may_write": request.eyes is None and actions.may_write(actor_in(request), record.owner_id),
    }
    return render(request, "workspace/history.html", context)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_record
def restore(request: SignedInRequest, record: Record) -> HttpResponse:
    """Bring back what an earlier version said."""
    check_own(request, record)
    return restored(request, record, PAGES)
