"""The page on which one arrives: what waits for me, what the picture says, what I can do here."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from concerted.model.ids import id_text
from concerted.web.accounts.queries import name_of
from concerted.web.accounts.roles import Role, in_order, label
from concerted.web.config.policy import READS, Access, declares, may_open
from concerted.web.config.requests import SignedInRequest
from concerted.web.coverage.cliffs import list_ends
from concerted.web.coverage.filters import default_filters
from concerted.web.coverage.headline import build_headline, gap_lines
from concerted.web.coverage.sentence_html import sentence_html
from concerted.web.edition.scope import Scope
from concerted.web.home.tasks import tasks_of
from concerted.web.home.waiting import waiting_for
from concerted.web.ui.formats import language

#: Gaps and ends that are shown; the rest is a click away.
_LINES = 3
#: Roles that come for what is uncovered and what ends anywhere; all others for what their own organisation has there.
_WHOLE = frozenset(map(str, (Role.SECRETARIAT, Role.COORDINATION, Role.DONOR, Role.RIGHTS)))


@declares(Access.OWN, READS)
def home(request: SignedInRequest) -> HttpResponse:
    """What waits for me, what the picture says to my role, what I can do here."""
    person = request.person
    roles = person.roles or frozenset(person.partner.roles)
    tasks = [each for each in tasks_of(roles) if may_open(request, each.page)]
    context = {
        "organisation": name_of(person.partner, language()),
        "held": [label(each) for each in in_order(person.held)],
        "waiting": waiting_for(request),
        "tasks": [(reverse(each.page), gettext(each.do), gettext(each.why)) for each in tasks],
        **(_picture(request.scope, person.partner.reference, roles) if request.scope else {}),
    }
    return render(request, "home/home.html", context)


def _picture(scope: Scope, reference: str, roles: frozenset[str]) -> dict[str, Any]:
    """The overview's sentence; gaps and ends for who looks after the whole, ends of one's own for the others."""
    lang = language()
    if not scope.edition.frameworks:
        return {}
    filters = default_filters(scope.edition).but(by="place", node=None, opened=frozenset())
    headline = build_headline(scope, filters, lang)
    own = own_organisation(scope, reference)
    is_whole = not roles.isdisjoint(_WHOLE)
    of_whom = filters if is_whole or own is None else filters.but(partner=id_text(own))
    is_own = of_whom is not filters
    return {
        "sentence": sentence_html(scope, filters, headline),
        "gaps": [line[:3] for line in gap_lines(scope, filters, headline, lang)[:_LINES]] if is_whole else [],
        "ends": list_ends(scope, of_whom, lang)[:_LINES] if is_whole or is_own else [],
        "ends_query": of_whom.query(default_filters(scope.edition)),
        "ends_are_own": is_own,
        "own": None if own is None else id_text(own),
    }


def own_organisation(scope: Scope, reference: str) -> int | None:
    """The organisation of this reference in the picture, as far as the viewer may know of it there."""
    if not reference:
        return None
    rows = scope.remember(
        ("organisation of", reference),
        lambda: scope.rows(
            f"SELECT min(org_id) FROM core_organisation WHERE ref = $ref AND {scope.filter.sql_precise()}",
            {"ref": reference},
        ),
    )
    found: int | None = rows[0][0]
    return found
