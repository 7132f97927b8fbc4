"""Needs and offers are kept as activities are, nobody is overwritten, and some words are not their owner's."""

import itertools
import random
import threading
from typing import Any

import pytest

from web.asks_app.stated import kept, need, offer, with_value
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor


def _viewer(user: Any) -> Any:
    from concerted.web.accounts.models import User
    from concerted.web.accounts.person import viewer_for

    return viewer_for(User.objects.get(pk=user.pk), is_sure=True)


def test_a_need_gets_the_id_that_the_picture_will_give_it(both: Workspace) -> None:
    from concerted.model.ids import hash_id
    from concerted.web.asks.queries import behind

    user = editor(both)
    one, other = kept(user), kept(user, offer(user))
    assert one.statement == hash_id("asks", "need", str(one.pk))
    assert other.statement == hash_id("asks", "offer", str(other.pk))
    assert {k: (v.which, v.owner) for k, v in behind([one.statement, other.statement, 5]).items()} == {
        one.statement: ("need", user.partner),
        other.statement: ("offer", user.partner),
    }


def test_each_saving_makes_a_version_that_nobody_can_change(both: Workspace) -> None:
    from django.db import DatabaseError, transaction

    from concerted.web.asks.actions import save
    from concerted.web.asks.models import AskVersion

    user = editor(both)
    ask = kept(user)
    saved = save(actor(user), ask, 1, with_value(ask.document, "high_value", "3000"))
    assert saved.record.version == 2
    assert [(v.number, v.document["need"]["high_value"]) for v in AskVersion.objects.all()] == [
        (1, "2000"),
        (2, "3000"),
    ]
    for act in (lambda: AskVersion.objects.update(note="x"), lambda: AskVersion.objects.all().delete()):
        with pytest.raises((DatabaseError, TypeError)), transaction.atomic():
            act()
    assert [each for each in both.log() if each in ("added", "changed")] == ["added", "changed"]


def test_what_two_changed_in_one_field_is_asked_and_in_two_is_joined(both: Workspace) -> None:
    from concerted.web.asks.actions import save
    from concerted.web.workspace.actions import Clash, settle

    first, second = editor(both), editor(both)
    ask = kept(first)
    save(actor(first), ask, 1, with_value(ask.document, "high_value", "3000"))
    joined = save(actor(second), ask, 1, with_value(ask.document, "low_value", "1500"))
    assert (joined.is_joined, joined.record.stated["high_value"], joined.record.stated["low_value"]) == (
        True,
        "3000",
        "1500",
    )
    clash = save(actor(second), ask, 1, with_value(ask.document, "high_value", "4000"))
    assert isinstance(clash, Clash)
    assert [(c.row.table, c.column, c.mine, c.theirs) for c in clash.merged.conflicts] == [
        ("need", "high_value", "4000", "3000")
    ]
    assert settle(actor(second), clash, {0: True}).record.stated["high_value"] == "4000"


def test_places_that_two_added_are_both_kept(workspace: Workspace) -> None:
    from concerted.web.asks.actions import save

    first, second = editor(workspace), editor(workspace)
    ask = kept(first)
    for user, code in ((first, "ML08"), (second, "ML09")):
        document = {**ask.document, "term": [*ask.document["term"], {"kind": "place", "code": code}]}
        ask_now = save(actor(user), ask, 1, document).record
    assert [term["code"] for term in ask_now.document["term"]] == ["ML07", "ML08", "ML09"]


