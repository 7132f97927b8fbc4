"""The doctor's findings: each thing that can be wrong is found, and said with what to do."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from web.registry_database import use
from web.workspace import Workspace


def states(data: Path) -> dict[str, str]:
    from concerted.web.config.health import examine

    found = examine(data)
    assert all(each.do for each in found if each.state == "error"), found
    return {each.check: each.state for each in found}


@pytest.fixture
def healthy(both: Workspace) -> Workspace:
    """An installation in which nothing is an error."""
    for name in ("Secretariat", "Alpha", "Beta"):
        both.person(both.partner(name), "administrator")
    key = both.site.data / "secret_key"
    if not key.exists():
        key.write_text("k" * 60, "utf-8")
    key.chmod(0o600)
    return both


def test_a_sound_installation_has_no_error(healthy: Workspace) -> None:
    found = states(healthy.site.data)
    assert set(found) == {
        "settings", "secret key", "registry", "migrations", "log", "kept rows", "people", "tasks", "backup", "inbox",
        "worker", "edition", "released", "mail", "disk",
    }  # fmt: skip
    assert "error" not in found.values()
    assert found["people"] == "ok"


def test_an_unreachable_registry_is_an_error_and_the_rest_is_looked_at(healthy: Workspace) -> None:
    from concerted.web.config.database import database

    use(database("/no/such/folder/registry.sqlite3", healthy.site.data))
    found = states(healthy.site.data)
    assert found["registry"] == "error"
    assert found["edition"] == "ok"


def test_tables_that_are_missing_are_named(healthy: Workspace) -> None:
    from concerted.web.config.database import database

    use(database(str(healthy.site.data / "nothing-in-it.sqlite3"), healthy.site.data))
    found = states(healthy.site.data)
    assert found["migrations"] == "error"
    assert found["log"] == "error"


def test_a_log_that_somebody_changed_is_found(healthy: Workspace) -> None:
    from django.db import connection

    from concerted.web.audit.actions import Act, Who, record

    record(Who(), Act("changed", "partner"), Act("changed", "partner"))
    on = " ON audit_entry" if healthy.kind == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_is_kept{on}")
    assert states(healthy.site.data)["log"] == "error"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_stays{on}")
        cursor.execute("UPDATE audit_entry SET action = 'saw' WHERE sequence = 1")
    from concerted.web.audit import guards

    guards_missing, guards.missing = guards.missing, lambda connection: []
    try:
        from concerted.web.config.health import examine

        (log,) = [each for each in examine(healthy.site.data) if each.check == "log"]
    finally:
        guards.missing = guards_missing
    assert log.state == "error"
    assert "entry 1 was changed" in log.says


def test_a_key_that_others_can_read_is_an_error(healthy: Workspace) -> None:
    (healthy.site.data / "secret_key").chmod(0o644)
    assert states(healthy.site.data)["secret key"] == "error"


def test_an_organisation_without_an_administrator_is_named(healthy: Workspace) -> None:
    from concerted.web.config.health import examine

    orphaned = healthy.partner("Gamma")
    healthy.person(orphaned, "editor")
    (people,) = [each for each in examine(healthy.site.data) if each.check == "people"]
    assert people.state == "warning"
    assert "Gamma" in people.says


def test_a_missing_edition_and_a_broken_one_are_told_apart(healthy: Workspace, tmp_path: Path) -> None:
    assert states(tmp_path)["edition"] == "warning"
    (tmp_path / "current").write_text("nothing\n", "utf-8")
    assert states(tmp_path)["edition"] == "error"


def finding(data: Path, check: str) -> Any:
    from concerted.web.config.health import examine

    (found,) = [each for each in examine(data) if each.check == check]
    return found


def test_every_table_that_can_only_be_added_to_is_looked_at(healthy: Workspace) -> None:
    from django.db import connection

    from concerted.web.audit.triggers import guarded

    tables = {each.table for each in guarded()}
    assert {"audit_entry", "workspace_recordversion", "release_release", "validation_decision"} <= tables
    assert {"safeguards_assessment", "sharing_version", "desk_judgement", "strategy_step"} <= tables
    assert finding(healthy.site.data, "kept rows").state == "ok"
    for each in guarded():
        if each.table == "audit_entry":
            continue
        name = (each.on_sqlite if healthy.kind == "sqlite" else each.on_postgresql)[0]
        on = f" ON {each.table}" if healthy.kind == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}{on}")
        found = finding(healthy.site.data, "kept rows")
        assert found.state == "error"
        assert f"{each.table}: {name}" in found.says


def test_every_model_whose_rows_are_never_deleted_has_triggers() -> None:
    from django.apps import apps
    from django.db.models import Model

    from concerted.web.audit.triggers import guarded

    kept = {model._meta.db_table for model in apps.get_models() if model.delete is not Model.delete}
    own = {table for table in kept if apps.get_containing_app_config(_module_of(table)) is not None}
    assert own - {each.table for each in guarded()} == {"audit_entry"} - {each.table for each in guarded()}


def _module_of(table: str) -> str:
    from django.apps import apps

    (model,) = [model for model in apps.get_models() if model._meta.db_table == table]
    return model.__module__


def test_a_worker_that_was_not_heard_of_is_said(healthy: Workspace) -> None:
    from concerted.web.config.beating import FOLDER, SILENT, beat
    from concerted.web.config.queues import QUEUES

    folder = healthy.site.data / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    assert "never" in finding(healthy.site.data, "worker").says
    for queue in QUEUES:
        beat(healthy.site.data, queue)
    assert finding(healthy.site.data, "worker").state == "ok"
    long_ago = time.time() - SILENT - 120
    os.utime(folder / QUEUES[-1], (long_ago, long_ago))
    found = finding(healthy.site.data, "worker")
    assert (found.state, "minutes ago" in found.says, found.do != "") == ("warning", True, True)
    shutil.rmtree(folder)


def test_tasks_that_failed_or_wait_for_long_are_told_without_what_they_were_about(healthy: Workspace) -> None:
    from datetime import timedelta

    from django.utils import timezone
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    from concerted.web.daily import daily
    from concerted.web.inbox.tasks import read_beside

    assert finding(healthy.site.data, "tasks").state == "ok"
    daily.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
    read_beside.enqueue("zzcanary")
    long_ago = timezone.now() - timedelta(hours=2)
    DBTaskResult.objects.update(enqueued_at=long_ago)
    found = finding(healthy.site.data, "tasks")  # what is meant for tomorrow does not wait
    assert (found.state, found.says) == ("error", "1 have waited for more than 15 minutes")
    DBTaskResult.objects.filter(task_path=read_beside.module_path).update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path="builtins.ValueError",
        traceback="ValueError: zzcanary",
    )
    found = finding(healthy.site.data, "tasks")
    assert (found.state, found.says) == ("warning", "failed when last tried: read_beside (ValueError)")
    assert "zzcanary" not in f"{found}"
    DBTaskResult.objects.create(
        task_path=read_beside.module_path,
        status=TaskResultStatus.SUCCESSFUL,
        finished_at=timezone.now() + timedelta(seconds=1),
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=timezone.now(),
        exception_class_path="",
        traceback="",
    )
    assert finding(healthy.site.data, "tasks").state == "ok"


def test_uploads_and_receipts_that_failed_are_counted(healthy: Workspace) -> None:
    from concerted.web.inbox.models import Receipt, State, Upload, Work

    alpha = healthy.partner("Alpha")
    told = {"owner": alpha, "ending": ".csv", "sha256": "0" * 64, "size": 1, "marking_key": "CLEAR", "language": "en"}
    Upload.objects.create(name="zzcanary.csv", state=State.REFUSED, why="failed", **told)
    Upload.objects.create(name="cut.csv", state=State.REFUSED, why="cut", **told)
    Receipt.objects.create(owner=alpha, name="zzcanary.csv", work=Work.FAILED)
    found = finding(healthy.site.data, "inbox")
    assert found.state == "warning"
    assert found.says == "1 files could not be read, 1 receipts could not be taken over"


def test_an_old_backup_or_none_is_said(healthy: Workspace) -> None:
    from datetime import timedelta
    from unittest import mock

    from concerted.web.audit.actions import Act, Who, record

    assert finding(healthy.site.data, "backup").says == "none was ever made"
    record(Who(), Act("backed_up", "registry"))
    assert finding(healthy.site.data, "backup").state == "ok"
    from concerted.web.config import health

    with mock.patch.object(health, "BACKUP_AGE", timedelta(0)):
        assert finding(healthy.site.data, "backup").state == "warning"


def test_a_released_edition_that_does_not_open_is_an_error(healthy: Workspace, tmp_path: Path) -> None:
    from concerted.store.released import RELEASED, RELEASES, withhold

    assert finding(healthy.site.data, "released").state == "ok"
    shutil.copytree(healthy.site.data / "editions", tmp_path / "editions")
    shutil.copy(healthy.site.data / "current", tmp_path)
    withhold(tmp_path)
    assert finding(tmp_path, "released").state == "ok"
    (tmp_path / RELEASED).write_text("gone\n", "utf-8")
    found = finding(tmp_path, "released")
    assert (found.state, "release again" in found.says) == ("error", True)
    (tmp_path / RELEASED).write_text("\n", "utf-8")
    (tmp_path / RELEASES).write_text("", "utf-8")
    assert finding(tmp_path, "released").state == "warning"


def test_a_disk_without_room_for_a_backup_is_said(healthy: Workspace) -> None:
    from unittest import mock

    from concerted.web.backup.making import bytes_of_backup

    needed = bytes_of_backup(healthy.site.data)
    assert needed > 0
    for free, state in ((needed * 2 + (2 << 30), "ok"), (needed - 1, "warning")):
        with mock.patch("concerted.web.config.health.shutil.disk_usage", lambda _, free=free: mock.Mock(free=free)):
            assert finding(healthy.site.data, "disk").state == state


def test_mail_is_a_warning_where_none_is_sent_and_an_error_where_its_server_is_gone(
    healthy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from concerted.web.config.mail import mail

    assert states(healthy.site.data)["mail"] == "warning"
    gone = mail("smtp://127.0.0.1:9?tls=off", "noreply@example.org", "https://picture.example.org")
    monkeypatch.setattr(settings, "CONCERTED_MAIL", gone)
    assert states(healthy.site.data)["mail"] == "error"
    printed = mail("console", "noreply@example.org", "https://picture.example.org")
    monkeypatch.setattr(settings, "CONCERTED_MAIL", printed)
    assert states(healthy.site.data)["mail"] == "warning"
