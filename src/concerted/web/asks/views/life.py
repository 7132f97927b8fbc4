"""What becomes of a need or offer: withdrawn, met, taken, validated, assessed; its history and earlier versions."""

from collections.abc import Callable
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
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.views.editing import check_own, number_in
from concerted.web.workspace.views.life import history_page
from concerted.web.workspace.views.saving import actor_in, after_saving, restored

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
    return restored(request, ask, PAGES)


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
    is_valid, began = request.POST.get("to") != "open", number_in(request, ask)
    return _said_by_another(
        request, ask, lambda: actions.validate(actor_in(request), request.viewer, ask, began, is_valid=is_valid)
    )


@acts(Role.RIGHTS, methods=POST)
@never_cache
@with_ask
def assess(request: SignedInRequest, ask: Ask) -> HttpResponse:
    """Say what due diligence found."""
    found = _FINDINGS.get(request.POST.get("found", ""))
    if found is None:
        raise Http404("found")
    began = number_in(request, ask)
    return _said_by_another(request, ask, lambda: actions.assess(actor_in(request), request.viewer, ask, began, found))


def _said_by_another(request: SignedInRequest, ask: Ask, say: Callable[[], object]) -> HttpResponse:
    """Say of a need what its owner cannot; of a version that is no longer the newest nothing is said."""
    try:
        say()
    except StaleError:
        messages.error(request, gettext("It says something else by now. Look at it again."))
    except NotAllowedError as error:
        raise Http404("need") from error
    else:
        messages.success(request, gettext("Saved."))
    return redirect(PAGES.one, ask.pk)
