"""Keep a list of changes, and delete one."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from concerted.marking import marking_key
from concerted.marking.keys import Label
from concerted.matching.what_if.changes import MOST, Change
from concerted.matching.what_if.written import document
from concerted.model.errors import NotAllowedError
from concerted.records.screening.screen import screen
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import User
from concerted.web.accounts.roles import Duty
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.sharing.queries import groups_of
from concerted.web.what_if.models import Scenario

KIND = "scenario"
#: Who may read a list beside its owner: nobody, everybody who signs in, or the members of a group, by its id.
OWN, PARTNERS = "own", "partners"


def keep(
    actor: Actor, title: str, audience: str, framework: str, changes: Sequence[Change], as_of: date | None
) -> Scenario:
    """Keep changes under a title.

    Args:
        audience: OWN, PARTNERS, or the id of a group of which the actor's organisation is a member.

    Raises:
        NotAllowedError: nobody is signed in, there is no title or no change, the title holds what is not stored, or
            the organisation is not in the group.
    """
    person = _person(actor)
    title = " ".join(title.split())
    if not title or len(title) > 200:
        raise NotAllowedError(gettext("It needs a title of at most 200 letters."))
    if any(found.severity == "refuse" for found in screen(title)):
        raise NotAllowedError(gettext("These words are not stored here."))
    if not changes or len(changes) > MOST:
        raise NotAllowedError(gettext("There is no change to keep."))
    with transaction.atomic():
        row = Scenario.objects.create(
            owner_id=person.organisation_id,
            title=title,
            marking_key=_key(person, audience),
            framework=framework,
            changes=document(changes),
            as_of=as_of,
            made_by=person.pk,
        )
        log(actor.who, Act("added", KIND, str(row.pk), person.organisation_id))
    return row


def may_delete(actor: Actor, owner: UUID, made_by: UUID) -> bool:
    """Whoever made it, and whoever administers the organisation whose it is."""
    person = actor.person
    if person is None or person.organisation_id != owner:
        return False
    return person.pk == made_by or str(Duty.ADMINISTRATOR) in actor.held


def delete(actor: Actor, scenario: UUID) -> None:
    """Delete one.

    Raises:
        NotAllowedError: he may not, or there is none.
    """
    with transaction.atomic():
        row = Scenario.objects.select_for_update().filter(pk=scenario).first()
        if row is None or not may_delete(actor, row.owner_id, row.made_by):
            raise NotAllowedError("scenario")
        owner = row.owner_id
        row.delete()
        log(actor.who, Act("removed", KIND, str(scenario), owner))


def _key(person: User, audience: str) -> str:
    if audience == OWN:
        return marking_key(Label.AMBER_STRICT, [str(person.organisation_id)])
    if audience == PARTNERS:
        return marking_key(Label.GREEN)
    if audience not in groups_of(person.organisation_id):
        raise NotAllowedError(gettext("Choose who may read it."))
    return marking_key(Label.AMBER, [audience])


def _person(actor: Actor) -> User:
    if actor.person is None or not actor.held:
        raise NotAllowedError("who keeps something belongs to an organisation")
    return actor.person
