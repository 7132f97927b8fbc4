"""A part is seen by its package's owner and by its partner; by others who may see it once the partner agrees."""

from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.packages_app import bundled
from web.packages_app.bundled import ask, board_of, keeper, now, package, say, signer, statement, take_in, titles
from web.workspace import Workspace
from web.workspace_app.kept import actor, kept


def test_a_part_is_shown_once_its_partner_agrees_and_no_longer_when_he_takes_it_back(
    both: Workspace, cold: Any
) -> None:
    owner, partner, other = keeper(both), signer(both, "Delta", "XM-FIX-1"), signer(both, "Beta")
    found = package(owner, audience="signed_in")
    part = take_in(owner, found, statement(1))
    assert part.partner.reference == "XM-FIX-1"
    assert titles(owner, found) == ["Formation des juges 1"]
    assert board_of(partner, found) is None  # a draft is its owner's alone
    ask(owner, found)
    assert titles(partner, found) == ["Formation des juges 1"]
    assert titles(other, found) == []
    say(partner, part)
    assert titles(other, found) == ["Formation des juges 1"]
    say(partner, part, is_given=False)
    assert titles(other, found) == []
    assert titles(partner, found) == titles(owner, found) == ["Formation des juges 1"]
    assert both.log()[-2:] == ["consent_refused", "consent_refused"]  # for the partner's log and for the owner's


