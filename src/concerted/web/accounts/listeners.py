"""What follows when somebody signs in or out or changes a key: an entry in the log, and sessions that must end."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from concerted.web.accounts.models import User
from concerted.web.accounts.sessions import end_sessions
from concerted.web.audit.actions import Act, Who, record


def _note(person: User, action: str) -> None:
    owner: UUID = person.organisation_id
    record(Who(person.pk, owner, "page"), Act(action, "account", str(person.pk), owner))


@receiver(user_logged_in)
def _signed_in(user: Any, **_: Any) -> None:
    _note(user, "signed_in")


@receiver(user_logged_out)
def _signed_out(user: Any, **_: Any) -> None:
    if isinstance(user, User):
        _note(user, "signed_out")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    """An attempt on an account that exists, so that its organisation can see it; the address tried is not kept."""
    found = User.objects.select_related("partner").filter(email=str(credentials.get("email", "")).lower()).first()
    if found:
        record(Who(channel="page"), Act("sign_in_failed", "account", str(found.pk), found.organisation_id))


@receiver(password_changed)
def _password_changed(request: Any, user: Any, **_: Any) -> None:
    end_sessions(user.pk, request.session.session_key)
    _note(user, "password_changed")


@receiver(authenticator_added)
def _factor_added(request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """A factor that was just set up was just proved: this session has it; all others were opened without it and end."""
    _note(user, "factor_added")
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        end_sessions(user.pk, request.session.session_key)
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


@receiver(authenticator_removed)
def _factor_removed(request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    _note(user, "factor_removed")
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        end_sessions(user.pk, request.session.session_key)
