"""Hand over: everything that one person holds moves to another, in one transaction."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions.actor import Actor
from concerted.web.accounts.actions.people import close
from concerted.web.accounts.holding import holdings
from concerted.web.accounts.models import Assignment, User
from concerted.web.accounts.roles import Duty
from concerted.web.accounts.sessions import end_sessions
from concerted.web.audit.actions import Act, record


@dataclass(frozen=True)
class Moved:
    """How many rows of each model moved, by the model's label; only what moved is named."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@transaction.atomic
def hand_over(actor: Actor, giver: User, taker: User, *, closes: bool = True) -> Moved:
    """Move all that `giver` holds (roles, open tasks, drafts, deadlines, invitations) to `taker`.

    Every model that holds something for a person has declared it (`holding.people`), so this function need not know
    them. With `closes` the giver's account is closed; else it goes on reading, and nothing more.

    Raises:
        NotAllowedError: the actor is no administrator there, the giver is an equal or higher account than his (his own
            excepted), two organisations, or a closed taker.
    """
    actor.check_acts_on(giver, may_be_self=True)
    if not actor.administers(giver.organisation_id):
        raise NotAllowedError(gettext("a handover gives roles, so an administrator does it"))
    # Locked in one order: two handovers that cross would else wait for each other.
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=[giver.pk, taker.pk]).order_by("pk"))
    taker.refresh_from_db()
    if giver.pk == taker.pk or giver.organisation_id != taker.organisation_id:
        raise NotAllowedError(gettext("things are handed over to another person of the same organisation"))
    if not taker.is_active:
        raise NotAllowedError(gettext("the one who takes over has a closed account"))
    counts: dict[str, int] = {}
    for model, name, meaning in holdings():
        rows = model._default_manager.filter(meaning.open, **{name: giver})
        moved = meaning.move(rows, taker) if meaning.move else rows.update(**{name: taker})
        if moved:
            counts[model._meta.label] = counts.get(model._meta.label, 0) + moved
    if closes:
        close(giver)
    else:
        Assignment.objects.create(holder=giver, held=Duty.READER, given_by=actor.person)
        end_sessions(giver.pk)
    for each in (giver, taker):
        each.refresh_from_db()
    record(actor.who, Act("handed_over", "account", str(giver.pk), giver.organisation_id))
    return Moved(counts)
