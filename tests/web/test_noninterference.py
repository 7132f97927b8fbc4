"""What the public may not see changes nothing that the public gets: no page, export, search, count or name."""

import re
from pathlib import Path
from typing import Any

import pytest

from web.api.programs import PICTURE, ROOT
from web.edition import write_edition
from web.fixture_records import CANARIES
from web.pages import COARSE_PARTNER, EXPORTS, HIDDEN_NEED, HIDDEN_PARTNER, HIDDEN_RECORD, PAGES
from web.site import Site
from web.workspace import Workspace

LANGUAGES = ("fr", "en", "ar")
#: The fixture's hidden source and its file.
HIDDEN_NAMES = (*CANARIES, "hidden/")


def test_no_page_or_export_holds_a_word_of_a_hidden_record(site: Site) -> None:
    addresses = [f"/{lang}/{path}" for path in PAGES + EXPORTS for lang in LANGUAGES]
    for path in addresses + [ROOT + path for path in PICTURE]:
        text = site.get(path).text
        if "q=zzcanary" in path:  # what was asked for is repeated as it was written; records write it in capitals
            text = text.replace("zzcanary", "")
        found = [word for word in HIDDEN_NAMES if word.casefold() in text.casefold()]
        assert not found, f"{path} shows {found}"


@pytest.mark.slow
def test_no_link_of_the_site_leads_to_a_hidden_record(workspace: Workspace) -> None:
    """Follow every internal link, to a depth of three, and look for canary words."""
    seen, frontier = set(), {"/fr/"}
    for _ in range(3):
        found: set[str] = set()
        for address in sorted(frontier)[:150]:
            seen.add(address)
            answer = workspace.site.get(address)
            assert answer.status_code == 200, address
            assert not any(word.casefold() in answer.text.casefold() for word in HIDDEN_NAMES), address
            links = re.findall(r'href="(/fr/[^"#]*)', answer.text)
            found |= {link.replace("&amp;", "&") for link in links}
        frontier = found - seen
    assert len(seen) > 100


def test_with_and_without_hidden_records_every_answer_is_the_same_byte_for_byte(
    cold: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.config import middleware
    from concerted.web.config.page_cache import shelf
    from concerted.web.edition.current import CurrentEdition

    addresses = [*(f"/fr/{path}" for path in PAGES + EXPORTS), *(ROOT + path for path in PICTURE)]
    with_hidden = {path: _told(cold.get(path)) for path in addresses}
    write_edition(tmp_path, with_hidden=False)
    other = CurrentEdition(tmp_path)
    monkeypatch.setattr(middleware, "current", lambda: other)
    shelf.clear()
    for path, told in with_hidden.items():
        assert _told(cold.get(path)) == told, path
    shelf.clear()


def _told(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    """All that an answer tells: an ETag or a length would tell as much as the text."""
    return answer.status_code, answer.content, dict(answer.items())


def test_forbidden_and_absent_look_the_same_byte_for_byte(site: Site) -> None:
    for lang in LANGUAGES:
        absent = site.get(f"/{lang}/activities/0123456789abcdef/")
        assert absent.status_code == 404
        for path in (
            f"activities/{HIDDEN_RECORD}/",
            f"partners/{HIDDEN_PARTNER}/",
            f"partners/{COARSE_PARTNER}/",
            f"money/?partner={HIDDEN_PARTNER}",
            f"money/?partner={COARSE_PARTNER}",
            "money/?partner=0123456789abcdef",
            "partners/0123456789abcdef/",
            f"activities/?partner={HIDDEN_PARTNER}",
            f"export/activities.csv?partner={HIDDEN_PARTNER}",
            "activities/?partner=0123456789abcdef",
            "quality/hidden/zzcanaryfile/",
            "quality/no/such/source/",
            "activities/not-an-id/",
            "coverage/?framework=none",
            "coverage/?node=none",
            "coverage/?place=none",
            f"needs/{HIDDEN_NEED}/",
            "needs/0123456789abcdef/",
            "needs/not-an-id/",
            "needs/?place=none",
            "needs/?line=none",
            "needs/?state=none",
            "needs/?whose=ours",
            "no/such/page/",
        ):
            answer = site.get(f"/{lang}/{path}")
            assert answer.status_code == 404, path
            assert answer.content == absent.content, path
            assert dict(answer.items()) == dict(absent.items()), path


def test_a_coarse_view_shows_the_larger_area_and_not_who_where_or_how_it_is_called(site: Site) -> None:
    from web.pages import COARSE_RECORD

    text = site.get(f"/en/activities/{COARSE_RECORD}/").text
    assert "Gao" in text
    assert "Ansongo" not in text
    assert "Conseil des femmes" not in text


def test_a_request_cannot_say_who_it_is(site: Site) -> None:
    from django.test import RequestFactory

    from concerted.marking import PUBLIC
    from concerted.web.config.middleware import viewer_of

    request = RequestFactory().get("/fr/?viewer=amina", headers={"X-Viewer": "amina", "Authorization": "Bearer x"})
    assert viewer_of(request) == PUBLIC
    assert not viewer_of(request).is_keeper


def test_a_query_without_the_viewers_filter_is_refused(site: Site) -> None:
    from concerted.marking import PUBLIC
    from concerted.web.config.middleware import current
    from concerted.web.edition.scope import Scope

    served = current().get()
    assert served
    with pytest.raises(AssertionError, match="must hold the viewer's filter"):
        Scope(PUBLIC, served.edition).rows("SELECT title FROM core_activity")
