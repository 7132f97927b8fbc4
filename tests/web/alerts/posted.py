"""A site that sends e-mail into a list, and people whose accounts are complete."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from web.workspace import Workspace

SITE = "https://picture.example.org"


@dataclass
class Posted:
    """The registry, and what left."""

    workspace: Workspace
    letters: list[Any]

    def person(self, partner: str, *held: str, language: str = "en", factor: bool = True) -> Any:
        """An account that is complete unless told otherwise."""
        from allauth.mfa.models import Authenticator

        user = self.workspace.person(self.workspace.partner(partner), *held)
        user.language = language
        user.save()
        if factor:
            Authenticator.objects.create(user=user, type="totp", data={"secret": "none"})
        return user

    def send(self, *, days: float = 0) -> list[Any]:
        """What leaves so many days from now."""
        from django.utils import timezone

        from concerted.web.alerts.actions import send_digests

        before = len(self.letters)
        send_digests("job", timezone.now() + timedelta(days=days))
        return self.letters[before:]

    def lines(self, user: Any, *, days: float = 0) -> list[str]:
        """What a person would be told."""
        from concerted.web.alerts.letters import texts

        return next((texts(d.person, d.lines) for d in self.due(days) if d.person == user), [])

    def due(self, days: float = 0) -> Any:
        from django.utils import timezone

        from concerted.web.alerts.actions import due

        return due(timezone.now() + timedelta(days=days))


@pytest.fixture
def posted(both: Workspace, monkeypatch: pytest.MonkeyPatch) -> Posted:
    """On each database in turn."""
    from django.conf import settings
    from django.core import mail
    from django.core.mail import get_connection

    from concerted.web.alerts import actions
    from concerted.web.config.mail import mail as stated

    way = stated("smtp://mail.example.org", "Concerted <noreply@example.org>", SITE)
    monkeypatch.setattr(settings, "CONCERTED_MAIL", way)
    monkeypatch.setattr(
        actions, "open_connection", lambda _mail: get_connection("django.core.mail.backends.locmem.EmailBackend")
    )
    monkeypatch.setattr(mail, "outbox", [], raising=False)
    return Posted(both, mail.outbox)


def soon(days: int) -> str:
    """A day so far from now, as documents write it."""
    from django.utils import timezone

    found: datetime = timezone.now() + timedelta(days=days)
    return found.date().isoformat()
