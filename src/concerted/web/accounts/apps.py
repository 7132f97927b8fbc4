"""The app of people and partners."""

from django.apps import AppConfig


class AccountsApp(AppConfig):
    """People and partners."""

    name = "concerted.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to signing in and to second factors, and check that every model declares its people."""
        from concerted.web.accounts import listeners, people_check  # noqa: F401 (importing them registers them)
