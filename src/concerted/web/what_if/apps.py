"""The app of what-ifs."""

from django.apps import AppConfig


class WhatIfApp(AppConfig):
    """What-ifs."""

    name = "concerted.web.what_if"
    label = "what_if"
