"""The app of runs and matches."""

from django.apps import AppConfig


class MatchesApp(AppConfig):
    """Runs of the matching and the life of matches."""

    name = "concerted.web.matches"
    label = "matches"

    def ready(self) -> None:
        """What was accepted is written beside each picture, for runs from the command line. Pages of needs show it."""
        from concerted.web.asks.given import keep_given
        from concerted.web.matches.demo import wish_demo_matches
        from concerted.web.matches.files import write_file
        from concerted.web.matches.given import given
        from concerted.web.workspace.tasks import after_picture, before_picture

        keep_given(given)
        before_picture(write_file)
        after_picture(wish_demo_matches)
