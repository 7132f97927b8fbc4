"""The app of the strategy's life."""

from django.apps import AppConfig


class StrategyApp(AppConfig):
    """Versions of the strategy."""

    name = "concerted.web.strategy"
    label = "strategy"

    def ready(self) -> None:
        """What is in force is written before each picture."""
        from concerted.web.strategy.files import write_files
        from concerted.web.workspace.tasks import before_picture

        before_picture(write_files)
