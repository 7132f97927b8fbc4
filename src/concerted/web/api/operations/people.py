"""The people of one's own organisation: who is there, invitations, what each holds, handing over, closing.

What lets somebody in as another (a link for a new password, taking a second factor away) is not done here: a token that
was stolen would become somebody's account.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.web.accounts import actions, queries
from concerted.web.accounts.actions import Actor, Made
from concerted.web.accounts.forms import HandOverForm, HeldForm, InviteForm
from concerted.web.accounts.models import Invitation, User
from concerted.web.accounts.roles import ANY, Duty, in_order
from concerted.web.api.acting import PUT, actor_in, owner_in, person_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.scopes import PEOPLE_READ, PEOPLE_WRITE
from concerted.web.api.sent import Sent, checked
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere

router = Router(tags=["people"])


class PersonShape(Schema):
    """Somebody of your organisation; `lacks_factor`: the second factor that the duties need is not set up."""

    person: UUID
    name: str
    unit: str
    held: list[str]
    is_active: bool
    lacks_factor: bool


class InvitationShape(Schema):
    """A link that makes an account and still works; for administrators."""

    invitation: UUID
    email: str
    unit: str
    held: list[str]
    expires_at: datetime


class PeopleShape(Schema):
    """Everybody of your organisation, and, for administrators, open invitations."""

    people: list[PersonShape]
    invitations: list[InvitationShape]


class LinkShape(Schema):
    """A link, to be passed on. It is told this once; only a hash of it is kept."""

    invitation: UUID
    link: str
    email: str
    expires_at: datetime


class NewInvitation(Sent):
    """Whom, into which unit, to do what. `partner` null = the organisation itself."""

    email: str = Field("", max_length=254)
    partner: UUID | None = None
    duty: str = Field(max_length=20)
    roles: list[str] = Field(default_factory=list, max_length=20)


class Held(Sent):
    """All that the person is to hold: roles and duties."""

    held: list[str] = Field(max_length=20)


class HandOver(Sent):
    """Who takes over, and whether the account of who hands over is closed."""

    taker: UUID
    closes: bool = True


class HandedOver(Schema):
    """How many things moved."""

    moved: int


def _target(request: HttpRequest, person: UUID) -> User:
    found = queries.person_in(person_in(request).organisation_id, person)
    if found is None:
        raise NotThere("person")
    return found


def _person(user: User, *, lacks_factor: bool) -> dict[str, Any]:
    return {
        "person": user.pk,
        "name": user.name,
        "unit": user.partner.label(language_in_use()) if user.partner.parent_id else "",
        "held": in_order(user.held),
        "is_active": user.is_active,
        "lacks_factor": lacks_factor,
    }


def _told(user: User) -> dict[str, Any]:
    lacks = user.is_active and user.needs_second_factor and user.pk not in queries.with_second_factor([user])
    return _person(user, lacks_factor=lacks)


def link(request: HttpRequest, made: Made) -> dict[str, Any]:
    """The link of an invitation, as the page shows it."""
    given = made.invitation
    return {
        "invitation": given.pk,
        "link": request.build_absolute_uri(reverse("join", args=[made.token])),
        "email": given.email,
        "expires_at": given.expires_at,
    }


@router.get("/people", response=PeopleShape, summary="People of your organisation")
@acts(*ANY, methods=READS, scope=PEOPLE_READ)
def people(request: HttpRequest, query: Query[Language]) -> Any:
    """Active ones first, by name."""
    me, lang = person_in(request), language_in_use()
    found = queries.people_of(me.organisation_id)
    secured = queries.with_second_factor(found)
    is_admin = Duty.ADMINISTRATOR in me.held
    return {
        "people": [
            _person(user, lacks_factor=user.is_active and user.needs_second_factor and user.pk not in secured)
            for user in found
        ],
        "invitations": [
            {
                "invitation": each.pk,
                "email": each.email,
                "unit": queries.name_of(each.partner, lang),
                "held": in_order(each.held),
                "expires_at": each.expires_at,
            }
            for each in (queries.open_invitations(me.organisation_id) if is_admin else ())
        ],
    }


@router.get("/people/{uuid:person}", response=PersonShape, summary="One person")
@acts(Duty.ADMINISTRATOR, methods=READS, scope=PEOPLE_READ)
def one_person(request: HttpRequest, person: UUID, query: Query[Language]) -> Any:
    """Of your organisation; another's is as if it were not there."""
    return _told(_target(request, person))


