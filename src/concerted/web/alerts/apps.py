"""The app of what waits for a person."""

from django.apps import AppConfig


class AlertsApp(AppConfig):
    """Digests, and who wants them."""

    name = "concerted.web.alerts"
    label = "alerts"
