"""A link that makes an account, or lets the owner of one set a new password."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

from concerted.web.accounts.holding import PERSONAL, held, people
from concerted.web.accounts.models.partner import Partner
from concerted.web.accounts.models.user import User

LASTS = timedelta(days=7)
LASTS_FOR_PASSWORD = timedelta(hours=24)


def new_token() -> tuple[str, str]:
    """A token for a link, and the hash of it that is stored: who reads the registry cannot use the link."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """SHA-256 of a token. The token is 256 random bits, so a fast hash cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what can still be done with them."""

    def open(self) -> "InvitationQuerySet":
        """Neither used, nor taken back, nor past its day."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


@people(account=PERSONAL, holder=held(models.Q(used_at=None, revoked_at=None)))
class Invitation(models.Model):
    """One link, for one use. `account` = the account whose password it sets; without one it makes an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="invitations")
    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="password_links")
    #: Whom it is for; empty = whoever holds the link writes the address.
    email = models.EmailField(blank=True)
    held = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    #: Who answers for it: null = the keeper of the machine, on the command line.
    holder = models.ForeignKey(User, models.CASCADE, null=True, related_name="invitations_given")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)
