"""Finds the account behind a session, with its organisation and all that it holds, in one query."""

import uuid
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import ValidationError
from django.db.models import F

from concerted.web.accounts.models import User


def load_person(person: Any) -> User | None:
    """An account with partner and roles: a row for each thing held, so that one query brings them all.

    None where it is closed, or its organisation no longer takes part.
    """
    try:
        rows = list(
            User.objects.filter(pk=uuid.UUID(str(person)), is_active=True)
            .select_related("partner", "partner__parent")
            .annotate(each=F("assignments__held"))
        )
    except (ValueError, ValidationError):
        return None
    if not rows:
        return None
    user = rows[0]
    user.held = frozenset(row.each for row in rows if row.each)
    return user if user.partner.lets_in else None


class Backend(AuthenticationBackend):  # type: ignore[misc]  # (the library has no types)
    """Signing in by e-mail address and password; no permissions of Django's: `config.policy` is the one policy."""

    def get_user(self, user_id: Any) -> User | None:
        """The account behind a session; None where it may no longer come in."""
        return load_person(user_id)

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the account may come in at all."""
        return bool(user.is_active and user.partner.lets_in)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Never: nothing here is decided by Django's permissions."""
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Never."""
        return False
