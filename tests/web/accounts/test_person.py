"""Who asks: the public without a query, a person with two, and nobody by anything else that a request says."""

import logging
from typing import Any
from uuid import UUID

import pytest

from web.pages import EXPORTS, PAGES
from web.workspace import PASSWORD, Workspace


def queries_of(client: Any, address: str, **headers: str) -> tuple[int, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address, headers=headers or None)
    return len(caught), answer


def test_the_public_costs_the_registry_no_query_on_any_page(both: Workspace) -> None:
    client = both.client()
    for path in (*PAGES, *EXPORTS, "no/such/page/", "activities/0123456789abcdef/"):
        count, answer = queries_of(client, f"/fr/{path}")
        assert count == 0, path
        assert not answer.cookies, path


def test_the_public_pages_are_served_where_there_is_no_registry_at_all(workspace: Workspace) -> None:
    from concerted.web.config.database import database
    from web.registry_database import use

    use(database("/no/such/folder/registry.sqlite3", workspace.site.data))
    client = workspace.client()
    for path in PAGES:
        assert client.get(f"/fr/{path}").status_code == 200, path


def test_a_page_costs_who_is_signed_in_three_queries(both: Workspace) -> None:
    user = both.person(both.partner("Beta"), "implementer", "rights", "administrator", "signer")
    client = both.client(user)
    for path in ("", "activities/", "method/", "export/timeline.csv", "coverage/"):
        count, answer = queries_of(client, f"/fr/{path}")
        assert answer.status_code == 200
        assert count == 3, path  # the session, the account with what it holds, the groups


def test_the_viewer_is_the_person_with_organisation_and_roles(workspace: Workspace) -> None:
    from django.test import RequestFactory

    from concerted.web.accounts import actions
    from concerted.web.accounts.backend import load_person
    from concerted.web.accounts.person import viewer_for

    alpha = workspace.partner("Alpha")
    unit = actions.add_unit(actions.KEEPER, alpha, {"fr": "Section"})
    user = workspace.person(unit, "donor", "editor")
    viewer = viewer_for(load_person(user.pk), is_sure=True)
    assert viewer.person == str(user.pk)
    assert viewer.organisation == str(alpha.pk)  # a unit sees with its organisation
    assert viewer.roles == {"donor", "editor"}
    assert viewer.groups == frozenset()
    assert not viewer.is_keeper
    assert viewer_for(load_person(user.pk), is_sure=False).is_public
    assert RequestFactory


def test_groups_come_from_the_app_that_keeps_them(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from concerted.web.accounts import person
    from concerted.web.accounts.backend import load_person

    user = workspace.person(workspace.partner("Beta"), "reader")
    asked: list[UUID] = []

    def groups(organisation: UUID) -> frozenset[str]:
        asked.append(organisation)
        return frozenset({"g"})

    monkeypatch.setattr(person, "groups_of", groups)
    assert person.viewer_for(load_person(user.pk), is_sure=True).groups == {"g"}
    assert asked == [workspace.partner("Beta").pk]


@pytest.mark.parametrize("left", ["person", "organisation", "parent"])
def test_who_has_left_is_the_public_at_the_next_request(both: Workspace, left: str) -> None:
    from concerted.web.accounts import actions

    organisation = both.partner("Beta")
    unit = actions.add_unit(actions.KEEPER, organisation, {"fr": "Section"})
    user = both.person(unit if left == "parent" else organisation, "reader")
    client = both.client(user)
    assert client.get("/fr/account/").status_code == 200
    if left == "person":
        user.is_active = False
        user.save()
    else:
        organisation.is_active = False
        organisation.save()
    assert client.get("/fr/account/").status_code == 302
    assert client.get("/fr/").status_code == 200


def test_a_changed_password_ends_every_other_session(workspace: Workspace) -> None:
    user = workspace.person(workspace.partner("Beta"), "reader")
    here, elsewhere = workspace.client(user), workspace.client(user)
    new = "another five quiet camels"
    answer = here.post(
        "/en/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert answer.status_code == 200
    assert "The password is changed." in answer.content.decode()
    assert here.get("/en/account/").status_code == 200
    assert elsewhere.get("/en/account/").status_code == 302
    assert "password_changed" in workspace.log()


def test_a_cookie_that_is_no_session_is_the_public(workspace: Workspace) -> None:
    client = workspace.client()
    client.cookies["concerted_session"] = "x" * 32
    assert client.get("/fr/").status_code == 200
    assert client.get("/fr/account/").status_code == 302


def test_who_is_signed_in_reads_the_public_page_while_the_registry_is_away(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    from concerted.web.config.database import database
    from web.registry_database import use

    client = workspace.client(workspace.person(workspace.partner("Beta"), "reader"))
    use(database("/no/such/folder/registry.sqlite3", workspace.site.data))
    with caplog.at_level(logging.ERROR):
        assert client.get("/fr/").status_code == 200
    assert "the registry cannot be asked" in caplog.text
    answer = client.get("/en/account/")
    assert answer.status_code == 503
    assert "Signing in is not possible now" in answer.content.decode()
    form = {"login": "a@example.org", "password": "whatever it is"}
    assert workspace.client().post("/en/sign-in/", form).status_code == 503
