"""The app of releases."""

from django.apps import AppConfig


class ReleaseApp(AppConfig):
    """Releases of editions."""

    name = "concerted.web.release"
    label = "release"
