"""The app of sharing groups."""

from django.apps import AppConfig


class SharingApp(AppConfig):
    """Sharing groups."""

    name = "concerted.web.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Let the policy ask this app which groups an organisation belongs to."""
        from concerted.web.accounts.person import keep_groups
        from concerted.web.sharing.queries import groups_of

        keep_groups(groups_of)
