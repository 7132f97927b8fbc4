"""Who acts, and on whom he may.

Two rules hold for every action on an account: within one's own organisation only, and on strictly lower accounts only.
So the secretariat cannot reach into a partner, not even by a new account of its own there; two administrators cannot
remove each other; and what nobody in the site may do is left to the keeper of the machine, on the command line.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.models import Assignment, User
from concerted.web.accounts.roles import DUTIES, OF_THE_MACHINE, Duty, Role, outranks, rank
from concerted.web.audit.actions import Who


@dataclass(frozen=True)
class Actor:
    """A person who acts through a channel; `person` None is the keeper of the machine, who may all."""

    person: User | None = None
    channel: str = "command"

    @property
    def who(self) -> Who:
        """How the log calls him."""
        if self.person is None:
            return Who(channel=self.channel)
        return Who(self.person.pk, self.person.organisation_id, self.channel)

    @property
    def held(self) -> frozenset[str]:
        """His roles and duties."""
        return self.person.held if self.person else frozenset()

    @property
    def is_keeper(self) -> bool:
        """Whether he holds the machine."""
        return self.person is None

    @property
    def is_secretariat(self) -> bool:
        """Whether he keeps the list of partners."""
        return self.is_keeper or {Role.SECRETARIAT, Duty.ADMINISTRATOR} <= self.held

    def administers(self, organisation: UUID) -> bool:
        """Whether he looks after the people of `organisation`."""
        if self.person is None:
            return True
        return Duty.ADMINISTRATOR in self.held and self.person.organisation_id == organisation

    def check_acts_on(self, target: User, *, may_be_self: bool = False) -> None:
        """Whether he may act on the account of `target`.

        Raises:
            NotAllowedError: another organisation's, or an equal or higher account.
        """
        if self.person is None:
            return
        if may_be_self and self.person.pk == target.pk:
            return
        if not self.administers(target.organisation_id) or not outranks(self.held, target.held):
            raise NotAllowedError(gettext("an account can be acted on by a higher one of the same organisation only"))

    def check_gives(self, given: frozenset[str], allowed: frozenset[str]) -> None:
        """Whether he may give these roles and duties in an organisation that holds the roles `allowed`.

        Raises:
            NotAllowedError: a duty above his own, or a role that the organisation does not have.
        """
        if not given & DUTIES:
            raise NotAllowedError(gettext("an account needs a duty"))
        if not given <= DUTIES | allowed:
            raise NotAllowedError(
                gettext("the organisation does not have this role; the secretariat gives roles to organisations")
            )
        if self.person is not None and rank(given) > rank(self.held):
            raise NotAllowedError(gettext("nobody gives more than he holds"))


def actor_of(person: User, channel: str = "page") -> Actor:
    """The actor that a signed-in person is."""
    return Actor(person, channel)


KEEPER = Actor()


def check_roles_of_organisation(actor: Actor, before: frozenset[str], after: frozenset[str]) -> None:
    """Whether he may change the roles of an organisation.

    Raises:
        NotAllowedError: the role of a secretariat is given and taken on the command line only.
    """
    if not actor.is_keeper and not OF_THE_MACHINE.isdisjoint(before ^ after):
        raise NotAllowedError(gettext("the role of the secretariat is given by the keeper of the machine only"))


def is_last_administrator(user: User) -> bool:
    """Whether the organisation would be left without anybody to look after its people."""
    if Duty.ADMINISTRATOR not in user.held or not user.is_active:
        return False
    return not others_who_administer(user.organisation_id, user.pk)


def others_who_administer(organisation: UUID, but: UUID | None = None) -> bool:
    """Whether `organisation` has an active administrator besides `but`.

    The rows are locked: two who step down at the same moment would each count on the other.
    """
    found = Assignment.objects.select_for_update().filter(
        held=Duty.ADMINISTRATOR, holder__is_active=True, holder__partner_id__in=partner_ids(organisation)
    )
    return any(row.holder_id != but for row in found)


def partner_ids(organisation: UUID) -> list[UUID]:
    """The organisation and its units."""
    from concerted.web.accounts.models import Partner

    units = Partner.objects.filter(parent_id=organisation).values_list("pk", flat=True)
    return [organisation, *units]
