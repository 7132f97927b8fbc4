"""The app of what partners bring."""

from django.apps import AppConfig


class InboxApp(AppConfig):
    """Uploads, previews, receipts."""

    name = "concerted.web.inbox"
    label = "inbox"

    def ready(self) -> None:
        """Let the doctor say what could not be read or taken over."""
        from concerted.web.config.finding import let_doctor_look
        from concerted.web.inbox.looking import what_failed

        let_doctor_look("inbox", what_failed)
