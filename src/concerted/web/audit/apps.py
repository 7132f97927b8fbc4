"""The app of the log."""

from django.apps import AppConfig


class AuditApp(AppConfig):
    """The log of what was done."""

    name = "concerted.web.audit"
    label = "audit"
