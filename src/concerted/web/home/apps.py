"""The app of the first page."""

from django.apps import AppConfig


class HomeApp(AppConfig):
    """The first page of who is signed in."""

    name = "concerted.web.home"
    label = "home"
