"""One page: what both sources tell of each kind of money, which one counts, and what a decision would do."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.judgements.precedence import SOURCES, Source
from concerted.model.finance import MONEY_KINDS
from concerted.publish.precedence import Outcome, Told
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.models import Partner
from concerted.web.config.policy import FORM, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.precedence import actions, queries
from concerted.web.precedence.actions import DECIDERS, DecidedMeanwhileError, Decision

#: Kinds that are asked about even where neither source tells of them yet.
ASKED = ("commitment", "disbursement", "expenditure", "budget", "planned_disbursement")


@dataclass(frozen=True)
class Line:
    """A kind of money on the page.

    Attributes:
        chosen: what was chosen on this page, else what holds; empty = nothing.
        outcome: what the choice would do; only where the effect is shown.
    """

    kind: str
    told: Told
    chosen: str
    outcome: Outcome | None


@acts(*sorted(DECIDERS), methods=FORM)
@never_cache
def sources(request: SignedInRequest) -> HttpResponse:
    """Ask, show what the answer does, keep it, or take the decision back."""
    partner = Partner.objects.get(pk=request.person.organisation_id)
    last = queries.newest(partner.pk)
    holds = queries.holding(last)
    found = queries.told(request.scope, partner)
    kinds = [kind for kind in MONEY_KINDS if kind in found or kind in holds or kind in ASKED]
    step = request.POST.get("step", "") if request.method == "POST" else ""
    chosen: dict[str, Source] = holds if not step else _chosen(request, kinds)
    is_shown = step == "look" and len(chosen) == len(kinds)
    if step == "look" and not is_shown:
        messages.error(request, gettext("Choose one of both for each kind of money."))
    if step in ("keep", "undo"):
        return _decide(request, {} if step == "undo" else chosen)
    lines = [
        Line(kind, told, chosen.get(kind, ""), told.outcome(chosen[kind]) if is_shown else None)
        for kind in kinds
        for told in [found.get(kind, Told(()))]
    ]
    context: dict[str, Any] = {
        "partner": partner,
        "lines": lines,
        "is_shown": is_shown,
        "is_decided": bool(holds),
        "follows": last.number if last else 0,
        "past": queries.history(partner.pk),
    }
    return render(request, "precedence/sources.html", context)


def _chosen(request: SignedInRequest, kinds: list[str]) -> dict[str, Source]:
    return {kind: source for kind in kinds for source in SOURCES if request.POST.get(f"kind_{kind}") == source}


def _decide(request: SignedInRequest, chosen: dict[str, Source]) -> HttpResponse:
    follows = request.POST.get("follows", "")
    number = int(follows) if follows.isdecimal() and len(follows) < 9 else -1
    try:
        actions.decide(actor_of(request.person), Decision(chosen, number))
    except DecidedMeanwhileError:
        messages.error(request, gettext("Nothing was changed: this was decided meanwhile. Look again."))
    else:
        messages.success(
            request,
            gettext("Kept; it counts from the next picture on, which is being drawn.")
            if chosen
            else gettext("Taken back: the picture will be what it was before."),
        )
    return redirect("precedence")
