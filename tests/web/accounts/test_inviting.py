"""Invitations: by whom, for what, used once, taken back, too old; and password links."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import PASSWORD, Workspace


def accept(token: str, email: str = "new@example.org") -> Any:
    from concerted.web.accounts import actions

    invitation = actions.find_invitation(token, for_password=False)
    assert invitation is not None
    return actions.accept(invitation, email=email, name="New", password=PASSWORD, language="ar")


def test_an_invitation_makes_an_account_with_what_it_promises(both: Workspace) -> None:
    from concerted.web.accounts import actions

    admin = both.person(both.partner("Alpha"), "administrator")
    made = actions.invite(actions.actor_of(admin), both.partner("Alpha"), ["editor", "donor"], " New@Example.org ")
    user = accept(made.token, "someone.else@example.org")
    assert user.email == "new@example.org"  # the address of the invitation, not the one that was typed
    assert user.held == {"editor", "donor"}
    assert user.partner == both.partner("Alpha")
    assert user.check_password(PASSWORD)
    assert both.log() == ["invited", "joined"]


def test_the_registry_does_not_hold_the_link(both: Workspace) -> None:
    from concerted.web.accounts import actions
    from concerted.web.accounts.models import Invitation

    made = actions.invite(actions.KEEPER, both.partner("Alpha"), ["administrator"])
    row = Invitation.objects.filter(pk=made.invitation.pk).values().get()
    assert made.token not in str(row)
    assert len(made.token) >= 43


def test_a_link_works_once_though_two_use_it_at_the_same_moment(both: Workspace) -> None:
    from django.db import connection

    from concerted.web.accounts import actions
    from concerted.web.accounts.models import User

    made = actions.invite(actions.KEEPER, both.partner("Alpha"), ["administrator"])
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def use(number: int) -> None:
        try:
            invitation = actions.find_invitation(made.token, for_password=False)
            start.wait(20)
            assert invitation is not None
            actions.accept(invitation, email=f"n{number}@example.org", name="N", password=PASSWORD, language="fr")
            outcomes.append("in")
        except NotAllowedError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]
    assert User.objects.count() == 1


@pytest.mark.parametrize("over", ["used", "revoked", "expired", "unknown"])
def test_a_link_that_is_over_says_the_same_whatever_ended_it(workspace: Workspace, over: str) -> None:
    from django.utils import timezone

    from concerted.web.accounts import actions
    from concerted.web.accounts.models import Invitation

    made = actions.invite(actions.KEEPER, workspace.partner("Alpha"), ["administrator"])
    token = made.token
    if over == "used":
        accept(token)
    elif over == "revoked":
        actions.revoke(actions.KEEPER, made.invitation)
    elif over == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        token = "x" * 43
    answer = workspace.client().get(f"/en/join/{token}/")
    assert answer.status_code == 404
    assert "This link no longer works" in answer.content.decode()
    assert actions.find_invitation(token, for_password=False) is None


def test_nobody_invites_into_another_organisation_or_above_himself(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha, beta = both.partner("Alpha"), both.partner("Beta")
    admin = actions.actor_of(both.person(alpha, "administrator"))
    both.person(beta, "administrator")
    secretary = actions.actor_of(both.person(both.partner("Secretariat"), "secretariat", "administrator"))
    for actor, partner, held in (
        (admin, beta, ["reader"]),
        (secretary, beta, ["reader"]),
        (secretary, beta, ["administrator"]),
        (actions.actor_of(both.person(alpha, "editor")), alpha, ["reader"]),
        (admin, alpha, ["secretariat", "editor"]),
        (admin, alpha, ["rights", "editor"]),  # Alpha does not have this role
        (admin, alpha, ["donor"]),  # no duty
    ):
        with pytest.raises(NotAllowedError):
            actions.invite(actor, partner, held)
    assert both.log() == []


def test_the_secretariat_invites_the_first_administrator_and_then_nobody(both: Workspace) -> None:
    from concerted.web.accounts import actions

    gamma = both.partner("Gamma", "donor")
    secretary = actions.actor_of(both.person(both.partner("Secretariat"), "secretariat", "administrator"))
    with pytest.raises(NotAllowedError):
        actions.invite(secretary, gamma, ["reader"])
    made = actions.invite(secretary, gamma, ["administrator", "donor"])
    with pytest.raises(NotAllowedError):  # one link at a time
        actions.invite(secretary, gamma, ["administrator"])
    user = accept(made.token)
    actions.deactivate(actions.KEEPER, user)
    with pytest.raises(NotAllowedError):  # a closed account still was there
        actions.invite(secretary, gamma, ["administrator"])


def test_a_role_that_the_organisation_lost_meanwhile_is_not_given(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha = both.partner("Alpha")
    made = actions.invite(actions.KEEPER, alpha, ["editor", "donor"])
    alpha.roles = ["implementer"]
    alpha.save()
    assert accept(made.token).held == {"editor"}


def test_an_address_has_one_account(both: Workspace) -> None:
    from concerted.web.accounts import actions

    there = both.person(both.partner("Alpha"), "administrator")
    with pytest.raises(NotAllowedError, match="has an account already"):
        actions.invite(actions.KEEPER, both.partner("Beta"), ["reader"], there.email.upper())
    made = actions.invite(actions.KEEPER, both.partner("Beta"), ["reader"])
    with pytest.raises(NotAllowedError, match="has an account already"):
        accept(made.token, there.email)
    assert accept(made.token).email == "new@example.org"  # the link was not spent on the refusal


def test_joining_in_the_browser_signs_in_and_leads_to_the_second_factor(workspace: Workspace) -> None:
    from concerted.web.accounts import actions
    from concerted.web.accounts.models import User

    made = actions.invite(actions.KEEPER, workspace.partner("Alpha"), ["editor"])
    client = workspace.client()
    page = client.get(f"/en/join/{made.token}/")
    assert "Alpha" in page.content.decode()
    form = {"name": "Salma", "email": "salma@example.org", "language": "ar", "password": "short", "again": "short"}
    assert "too short" in client.post(f"/en/join/{made.token}/", form).content.decode()
    form |= {"password": PASSWORD, "again": PASSWORD + "x"}
    assert "The two passwords differ" in client.post(f"/en/join/{made.token}/", form).content.decode()
    answer = client.post(f"/en/join/{made.token}/", form | {"again": PASSWORD})
    assert answer["Location"] == "/ar/account/second-factor/"
    assert client.get("/ar/account/second-factor/app/").status_code == 200  # no password again, seconds after giving it
    assert client.get("/ar/workspace/people/")["Location"].startswith("/ar/account/second-factor/")
    assert User.objects.get().language == "ar"


def test_a_password_link_sets_the_password_once_and_keeps_the_second_factor(both: Workspace) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from concerted.web.accounts import actions
    from concerted.web.accounts.queries import factors_of

    admin = both.person(both.partner("Alpha"), "administrator")
    target = both.person(both.partner("Alpha"), "editor")
    TOTP.activate(target, generate_totp_secret())
    session = both.client(target)
    made = actions.make_password_link(actions.actor_of(admin), target)
    assert actions.find_invitation(made.token, for_password=False) is None
    client = both.client()
    new = "seven new camels drink"
    answer = client.post(f"/en/new-password/{made.token}/", {"password": new, "again": new})
    assert answer["Location"] == "/en/sign-in/"
    target.refresh_from_db()
    assert target.check_password(new)
    assert factors_of(target).is_there
    assert session.get("/en/account/").status_code == 302
    assert client.get(f"/en/new-password/{made.token}/").status_code == 404
    for actor, other in ((target, admin), (admin, both.person(both.partner("Beta"), "reader")), (admin, admin)):
        with pytest.raises(NotAllowedError):
            actions.make_password_link(actions.actor_of(other if actor is admin and other is admin else actor), other)
