"""The log of one's own organisation: who saw, changed or exported its data."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from concerted.web.accounts.queries import names_of_partners, names_of_people
from concerted.web.accounts.roles import Duty, Role
from concerted.web.api.acting import person_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.scopes import AUDIT_READ
from concerted.web.audit import queries
from concerted.web.audit.models import Entry
from concerted.web.config.policy import READS, acts
from concerted.web.coverage.filters import NotThere

router = Router(tags=["log"])


class EntryShape(Schema):
    """What was done with the data of your organisation; persons are named of your own organisation only."""

    at: datetime
    person: str | None
    organisation: UUID | None
    organisation_name: str | None
    action: str
    kind: str
    object: str
    channel: str


class LogShape(Schema):
    """A page of the log, newest first; `older` is where the next page begins."""

    entries: list[EntryShape]
    older: str | None


class LogQuery(Language):
    """Where to go on, and whether only what was seen or exported."""

    before: str = Field("", max_length=64, description="`older` of the last answer; empty = from the newest")
    only: Literal["", "sights"] = ""


@router.get("/audit", response=LogShape, summary="The log of your organisation")
@acts(Duty.ADMINISTRATOR, Duty.SIGNER, Role.RIGHTS, methods=READS, scope=AUDIT_READ)
def audit(request: HttpRequest, query: Query[LogQuery]) -> Any:
    """Who saw, changed or exported its data. What happens to its accounts is for its administrators."""
    me, lang = person_in(request), language_in_use()
    seen = queries.who_saw(
        me.organisation_id,
        _position(me.organisation_id, query.before),
        sights=query.only == "sights",
        with_accounts=Duty.ADMINISTRATOR in me.held,
    )
    partners = names_of_partners((e.actor_partner for e in seen.entries), lang)
    people = names_of_people(me.organisation_id, (e.actor for e in seen.entries))
    return {
        "entries": [
            {
                "at": e.time,
                "person": people.get(e.actor) if e.actor else None,
                "organisation": e.actor_partner,
                "organisation_name": partners.get(e.actor_partner) if e.actor_partner else None,
                "action": e.action,
                "kind": e.object_kind,
                "object": e.object_id,
                "channel": e.channel,
            }
            for e in seen.entries
        ],
        "older": seen.entries[-1].digest if seen.older else None,
    }


def _position(organisation: UUID, before: str) -> int | None:
    """Where an entry stands; it is named by its digest, as its number would tell how much happens to others.

    Raises:
        NotThere: the organisation has no such entry.
    """
    if not before:
        return None
    found = Entry.objects.filter(owner=organisation, digest=before).values_list("sequence", flat=True).first()
    if found is None:
        raise NotThere("entry")
    return found
