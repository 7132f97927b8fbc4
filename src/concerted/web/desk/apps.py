"""The app of the desk."""

from django.apps import AppConfig


class DeskApp(AppConfig):
    """Judgements."""

    name = "concerted.web.desk"
    label = "desk"

    def ready(self) -> None:
        """What holds is written before each picture."""
        from concerted.web.desk.files import write_files
        from concerted.web.workspace.tasks import before_picture

        before_picture(write_files)