@router.post("/people/invitations", response={201: LinkShape}, summary="Invite somebody")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def invite(request: HttpRequest, query: Query[Language], body: NewInvitation) -> Any:
    """Into your organisation or a unit of it, to do at most what you do yourself."""
    me, owner = person_in(request), owner_in(request)
    stated = {
        "email": body.email,
        "partner": str(body.partner or owner.pk),
        "duty": body.duty,
        "roles": body.roles,
    }
    form = InviteForm(stated, organisation=owner, highest=me.held)
    values = checked(form)
    return Status(201, link(request, actions.invite(actor_in(request), values["partner"], form.held, values["email"])))


@router.post("/people/invitations/{uuid:invitation}/revoke", response={204: None}, summary="Take an invitation back")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def revoke_invitation(request: HttpRequest, invitation: UUID, query: Query[Language]) -> Any:
    """Its link no longer works."""
    mine = queries.in_organisation(person_in(request).organisation_id)
    found = Invitation.objects.filter(mine, pk=invitation, account=None).select_related("partner").first()
    if found is None:
        raise NotThere("invitation")
    actions.revoke(actor_in(request), found)
    return Status(204, None)


@router.put("/people/{uuid:person}/held", response=PersonShape, summary="Change what a person may do")
@acts(Duty.ADMINISTRATOR, methods=PUT, scope=PEOPLE_WRITE)
def change_held(request: HttpRequest, person: UUID, query: Query[Language], body: Held) -> Any:
    """All of it or nothing; only of a lower account, and never more than you hold."""
    target = _target(request, person)
    form = HeldForm({"held": body.held}, target=target, highest=person_in(request).held)
    actions.set_held(actor_in(request), target, checked(form)["held"])
    return _told(_target(request, person))


@router.post("/people/{uuid:person}/hand-over", response=HandedOver, summary="Hand over")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def hand_over(request: HttpRequest, person: UUID, query: Query[Language], body: HandOver) -> Any:
    """All that a person holds moves to another one."""
    target = _target(request, person)
    form = HandOverForm({"taker": str(body.taker), "closes": body.closes}, giver=target)
    values = checked(form)
    moved = actions.hand_over(actor_in(request), target, values["taker"], closes=values["closes"])
    return {"moved": moved.total}


def _done(request: HttpRequest, person: UUID, action: Callable[[Actor, User], Any]) -> dict[str, Any]:
    action(actor_in(request), _target(request, person))
    return _told(_target(request, person))


@router.post("/people/{uuid:person}/close", response=PersonShape, summary="Close an account")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def close_account(request: HttpRequest, person: UUID, query: Query[Language]) -> Any:
    """Nobody signs in with it; its sessions and tokens end now."""
    return _done(request, person, actions.deactivate)


@router.post("/people/{uuid:person}/open", response=PersonShape, summary="Open a closed account")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def open_account(request: HttpRequest, person: UUID, query: Query[Language]) -> Any:
    """It holds what it held."""
    return _done(request, person, actions.reactivate)


@router.post("/people/{uuid:person}/sign-out", response=PersonShape, summary="End a person's sessions")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def end_sessions(request: HttpRequest, person: UUID, query: Query[Language]) -> Any:
    """Everywhere; tokens go on."""
    return _done(request, person, actions.sign_out_everywhere)
