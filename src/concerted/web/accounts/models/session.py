"""Sessions that know whose they are, so that one person's can be ended everywhere at once."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A session; `person` is null until somebody has signed in."""

    person = models.UUIDField(null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store that reads and writes these."""
        from concerted.web.accounts.sessions import SessionStore

        return SessionStore
