"""Make, change, close and leave sharing groups. Each is a new version; what the policy allows is asked of `marking`."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from concerted.marking import GroupVersion, Viewer, first_version, next_version, version_left_by
from concerted.model.errors import ConcertedError, NotAllowedError
from concerted.records.screening.screen import screen
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner, User
from concerted.web.accounts.roles import Duty
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.sharing.models import Group, Member, Version
from concerted.web.sharing.queries import as_said, newest

#: Duties that bind the organisation towards others; they keep its groups and take it out of others'.
KEEPERS = frozenset(map(str, (Duty.SIGNER, Duty.ADMINISTRATOR)))
KIND = "sharing_group"


class ChangedMeanwhileError(ConcertedError):
    """Somebody has changed the group since it was looked at; who asks has to look again."""


def make(
    actor: Actor, name: str, members: Iterable[UUID], *, purpose: str = "", last_day: date | None = None
) -> Version:
    """A new group of the actor's organisation.

    Raises:
        NotAllowedError: without the duty, no name, words that are not stored, or a member that takes no part.
    """
    person = _keeper(actor)
    said = first_version(uuid4(), _viewer(person), _ids(members), timezone.now(), last_day)
    with transaction.atomic():
        Group.objects.create(pk=said.group, owner_id=person.organisation_id)
        return _keep(actor, person, said, name, purpose, before=frozenset(), action="added")


def change(
    actor: Actor,
    group: UUID,
    began: int,
    name: str,
    members: Iterable[UUID],
    *,
    purpose: str = "",
    last_day: date | None = None,
) -> Version:
    """Another name, purpose, last day or other members, as a new version. Whoever owns it says so.

    Args:
        began: number of the version that the actor has seen.

    Raises:
        ChangedMeanwhileError: it is not the newest any more.
        NotAllowedError: as `make`, or the group is another organisation's.
    """
    person, before = _keeper(actor), _newest(group, began)
    said = next_version(as_said(before), _viewer(person), _ids(members), timezone.now(), last_day)
    has_left = as_said(before).members - said.members
    action = "removed" if has_left and not said.members else "changed"
    return _keep(actor, person, said, name, purpose, before=as_said(before).members, action=action)


def close(actor: Actor, group: UUID, began: int) -> Version:
    """The group with nobody in it: what was shared by it alone is its owner's alone again.

    Raises:
        As `change`.
    """
    before = _newest(group, began)
    return change(actor, group, began, before.name, (), purpose=before.purpose, last_day=before.last_day)


def leave(actor: Actor, group: UUID, began: int) -> Version:
    """The group without the actor's organisation.

    Raises:
        ChangedMeanwhileError: it was changed meanwhile.
        NotAllowedError: without the duty, or the organisation is not in it.
    """
    person, before = _keeper(actor), _newest(group, began)
    said = version_left_by(as_said(before), _viewer(person), timezone.now())
    return _keep(
        actor, person, said, before.name, before.purpose, before=as_said(before).members, action="removed", is_left=True
    )


def _keep(
    actor: Actor,
    person: User,
    said: GroupVersion,
    name: str,
    purpose: str,
    *,
    before: frozenset[str],
    action: str,
    is_left: bool = False,
) -> Version:
    if not is_left:  # what its owner wrote once keeps nobody in
        _check_words(name, purpose)
    if not name.strip():
        raise NotAllowedError(gettext("a group needs a name"))
    _check_partners(said.members - before)
    try:
        with transaction.atomic():
            version = Version.objects.create(
                group_id=said.group,
                number=said.number,
                name=name.strip(),
                purpose=purpose.strip(),
                last_day=said.last_day,
                made_at=said.made_at,
                made_by=person.pk,
                made_for=person.organisation_id,
                left=person.organisation_id if is_left else None,
            )
            Member.objects.bulk_create(Member(version=version, organisation_id=UUID(each)) for each in said.members)
            # Whoever is or was in it reads in the own log that it has changed: it decides who sees their records.
            concerned = sorted({said.owner, *before, *said.members})
            log(actor.who, *(Act(action, KIND, str(said.group), UUID(each)) for each in concerned))
    except IntegrityError as error:
        raise ChangedMeanwhileError(f"version {said.number} of a group is there already") from error
    return version


def _newest(group: UUID, began: int) -> Version:
    found = newest(group)
    if found is None:
        raise NotAllowedError("no such group")
    if found.number != began:
        raise ChangedMeanwhileError(f"version {began} of a group is not the newest")
    return found


def _keeper(actor: Actor) -> User:
    if actor.person is None or KEEPERS.isdisjoint(actor.held):
        raise NotAllowedError(gettext("sharing groups are kept by who signs for an organisation or administers it"))
    return actor.person


def _viewer(person: User) -> Viewer:
    return Viewer(str(person.pk), str(person.organisation_id))


def _ids(members: Iterable[UUID]) -> frozenset[str]:
    return frozenset(map(str, members))


def _check_partners(new: frozenset[str]) -> None:
    """Who comes in takes part, and is a whole organisation: a unit sees with its own and cannot be named alone."""
    if Partner.objects.filter(pk__in=list(new), parent=None, is_active=True).count() != len(new):
        raise NotAllowedError(gettext("only organisations that take part are put into a group"))


def _check_words(*texts: str) -> None:
    if any(finding.severity == "refuse" for text in texts for finding in screen(text)):
        raise NotAllowedError(gettext("these words are not stored here"))
