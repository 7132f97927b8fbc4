"""The site with nothing remembered."""

from collections.abc import Iterator

import pytest

from web.site import Site
from web.workspace import both, workspace

__all__ = ["both", "cold", "workspace"]


@pytest.fixture
def cold(site: Site) -> Iterator[Site]:
    """The site with nothing remembered, before and after."""
    from concerted.web.config.middleware import current
    from concerted.web.config.page_cache import shelf

    def forget() -> None:
        shelf.clear()
        served = current().get()
        if served:
            served.edition.cache.clear()

    forget()
    yield site
    forget()
