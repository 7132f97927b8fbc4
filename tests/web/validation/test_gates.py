"""Two gates: who signs, who validates, what of a record each looked at, and what is seen of it by whom."""

from datetime import timedelta
from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import Workspace
from web.workspace_app.kept import actor, document, editor, kept


def change(user: Any, record: Any, title: str, **activity: Any) -> Any:
    """The record with another title, saved by `user`."""
    from concerted.web.workspace.actions import save
    from concerted.web.workspace.models import Record

    record = Record.objects.get(pk=record.pk)
    made = document(user.partner, title, **activity) | {"record": str(record.pk), "version": record.version}
    return save(actor(user), record, record.version, made).record  # type: ignore[union-attr]


def stand(record: Any) -> Any:
    from concerted.web.validation.standing import stands
    from concerted.web.workspace.models import Record

    return stands([Record.objects.get(pk=record.pk)])[record.pk]


def viewer(user: Any) -> Any:
    from concerted.web.accounts.models import User
    from concerted.web.accounts.person import viewer_for

    return viewer_for(User.objects.get(pk=user.pk), is_sure=True)


def secretary(workspace: Workspace, *held: str) -> Any:
    return workspace.person(workspace.partner("Secretariat"), "secretariat", *(held or ("editor",)))


def sign(user: Any, *records: Any) -> Any:
    from concerted.web.validation.actions import sign_off

    return sign_off(actor(user), [(each.pk, each.version) for each in records])


def validate(user: Any, *records: Any) -> Any:
    from concerted.web.validation import actions

    return actions.validate(actor(user), viewer(user), [(each.pk, each.version) for each in records])


def send_back(user: Any, record: Any, reason: str, *, is_secretariats: bool) -> Any:
    from concerted.web.validation import actions

    item = (record.pk, record.version)
    return actions.send_back(actor(user), viewer(user), item, reason, is_secretariats=is_secretariats)


def test_a_record_is_signed_off_then_validated_and_waits_again_when_it_is_changed(both: Workspace) -> None:
    from concerted.web.validation.models import Decision

    author, signer, secretary_ = editor(both), editor(both, "Alpha", "signer"), secretary(both)
    record = kept(author)
    assert stand(record).state == "waiting"
    assert validate(secretary_, record).stale == [record]  # nobody has signed it off
    assert sign(signer, record).done == [record]
    assert stand(record).state == "signed"
    assert validate(secretary_, record).done == [record]
    assert (stand(record).state, stand(record).since) == ("validated", None)
    changed = change(author, record, "Wells of the hill")
    assert stand(changed).state == "waiting"
    assert stand(changed).since == changed.updated_at
    kinds = list(Decision.objects.values_list("kind", "number", "made_by"))
    assert kinds == [("signed", 1, signer.pk), ("validated", 1, secretary_.pk)]
    assert both.log()[-3:] == ["signed_off", "validated", "changed"]


def test_a_decision_is_on_the_version_that_was_looked_at(both: Workspace) -> None:
    author, signer = editor(both), editor(both, "Alpha", "signer")
    seen = kept(author)
    change(author, seen, "Something else altogether")
    outcome = sign(signer, seen)
    assert (outcome.done, outcome.stale) == ([], [seen])
    assert stand(seen).state == "waiting"


def test_whoever_entered_it_signs_only_where_nobody_else_can(workspace: Workspace) -> None:
    one = editor(workspace, "Alpha", "signer", "editor")
    first = kept(one)
    assert sign(one, first).done == [first]  # an organisation with a single person is not held up
    second = change(one, first, "Wells of the hill")
    other = editor(workspace, "Alpha", "signer")
    outcome = sign(one, second)
    assert (outcome.done, outcome.own) == ([], [second])
    assert sign(other, second).done == [second]
    other.is_active = False
    other.save()
    third = change(one, second, "Wells of the dune")
    assert sign(one, third).done == [third]


