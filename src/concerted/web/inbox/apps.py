"""The app of what partners bring."""

from django.apps import AppConfig


class InboxApp(AppConfig):
    """Uploads, previews, receipts."""

    name = "concerted.web.inbox"
    label = "inbox"
