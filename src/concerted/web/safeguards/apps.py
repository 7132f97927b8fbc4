"""The app of safeguards."""

from django.apps import AppConfig


class SafeguardsApp(AppConfig):
    """Safeguards."""

    name = "concerted.web.safeguards"
    label = "safeguards"

    def ready(self) -> None:
        """Let the workspace ask whether an activity is cleared, and count what it refuses."""
        from concerted.web.safeguards.counting import count_refused
        from concerted.web.safeguards.queries import clearance_of
        from concerted.web.workspace.clearing import keep_clearance
        from concerted.web.workspace.signals import words_refused

        keep_clearance(clearance_of)
        words_refused.connect(count_refused, dispatch_uid="safeguards")
