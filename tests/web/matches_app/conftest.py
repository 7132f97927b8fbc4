"""The site over an edition in which needs and offers fit, beside which the one of all other tests stays as it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.edition import write_edition
from web.fixture_matched import tables
from web.site import Site


@pytest.fixture(scope="session")
def matched_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with that edition."""
    data = tmp_path_factory.mktemp("matched")
    write_edition(data, "matched0" * 4, stated=tables())
    return data


@pytest.fixture(scope="session")
def matched_edition(site: Site, matched_data: Path) -> Any:
    """That edition, open."""
    from concerted.web.edition.current import CurrentEdition

    return CurrentEdition(matched_data)


@pytest.fixture(autouse=True)
def over_the_matched_edition(
    cold: Site, matched_data: Path, matched_edition: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every request and run of these tests is over it."""
    from django.conf import settings

    from concerted.web.config import middleware
    from concerted.web.config.page_cache import shelf

    monkeypatch.setattr(settings, "CONCERTED_DATA", matched_data)
    monkeypatch.setattr(middleware, "current", lambda: matched_edition)
    shelf.clear()
    yield
    shelf.clear()
