"""What was done with my organisation's data: its own page, and nobody else's."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from concerted.web.accounts.queries import names_of_partners, names_of_people
from concerted.web.accounts.roles import Duty, Role
from concerted.web.audit import queries
from concerted.web.audit.words import action_word, channel_word, kind_word
from concerted.web.config.policy import READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language


@acts(Duty.ADMINISTRATOR, Duty.SIGNER, Role.RIGHTS, methods=READS)
def audit(request: SignedInRequest) -> HttpResponse:
    """Who saw, changed or exported the data of my organisation, newest first. What happens to its accounts is for its
    administrators."""
    me = request.person
    organisation, lang = me.organisation_id, language()
    before = request.GET.get("before", "")
    if before and not before.isdecimal():
        raise Http404("before")
    seen = queries.who_saw(
        organisation,
        int(before) if before else None,
        sights=request.GET.get("only") == "sights",
        with_accounts=Duty.ADMINISTRATOR in me.held,
    )
    partners = names_of_partners((e.actor_partner for e in seen.entries), lang)
    touched = {e.object_id: UUID(e.object_id) for e in seen.entries if e.object_kind == "account"}
    people = names_of_people(organisation, [*(e.actor for e in seen.entries), *touched.values()])
    rows = [
        {
            "time": e.time,
            "who": people.get(e.actor) if e.actor else None,
            "partner": partners.get(e.actor_partner) if e.actor_partner else None,
            "is_own": e.actor_partner == organisation,
            "action": action_word(e.action),
            "kind": kind_word(e.object_kind),
            "name": people.get(touched[e.object_id]) if e.object_id in touched else None,
            "object": e.object_id,
            "channel": channel_word(e.channel),
        }
        for e in seen.entries
    ]
    context = {"rows": rows, "older": seen.older, "only": request.GET.get("only"), "name": partners.get(organisation)}
    return render(request, "audit/audit.html", context)
