"""The public sees the released edition and people of organisations the current one; nothing of one is in the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from concerted.store.released import pin, release, withhold
from web.edition import write_edition
from web.pages import EXPORTS, PAGES
from web.site import Site
from web.workspace import Workspace

#: What stands in the newer edition and in no other.
CANARY = "ZZCANARYUNRELEASED"


@pytest.fixture
def data(cold: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with one edition, served by the site."""
    from django.conf import settings

    from concerted.web.config import middleware
    from concerted.web.config.page_cache import shelf
    from concerted.web.edition.current import CurrentEdition

    write_edition(tmp_path)
    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    served = CurrentEdition(tmp_path)
    monkeypatch.setattr(middleware, "current", lambda: served)
    shelf.clear()
    yield tmp_path
    shelf.clear()


def _newer(data: Path) -> str:
    """Another edition, in which every title says so."""
    import duckdb

    name = "newer" * 6
    folder = write_edition(data, name)
    for table, column in (("core_activity", "title"), ("core_narrative", "text")):
        path = folder / f"{table}.parquet"
        sql = (
            f"COPY (SELECT * REPLACE ('{CANARY} ' || {column} AS {column}) FROM read_parquet('{path}'))"
            f" TO '{path}.new' (FORMAT parquet)"
        )
        duckdb.execute(sql)
        Path(f"{path}.new").replace(path)
    from concerted.web.config.middleware import current

    current().settle()
    return name


def _answers(client: Any) -> dict[str, tuple[int, dict[str, str], bytes]]:
    found = {}
    for path in (*PAGES, *EXPORTS):
        for lang in ("fr", "ar"):
            answer = client.get(f"/{lang}/{path}")
            found[f"/{lang}/{path}"] = (answer.status_code, dict(answer.items()), answer.content)
    return found


def test_whatever_is_current_the_publics_answers_are_the_same_byte_for_byte(workspace: Workspace, data: Path) -> None:
    pin(data)
    before = _answers(workspace.client())
    name = _newer(data)
    partner = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    theirs = _answers(partner)  # kept pages of the newer edition are there when the public asks
    assert sum(CANARY.encode() in body for _status, _headers, body in theirs.values()) > 5
    after = _answers(workspace.client())
    assert after.keys() == before.keys()
    for path, answer in before.items():
        assert after[path] == answer, path
    from concerted.web.config.page_cache import shelf

    shelf.clear()
    assert _answers(workspace.client()) == before
    release(data, name)
    from concerted.web.config.middleware import current

    current().settle_released()
    assert CANARY in workspace.client().get("/fr/activities/").content.decode()


def test_what_is_released_moves_nothing_of_what_is_current_but_the_band(workspace: Workspace, data: Path) -> None:
    pin(data)
    name = _newer(data)
    partner = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    unreleased = partner.get("/en/activities/").content.decode()
    assert 'class="band unreleased"' in unreleased
    assert 'class="band unreleased"' not in workspace.client().get("/en/activities/").content.decode()
    exported = partner.get("/en/export/activities.csv").content
    release(data, name)
    from concerted.web.config.middleware import current

    current().settle_released()
    released = partner.get("/en/activities/").content.decode()
    assert 'class="band unreleased"' not in released
    assert CANARY in released
    assert partner.get("/en/export/activities.csv").content == exported


def test_who_still_lacks_the_second_factor_sees_what_the_public_sees(workspace: Workspace, data: Path) -> None:
    pin(data)
    _newer(data)
    person = workspace.person(workspace.partner("Beta"), "signer")
    assert CANARY not in workspace.client(person, factor=False).get("/en/activities/").content.decode()
    assert CANARY in workspace.client(person).get("/en/activities/").content.decode()


def test_before_the_first_release_the_public_is_told_so(workspace: Workspace, data: Path) -> None:
    withhold(data)
    name = _newer(data)
    (data / "released").unlink()
    from concerted.web.config.middleware import current

    current().settle_released()
    answer = workspace.client().get("/en/")
    assert answer.status_code == 503
    assert "Nothing has been released yet" in answer.content.decode()
    assert CANARY not in answer.content.decode()
    partner = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    assert partner.get("/en/").status_code == 200
    release(data, name)
    assert workspace.client().get("/en/").status_code == 200
