"""Who I am: whose token this is, and what it may do at most."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from concerted.web.accounts.queries import name_of
from concerted.web.accounts.roles import ANY, in_order
from concerted.web.api import scopes
from concerted.web.api.asked import Language, language_in_use
from concerted.web.config.policy import READS, acts

router = Router(tags=["account"])


class AccountShape(Schema):
    """The token's owner as he is now, and what the token was made for."""

    person: UUID
    organisation: UUID
    organisation_name: str
    held: list[str]
    scopes: list[str]
    member_since: datetime


@router.get("/account", response=AccountShape, summary="Whose token this is")
@acts(*ANY, methods=READS)
def account(request: HttpRequest, query: Query[Language]) -> Any:
    """What its owner may not do, a token does not either."""
    person = request.person  # type: ignore[attr-defined]
    return {
        "person": person.pk,
        "organisation": person.organisation_id,
        "organisation_name": name_of(person.partner, language_in_use()),
        "held": in_order(person.held),
        "scopes": scopes.in_order(request.token_scopes),  # type: ignore[attr-defined]
        "member_since": person.created_at,
    }
