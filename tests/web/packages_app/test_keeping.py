"""Who makes and changes packages, in which order things are done, and what is refused."""

from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.packages_app.bundled import ask, board_of, keeper, now, package, signer, statement, take_in, titles
from web.workspace import Workspace
from web.workspace_app.kept import actor


def test_the_secretariat_and_the_coordination_make_packages_and_nobody_else(workspace: Workspace, cold: Any) -> None:
    for held in (("coordination", "editor"), ("coordination", "administrator")):
        package(keeper(workspace, *held))
    package(workspace.person(workspace.partner("Secretariat"), "secretariat", "editor"))
    for held in (
        ("coordination", "reader"),
        ("donor", "administrator"),
        ("implementer", "signer"),
        ("rights", "signer"),
    ):
        with pytest.raises(NotAllowedError):
            package(workspace.person(workspace.partner("Alpha"), *held))


def test_a_package_is_changed_by_the_organisation_that_keeps_it(workspace: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import Heading, change, end, put_forward

    found = package(keeper(workspace), audience="signed_in")
    other = workspace.person(workspace.partner("Secretariat"), "secretariat", "administrator")
    for act in (put_forward, end):
        with pytest.raises(NotAllowedError):
            act(actor(other), found, 1)
    with pytest.raises(NotAllowedError):
        change(actor(other), found, 1, Heading("Taken over"))
    client = workspace.client(other)
    for path in ("change/", "add/", "parts/1/"):
        assert client.get(f"/en/workspace/packages/{found.pk}/{path}").status_code == 404


def test_of_two_who_change_it_at_once_one_is_refused(both: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import Heading, MovedOnError, change

    owner = keeper(both)
    found = package(owner)
    change(actor(owner), found, 1, Heading("First"))
    with pytest.raises(MovedOnError):
        change(actor(owner), found, 1, Heading("Second"))
    assert now(found).title == "First"


def test_a_statement_stands_in_a_package_once_and_can_come_back(both: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import RefusedPartError, remove_part

    owner = keeper(both)
    found = package(owner)
    part = take_in(owner, found, statement(1))
    with pytest.raises(RefusedPartError) as refused:
        take_in(owner, found, statement(1), "women")
    assert refused.value.code == "there"
    remove_part(actor(owner), now(found), now(found).version, part.pk)
    assert titles(owner, found) == []
    take_in(owner, found, statement(1), "women")
    assert titles(owner, found) == ["Formation des juges 1"]


def test_parts_that_would_wait_for_each_other_are_refused_by_name(both: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import Order, RefusedPartError, arrange

    owner = keeper(both)
    found = package(owner)
    one, two = take_in(owner, found, statement(1)), take_in(owner, found, statement(2))
    arrange(actor(owner), now(found), now(found).version, two.pk, Order("education", 2, frozenset({one.pk})))
    with pytest.raises(RefusedPartError) as refused:
        arrange(actor(owner), now(found), now(found).version, one.pk, Order("education", 1, frozenset({two.pk})))
    assert refused.value.code == "loop"
    assert set(refused.value.found) == {one.pk, two.pk}
    assert board_of(owner, found).lines[0].waits_for == ()
    client = both.client(owner)
    address = f"/en/workspace/packages/{found.pk}/parts/{one.pk}/"
    sent = {"version": now(found).version, "component": "education", "position": 1, "waits_for": [two.pk]}
    page = client.post(address, sent).content.decode()
    assert "These parts would wait for each other" in page
    assert "Formation des juges 1" in page


def test_parts_are_put_where_they_are_wanted(workspace: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import Order, arrange

    owner = keeper(workspace)
    found = package(owner)
    parts = [take_in(owner, found, statement(n)) for n in (1, 2, 8)]
    assert titles(owner, found) == ["Formation des juges 1", "Radios locales 2", "Radios locales 8"]
    arrange(actor(owner), now(found), now(found).version, parts[2].pk, Order("education", 1, frozenset()))
    assert titles(owner, found) == ["Radios locales 8", "Formation des juges 1", "Radios locales 2"]


def test_an_ended_package_is_its_owners_alone_and_stays_as_it_is(workspace: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import MovedOnError, end

    owner, partner = keeper(workspace), signer(workspace, "Delta", "XM-FIX-1")
    found = package(owner, audience="signed_in")
    take_in(owner, found, statement(1))
    ask(owner, found)
    end(actor(owner), now(found), now(found).version)
    assert board_of(partner, found) is None
    assert titles(owner, found) == ["Formation des juges 1"]
    with pytest.raises(MovedOnError):
        ask(owner, found)
    with pytest.raises(MovedOnError):
        take_in(owner, found, statement(2))


def test_a_package_for_a_group_is_read_by_its_members_while_they_are_in_it(workspace: Workspace, cold: Any) -> None:
    from concerted.web.sharing.actions import close, make

    owner, member, other = (
        keeper(workspace, "coordination", "administrator"),
        signer(workspace, "Beta"),
        signer(workspace, "Alpha"),
    )
    group = make(actor(owner), "Justice", [owner.partner.pk, member.partner.pk])
    found = package(owner, audience=str(group.group_id))
    ask(owner, found)
    assert board_of(member, found) is not None
    assert board_of(other, found) is None
    close(actor(owner), group.group_id, 1)
    assert board_of(member, found) is None
    assert board_of(owner, found) is not None
