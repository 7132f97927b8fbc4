"""The form of a need or offer, and what is asked where two people changed the same."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.codelists.need_words import Ask as Which
from concerted.statements.document import DocumentError, Fault
from concerted.web.asks import actions
from concerted.web.asks.forms import WholeAskForm
from concerted.web.asks.models import Ask
from concerted.web.asks.views.reading import with_ask
from concerted.web.config.policy import POST, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.workspace import queries as workspace
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.views.editing import check_own
from concerted.web.workspace.views.reading import edition_of
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
#: Where needs and offers have their pages.
PAGES = Pages("asks-one", "asks-merge")


@acts(*_WRITERS)
@never_cache
def new(request: SignedInRequest, which: Which) -> HttpResponse:
    """A new one. Its id comes with the form, so that a form that is sent twice makes one."""
    owner, actor = owner_in(request), actor_in(request)
    base = actions.begin(actor, owner, which, id_in(request.POST.get("record")))
    words = workspace.vocabulary(edition_of(request))
    form = WholeAskForm(request.POST or None, which, base, owner, words, actions.origins(actor, owner))
    if request.method == "POST" and form.is_valid():
        answered = "answered" in request.POST
        try:
            made = actions.make(actor, owner, form.document(), condition_in(request), is_answered=answered)
            return after_saving(request, made, PAGES)
        except RefusedError as refused:
            form.refuse(refused.found)
        except DocumentError as error:
            _tell(form, error.faults)
    return _form(request, form, None, 1)


@acts(*_WRITERS)
@never_cache
@with_ask
def edit(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Change it; the form says which version it began with."""
    check_own(request, ask)
    actor, began = actor_in(request), number(request.POST.get("began"), ask.version)
    base = begun(ask, began)
    words, allowed = workspace.vocabulary(edition_of(request)), actions.origins(actor, ask.owner)
    form = WholeAskForm(request.POST or None, ask.asked, base, ask.owner, words, allowed)
    if request.method == "POST" and form.is_valid():
        answered = "answered" in request.POST
        try:
            saved = actions.save(actor, ask, began, form.document(), condition_in(request), is_answered=answered)
            return after_saving(request, saved, PAGES)
        except RefusedError as refused:
            form.refuse(refused.found)
        except DocumentError as error:
            _tell(form, error.faults)
    return _form(request, form, ask, began)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_ask
def merge(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Save what was chosen where two had changed the same."""
    check_own(request, ask)
    return settled(request, ask, actions.settle, PAGES)


def _tell(form: WholeAskForm, faults: list[Fault]) -> None:
    """Say what was wrong. Another's id: what was typed gets one of its own."""
    if any(fault.path == "record" for fault in faults):
        form.base["record"] = str(uuid4())
        form.ask.add_error(None, gettext("Nothing was saved: this form was for another one. Send it again."))
    else:
        form.ask.add_faults(faults)


def _form(request: SignedInRequest, form: WholeAskForm, ask: Ask | None, began: int) -> HttpResponse:
    context = {
        "form": form,
        "ask": ask,
        "began": began,
        "is_draft": ask is None or ask.is_draft,
        "audience": audience_of(form.base),
        "organisations": organisation_names(),
    }
    return render(request, "asks/form.html", context)
