"""What becomes of a need or offer: withdrawn, met, taken, validated, assessed; its history and earlier versions."""

from typing import Literal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.model.errors import NotAllowedError
from concerted.statements.document import DocumentError
from concerted.web.accounts.roles import ANY, Role
from concerted.web.asks import actions
from concerted.web.asks.actions import StaleError
from concerted.web.asks.models import Ask, AskVersion
from concerted.web.asks.views.editing import PAGES
from concerted.web.asks.views.reading import with_ask
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.strategy.actions import KEEPS
from concerted.web.workspace.actions import RefusedError
from concerted.web.workspace.actions.life import restore as bring_back
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.views.editing import check_own, number_in
from concerted.web.workspace.views.life import history_page
from concerted.web.workspace.views.saving import actor_in, after_saving

_WRITERS = sorted(WRITERS)
_FINDINGS: dict[str, Literal["none", "done", "refused"]] = {"none": "none", "done": "done", "refused": "refused"}


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
@with_ask
def history(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Every version with what changed in it."""
    back_to, restore_to = (reverse(name, args=[ask.pk]) for name in ("asks-one", "asks-restore"))
    return history_page(request, ask, back_to, restore_to)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_ask
def restore(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Bring back what an earlier version said."""
    check_own(request, ask)
    wanted = request.POST.get("number", "")
    try:
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 0
        outcome = bring_back(actor_in(request), ask, number_in(request, ask), number)
    except AskVersion.DoesNotExist as error:
        raise Http404("version") from error
    except (RefusedError, DocumentError):
        messages.error(request, gettext("That version holds what is not stored here any more."))
        return redirect(PAGES.one, ask.pk)
    return after_saving(request, outcome, PAGES)


@acts(*_WRITERS, methods=POST)
@never_cache
@with_ask
def state(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Withdraw it, say that it is met or taken, or open it again."""
    check_own(request, ask)
    try:
        outcome = actions.close(actor_in(request), ask, number_in(request, ask), request.POST.get("to", ""))
    except (DocumentError, AskVersion.DoesNotExist) as error:
        raise Http404("state") from error
    return after_saving(request, outcome, PAGES)


@acts(*KEEPS, methods=POST)
@never_cache
@with_ask
def validate(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Say that the need stands as it was looked at, or take that back."""
    is_valid = request.POST.get("to") != "open"
    try:
        actions.validate(actor_in(request), request.viewer, ask, number_in(request, ask), is_valid=is_valid)
    except StaleError:
        messages.error(request, gettext("It says something else by now. Look at it again."))
    except NotAllowedError as error:
        raise Http404("need") from error
    else:
        messages.success(request, gettext("Saved."))
    return redirect(PAGES.one, ask.pk)


@acts(Role.RIGHTS, methods=POST)
@never_cache
@with_ask
def assess(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Say what due diligence found."""
    found = _FINDINGS.get(request.POST.get("found", ""))
    if found is None:
        raise Http404("found")
    try:
        actions.assess(actor_in(request), request.viewer, ask, number_in(request, ask), found)
    except StaleError:
        messages.error(request, gettext("It says something else by now. Look at it again."))
    except NotAllowedError as error:
        raise Http404("need") from error
    else:
        messages.success(request, gettext("Saved."))
    return redirect(PAGES.one, ask.pk)