@pytest.mark.parametrize("races", [20, pytest.param(300, marks=pytest.mark.slow)])
def test_two_editors_never_overwrite_each_other_in_silence(both: Workspace, races: int) -> None:
    from django.db import connections

    from concerted.statements.changes import changes_between
    from concerted.web.asks.actions import save
    from concerted.web.asks.models import Ask, AskVersion
    from concerted.web.workspace.actions import Clash, settle

    people = [editor(both), editor(both)]
    ask = kept(people[0])
    made: dict[int, str] = {}
    asked: list[str] = []
    barrier, wrong = threading.Barrier(2), list[BaseException]()

    def edit(number: int) -> None:
        choose, me = random.Random(number), actor(people[number])  # noqa: S311
        try:
            for race in range(races):
                began = Ask.objects.get(pk=ask.pk)
                column = choose.choice(["met_when", "evidence"])
                barrier.wait(30)  # both have read: one of them must be late
                wanted = with_value(began.document, column, f"report {number} of round {race}")
                outcome = save(me, began, began.version, wanted)
                while isinstance(outcome, Clash):
                    asked.append(column)
                    outcome = settle(me, outcome, {0: choose.random() < 0.5})
                if outcome.is_changed:
                    made[outcome.record.version] = column
        except BaseException as error:
            wrong.append(error)
            barrier.abort()
            raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    versions = list(AskVersion.objects.filter(record=ask).order_by("number"))
    assert [v.number for v in versions] == list(range(1, len(versions) + 1))
    for before, after in itertools.pairwise(versions):
        changed = {change.column for change in changes_between(before.document, after.document)}
        assert changed == {made[after.number]}
    assert asked, "no race met another"


def test_nobody_but_an_editor_of_the_owner_saves(workspace: Workspace) -> None:
    from concerted.model.errors import NotAllowedError
    from concerted.web.asks.actions import close, create, save
    from concerted.web.workspace.models import Condition

    owner = editor(workspace)
    ask = kept(owner)
    for other in (editor(workspace, "Beta"), editor(workspace, "Alpha", "reader")):
        for act in (
            lambda o=other: save(actor(o), ask, 1, with_value(ask.document, "title", "Another")),
            lambda o=other: close(actor(o), ask, 1, "withdrawn"),
            lambda o=other: create(actor(o), owner.partner, need(owner), Condition.KEPT),
        ):
            with pytest.raises(NotAllowedError):
                act()


def test_the_keeper_of_the_strategy_validates_and_any_other_word_ends_it(both: Workspace) -> None:
    from concerted.model.errors import NotAllowedError
    from concerted.web.asks.actions import save, validate
    from concerted.web.asks.models import Ask

    owner = editor(both)
    secretariat = both.person(both.partner("Secretariat"), "secretariat", "editor")
    reader = both.person(both.partner("Secretariat"), "secretariat", "reader")
    ask = kept(owner, state="validated")
    assert ask.state == "open", "nobody says it of himself"
    for nobody in (owner, reader):
        with pytest.raises(NotAllowedError):
            validate(actor(nobody), _viewer(nobody), ask, 1)
    ask = validate(actor(secretariat), _viewer(secretariat), ask, 1)
    assert (ask.state, ask.version) == ("validated", 2)
    assert both.log()[-1] == "validated"
    ask = save(actor(owner), ask, 2, with_value(ask.document, "marking_key", "GREEN")).record
    assert ask.state == "validated", "who may see it is not what was validated"
    ask = save(actor(owner), ask, 3, with_value(ask.document, "high_value", "9000")).record
    assert ask.state == "open"
    # One who began before it was validated changes what was validated, and it does not stay so.
    ask = validate(actor(secretariat), _viewer(secretariat), ask, 4)
    joined = save(actor(owner), ask, 4, with_value(ask.versions.get(number=4).document, "low_value", "10"))
    assert (joined.is_joined, joined.record.state) == (True, "open")
    assert Ask.objects.get(pk=ask.pk).stated["state"] == "open"


def test_what_is_hidden_or_has_changed_meanwhile_is_not_validated(workspace: Workspace) -> None:
    from concerted.model.errors import NotAllowedError
    from concerted.web.asks.actions import StaleError, save, validate

    owner = editor(workspace)
    secretariat = workspace.person(workspace.partner("Secretariat"), "secretariat", "editor")
    hidden = kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}")
    with pytest.raises(NotAllowedError):
        validate(actor(secretariat), _viewer(secretariat), hidden, 1)
    given = kept(owner, offer(owner))
    with pytest.raises(NotAllowedError):
        validate(actor(secretariat), _viewer(secretariat), given, 1)
    ask = kept(owner)
    newer = save(actor(owner), ask, 1, with_value(ask.document, "high_value", "9000")).record
    with pytest.raises(StaleError):
        validate(actor(secretariat), _viewer(secretariat), newer, 1)
    with pytest.raises(StaleError):  # it was read before the other saved
        validate(actor(secretariat), _viewer(secretariat), ask, 1)