def test_who_agreed_to_something_else_has_not_agreed(both: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import Heading, Order, arrange, change

    owner, partner, other = keeper(both), signer(both, "Delta", "XM-FIX-1"), signer(both, "Beta")
    found = package(owner, audience="signed_in")
    part = take_in(owner, found, statement(1))
    ask(owner, found)
    say(partner, part)
    for heading in (
        Heading("Another title", audience="signed_in"),
        Heading("Justice for the valley", "Another aim", audience="signed_in"),
        Heading("Justice for the valley", nodes=("demo/1",), audience="signed_in"),
    ):
        change(actor(owner), now(found), now(found).version, heading)
        assert titles(other, found) == []
    change(actor(owner), now(found), now(found).version, Heading("Justice for the valley", audience="signed_in"))
    assert titles(other, found) == ["Formation des juges 1"]  # it says again what was agreed to
    arrange(actor(owner), now(found), now(found).version, part.pk, Order("borders", 1, frozenset()))
    assert titles(other, found) == []
    say(partner, part)
    assert titles(other, found) == ["Formation des juges 1"]


def test_an_answer_to_terms_that_have_changed_meanwhile_is_refused(workspace: Workspace, cold: Any) -> None:
    from concerted.web.packages.actions import Heading, MovedOnError, answer, change
    from concerted.web.packages.models import Consent

    owner, partner = keeper(workspace), signer(workspace, "Delta", "XM-FIX-1")
    found = package(owner)
    part = take_in(owner, found, statement(1))
    ask(owner, found)
    looked_at = part.about
    change(actor(owner), now(found), now(found).version, Heading("Something quite different"))
    with pytest.raises(MovedOnError):
        answer(actor(partner), bundled.viewer(partner), now(found), part.pk, looked_at, is_given=True)
    assert not Consent.objects.exists()
    answer(
        actor(partner), bundled.viewer(partner), now(found), part.pk, looked_at, is_given=False
    )  # a no needs no terms
    assert Consent.objects.count() == 1


def test_nobody_agrees_for_another_and_only_who_signs_answers(workspace: Workspace, cold: Any) -> None:
    from concerted.web.packages.models import Consent

    owner, partner = keeper(workspace), signer(workspace, "Delta", "XM-FIX-1")
    found = package(owner, audience="signed_in")
    part = take_in(owner, found, statement(1))
    editor = workspace.person(partner.partner, "implementer", "editor")
    with pytest.raises(NotAllowedError):
        say(partner, part)  # a draft asks nobody
    ask(owner, found)
    for other in (
        owner,
        signer(workspace, "Beta"),
        editor,
        workspace.person(workspace.partner("Beta"), "administrator"),
    ):
        with pytest.raises(NotAllowedError):
            say(other, part)
    assert not Consent.objects.exists()


def test_the_same_answer_sent_twice_is_one_answer(workspace: Workspace, cold: Any) -> None:
    from concerted.web.packages.models import Consent

    owner, partner = keeper(workspace), signer(workspace, "Delta", "XM-FIX-1")
    found = package(owner)
    part = take_in(owner, found, statement(1))
    ask(owner, found)
    assert say(partner, part).pk == say(partner, part).pk
    say(partner, part, is_given=False)
    say(partner, part)
    assert list(Consent.objects.values_list("number", "is_given")) == [(1, True), (2, False), (3, True)]


def test_the_database_itself_keeps_what_was_said(both: Workspace, cold: Any) -> None:
    from django.db import DatabaseError, transaction

    from concerted.web.packages.models import Consent

    owner, partner = keeper(both), signer(both, "Delta", "XM-FIX-1")
    found = package(owner)
    part = take_in(owner, found, statement(1))
    ask(owner, found)
    said = say(partner, part)
    with pytest.raises(TypeError):
        said.delete()
    for change in (
        lambda: Consent.objects.filter(pk=said.pk).update(is_given=False),
        lambda: Consent.objects.filter(pk=said.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Consent.objects.get().is_given


def test_an_organisation_that_does_not_take_part_cannot_agree_so_its_part_stays_with_the_owner(
    workspace: Workspace, cold: Any
) -> None:
    owner, other = keeper(workspace), signer(workspace, "Beta")
    found = package(owner, audience="signed_in")
    part = take_in(owner, found, statement(2))
    assert part.partner is None
    ask(owner, found)
    assert titles(owner, found) == ["Radios locales 2"]
    assert board_of(owner, found).lines[0].standing == "nobody"
    assert titles(other, found) == []


def test_what_the_owner_does_itself_it_shows_itself(workspace: Workspace, cold: Any) -> None:
    owner, other = keeper(workspace), signer(workspace, "Beta")
    mine = kept(owner, title="A meeting of all")
    found = package(owner, audience="signed_in")
    part = take_in(owner, found, mine.statement)
    assert part.partner_id == owner.partner_id
    assert board_of(other, found) is None
    ask(owner, found)
    assert titles(other, found) == ["A meeting of all"]


def test_a_consent_opens_nothing_that_the_marking_closes(both: Workspace, cold: Any) -> None:
    """A record for one other organisation stays with that one, however the package is shared and whoever agrees."""
    owner, partner, other = keeper(both), signer(both, "Delta", "XM-FIX-1"), signer(both, "Beta")
    names = ",".join(sorted(str(each.partner.pk) for each in (owner, partner)))
    secret = kept(partner, title="ZZCANARY of the valley", marking_key=f"AMBER+STRICT:{names}")
    found = package(owner, audience="signed_in")
    part = take_in(owner, found, secret.statement)
    ask(owner, found)
    say(partner, part)
    assert titles(owner, found) == titles(partner, found) == ["ZZCANARY of the valley"]
    assert titles(other, found) == []


def test_what_is_closed_to_the_owner_is_gone_from_his_board_too(workspace: Workspace, cold: Any) -> None:
    from concerted.web.workspace.actions import save

    owner, partner = keeper(workspace), signer(workspace, "Delta", "XM-FIX-1")
    record = kept(partner, title="ZZCANARY of the valley", marking_key="GREEN")
    found = package(owner)
    take_in(owner, found, record.statement)
    ask(owner, found)
    assert titles(owner, found) == ["ZZCANARY of the valley"]
    record.refresh_from_db()
    closed = {**record.document, "activity": {**record.document["activity"], "marking_key": "RED:"}}
    save(actor(partner), record, record.version, closed)
    seen = board_of(owner, found)
    assert [line.fact.title for line in seen.lines] == []
    assert len(seen.lost) == 1
    assert titles(partner, found) == ["ZZCANARY of the valley"]
    page = workspace.client(owner).get(f"/en/workspace/packages/{found.pk}/").content.decode()
    assert "ZZCANARY" not in page
    assert "1 part is not to be seen any more" in page


def test_nobody_takes_in_what_he_does_not_see(workspace: Workspace, cold: Any) -> None:
    from concerted.model.ids import id_text
    from concerted.web.packages.candidates import stands_for

    owner = keeper(workspace)
    mine, own = bundled.viewer(owner), bundled.scope(owner)
    secret = kept(signer(workspace, "Beta"), marking_key="RED:")
    draft = kept(signer(workspace, "Beta"), condition="draft")
    for hidden in (statement(40), statement(41), secret.statement, draft.statement, 12345):
        assert stands_for(mine, own, f"activity-{id_text(hidden)}") is None
    for value in ("", "activity-", "activity-zz", "need-0123456789abcdef", "match-x", "offer-0123456789abcdef"):
        assert stands_for(mine, own, value) is None
