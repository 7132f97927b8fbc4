"""What is done to an account: roles given and taken, the account closed and opened, sessions and keys ended."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions.actor import Actor, is_last_administrator
from concerted.web.accounts.models import Assignment, User
from concerted.web.accounts.roles import DUTIES, Duty
from concerted.web.accounts.sessions import end_sessions
from concerted.web.audit.actions import Act, record


@transaction.atomic
def set_held(actor: Actor, target: User, wanted: Iterable[str]) -> None:
    """Give and take what is needed for a person to hold exactly `wanted`: all of it, or nothing.

    One may give up what one holds oneself, and only that.

    Raises:
        NotAllowedError: another organisation's account, an equal or higher one, more than the actor holds, a role that
            the organisation does not have, no duty left, or the last administrator.
    """
    after, before = frozenset(map(str, wanted)), target.held
    given, taken = after - before, before - after
    actor.check_acts_on(target, may_be_self=not given)
    if given:
        top = target.partner.parent or target.partner
        actor.check_gives(given | (after & DUTIES), frozenset(top.roles))
    if taken & DUTIES and not after & DUTIES:
        raise NotAllowedError(gettext("an account keeps at least one duty; close it instead"))
    if Duty.ADMINISTRATOR in taken and is_last_administrator(target):
        raise NotAllowedError(gettext("the last administrator of an organisation stays; hand over first"))
    Assignment.objects.filter(holder=target, held__in=taken).delete()
    Assignment.objects.bulk_create(Assignment(holder=target, held=h, given_by=actor.person) for h in sorted(given))
    # Forget what the object remembers. Sessions ask anew with each page, so they need not end.
    target.refresh_from_db()
    owner = target.organisation_id
    acts = [Act("role_given", "account", str(target.pk), owner)] * len(given)
    acts += [Act("role_taken", "account", str(target.pk), owner)] * len(taken)
    record(actor.who, *acts)


def give(actor: Actor, target: User, held: str) -> None:
    """Give one role or duty; see `set_held`."""
    set_held(actor, target, target.held | {held})


def take(actor: Actor, target: User, held: str) -> None:
    """Take one role or duty away; see `set_held`."""
    set_held(actor, target, target.held - {held})


@transaction.atomic
def deactivate(actor: Actor, target: User) -> None:
    """Close an account: nobody signs in with it, and its sessions end now. What it holds stays until it is handed over.

    Raises:
        NotAllowedError: another organisation's account, an equal or higher one, one's own, or the last administrator.
    """
    actor.check_acts_on(target)
    if is_last_administrator(target) and not actor.is_keeper:
        raise NotAllowedError(gettext("the last administrator of an organisation stays; hand over first"))
    close(target)
    record(actor.who, Act("deactivated", "account", str(target.pk), target.organisation_id))


def close(target: User) -> None:
    """The closing itself, for actions that write their own entry."""
    target.is_active = False
    target.save(update_fields=["is_active"])
    end_sessions(target.pk)


@transaction.atomic
def reactivate(actor: Actor, target: User) -> None:
    """Open a closed account again.

    Raises:
        NotAllowedError: another organisation's account, or an equal or higher one.
    """
    actor.check_acts_on(target)
    target.is_active = True
    target.save(update_fields=["is_active"])
    record(actor.who, Act("reactivated", "account", str(target.pk), target.organisation_id))


@transaction.atomic
def remove_second_factor(actor: Actor, target: User) -> None:
    """Remove the keys of who lost them. The password stays, and with it the owner sets up new ones.

    Raises:
        NotAllowedError: another organisation's account, or an equal or higher one.
    """
    actor.check_acts_on(target)
    Authenticator.objects.filter(user=target).delete()
    end_sessions(target.pk)
    record(actor.who, Act("factor_removed", "account", str(target.pk), target.organisation_id))


@transaction.atomic
def sign_out_everywhere(actor: Actor, target: User, but: str | None = None) -> int:
    """End every session of an account, except the one that asks; how many there were.

    Raises:
        NotAllowedError: another organisation's account, or an equal or higher one.
    """
    actor.check_acts_on(target, may_be_self=True)
    ended = end_sessions(target.pk, but)
    record(actor.who, Act("signed_out_everywhere", "account", str(target.pk), target.organisation_id))
    return ended
