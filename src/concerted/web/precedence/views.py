"""One page: what both sources tell of each subject, which one counts, and what a decision would do."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.judgements.precedence import SOURCES, Source
from concerted.model.finance import MONEY_KINDS
from concerted.model.subjects import FIELD_GROUPS, SUBJECTS
from concerted.publish.precedence import Outcome, Told
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.models import Partner
from concerted.web.config.policy import FORM, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.precedence import actions, queries
from concerted.web.precedence.actions import DECIDERS, DecidedMeanwhileError, Decision

#: Subjects that are asked about even where neither source tells of them yet.
ASKED = ("commitment", "disbursement", "expenditure", "budget", "planned_disbursement", *FIELD_GROUPS)


@dataclass(frozen=True)
class Line:
    """A subject on the page.

    Attributes:
        is_money: told in dollars; else in activities.
        chosen: what was chosen on this page, else what holds; empty = nothing.
        outcome: what the choice would do; only where the effect is shown.
    """

    subject: str
    told: Told
    chosen: str
    outcome: Outcome | None

    @property
    def is_money(self) -> bool:
        """Whether its amounts are dollars."""
        return self.subject in MONEY_KINDS

    @property
    def sides(self) -> list[tuple[Source, int, Decimal | None]]:
        """Each source, of how many activities it tells this, and how much."""
        amounts = {"published": self.told.published, "workspace": self.told.workspace}
        return [(source, self.told.activities(source), amounts[source]) for source in SOURCES]


@acts(*sorted(DECIDERS), methods=FORM)
@never_cache
def sources(request: SignedInRequest) -> HttpResponse:
    """Ask, show what the answer does, keep it, or take the decision back."""
    partner = Partner.objects.get(pk=request.person.organisation_id)
    last = queries.newest(partner.pk)
    holds = queries.holding(last)
    found = queries.told(request.scope, partner)
    subjects = [each for each in SUBJECTS if each in found or each in holds or each in ASKED]
    step = request.POST.get("step", "") if request.method == "POST" else ""
    chosen = _chosen(request, subjects) if step else _with_what_follows(holds, subjects)
    if step == "undo" or (step == "keep" and _is_whole(chosen, subjects)):
        return _decide(request, {} if step == "undo" else chosen)
    is_shown = step == "look" and _is_whole(chosen, subjects)
    if step and not is_shown:
        messages.error(request, _why_not(chosen))
    lines = [
        Line(each, told, chosen.get(each, ""), told.outcome(chosen[each]) if is_shown and each in chosen else None)
        for each in subjects
        for told in [found.get(each, Told(()))]
    ]
    context: dict[str, Any] = {
        "partner": partner,
        "parts": [[line for line in lines if line.is_money], [line for line in lines if not line.is_money]],
        "is_shown": is_shown,
        "is_empty": not found,
        "is_decided": bool(holds),
        "follows": last.number if last else 0,
        "past": queries.history(partner.pk),
    }
    return render(request, "precedence/sources.html", context)


def _chosen(request: SignedInRequest, subjects: list[str]) -> dict[str, Source]:
    return {each: source for each in subjects for source in SOURCES if request.POST.get(f"of_{each}") == source}


def _with_what_follows(holds: dict[str, Source], subjects: list[str]) -> dict[str, Source]:
    """What holds, with kinds of money that came up since: once money is decided, what is published counts of them."""
    if not any(each in MONEY_KINDS for each in holds):
        return holds
    follows: dict[str, Source] = {each: "published" for each in subjects if each in MONEY_KINDS}
    return follows | holds


def _is_whole(chosen: dict[str, Source], subjects: list[str]) -> bool:
    """Something is decided, and of money all kinds on the page or none: what is left out would be decided unseen."""
    decided = {each in chosen for each in subjects if each in MONEY_KINDS}
    return bool(chosen) and len(decided) == 1


def _why_not(chosen: dict[str, Source]) -> str:
    if chosen:
        return gettext("Choose one of both for each kind of money, or for none.")
    return gettext("Choose at least one of both.")


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
