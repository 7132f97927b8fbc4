"""The app of the programs' interface."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, and where each version of a record stands among all changes."""

    name = "concerted.web.api"

    def ready(self) -> None:
        """Listen for what ends tokens and for changes of records."""
        from concerted.web.api import listeners  # noqa: F401
