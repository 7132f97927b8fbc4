"""The app of which source counts."""

from django.apps import AppConfig


class PrecedenceApp(AppConfig):
    """Decisions of organisations about their own two sources."""

    name = "concerted.web.precedence"
    label = "precedence"

    def ready(self) -> None:
        """What holds is written before each picture."""
        from concerted.web.precedence.files import write_files
        from concerted.web.workspace.tasks import before_picture

        before_picture(write_files)
