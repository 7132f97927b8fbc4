"""The first pages are made before a reader asks, and are the very pages that he would have got."""

from pathlib import Path

import pytest

from web.edition import write_edition
from web.site import Site


def test_a_page_made_ahead_is_the_page_that_a_reader_gets(cold: Site) -> None:
    from concerted.web.config.middleware import current
    from concerted.web.config.page_cache import shelf
    from concerted.web.config.warming import warm

    asked = {path: cold.get(path).content for path in ("/fr/", "/ar/coverage/", "/en/activities/")}
    served = current().get()
    assert served
    shelf.clear()
    served.edition.cache.clear()
    warm(served.edition)
    before = served.edition.queries
    for path, content in asked.items():
        assert cold.get(path).content == content
    assert served.edition.queries == before


def test_a_newer_edition_is_prepared_before_it_is_served(site: Site, tmp_path: Path) -> None:
    from concerted.web.edition.current import CurrentEdition

    write_edition(tmp_path)
    prepared: list[str] = []
    current = CurrentEdition(tmp_path, lambda edition: prepared.append(edition.folder.name))
    current.get()
    assert prepared == []
    write_edition(tmp_path, "newer" * 4)
    after = current.settle()
    assert after
    assert prepared == [after.edition.folder.name] == ["newer" * 4]


def test_a_page_that_cannot_be_made_ahead_is_told_and_stops_nothing(
    cold: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from concerted.web.config import warming
    from concerted.web.config.middleware import current
    from concerted.web.config.page_cache import shelf

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a page with a mistake")

    monkeypatch.setattr("concerted.web.coverage.views.build_headline", broken)
    shelf.clear()
    served = current().get()
    assert served
    warming.warm(served.edition)
    assert "could not be made ahead" in caplog.text
    assert cold.get("/fr/method/").status_code == 200
