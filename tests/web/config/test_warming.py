"""The first pages are made before a reader asks, and are the very pages that he would have got."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from web.edition import write_edition
from web.site import Site
from web.workspace import Workspace

if TYPE_CHECKING:
    from concerted.web.edition.current import CurrentEdition


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


def _follower(data: Path, patch: pytest.MonkeyPatch) -> "CurrentEdition":
    from concerted.web.config import middleware
    from concerted.web.config.page_cache import shelf
    from concerted.web.config.warming import for_those_who_looked
    from concerted.web.edition.current import CurrentEdition

    shelf.clear()
    served = CurrentEdition(data, ahead=for_those_who_looked)
    patch.setattr(middleware, "current", lambda: served)
    return served


def test_those_who_looked_wait_for_nothing_on_a_newer_edition(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.config.page_cache import shelf as shelf_of_pages

    write_edition(tmp_path)
    follower = _follower(tmp_path, monkeypatch)
    client = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    page = client.get("/fr/coverage/")
    assert page.status_code == 200
    shelf_of_pages.clear()
    write_edition(tmp_path, "newer" * 4)
    served = follower.settle()
    assert served
    assert served.edition.folder.name == "newer" * 4
    made = []
    monkeypatch.setattr("concerted.web.edition.opened.build_cube", lambda *asked: made.append(asked))
    monkeypatch.setattr("concerted.web.edition.opened.shown_edition_id", lambda *asked: made.append(asked))
    assert client.get("/fr/coverage/").content == page.content
    assert made == []


def test_who_looked_more_than_an_hour_ago_is_forgotten_and_the_last_four_kinds_are_known() -> None:
    from concerted.marking import RowFilter, Viewer
    from concerted.web.edition.seen import AFTER, Seen

    now = [0.0]
    seen = Seen(lambda: now[0])
    viewers = [Viewer(f"p{n}", f"org-{n}") for n in range(6)]
    for number, viewer in enumerate(viewers):
        now[0] = float(number)
        seen.note(RowFilter(frozenset({f"AMBER:org-{number}"})), viewer)
    seen.note(RowFilter(frozenset({"AMBER:org-3"})), viewers[3])
    assert {viewer for _, viewer in seen.lately()} == {viewers[2], viewers[3], viewers[4], viewers[5]}
    now[0] = 4.5 + AFTER
    assert {viewer for _, viewer in seen.lately()} == {viewers[3], viewers[5]}
