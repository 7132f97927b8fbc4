"""Django outside of a server: for commands that read or write the registry."""

import os
from pathlib import Path


def set_up(data: Path) -> None:
    """Set Django up over a data folder; what `CONCERTED_*` variables say holds as it does for the server."""
    os.environ["CONCERTED_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "concerted.web.config.settings"
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")  # commands speak English
