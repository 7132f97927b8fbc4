"""Ranks: nobody acts on an equal or higher account, and an organisation keeps an administrator."""

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import Workspace

DUTIES = ("reader", "editor", "signer", "administrator")


def actions_on(target: Any) -> list[Callable[[Any], Any]]:
    from concerted.web.accounts import actions

    return [
        lambda actor: actions.deactivate(actor, target),
        lambda actor: actions.reactivate(actor, target),
        lambda actor: actions.give(actor, target, "reader" if "reader" not in target.held else "editor"),
        lambda actor: actions.remove_second_factor(actor, target),
        lambda actor: actions.sign_out_everywhere(actor, target),
        lambda actor: actions.make_password_link(actor, target),
    ]


def test_only_an_administrator_acts_and_only_on_lower_accounts_of_his_organisation(workspace: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha, beta, secretariat = (workspace.partner(name) for name in ("Alpha", "Beta", "Secretariat"))
    actors = [(home, duty) for home in (alpha, beta) for duty in DUTIES]
    holders = {key: workspace.person(key[0], key[1]) for key in actors}
    holders[secretariat, "administrator"] = workspace.person(secretariat, "secretariat", "administrator")
    workspace.person(alpha, "administrator")  # another one, so that none is the last
    for (home, duty), target_duty in itertools.product(holders, DUTIES):
        for number in range(6):
            target = workspace.person(alpha, target_duty)
            may = home == alpha and duty == "administrator" and target_duty != "administrator"
            act = actions_on(target)[number]
            actor = actions.actor_of(holders[home, duty])
            if may:
                act(actor)
            else:
                with pytest.raises(NotAllowedError):
                    act(actor)
            if number == 4:
                break
    for number in range(6):  # nor on oneself, except to end one's own sessions
        me = workspace.person(alpha, "administrator")
        if number == 4:
            actions_on(me)[number](actions.actor_of(me))
        else:
            with pytest.raises(NotAllowedError):
                actions_on(me)[number](actions.actor_of(me))


def test_a_refused_action_leaves_no_trace(both: Workspace) -> None:
    from concerted.web.accounts import actions

    target = both.person(both.partner("Alpha"), "administrator")
    actor = actions.actor_of(both.person(both.partner("Alpha"), "administrator"))
    with pytest.raises(NotAllowedError):
        actions.deactivate(actor, target)
    target.refresh_from_db()
    assert target.is_active
    assert both.log() == []


def test_roles_are_given_and_taken_together_or_not_at_all(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha = both.partner("Alpha")
    admin = actions.actor_of(both.person(alpha, "administrator"))
    target = both.person(alpha, "reader")
    actions.set_held(admin, target, ["signer", "donor"])
    assert target.held == {"signer", "donor"}
    assert sorted(both.log()) == ["role_given", "role_given", "role_taken"]
    for wanted in (["donor"], [], ["signer", "secretariat"], ["signer", "rights"]):
        with pytest.raises(NotAllowedError):
            actions.set_held(admin, target, wanted)
    target.refresh_from_db()
    assert target.held == {"signer", "donor"}
    actions.set_held(admin, target, ["administrator", "editor", "donor"])
    with pytest.raises(NotAllowedError):  # now an equal
        actions.set_held(admin, target, ["editor"])


def test_the_last_administrator_stays(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha = both.partner("Alpha")
    first = both.person(alpha, "administrator", "editor")
    with pytest.raises(NotAllowedError, match="last administrator"):
        actions.take(actions.actor_of(first), first, "administrator")
    second = both.person(alpha, "administrator")
    actions.take(actions.actor_of(first), first, "administrator")
    assert first.held == {"editor"}
    with pytest.raises(NotAllowedError):
        actions.give(actions.actor_of(first), first, "administrator")  # what was given up is not taken back
    with pytest.raises(NotAllowedError, match=r"one duty|last administrator"):
        actions.take(actions.actor_of(second), second, "administrator")


def test_two_administrators_who_step_down_at_once_leave_one(both: Workspace) -> None:
    from django.db import connection

    from concerted.web.accounts import actions
    from concerted.web.accounts.models import Assignment

    alpha = both.partner("Alpha")
    people = [both.person(alpha, "administrator", "reader") for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def step_down(user: Any) -> None:
        try:
            start.wait(20)
            actions.take(actions.actor_of(user), user, "administrator")
            outcomes.append("down")
        except NotAllowedError:
            outcomes.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=step_down, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["down", "stays"]
    assert Assignment.objects.filter(held="administrator").count() == 1


def test_a_closed_account_does_not_count_as_an_administrator(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha = both.partner("Alpha")
    first, second = (both.person(alpha, "administrator", "reader") for _ in range(2))
    actions.deactivate(actions.KEEPER, second)
    with pytest.raises(NotAllowedError, match="last administrator"):
        actions.take(actions.actor_of(first), first, "administrator")


def test_closing_an_account_ends_its_sessions_at_once(both: Workspace) -> None:
    from concerted.web.accounts import actions

    alpha = both.partner("Alpha")
    admin, target = both.person(alpha, "administrator"), both.person(alpha, "editor")
    client = both.client(target)
    assert client.get("/en/account/").status_code == 200
    actions.deactivate(actions.actor_of(admin), target)
    assert client.get("/en/account/").status_code == 302
    actions.reactivate(actions.actor_of(admin), target)
    assert client.get("/en/account/").status_code == 302  # the old session stays ended


def test_the_page_of_a_person_offers_what_may_be_done_and_does_it(workspace: Workspace) -> None:
    alpha = workspace.partner("Alpha")
    admin = workspace.person(alpha, "administrator", "donor")
    target = workspace.person(alpha, "editor", name="Moussa Diarra")
    equal = workspace.person(alpha, "administrator")
    client = workspace.client(admin)
    text = client.get(f"/en/workspace/people/{target.pk}/").content.decode()
    assert "Moussa Diarra" in text
    assert "Close the account" in text
    text = client.get(f"/en/workspace/people/{equal.pk}/").content.decode()
    assert "as high as yours" in text
    assert "Close the account" not in text
    answer = client.post(f"/en/workspace/people/{target.pk}/roles/", {"held": ["signer", "donor"]}, follow=True)
    assert "Saved." in answer.content.decode()
    target.refresh_from_db()
    assert target.held == {"signer", "donor"}
    answer = client.post(f"/en/workspace/people/{target.pk}/close/", follow=True)
    assert "The account is closed." in answer.content.decode()
    answer = client.post(f"/en/workspace/people/{equal.pk}/close/", follow=True)
    assert "Nothing was changed" in answer.content.decode()
    equal.refresh_from_db()
    assert equal.is_active


def test_inviting_in_the_browser_shows_the_link_once(workspace: Workspace) -> None:
    import re

    admin = workspace.person(workspace.partner("Alpha"), "administrator")
    client = workspace.client(admin)
    form = {"email": "", "partner": workspace.partner("Alpha").pk, "duty": "editor", "roles": ["donor"]}
    answer = client.post("/en/workspace/people/invite/", form)
    link = re.search(r"http://testserver(/en/join/[\w-]+/)", answer.content.decode())
    assert link
    assert "no-store" in answer["Cache-Control"]
    assert workspace.client().get(link[1]).status_code == 200
    listed = client.get("/en/workspace/people/").content.decode()
    assert "whoever holds the link" in listed
    assert "/join/" not in listed
    taken_back = re.search(r'action="(/en/workspace/people/invitations/[\w-]+/revoke/)"', listed)
    assert taken_back
    client.post(taken_back[1])
    assert workspace.client().get(link[1]).status_code == 404
