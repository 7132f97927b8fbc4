"""The first page: what waits is counted for who can deal with it, and for nobody else."""

import re
from typing import Any

import pytest

from web.workspace import Workspace
from web.workspace_app.kept import actor, kept

ADDRESS = "/en/workspace/"
#: References of organisations of the fixture: one that everybody meets, one in a record for one person alone.
KNOWN, HIDDEN = "XM-FIX-2", "XM-FIX-6"


def _waiting(client: Any) -> list[tuple[str, str]]:
    """(words, address) of each line of what waits."""
    page = client.get(ADDRESS).content.decode()
    part = page.split('id="waiting"')[1].split("</section>")[0]
    return [(words, url) for url, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', part)]


def test_signing_in_leads_to_the_first_page(workspace: Workspace) -> None:
    from web.workspace import PASSWORD

    user = workspace.person(workspace.partner("Alpha"), "reader")
    client = workspace.client()
    answer = client.post("/en/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == ADDRESS
    assert client.get(ADDRESS).status_code == 200


def test_each_line_counts_what_its_page_lists(both: Workspace) -> None:
    from concerted.web.validation.actions import send_back, sign_off
    from concerted.web.workspace.actions import remark
    from concerted.web.workspace.models import Condition

    alpha = both.partner("Alpha")
    editor, signer = (both.person(alpha, duty) for duty in ("editor", "signer"))
    keeper = both.person(both.partner("Secretariat"), "secretariat", "signer")
    records = [kept(editor, title=f"Wells {n}") for n in range(3)]
    kept(editor, title="Begun", condition=Condition.DRAFT)
    assert ("3 activities to sign off", "/en/workspace/sign-off/") in _waiting(both.client(signer))
    sign_off(actor(signer), [(record.pk, record.version) for record in records])
    lines = _waiting(both.client(keeper))
    assert ("3 activities to validate", "/en/workspace/validation/") in lines
    viewer = _viewer(keeper)
    send_back(actor(keeper), viewer, (records[0].pk, records[0].version), "The year is wrong", is_secretariats=True)
    remark(actor(keeper), records[1], records[1].version, "It ends sooner")
    words = [each for each, _ in _waiting(both.client(editor))]
    assert "1 activity was sent back to us" in words
    assert "1 remark of others on our activities is not answered" in words
    assert "1 draft" in words
    assert "2 activities to validate" in [each for each, _ in _waiting(both.client(keeper))]


def _viewer(user: Any) -> Any:
    from concerted.web.accounts.person import viewer_for

    return viewer_for(user, is_sure=True)


def test_nobody_is_told_of_work_that_is_not_his(workspace: Workspace) -> None:
    alpha, beta = workspace.partner("Alpha"), workspace.partner("Beta")
    kept(workspace.person(alpha, "editor"), title="Wells")
    assert _waiting(workspace.client(workspace.person(alpha, "reader"))) == []
    assert _waiting(workspace.client(workspace.person(beta, "signer", "administrator"))) == []
    assert _waiting(workspace.client(workspace.person(beta, "rights"))) == []


def test_hidden_records_are_not_counted_for_the_secretariat(workspace: Workspace) -> None:
    from concerted.web.validation.actions import sign_off

    alpha = workspace.partner("Alpha")
    signer = workspace.person(alpha, "signer")
    record = kept(workspace.person(alpha, "editor"), title="Wells", marking_key="AMBER")
    sign_off(actor(signer), [(record.pk, record.version)])
    keeper = workspace.person(workspace.partner("Secretariat"), "secretariat", "signer")
    assert "/en/workspace/validation/" not in [url for _, url in _waiting(workspace.client(keeper))]


def test_without_the_second_factor_nothing_waits_and_the_page_says_why(workspace: Workspace) -> None:
    alpha = workspace.partner("Alpha")
    kept(workspace.person(alpha, "editor"), title="Wells")
    client = workspace.client(workspace.person(alpha, "signer"), factor=False)
    assert _waiting(client) == []
    assert "/en/account/second-factor/" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("role", ["secretariat", "coordination", "donor", "implementer", "community", "rights"])
def test_each_role_finds_what_it_can_do_and_every_link_opens(workspace: Workspace, role: str) -> None:
    partner = workspace.partner(f"Of {role}", role)
    client = workspace.client(workspace.person(partner, role, "editor", "signer", "administrator"))
    page = client.get(ADDRESS).content.decode()
    part = page.split("What you can do here")[1].split("</section>")[0]
    links = re.findall(r'<li><a href="([^"]+)">', part)
    assert len(links) >= 3
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_what_one_may_not_do_is_not_offered(workspace: Workspace) -> None:
    page = workspace.client(workspace.person(workspace.partner("Alpha"), "reader")).get(ADDRESS).content.decode()
    assert "Enter an activity" not in page
    assert "Release the picture" not in page


def test_the_own_organisation_is_found_only_where_the_viewer_may_know_of_it(workspace: Workspace) -> None:
    from concerted.marking import PUBLIC, Viewer
    from concerted.web.config.middleware import current
    from concerted.web.edition.scope import Scope
    from concerted.web.home.views import own_organisation

    served = current().get()
    assert served
    public, amina = Scope(PUBLIC, served.edition), Scope(Viewer(person="amina"), served.edition)
    assert own_organisation(public, KNOWN) is not None
    assert own_organisation(public, HIDDEN) is None
    assert own_organisation(amina, HIDDEN) is not None
    assert own_organisation(public, "") is None


def test_the_first_page_asks_little(workspace: Workspace) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = workspace.client(
        workspace.person(workspace.partner("Secretariat"), "secretariat", "editor", "signer", "administrator")
    )
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as asked:
        client.get(ADDRESS)
    assert len(asked) <= 17
