"""The app of signing off and validating."""

from django.apps import AppConfig


class ValidationApp(AppConfig):
    """Decisions on versions of records."""

    name = "concerted.web.validation"
    label = "validation"

    def ready(self) -> None:
        """Let the source of the picture say of each record how far it has come."""
        from concerted.web.validation.standing import columns_of
        from concerted.web.workspace import shards

        shards.add_columns(columns_of)
