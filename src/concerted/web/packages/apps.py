"""The app of packages."""

from django.apps import AppConfig


class PackagesApp(AppConfig):
    """Bundles of several partners' activities, needs and matches."""

    name = "concerted.web.packages"
    label = "packages"
