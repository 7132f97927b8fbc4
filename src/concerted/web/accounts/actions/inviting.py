"""Invitations and password links: made, taken back, used once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions.actor import Actor
from concerted.web.accounts.models import Assignment, Invitation, Partner, User
from concerted.web.accounts.models.invitation import LASTS, LASTS_FOR_PASSWORD, new_token, token_hash
from concerted.web.accounts.models.user import normal_email
from concerted.web.accounts.roles import Duty
from concerted.web.accounts.sessions import end_sessions
from concerted.web.audit.actions import Act, Who, record


@dataclass(frozen=True)
class Made:
    """A link that was made. The token is known now and never again: only its hash is kept."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(actor: Actor, partner: Partner, held: Iterable[str], email: str = "") -> Made:
    """Invite somebody into `partner` with these roles and duties.

    An administrator invites into his organisation and its units. The secretariat invites the first administrator of an
    organisation that never had an account: from then on nobody from outside gets in.

    Raises:
        NotAllowedError: not his organisation, more than he holds, or the address has an account.
    """
    given = frozenset(map(str, held))
    top = Partner.objects.select_for_update().get(pk=partner.organisation_id)
    if not (top.is_active and partner.is_active):
        raise NotAllowedError(gettext("the organisation no longer takes part"))
    if not actor.administers(top.pk):
        if not (actor.is_secretariat and given & {Duty.ADMINISTRATOR} and _is_empty(top)):
            raise NotAllowedError(gettext("people are invited by an administrator of their organisation"))
        if not given <= {Duty.ADMINISTRATOR, *top.roles}:
            raise NotAllowedError(gettext("the first account of an organisation is its administrator's"))
    else:
        actor.check_gives(given, frozenset(top.roles))
    email = normal_email(email)
    if email and User.objects.filter(email=email).exists():
        raise NotAllowedError(gettext("this address has an account already"))
    token, hashed = new_token()
    invitation = Invitation.objects.create(
        partner=partner,
        email=email,
        held=sorted(given),
        token_hash=hashed,
        holder=actor.person,
        expires_at=timezone.now() + LASTS,
    )
    record(actor.who, Act("invited", "invitation", str(invitation.pk), top.pk))
    return Made(invitation, token)


def _is_empty(top: Partner) -> bool:
    """Whether nobody ever had an account there, nor holds an open invitation."""
    is_there = User.objects.filter(partner__in=[top, *top.units.all()]).exists()
    return not is_there and not Invitation.objects.open().filter(partner__in=[top, *top.units.all()]).exists()


@transaction.atomic
def revoke(actor: Actor, invitation: Invitation) -> None:
    """Take an open invitation back.

    Raises:
        NotAllowedError: another organisation's, and not one that the actor gave.
    """
    owner = invitation.partner.organisation_id
    gave_it = actor.person is not None and invitation.holder_id == actor.person.pk
    if not actor.administers(owner) and not gave_it:
        raise NotAllowedError(
            gettext("an invitation is taken back by an administrator of its organisation, or by who gave it")
        )
    if Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        record(actor.who, Act("invitation_revoked", "invitation", str(invitation.pk), owner))


def find_invitation(token: str, *, for_password: bool) -> Invitation | None:
    """The open invitation behind a link; None for one that is used, taken back, too old or was never there."""
    found = Invitation.objects.open().select_related("partner", "partner__parent", "account")
    return found.filter(token_hash=token_hash(token), account__isnull=not for_password).first()


@transaction.atomic
def accept(invitation: Invitation, *, email: str, name: str, password: str, language: str) -> User:
    """Make the account that an invitation promises. The link works once, whoever clicks twice.

    Raises:
        NotAllowedError: the link was used or taken back meanwhile, or the address has an account.
        ValidationError: the password is too weak.
    """
    partner = invitation.partner
    user = User(email=invitation.email or normal_email(email), name=name.strip(), language=language, partner=partner)
    validate_password(password, user)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(used_at=timezone.now()):
        raise NotAllowedError(gettext("this invitation is no longer open"))
    if not partner.is_active:
        raise NotAllowedError(gettext("the organisation no longer takes part"))
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise NotAllowedError(gettext("this address has an account already")) from error
    allowed = frozenset((partner.parent or partner).roles) | frozenset(map(str, Duty))
    Assignment.objects.bulk_create(
        Assignment(holder=user, held=each, given_by=invitation.holder)
        for each in invitation.held
        if each in allowed  # a role that the organisation has lost meanwhile is not given
    )
    owner = user.organisation_id
    record(Who(user.pk, owner, "page"), Act("joined", "account", str(user.pk), owner))
    return user


@transaction.atomic
def make_password_link(actor: Actor, target: User) -> Made:
    """A link with which the owner of an account sets a new password. The second factor stays, and is still asked for.

    Raises:
        NotAllowedError: an equal or higher account, or another organisation's.
    """
    actor.check_acts_on(target)
    Invitation.objects.open().filter(account=target).update(revoked_at=timezone.now())
    token, hashed = new_token()
    made = Invitation.objects.create(
        partner=target.partner,
        account=target,
        email=target.email,
        token_hash=hashed,
        holder=actor.person,
        expires_at=timezone.now() + LASTS_FOR_PASSWORD,
    )
    record(actor.who, Act("password_link_made", "account", str(target.pk), target.organisation_id))
    return Made(made, token)


@transaction.atomic
def set_password(invitation: Invitation, password: str) -> User:
    """Set the password that a link lets one set, and end every session of the account.

    Raises:
        NotAllowedError: the link was used or taken back meanwhile, or the account may no longer come in.
        ValidationError: the password is too weak.
    """
    target = invitation.account
    if target is None or not target.is_active:
        raise NotAllowedError(gettext("this link is no longer open"))
    validate_password(password, target)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(used_at=timezone.now()):
        raise NotAllowedError(gettext("this link is no longer open"))
    target.set_password(password)
    target.save(update_fields=["password"])
    end_sessions(target.pk)
    owner = target.organisation_id
    record(Who(target.pk, owner, "page"), Act("password_changed", "account", str(target.pk), owner))
    return target
