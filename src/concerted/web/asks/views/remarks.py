"""*This is not right*, of a need or offer, and its owner's answer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.model.errors import NotAllowedError
from concerted.records.screening.kinds import message
from concerted.web.accounts.roles import ANY
from concerted.web.asks import remarks
from concerted.web.asks.forms import AskRemarkForm
from concerted.web.asks.models import Ask
from concerted.web.asks.views.editing import PAGES
from concerted.web.asks.views.reading import with_ask
from concerted.web.config.policy import POST, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language
from concerted.web.workspace import actions
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.queries.remarks import versions_read
from concerted.web.workspace.views.editing import check_own, number_in
from concerted.web.workspace.views.saving import actor_in

_WRITERS = sorted(WRITERS)


@acts(*ANY)
@never_cache
@with_ask
def say(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Anybody who may read it says what is not right in it."""
    about = number_in(request, ask)
    if about not in versions_read(request.viewer, ask, language()):
        raise Http404("version")
    form, refused = AskRemarkForm(request.POST or None), list[tuple[str, str]]()
    if request.method == "POST" and form.is_valid():
        try:
            remarks.say(actor_in(request), ask, about, form.cleaned_data["text"])
        except RefusedError as error:
            refused = [(each.words, message(each.finding, language())) for each in error.found]
        else:
            messages.success(request, gettext("Sent. Its owner reads it and answers."))
            return redirect(PAGES.one, ask.pk)
    context = {"form": form, "record": ask, "began": about, "refused": refused, "back_to": PAGES.one}
    return render(request, "workspace/say.html", context)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_ask
def answer(request: SignedInRequest, ask: Ask, number: int) -> HttpResponse:
    """Answer in words; what it says is changed as always."""
    check_own(request, ask)
    given = remarks.find_said(ask, number)
    if given is None:
        raise Http404("remark")
    try:
        actions.answer(actor_in(request), given, request.POST.get("answer", "").strip()[:2000])
    except NotAllowedError:
        messages.error(request, gettext("It is answered already."))
    except RefusedError:
        messages.error(request, gettext("Nothing was changed: these words are not stored here."))
    else:
        messages.success(request, gettext("Answered."))
    return redirect(PAGES.one, ask.pk)