def test_only_a_focal_point_ends_due_diligence(workspace: Workspace) -> None:
    from concerted.model.errors import NotAllowedError
    from concerted.web.asks.actions import assess, save

    owner = editor(workspace)
    focal = workspace.person(workspace.partner("Beta"), "rights", "editor")
    ask = kept(owner, due_diligence="done")
    assert ask.stated["due_diligence"] == "pending", "nobody says it of himself"
    ask = save(actor(owner), ask, 1, with_value(ask.document, "due_diligence", "none")).record
    assert ask.stated["due_diligence"] == "pending"
    with pytest.raises(NotAllowedError):
        assess(actor(owner), _viewer(owner), ask, ask.version, "done")
    ask = assess(actor(focal), _viewer(focal), ask, ask.version, "refused")
    assert ask.stated["due_diligence"] == "refused"
    ask = save(actor(owner), ask, ask.version, with_value(ask.document, "title", "Another title")).record
    assert ask.stated["due_diligence"] == "pending", "what was assessed was another need"


def test_a_need_comes_from_whom_its_author_speaks_for(workspace: Workspace) -> None:
    from concerted.statements.document import DocumentError
    from concerted.web.asks.actions import save

    partner = editor(workspace)
    community = editor(workspace, "Alpha", "community", "editor")
    secretariat = editor(workspace, "Secretariat", "secretariat", "editor")
    assert kept(partner).stated["origin"] == "assessment"
    assert kept(secretariat).stated["origin"] == "government"
    spoken = kept(community, origin="community")
    for user, origin in ((partner, "government"), (partner, "community"), (secretariat, "community")):
        with pytest.raises(DocumentError, match=r"need\.origin"):
            kept(user, origin=origin)
    # A colleague who does not speak for it may still mend it.
    mended = save(actor(partner), spoken, 1, with_value(spoken.document, "title", "Wells, as asked"))
    assert mended.record.stated["origin"] == "community"


def test_words_that_name_a_person_are_stored_nowhere(workspace: Workspace) -> None:
    from concerted.web.asks.models import Ask
    from concerted.web.workspace.actions import RefusedError

    user = editor(workspace)
    for column, words in (
        ("title", "Shelter for Mme Fatou Diallo, tel. +223 66 12 34 56"),
        ("met_when", "write to fatou.diallo@example.org"),
        ("evidence", "https://example.org/report call +223 66 12 34 56"),
    ):
        with pytest.raises(RefusedError):
            kept(user, **{column: words})
    assert not Ask.objects.exists()
    assert kept(user, evidence="https://example.org/2026/66123456").stated["evidence"].endswith("66123456")


def test_it_expires_by_itself_and_nothing_is_written(workspace: Workspace) -> None:
    from datetime import date

    user = editor(workspace)
    ask = kept(user, offer(user, expiry_date="2026-12-31", end_date="2027-06-30"))
    assert ask.standing(date(2026, 12, 31)) == "open"
    assert ask.standing(date(2027, 1, 1)) == "past"
    assert (ask.state, ask.versions.count()) == ("open", 1)


def test_a_draft_is_its_owners_alone(workspace: Workspace) -> None:
    from concerted.web.asks.queries import asks_seen, find_ask
    from concerted.web.workspace.models import Condition

    owner, other = editor(workspace), editor(workspace, "Beta")
    draft = kept(owner, condition=Condition.DRAFT)
    strict = kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}")
    shown = kept(owner)
    assert {ask.pk for ask in asks_seen(_viewer(owner))} == {draft.pk, strict.pk, shown.pk}
    assert {ask.pk for ask in asks_seen(_viewer(other))} == {shown.pk}
    assert find_ask(_viewer(other), draft.pk) is None
