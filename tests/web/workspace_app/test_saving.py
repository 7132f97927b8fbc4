"""Saving a record: every version is kept, nobody is overwritten in silence, nothing refused is stored."""

import itertools
import random
import threading
from copy import deepcopy
from typing import Any

import pytest

from web.workspace import Workspace
from web.workspace_app.kept import actor, document, editor, kept


def _with(document: dict[str, Any], column: str, value: Any) -> dict[str, Any]:
    return {**deepcopy(document), "activity": {**document["activity"], column: value}}


def test_each_saving_makes_a_version_and_an_entry_of_the_log(both: Workspace) -> None:
    from concerted.web.workspace.actions import Saved, save
    from concerted.web.workspace.models import RecordVersion

    user = editor(both)
    record = kept(user)
    saved = save(actor(user), record, 1, _with(record.document, "start_planned_date", "2027-01-01"))
    assert isinstance(saved, Saved)
    assert saved.is_changed
    assert list(RecordVersion.objects.values_list("number", flat=True)) == [1, 2]
    assert saved.record.document["version"] == 2
    assert [each for each in both.log() if each in ("added", "changed")] == ["added", "changed"]


def test_what_says_nothing_new_makes_no_version(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import Saved, save

    user = editor(workspace)
    record = kept(user)
    saved = save(actor(user), record, 1, record.document)
    assert isinstance(saved, Saved)
    assert not saved.is_changed
    assert saved.record.version == 1


def test_what_two_changed_in_different_fields_is_joined(both: Workspace) -> None:
    from concerted.web.workspace.actions import Saved, save

    first, second = editor(both), editor(both)
    record = kept(first)
    save(actor(first), record, 1, _with(record.document, "start_planned_date", "2027-01-01"))
    saved = save(actor(second), record, 1, _with(record.document, "end_planned_date", "2028-01-01"))
    assert isinstance(saved, Saved)
    assert saved.is_joined
    activity = saved.record.document["activity"]
    assert (activity["start_planned_date"], activity["end_planned_date"]) == ("2027-01-01", "2028-01-01")


def test_what_two_changed_in_one_field_is_asked_and_then_saved_as_chosen(both: Workspace) -> None:
    from concerted.web.workspace.actions import Clash, Saved, save, settle

    first, second = editor(both), editor(both)
    record = kept(first)
    save(actor(first), record, 1, _with(record.document, "start_planned_date", "2027-01-01"))
    clash = save(actor(second), record, 1, _with(record.document, "start_planned_date", "2027-02-02"))
    assert isinstance(clash, Clash)
    assert [(c.column, c.mine, c.theirs) for c in clash.merged.conflicts] == [
        ("start_planned_date", "2027-02-02", "2027-01-01")
    ]
    settled = settle(actor(second), clash, {0: True})
    assert isinstance(settled, Saved)
    assert settled.record.document["activity"]["start_planned_date"] == "2027-02-02"
    with pytest.raises(KeyError):
        settle(actor(second), clash, {})


@pytest.mark.parametrize("races", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_two_editors_never_overwrite_each_other_in_silence(both: Workspace, races: int) -> None:
    """Between two versions only that changes which their maker set out to change, or was asked about."""
    from django.db import connections

    from concerted.statements.changes import changes_between
    from concerted.web.workspace.actions import Clash, Saved, save, settle
    from concerted.web.workspace.models import Record, RecordVersion

    people = [editor(both), editor(both)]
    record = kept(people[0])
    columns = ["start_planned_date", "end_planned_date", "identifier"]
    made: dict[int, str] = {}
    meant: list[tuple[str, str]] = []
    asked: list[tuple[str, str]] = []
    barrier, wrong = threading.Barrier(2), list[BaseException]()

    def edit(number: int) -> None:
        choose, me = random.Random(number), actor(people[number])  # noqa: S311
        try:
            for race in range(races):
                began = Record.objects.get(pk=record.pk)
                column = choose.choice(columns)
                day = f"{2000 + race % 1000:04}-{number + 1:02}-{race % 27 + 1:02}"
                value = f"X-{number}-{race}" if column == "identifier" else day
                barrier.wait(30)  # both have read: one of them must be late
                outcome = save(me, began, began.version, _with(began.document, column, value))
                while isinstance(outcome, Clash):
                    takes = choose.random() < 0.5
                    asked.append((column, value))
                    outcome = settle(me, outcome, dict.fromkeys(range(len(outcome.merged.conflicts)), takes))
                assert isinstance(outcome, Saved)
                meant.append((column, value))
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
    versions = list(RecordVersion.objects.filter(record=record).order_by("number"))
    assert [v.number for v in versions] == list(range(1, len(versions) + 1))
    assert Record.objects.get(pk=record.pk).document == versions[-1].document
    for before, after in itertools.pairwise(versions):
        changed = {change.column for change in changes_between(before.document, after.document)}
        assert changed == {made[after.number]}
    said = {(c, v.document["activity"].get(c)) for v in versions for c in columns}
    assert [each for each in meant if each not in said and each not in asked] == []
    assert asked, "no race met another"


def test_nobody_but_an_editor_of_the_owner_saves(workspace: Workspace) -> None:
    from concerted.model.errors import NotAllowedError
    from concerted.web.workspace.actions import create, save
    from concerted.web.workspace.models import Condition

    record = kept(editor(workspace))
    for other in (
        editor(workspace, "Beta"),
        editor(workspace, "Alpha", "reader"),
        editor(workspace, "Secretariat", "secretariat", "administrator"),
    ):
        with pytest.raises(NotAllowedError):
            save(actor(other), record, 1, record.document)
        with pytest.raises(NotAllowedError):
            create(actor(other), record.owner, document(record.owner), Condition.KEPT)


def test_refused_words_are_told_to_the_author_and_stored_nowhere(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import RefusedError
    from concerted.web.workspace.models import Record

    with pytest.raises(RefusedError) as refused:
        kept(editor(workspace), title="Wells; contact: Awa Keita, awa.keita@example.org")
    assert "awa.keita@example.org" in [found.words for found in refused.value.found]
    assert "example.org" not in str(refused.value)
    assert Record.objects.count() == 0


def test_a_version_is_never_changed_or_deleted(both: Workspace) -> None:
    from django.db import DatabaseError, connection

    kept(editor(both))
    for statement in (
        "UPDATE workspace_recordversion SET note = 'x'",
        "DELETE FROM workspace_recordversion",
    ):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_handover_moves_records_and_drafts(workspace: Workspace) -> None:
    from concerted.web.accounts.actions import hand_over
    from concerted.web.workspace.models import Condition, Record

    admin = editor(workspace, "Alpha", "administrator")
    giver, taker = editor(workspace), editor(workspace)
    kept(giver)
    kept(giver, condition=Condition.DRAFT)
    hand_over(actor(admin), giver, taker)
    assert list(Record.objects.values_list("holder", flat=True)) == [taker.pk] * 2
