"""The app of needs and offers."""

from django.apps import AppConfig


class AsksApp(AppConfig):
    """What is asked for, and what is offered."""

    name = "concerted.web.asks"
    label = "asks"

    def ready(self) -> None:
        """What is kept is written before each picture."""
        from concerted.web.asks.files import write_files
        from concerted.web.workspace.tasks import before_picture

        before_picture(write_files)
