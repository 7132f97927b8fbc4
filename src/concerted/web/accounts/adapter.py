"""How the sign-in library behaves here: nobody signs up, words are ours, and a fresh sign-in is a fresh proof."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concerted.web.accounts.models import User

try:
    from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
except ImportError:  # the extra `sso` is not installed
    DefaultSocialAccountAdapter = object


def display(user: User) -> str:
    """How the library names an account."""
    return user.name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # (the library has no types)
    """Password sign-in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This address and this password do not belong together."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many attempts that failed. Try again in five minutes."),
        "incorrect_code": _("This code is not right, or no longer."),
        "account_inactive": _("This account is closed."),
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts come from invitations."""
        return False

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether it is the account's password; counted against guessing like a sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the first minutes after signing in: who just gave a password need not give it again."""
        request = context.request
        newest = max((r.get("at", 0) for r in get_authentication_records(request, request.user)), default=0)
        if time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the first page, where what waits stands; a missing second factor too."""
        return reverse("home")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in through the organisation's own service: it finds an account and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: accounts come from invitations."""
        return False
