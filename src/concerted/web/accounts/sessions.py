"""The session engine: Django's own in the registry, with the person's id beside it."""

import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from concerted.web.accounts.models import Session


class SessionStore(DatabaseStore):
    """Sessions in `accounts_session`."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The model of the rows."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """A row for what the session holds now."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.person = uuid.UUID(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return row


def end_sessions(person: uuid.UUID, but: str | None = None) -> int:
    """End every session of a person, except the one with the key `but`; how many there were."""
    ended, _ = Session.objects.filter(person=person).exclude(session_key=but or "").delete()
    return ended
