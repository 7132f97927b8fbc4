"""The app of what partners keep."""

from django.apps import AppConfig


class WorkspaceApp(AppConfig):
    """Records of partners."""

    name = "concerted.web.workspace"
    label = "workspace"
