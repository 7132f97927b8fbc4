"""Make, revoke and recognise tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.backend import load_person
from concerted.web.accounts.models import User
from concerted.web.api.models import Token
from concerted.web.api.scopes import in_order
from concerted.web.audit.actions import Act, Who, record

#: What every token begins with, so that who finds one in a file knows what it is.
PREFIX = "concerted_"
#: Days that a token lasts, the choices of the page.
LASTS = (30, 90, 365)
#: Tokens of one account: enough for its programs, too few to hide one more.
MOST = 20


@transaction.atomic
def make(owner: User, name: str, scopes: Iterable[str], days: int, *, has_second_factor: bool) -> tuple[Token, str]:
    """A new token and its text, which is told this once.

    Raises:
        NotAllowedError: this session was opened without a second factor; nothing is asked for; or there are too many.
    """
    wanted = in_order(scopes)
    if not has_second_factor:
        raise NotAllowedError("a token is made under a second factor")
    if not wanted or days not in LASTS:
        raise NotAllowedError("a token is for something, and ends")
    if Token.objects.filter(owner=owner).count() >= MOST:
        raise NotAllowedError(f"an account has at most {MOST} tokens")
    text = PREFIX + secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=days)
    made = Token.objects.create(owner=owner, name=name, digest=digest(text), scopes=wanted, expires_at=expires)
    record(
        Who(owner.pk, owner.organisation_id, "page"), Act("token_made", "token", str(made.pk), owner.organisation_id)
    )
    return made, text


@transaction.atomic
def revoke(owner: User, token: UUID) -> bool:
    """End one of the owner's own tokens now; false where there is none such."""
    gone, _ = Token.objects.filter(owner=owner, pk=token).delete()
    if gone:
        record(
            Who(owner.pk, owner.organisation_id, "page"),
            Act("token_revoked", "token", str(token), owner.organisation_id),
        )
    return bool(gone)


def tokens_of(owner: User) -> list[Token]:
    """The owner's tokens, newest first, those that have ended too."""
    return list(Token.objects.filter(owner=owner))


def recognise(text: str) -> tuple[Token, User] | None:
    """The token and its owner as he is now; None where it is unknown, has ended, or its owner may not come in."""
    found = Token.objects.filter(digest=digest(text), expires_at__gt=timezone.now()).first()
    owner = load_person(found.owner_id) if found else None
    if found is None or owner is None:
        return None
    today = timezone.now().date()
    if found.used_on != today:
        Token.objects.filter(pk=found.pk).update(used_on=today)
    return found, owner


def digest(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()
