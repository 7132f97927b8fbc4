"""The log on both databases: it only grows, and writers at the same time leave one chain with neither gap nor fork."""

import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from web.workspace import Workspace

WRITERS, EACH = 6, 15


def test_entries_follow_each_other_from_one(both: Workspace) -> None:
    from concerted.web.audit import queries
    from concerted.web.audit.actions import Act, Who, record

    person, organisation = uuid4(), uuid4()
    record(Who(person, organisation, "page"), Act("saw", "activity", "a"), Act("exported", "export", "b", organisation))
    record(Who(), Act("changed", "partner", "c"))
    assert queries.head()[0] == 3
    assert queries.broken_at() is None
    from concerted.web.audit.models import Entry

    entry = Entry.objects.get(sequence=2)
    assert (entry.actor, entry.actor_partner, entry.owner) == (person, organisation, organisation)


def test_what_is_not_on_the_list_is_refused(both: Workspace) -> None:
    from concerted.web.audit import queries
    from concerted.web.audit.actions import Act, Who, record

    with pytest.raises(ValueError, match="no action of the log"):
        record(Who(), Act("peeked", "activity"))
    with pytest.raises(ValueError, match="no channel"):
        record(Who(channel="pigeon"), Act("saw", "activity"))
    assert queries.head()[0] == 0


def test_an_action_that_fails_leaves_no_entry_and_no_gap(both: Workspace) -> None:
    from django.db import transaction

    from concerted.web.audit import queries
    from concerted.web.audit.actions import Act, Who, record

    record(Who(), Act("changed", "partner"))
    with transaction.atomic():
        record(Who(), Act("changed", "partner"))
        transaction.set_rollback(True)
    record(Who(), Act("changed", "partner"))
    assert queries.head()[0] == 2
    assert queries.broken_at() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'saw' WHERE sequence = 1",
        "UPDATE audit_entry SET sequence = 9 WHERE sequence = 2",
        "DELETE FROM audit_entry WHERE sequence = 2",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry SELECT 4, time, actor, actor_partner, action, object_kind, object_id, owner, channel,"
        " previous, 'x' FROM audit_entry WHERE sequence = 2",
        "INSERT INTO audit_entry SELECT 3, time, actor, actor_partner, action, object_kind, object_id, owner, channel,"
        " previous, 'x' FROM audit_entry WHERE sequence = 2",
    ],
)
def test_the_database_refuses_to_change_the_log(both: Workspace, statement: str) -> None:
    from django.db import DatabaseError, connection

    from concerted.web.audit import queries
    from concerted.web.audit.actions import Act, Who, record

    record(Who(), Act("changed", "partner"), Act("changed", "partner"))
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.head()[0] == 2
    assert queries.broken_at() is None


def test_no_side_door_of_each_database_changes_the_log(both: Workspace) -> None:
    from django.db import DatabaseError, connection

    from concerted.web.audit.actions import Act, Who, record
    from concerted.web.audit.models import Entry

    record(Who(), Act("changed", "partner"), Act("saw", "partner"))
    statement = (
        "TRUNCATE audit_entry"
        if both.kind == "postgresql"
        else "INSERT OR REPLACE INTO audit_entry SELECT sequence, time, actor, actor_partner, 'removed', object_kind,"
        " object_id, owner, channel, previous, digest FROM audit_entry WHERE sequence = 1"
    )
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.values_list("action", flat=True)) == ["changed", "saw"]
    with pytest.raises(TypeError, match="never deleted"):
        Entry.objects.get(sequence=1).delete()


def test_a_change_behind_the_back_of_the_triggers_is_found(both: Workspace) -> None:
    from django.db import connection

    from concerted.web.audit import guards, queries
    from concerted.web.audit.actions import Act, Who, record

    for _ in range(5):
        record(Who(), Act("changed", "partner"))
    assert guards.missing(connection) == []
    on = " ON audit_entry" if both.kind == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_stays{on}")
        cursor.execute("UPDATE audit_entry SET object_kind = 'x' WHERE sequence = 3")
    assert guards.missing(connection) == ["audit_entry_stays"]
    broken = queries.broken_at()
    assert broken is not None
    assert (broken.sequence, broken.why) == (3, "was changed")


def test_threads_that_write_at_once_leave_one_chain(both: Workspace) -> None:
    from django.db import connection, transaction

    from concerted.web.audit import queries
    from concerted.web.audit.actions import Act, Who, record
    from concerted.web.audit.models import Entry

    failed: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(EACH):
                with transaction.atomic():
                    record(Who(), Act("changed", "partner"))
                    if number % 5 == 4:
                        transaction.set_rollback(True)
        except BaseException as error:  # noqa: BLE001  (told by the test, which a thread cannot fail)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    kept = WRITERS * EACH * 4 // 5
    assert list(Entry.objects.values_list("sequence", flat=True)) == list(range(1, kept + 1))
    assert queries.broken_at() is None


_PROGRAM = """
import django
django.setup()
from concerted.web.audit.actions import Act, Who, record
for _ in range(20):
    record(Who(), Act("changed", "partner"))
"""


def test_processes_that_write_at_once_leave_one_chain(both: Workspace, tmp_path: Path) -> None:
    import os

    from django.conf import settings

    from concerted.web.audit import queries

    entry = settings.DATABASES["default"]
    address = f"postgres://tester@/{entry['NAME']}?host={entry['HOST']}" if both.kind == "postgresql" else entry["NAME"]
    environment = os.environ | {"CONCERTED_DATA": str(tmp_path), "CONCERTED_DATABASE": address}
    running = [subprocess.Popen([sys.executable, "-c", _PROGRAM], env=environment) for _ in range(3)]
    assert [process.wait(90) for process in running] == [0, 0, 0]
    assert queries.head()[0] == 60
    assert queries.broken_at() is None


def test_a_partner_reads_of_its_own_data_and_of_nobody_elses(both: Workspace) -> None:
    from concerted.web.audit import queries
    from concerted.web.audit.actions import Act, Who, record

    ours, theirs = uuid4(), uuid4()
    for number in range(queries.PAGE + 5):
        record(Who(uuid4(), theirs, "page"), Act("saw", "activity", str(number), ours))
    record(Who(uuid4(), ours, "api"), Act("changed", "activity", "x", theirs))
    record(Who(uuid4(), ours, "page"), Act("signed_in", "account", "y", ours))
    first = queries.who_saw(ours)
    assert len(first.entries) == queries.PAGE
    rest = queries.who_saw(ours, first.older)
    assert rest.older is None
    objects = [entry.object_id for entry in (*first.entries, *rest.entries)]
    assert objects == [str(number) for number in reversed(range(queries.PAGE + 5))]
    assert {entry.owner for entry in queries.who_saw(theirs).entries} == {theirs}
    assert queries.who_saw(ours, with_accounts=True).entries[0].object_id == "y"
    assert queries.who_saw(UUID(int=0)).entries == []
