"""A handover moves all that a person holds, in one transaction; and every model says what its people are to it."""

from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import Workspace


def test_every_reference_to_an_account_says_what_it_means(workspace: Workspace) -> None:
    from concerted.web.accounts.holding import references, undeclared
    from concerted.web.accounts.people_check import every_reference_to_an_account_is_declared

    assert undeclared() == []
    assert every_reference_to_an_account_is_declared() == []
    assert len(list(references())) >= 5


def test_a_model_that_holds_something_and_does_not_say_so_is_found(workspace: Workspace) -> None:
    from django.apps import apps
    from django.db import models

    from concerted.web.accounts.holding import undeclared

    class Forgotten(models.Model):
        holder = models.ForeignKey("accounts.User", models.CASCADE)

        class Meta:
            app_label = "accounts"

    try:
        assert undeclared() == ["accounts.Forgotten.holder"]
    finally:
        del apps.all_models["accounts"]["forgotten"]
        apps.clear_cache()
    assert undeclared() == []


def test_roles_and_invitations_move_and_the_account_closes(both: Workspace) -> None:
    from concerted.web.accounts import actions
    from concerted.web.accounts.models import Invitation

    alpha = both.partner("Alpha")
    leaving = both.person(alpha, "administrator", "editor", "donor")
    taker = both.person(alpha, "editor")
    still = actions.invite(actions.actor_of(leaving), alpha, ["reader"])
    over = actions.invite(actions.actor_of(leaving), alpha, ["reader"])
    actions.revoke(actions.actor_of(leaving), over.invitation)
    client = both.client(leaving)
    moved = actions.hand_over(actions.actor_of(leaving), leaving, taker)
    assert taker.held == {"administrator", "editor", "donor"}
    assert leaving.held == frozenset()
    assert not leaving.is_active
    assert moved.counts == {"accounts.Assignment": 2, "accounts.Invitation": 1}
    holders = dict(Invitation.objects.values_list("pk", "holder"))
    assert holders == {still.invitation.pk: taker.pk, over.invitation.pk: leaving.pk}
    assert client.get("/en/account/").status_code == 302
    assert both.log()[-1] == "handed_over"


def test_a_handover_that_fails_in_the_middle_moves_nothing(both: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from concerted.web.accounts import actions
    from concerted.web.accounts.actions import handing_over
    from concerted.web.accounts.models import Invitation

    alpha = both.partner("Alpha")
    leaving, taker = both.person(alpha, "administrator", "donor"), both.person(alpha, "reader")
    actions.invite(actions.actor_of(leaving), alpha, ["reader"])

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(handing_over, "record", broken)
    with pytest.raises(ZeroDivisionError):
        actions.hand_over(actions.actor_of(leaving), leaving, taker)
    for user, held in ((leaving, {"administrator", "donor"}), (taker, {"reader"})):
        user.refresh_from_db()
        assert user.held == held
        assert user.is_active
    assert Invitation.objects.get().holder == leaving


def test_only_an_administrator_hands_over_within_the_organisation_and_below_himself(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha = both.partner("Alpha")
    admin, other_admin = both.person(alpha, "administrator"), both.person(alpha, "administrator")
    editor, reader = both.person(alpha, "editor"), both.person(alpha, "reader")
    stranger = both.person(both.partner("Beta"), "administrator")
    secretary = both.person(both.partner("Secretariat"), "secretariat", "administrator")
    closed = both.person(alpha, "reader")
    actions.deactivate(actions.actor_of(admin), closed)
    for actor, giver, taker in (
        (editor, editor, reader),  # would give a role without an administrator
        (admin, other_admin, reader),
        (admin, editor, stranger),
        (admin, editor, editor),
        (admin, editor, closed),
        (stranger, editor, reader),
        (secretary, editor, reader),
    ):
        with pytest.raises(NotAllowedError):
            actions.hand_over(actions.actor_of(actor), giver, taker)
    actions.hand_over(actions.actor_of(admin), editor, reader, closes=False)
    assert reader.held == {"reader", "editor"}
    assert editor.held == {"reader"}
    assert editor.is_active


def test_handing_over_in_the_browser(workspace: Workspace) -> None:
    alpha = workspace.partner("Alpha")
    leaving = workspace.person(alpha, "administrator", "signer", name="Old Hand")
    taker = workspace.person(alpha, "reader", name="New Hand")
    client = workspace.client(leaving)
    assert "New Hand" in client.get(f"/en/workspace/people/{leaving.pk}/").content.decode()
    answer = client.post(
        f"/en/workspace/people/{leaving.pk}/hand-over/", {"taker": taker.pk, "closes": "on"}, follow=True
    )
    text = answer.content.decode()
    assert "2 things are now held by New Hand." in text
    assert "Sign in" in text
    taker.refresh_from_db()
    assert taker.held == {"reader", "administrator", "signer"}
    assert workspace.client(taker).get("/en/workspace/people/").status_code == 200
