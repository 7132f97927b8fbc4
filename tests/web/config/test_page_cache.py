"""What is kept of finished pages: nothing of who asked, and for each set of permitted keys apart."""

import gzip
import re

import pytest

from web.site import Site
from web.workspace import Workspace

SHARED = ("", "activities/", "coverage/?by=period", "method/", "partners/")


def kept() -> list[bytes]:
    from concerted.web.config.page_cache import shelf

    return [gzip.decompress(page.body) for page in shelf._pages.values()]


def test_a_page_names_who_is_signed_in_and_the_kept_one_does_not(workspace: Workspace, cold: Site) -> None:
    user = workspace.person(workspace.partner("Beta"), "implementer", "administrator", name="Zélie Quetzal-Nom")
    client = workspace.client(user)
    for path in SHARED:
        assert "Zélie Quetzal-Nom" in client.get(f"/fr/{path}").content.decode()
    assert len(kept()) == len(SHARED)
    assert not any("Quetzal-Nom" in body.decode() for body in kept())


def test_one_persons_page_never_reaches_another(workspace: Workspace, cold: Site) -> None:
    first = workspace.person(workspace.partner("Beta"), "reader", name="First Reader")
    second = workspace.person(workspace.partner("Beta"), "administrator", name="Second Reader")
    for path in SHARED:
        mine = workspace.client(first).get(f"/en/{path}").content.decode()
        yours = workspace.client(second).get(f"/en/{path}").content.decode()
        nobodys = workspace.client().get(f"/en/{path}").content.decode()
        assert "First Reader" in mine
        assert "First Reader" not in yours + nobodys
        assert "Second Reader" in yours
        assert "Second Reader" not in mine + nobodys
        assert "<!--" not in mine + yours + nobodys
        assert "Sign in" in nobodys


def test_the_public_gets_the_same_page_whoever_asked_before(workspace: Workspace, cold: Site) -> None:
    before = {path: workspace.client().get(f"/fr/{path}").content for path in SHARED}
    from concerted.web.config.page_cache import shelf

    shelf.clear()
    client = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    for path, content in before.items():
        client.get(f"/fr/{path}")
        assert workspace.client().get(f"/fr/{path}").content == content


def test_pages_with_a_form_or_a_person_are_never_kept(workspace: Workspace, cold: Site) -> None:
    user = workspace.person(workspace.partner("Secretariat"), "secretariat", "administrator")
    client = workspace.client(user)
    for path in ("account/", "workspace/people/", "workspace/people/invite/", "workspace/organisations/", "sign-in/"):
        client.get(f"/fr/{path}")
        workspace.client().get(f"/fr/{path}")
    client.get("/fr/no/such/page/")
    assert kept() == []
    for path in ("workspace/people/", "account/", "account/second-factor/", "account/password/"):
        assert "no-store" in client.get(f"/fr/{path}")["Cache-Control"], path


def test_a_browser_keeps_nothing_that_the_public_may_not_see(workspace: Workspace, cold: Site) -> None:
    client = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    for path in (*SHARED, "export/activities.csv"):
        assert client.get(f"/fr/{path}")["Cache-Control"] == "private, no-store", path
        assert workspace.client().get(f"/fr/{path}")["Cache-Control"] == "private, no-cache", path


def test_a_page_for_a_person_is_answered_anew_only_when_it_changed(workspace: Workspace) -> None:
    client = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    first = client.get("/fr/method/")
    again = client.get("/fr/method/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = workspace.client().get("/fr/method/", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    assert "Cookie" in first["Vary"]


def test_a_view_that_declares_itself_shared_and_makes_a_token_is_found_out(site: Site) -> None:
    from django.http import HttpRequest, HttpResponse
    from django.middleware.csrf import get_token
    from django.test import RequestFactory
    from django.urls import ResolverMatch

    from concerted.marking import PUBLIC
    from concerted.web.config.middleware import current
    from concerted.web.config.page_cache import page_cache
    from concerted.web.config.policy import Access, declares
    from concerted.web.edition.scope import Scope

    @declares(Access.OPEN)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(get_token(request))

    served = current().get()
    assert served
    request = RequestFactory().get("/fr/with-a-token/")
    request.viewer, request.person, request.is_old_copy = PUBLIC, None, False  # type: ignore[attr-defined]
    request.scope, request.is_unreleased = Scope(PUBLIC, served.edition), False  # type: ignore[attr-defined]
    request.resolver_match = ResolverMatch(view, (), {})
    with pytest.raises(AssertionError, match="made a token"):
        page_cache(view)(request)


def test_a_partner_sees_what_is_for_partners_and_nothing_narrower(
    workspace: Workspace, cold: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.accounts import person

    def canaries(client: object) -> set[str]:
        text = client.get("/fr/activities/?place=all&q=zzcanary").content.decode()  # type: ignore[attr-defined]
        return set(re.findall("ZZCANARY[A-Z]+", text))

    reader = workspace.person(workspace.partner("Beta"), "reader")
    assert canaries(workspace.client()) == set()
    assert canaries(workspace.client(reader)) == {"ZZCANARYGREEN"}
    monkeypatch.setattr(person, "groups_of", lambda organisation: frozenset({"justice"}))
    in_group = canaries(workspace.client(reader))
    assert {"ZZCANARYGREEN", "ZZCANARYAMBER"} <= in_group
    assert not in_group & {"ZZCANARYRED", "ZZCANARYNOBODY", "ZZCANARYHIDDENPARTNER"}
    # Kept pages of one set of permitted keys are not answered to another one.
    assert canaries(workspace.client()) == set()


def test_who_lacks_the_second_factor_sees_what_the_public_sees(workspace: Workspace, cold: Site) -> None:
    editor = workspace.person(workspace.partner("Beta"), "editor")
    assert "ZZCANARY" not in workspace.client(editor, factor=False).get("/fr/activities/?place=all").content.decode()
    assert "ZZCANARYGREEN" in workspace.client(editor).get("/fr/activities/?place=all").content.decode()
