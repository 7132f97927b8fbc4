"""Loads the policy check with the site."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """The app that holds settings, addresses and the policy check."""

    name = "concerted.web.config"
    label = "concerted_config"

    def ready(self) -> None:
        """Register the check."""
        from concerted.web.config import policy  # noqa: F401 (importing it registers the check)
