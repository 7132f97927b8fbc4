"""The site over one fixture edition; Django is set up over it once per process, when first asked for."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from web.edition import write_edition


@dataclass
class Site:
    """The site over the fixture edition: a client, and the folder that it serves."""

    data: Path
    client: Any

    def get(self, path: str, **headers: str) -> Any:
        """The answer to a GET; the body as text is `.text`."""
        response = self.client.get(path, headers=headers or None)
        response.text = response.content.decode("utf-8-sig")
        return response


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site over the fixture edition."""
    data = tmp_path_factory.mktemp("site")
    write_edition(data)
    os.environ["CONCERTED_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "concerted.web.config.settings"
    from concerted.web.ui.messages import compile_all

    compile_all()
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.CONCERTED_DATA = data
    settings.ALLOWED_HOSTS = ["testserver"]
    # A good hash takes half a second by design; a test signs in a hundred times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Site(data, Client())
