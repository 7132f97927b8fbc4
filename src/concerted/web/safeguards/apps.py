"""The app of safeguards."""

from django.apps import AppConfig


class SafeguardsApp(AppConfig):
    """Safeguards."""

    name = "concerted.web.safeguards"
    label = "safeguards"

    def ready(self) -> None:
        """Let the workspace ask whether an activity is cleared, count what it refuses, and know what each says."""
        from concerted.web.safeguards.counting import count_refused
        from concerted.web.safeguards.known_needs import refresh
        from concerted.web.safeguards.queries import clearance_of
        from concerted.web.workspace.clearing import keep_clearance
        from concerted.web.workspace.signals import words_refused
        from concerted.web.workspace.tasks import after_picture

        after_picture(refresh)
        keep_clearance(clearance_of)
        words_refused.connect(count_refused, dispatch_uid="safeguards")