def test_where_nobody_signs_the_administrator_does_and_never_for_another_organisation(workspace: Workspace) -> None:
    administrator, stranger = editor(workspace, "Alpha", "administrator"), editor(workspace, "Beta", "signer")
    record = kept(administrator)
    for user in (editor(workspace), stranger, secretary(workspace, "signer")):
        with pytest.raises(NotAllowedError):
            sign(user, record)
    assert sign(administrator, record).done == [record]
    editor(workspace, "Alpha", "signer")
    changed = change(administrator, record, "Wells of the hill")
    with pytest.raises(NotAllowedError):
        sign(administrator, changed)


def test_only_the_secretariat_validates_and_only_what_it_may_read(workspace: Workspace) -> None:
    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    shown = kept(author)
    hidden = kept(author, title="Own", marking_key=f"AMBER+STRICT:{author.partner_id}")
    sign(signer, shown, hidden)
    for user in (signer, editor(workspace, "Beta", "signer"), secretary(workspace, "reader")):
        with pytest.raises(NotAllowedError):
            validate(user, shown)
    with pytest.raises(NotAllowedError):
        validate(secretary_, shown, hidden)
    assert stand(shown).state == "signed"  # nothing of what was asked for together was done
    assert validate(secretary_, shown).done == [shown]


def test_a_draft_waits_for_nobody(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Condition

    author, signer = editor(workspace), editor(workspace, "Alpha", "signer")
    draft = kept(author, condition=Condition.DRAFT)
    assert stand(draft).state == "draft"
    assert sign(signer, draft).stale == [draft]


def test_what_is_sent_back_says_why_and_is_answered_by_another_version_or_by_signing_it_again(
    workspace: Workspace,
) -> None:
    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    record = kept(author)
    with pytest.raises(ValueError, match="reason"):
        send_back(signer, record, "  ", is_secretariats=False)
    assert send_back(signer, record, "The place is missing", is_secretariats=False).done == [record]
    found = stand(record)
    assert (found.state, found.returned.reason, found.word) == ("returned", "The place is missing", "waiting")
    changed = change(author, record, "Wells of the hill")
    assert stand(changed).state == "waiting"
    sign(signer, changed)
    assert send_back(secretary_, changed, "Since when?", is_secretariats=True).done == [changed]
    assert validate(secretary_, changed).stale == [changed]
    assert sign(signer, changed).done == [changed]  # the owner stands by it
    assert validate(secretary_, changed).done == [changed]
    with pytest.raises(NotAllowedError):
        send_back(secretary_, changed, "Not mine to do", is_secretariats=False)


def test_a_reason_with_a_person_in_it_is_not_stored(workspace: Workspace) -> None:
    from concerted.web.validation.models import Decision
    from concerted.web.workspace.actions import RefusedError

    signer = editor(workspace, "Alpha", "signer")
    record = kept(editor(workspace))
    with pytest.raises(RefusedError):
        send_back(signer, record, "Ask Mme Aminata Traoré, amina@example.org", is_secretariats=False)
    assert not Decision.objects.exists()


def test_after_ten_days_it_is_unvalidated_and_still_there(both: Workspace) -> None:
    from django.utils import timezone

    from concerted.web.validation.actions import tell_late
    from concerted.web.validation.standing import columns_of
    from concerted.web.workspace.models import RecordVersion, Shard

    author, signer, secretary_ = editor(both), editor(both, "Alpha", "signer"), secretary(both)
    record = kept(author)
    Shard.objects.update(written=1, changed=1)
    now = timezone.now()
    assert tell_late(now + timedelta(days=9)) == 0
    assert tell_late(now + timedelta(days=11)) == 1
    assert tell_late(now + timedelta(days=12)) == 0  # told once
    assert Shard.objects.get().changed == 2
    assert columns_of([record]) == {record.pk: {"validation": "waiting"}}
    sign(signer, record)
    from concerted.web.validation.models import Standing
    from concerted.web.validation.standing import stands_of

    since = RecordVersion.objects.get(record=record).made_at
    later = stands_of(record, Standing.objects.get(), since, now + timedelta(days=11))
    assert (later.state, later.is_late, later.word) == ("signed", True, "unvalidated")
    validate(secretary_, record)
    assert columns_of([record]) == {record.pk: {"validation": "validated"}}
    assert not Standing.objects.get().is_late


def test_many_that_are_late_on_one_day_are_told_some_at_a_time(both: Workspace, monkeypatch: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from concerted.web.validation import actions
    from concerted.web.validation.models import Standing

    author, signer = editor(both), editor(both, "Alpha", "signer")
    records = [kept(author, title=f"Wells {n}") for n in range(7)]
    sign(signer, records[0])
    monkeypatch.setattr(actions, "_AT_ONCE", 3)
    with CaptureQueriesContext(connection) as asked:
        assert actions.tell_late(timezone.now() + timedelta(days=11)) == 7
    begun = [each["sql"] for each in asked.captured_queries if each["sql"].upper().startswith("BEGIN")]
    assert len(begun) in (0, 3), "each some in a transaction of its own (PostgreSQL tells of none)"
    assert Standing.objects.filter(is_late=True).count() == 7
    assert Standing.objects.get(record=records[0]).signed == 1, "what was decided stays"


def test_it_waits_since_the_first_change_after_what_was_validated(workspace: Workspace) -> None:
    author, signer, secretary_ = editor(workspace), editor(workspace, "Alpha", "signer"), secretary(workspace)
    record = kept(author)
    sign(signer, record)
    validate(secretary_, record)
    second = change(author, record, "Wells of the hill")
    third = change(author, second, "Wells of the dune")
    sign(signer, third)
    assert stand(third).since == second.updated_at


def test_decisions_can_be_neither_changed_nor_removed_nor_replaced(both: Workspace) -> None:
    from django.db import DatabaseError, connection, transaction

    from concerted.web.validation.guards import missing
    from concerted.web.validation.models import Decision

    record = kept(editor(both))
    sign(editor(both, "Alpha", "signer"), record)
    assert missing(connection) == []
    for attempt in (
        lambda: Decision.objects.update(reason="other"),
        lambda: Decision.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    with pytest.raises(TypeError):
        Decision.objects.get().delete()
    assert Decision.objects.get().reason == ""


def test_a_document_never_says_itself_that_it_is_validated(workspace: Workspace) -> None:
    record = kept(editor(workspace), validation="validated")
    assert "validation" not in record.document["activity"]
    assert stand(record).state == "waiting"


def test_what_the_picture_is_given_says_how_far_each_record_has_come(workspace: Workspace, tmp_path: Any) -> None:
    import json

    from concerted.web.workspace.shards import write_shards

    author, signer = editor(workspace), editor(workspace, "Alpha", "signer")
    first, second = kept(author, title="One"), kept(author, title="Two")
    write_shards(tmp_path)
    sign(signer, second)
    assert write_shards(tmp_path) == 1  # the file of the other one stays as it was
    told = {}
    for path in (tmp_path / "registry").glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            found = json.loads(line)
            told[found["record"]] = found["activity"]["validation"]
    assert told == {str(first.pk): "waiting", str(second.pk): "signed"}


def test_two_who_decide_at_once_leave_one_whole_standing(both: Workspace) -> None:
    import threading

    from django.db import DatabaseError, connection

    author, signer, secretary_ = editor(both), editor(both, "Alpha", "signer"), secretary(both)
    records = [kept(author, title=f"No {n}") for n in range(6)]
    sign(signer, *records)
    wrong: list[DatabaseError] = []

    def decide(chosen: list[Any]) -> None:
        try:
            validate(secretary_, *chosen)
        except DatabaseError as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(records[::step],)) for step in (1, -1, 2, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    from concerted.web.validation.models import Decision

    assert Decision.objects.filter(kind="validated").count() == len(records)
    assert {stand(each).state for each in records} == {"validated"}
