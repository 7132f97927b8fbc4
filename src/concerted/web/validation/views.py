"""The two queues, each with the changed values only, and what is decided on them: some, all of one partner, or back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from concerted.intake.vocabulary import Vocabulary
from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions import actor_of
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language
from concerted.web.validation import actions, queries
from concerted.web.validation.actions import MOST, SIGNERS, VALIDATORS, Item, Outcome
from concerted.web.validation.queries import Queue, Waits
from concerted.web.workspace import queries as workspace
from concerted.web.workspace import words
from concerted.web.workspace.actions import RefusedError

#: Changed values of a record that are shown at once; the rest opens.
SHOWN = 8
#: What the site itself says of each record that it keeps: its owner, whose name stands above.
_REPORTER = frozenset({"reporting_org_ref", "reporting_org_name", "reporting_org_type_code"})


@acts(*SIGNERS, methods=READS)
@never_cache
def signoff(request: SignedInRequest) -> HttpResponse:
    """What waits to be signed off in my organisation."""
    queue = queries.to_sign(request.viewer, _page(request), language())
    return _shown(request, queue, "signoff", queries.returned_to(request.person.organisation_id, language()))


@acts(*VALIDATORS, methods=READS)
@never_cache
def validation(request: SignedInRequest) -> HttpResponse:
    """What owners signed off and the secretariat has not validated yet."""
    queue = queries.to_validate(request.viewer, _page(request), language())
    actions.note_seen(actor_of(request.person), queue)
    return _shown(request, queue, "validation", [])


@acts(*SIGNERS, methods=POST)
@never_cache
def sign(request: SignedInRequest) -> HttpResponse:
    """Sign off what was ticked, or send one back."""
    return _decided(request, "signoff")


@acts(*VALIDATORS, methods=POST)
@never_cache
def validate(request: SignedInRequest) -> HttpResponse:
    """Validate what was ticked, or send one back."""
    return _decided(request, "validation")


def _shown(request: SignedInRequest, queue: Queue, gate: str, returned: list[Any]) -> HttpResponse:
    scope, page = request.scope, _page(request)
    vocabulary = workspace.vocabulary(scope.edition if scope else None)
    context = {
        "gate": gate,
        "queue": queue,
        "groups": [
            (owner, name, [(each, *_lines(each, vocabulary)) for each in waits]) for owner, name, waits in queue.groups
        ],
        "returned": returned,
        "may_decide": gate == "validation"
        or actions.may_sign(actor_of(request.person), request.person.organisation_id),
        "page": page,
        "pages": -(-queue.total // queries.PAGE),
    }
    return render(request, "validation/queue.html", context)


def _lines(waits: Waits, vocabulary: Vocabulary) -> tuple[list[Any], list[Any]]:
    """The changed values: those shown at once, and the rest. Of a new record not who reports it: its owner does."""
    told = [each for each in waits.changes if waits.began or each.column not in _REPORTER]
    lines = words.change_lines(told, vocabulary)
    return lines[:SHOWN], lines[SHOWN:]


def _decided(request: SignedInRequest, gate: str) -> HttpResponse:
    actor, viewer, is_secretariats = actor_of(request.person), request.viewer, gate == "validation"
    back = request.POST.get("back", "")
    items = _items([back]) if back else _chosen(request)
    if not queries.find_items(viewer, items) or len(items) > MOST:
        raise Http404("record")
    if not is_secretariats and not actions.may_sign(actor, request.person.organisation_id):
        raise Http404("not a signer")
    try:
        _decide(request, gate, back, items)
    except NotAllowedError as error:
        raise Http404("not for this viewer") from error
    return redirect(gate)


def _decide(request: SignedInRequest, gate: str, back: str, items: list[Item]) -> None:
    actor, viewer, is_secretariats = actor_of(request.person), request.viewer, gate == "validation"
    if not items:
        messages.error(request, gettext("Nothing was chosen."))
    elif back:
        reason = request.POST.get(f"reason-{items[0][0]}", "")[:1000]
        try:
            outcome = actions.send_back(actor, viewer, items[0], reason, is_secretariats=is_secretariats)
        except RefusedError:
            messages.error(request, gettext("Nothing was sent back: these words are not stored here."))
        except ValueError:
            messages.error(request, gettext("Nothing was sent back: say why, so that it can be mended."))
        else:
            _say(request, outcome, "back")
    elif is_secretariats:
        _say(request, actions.validate(actor, viewer, items), "validated")
    else:
        _say(request, actions.sign_off(actor, items), "signed")


def _say(request: SignedInRequest, outcome: Outcome, what: str) -> None:
    done, stale, own = len(outcome.done), len(outcome.stale), len(outcome.own)
    if done:
        said = {
            "signed": ngettext("%(count)s activity was signed off.", "%(count)s activities were signed off.", done),
            "validated": ngettext("%(count)s activity was validated.", "%(count)s activities were validated.", done),
            "back": ngettext("%(count)s activity was sent back.", "%(count)s activities were sent back.", done),
        }[what]
        messages.success(request, said % {"count": done})
    if stale:
        said = ngettext(
            "%(count)s activity was changed or decided on meanwhile: look at it again.",
            "%(count)s activities were changed or decided on meanwhile: look at them again.",
            stale,
        )
        messages.warning(request, said % {"count": stale})
    if own:
        said = ngettext(
            "%(count)s activity holds what you entered yourself: another signer signs it off.",
            "%(count)s activities hold what you entered yourself: another signer signs them off.",
            own,
        )
        messages.warning(request, said % {"count": own})


def _chosen(request: SignedInRequest) -> list[Item]:
    """What was ticked one by one, and all that was shown of the organisations that were ticked whole."""
    whole = [f"of-{owner}" for owner in request.POST.getlist("all") if _is_id(owner)]
    return _items([*request.POST.getlist("item"), *(each for name in whole for each in request.POST.getlist(name))])


def _items(texts: Iterable[str]) -> list[Item]:
    """Records with the version that was looked at.

    Raises:
        Http404: what is said is none.
    """
    found = set()
    for text in texts:
        record, _sign, number = text.partition(":")
        if not _is_id(record) or not (number.isascii() and number.isdecimal() and len(number) < 9):
            raise Http404("item")
        found.add((UUID(record), int(number)))
    return sorted(found)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _page(request: SignedInRequest) -> int:
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
