"""Demonstration accounts: one for each role, with new passwords at each start, in a demonstration only."""

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import Workspace


@pytest.fixture
def demo(both: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    from django.conf import settings

    monkeypatch.setattr(settings, "CONCERTED_DEMO", True)
    monkeypatch.setattr(settings, "CONCERTED_SECOND_FACTOR", False)
    return both


def signs_in(workspace: Workspace, email: str, password: str) -> bool:
    client = workspace.client()
    client.post("/en/sign-in/", {"login": email, "password": password})
    return bool(client.get("/en/account/").status_code == 200)


def test_there_is_an_account_for_each_role_and_it_signs_in(demo: Workspace) -> None:
    from concerted.web.accounts.demo import make_demo_accounts
    from concerted.web.accounts.models import Assignment
    from concerted.web.accounts.roles import ROLES

    accounts = make_demo_accounts()
    assert set(Assignment.objects.values_list("held", flat=True)) >= ROLES
    assert len({each.password for each in accounts}) == len(accounts) == 8
    for each in accounts:
        assert signs_in(demo, each.email, each.password), each.email


def test_each_start_has_new_passwords_and_the_old_ones_are_over(demo: Workspace) -> None:
    from concerted.web.accounts.demo import make_demo_accounts

    before, after = make_demo_accounts(), make_demo_accounts()
    assert {each.email for each in before} == {each.email for each in after}
    assert not signs_in(demo, before[0].email, before[0].password)
    assert signs_in(demo, after[0].email, after[0].password)


def test_every_page_of_a_demonstration_says_so(demo: Workspace) -> None:
    from concerted.web.config.page_cache import shelf

    shelf.clear()
    try:
        for path in ("", "sign-in/", "no/such/page/", "activities/"):
            assert "Demonstration accounts" in demo.client().get(f"/en/{path}").content.decode(), path
    finally:
        shelf.clear()


def test_outside_of_a_demonstration_none_is_made_and_none_comes_in(
    demo: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from concerted.web.accounts.demo import make_demo_accounts
    from concerted.web.accounts.models import User

    account = make_demo_accounts()[0]
    client = demo.client(User.objects.get(email=account.email))
    assert client.get("/en/account/").status_code == 200
    monkeypatch.setattr(settings, "CONCERTED_DEMO", False)
    assert client.get("/en/account/").status_code == 302
    assert not signs_in(demo, account.email, account.password)
    with pytest.raises(NotAllowedError):
        make_demo_accounts()


def test_a_true_organisation_is_never_taken_for_one_of_the_demonstration(demo: Workspace) -> None:
    from concerted.web.accounts.demo import make_demo_accounts
    from concerted.web.accounts.models import Partner, User

    Partner.objects.create(name={"fr": "Vraie"}, reference="XI-DEMO-NOR")
    with pytest.raises(NotAllowedError):
        make_demo_accounts()
    assert not User.objects.exists()
