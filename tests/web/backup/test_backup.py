"""A backup holds what people said and decided; a restore brings it back whole, to either database, or says why not."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from concerted.model.errors import ConfigError
from web.registry_database import use
from web.workspace import DATABASES, Workspace
from web.workspace_app.kept import editor, kept

MOMENT = "2025-02-03T04:05:06.070809+00:00"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as a site leaves it: three editions of which two are shown, caches, a key, statements."""
    folder = tmp_path / "data"
    for name, text in {
        "current": "e2\n",
        "released": "e3\n",
        "releases": "e3\n",
        "editions/e3/manifest.json": "{}",
        "editions/e1/manifest.json": "{}",
        "editions/e2/manifest.json": "{}",
        "editions/e2/core_activity.parquet": "PAR1",
        "cache/read/pack": "computed",
        "registry/03.jsonl": '{"a": 1}\n',
        "secret_key": "s" * 60,
        ".lock": "",
        "backups/old.zip": "",
        "inbox/brought.xlsx": "a name and a telephone number",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Turns to a registry without tables, on either database, when it is called."""
    databases = request.getfixturevalue(f"{request.param}_databases")
    return lambda: use(databases.empty())


def _filled(workspace: Workspace) -> Any:
    from concerted.web.accounts.models import Partner

    user = editor(workspace, "Alpha", "editor", "signer")
    record = kept(user, title="Puits de la vallée\nbière و ماء")
    Partner.objects.filter(pk=user.partner.pk).update(created_at=MOMENT)
    return record


def _contents(*apps: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that a backup holds, or of these apps' tables, but for the log, which grows here."""
    from concerted.web.backup import rows

    models = rows.kept_models(rows.applied_leaves("default"))
    return {
        model._meta.label: [json.loads(line) for line in rows.lines(model, "default")]
        for model in models
        if model._meta.label_lower != "audit.entry" and (not apps or model._meta.app_label in apps)
    }


def test_what_was_backed_up_comes_back_to_either_database(
    both: Workspace, data: Path, tmp_path: Path, empty: Any
) -> None:
    from concerted.web.accounts.models import Partner
    from concerted.web.audit.models import Entry
    from concerted.web.audit.queries import broken_at
    from concerted.web.backup.making import make_backup
    from concerted.web.backup.restoring import restore_backup

    _filled(both)
    before, entries = _contents(), list(Entry.objects.values_list("digest", flat=True))
    made = make_backup(data, tmp_path / "b.zip")
    empty()
    target = tmp_path / "other"
    restored = restore_backup(tmp_path / "b.zip", target)
    assert restored == made
    assert _contents() == before
    assert sum(map(len, before.values())) >= 9
    assert list(Entry.objects.values_list("digest", flat=True))[: len(entries)] == entries
    assert broken_at() is None
    assert list(Entry.objects.values_list("action", flat=True))[-1] == "restored"
    assert Partner.objects.filter(created_at=MOMENT).exists()  # the time of entry, not of the restore
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert files == {
        "current",
        "released",
        "releases",
        "editions/e3/manifest.json",
        "editions/e2/manifest.json",
        "editions/e2/core_activity.parquet",
        "registry/03.jsonl",
    }


def test_a_restored_registry_goes_on(both: Workspace, data: Path, tmp_path: Path, empty: Any) -> None:
    """New rows get numbers of their own, and what is append-only still is."""
    from django.db import DatabaseError

    from concerted.web.audit.models import Entry
    from concerted.web.backup.making import make_backup
    from concerted.web.backup.restoring import restore_backup
    from concerted.web.workspace.models import RecordVersion

    _filled(both)
    make_backup(data, tmp_path / "b.zip")
    empty()
    restore_backup(tmp_path / "b.zip", tmp_path / "other")
    both.partners.clear()
    both.partner("Gamma", "implementer")
    kept(editor(both, "Gamma"), title="Another one")
    assert RecordVersion.objects.count() == 2
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.filter(sequence=1).update(action="saw")


def test_a_backup_is_its_owners_alone_and_says_what_is_not_in_it(
    workspace: Workspace, data: Path, tmp_path: Path
) -> None:
    from concerted.rebuild import Asked, keep_request
    from concerted.steps import BuildRequest
    from concerted.web.backup.archive import read_backup
    from concerted.web.backup.making import make_backup

    keep_request(
        data, Asked((str(tmp_path / "sources"), str(data / "registry"), "https://example.org/a.xml"), BuildRequest())
    )
    path = tmp_path / "b.zip"
    make_backup(data, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_backup(path).left_out == (str(tmp_path / "sources"), "https://example.org/a.xml")
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "secret_key" in name or "session" in name]
    assert workspace.log()[-1] == "backed_up"
    assert list(tmp_path.glob(".b.zip-*")) == []


def test_without_editions_no_file_names_one(workspace: Workspace, data: Path, tmp_path: Path) -> None:
    from concerted.web.backup.making import make_backup

    make_backup(data, tmp_path / "b.zip", with_editions=False)
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert [name for name in archive.namelist() if name.startswith("data/")] == ["data/registry/03.jsonl"]


def test_what_is_written_meanwhile_is_not_in_a_backup_and_waits_for_nobody(both: Workspace, data: Path) -> None:
    """Rows are read as of one moment: what another connection changes while they are read does not mix in."""
    import threading

    from concerted.web.accounts.models import Partner
    from concerted.web.backup import making

    seen: list[int] = []
    with making._as_of_now() as alias:
        seen.append(Partner.objects.using(alias).count())
        failed: list[BaseException] = []

        def write() -> None:
            from django.db import DatabaseError, connection

            try:
                Partner.objects.create(name={"en": "Late"}, roles=[])
            except DatabaseError as error:
                failed.append(error)
            finally:
                connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        writer.join(15)
        assert not writer.is_alive()
        assert failed == []
        seen.append(Partner.objects.using(alias).count())
    assert seen[0] == seen[1] == Partner.objects.count() - 1


def test_nothing_is_restored_over_what_is_there(workspace: Workspace, data: Path, tmp_path: Path) -> None:
    from concerted.web.backup.making import make_backup
    from concerted.web.backup.restoring import restore_backup

    _filled(workspace)
    make_backup(data, tmp_path / "b.zip")
    before = _contents()
    with pytest.raises(ConfigError, match="is there already"):
        restore_backup(tmp_path / "b.zip", data)
    with pytest.raises(ConfigError, match="holds rows"):
        restore_backup(tmp_path / "b.zip", tmp_path / "other")
    assert _contents() == before
    assert not (tmp_path / "other").exists()


def _changed(path: Path, target: Path, name: str, content: bytes | None) -> Path:
    """A copy of a backup with one part changed, or left out."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as archive:
        for entry in source.namelist():
            if entry != name:
                archive.writestr(entry, source.read(entry))
            elif content is not None:
                archive.writestr(entry, content)
    return target


def test_a_damaged_backup_is_refused_before_anything_is_written(
    workspace: Workspace, data: Path, tmp_path: Path, sqlite_databases: Any
) -> None:
    from django.db import connection

    from concerted.web.backup.archive import MANIFEST
    from concerted.web.backup.making import make_backup
    from concerted.web.backup.restoring import restore_backup

    _filled(workspace)
    made = make_backup(data, tmp_path / "b.zip")
    part = "registry/workspace.record.jsonl"
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        rows, manifest = archive.read(part), json.loads(archive.read(MANIFEST))
    evil = {**manifest, "parts": [{**manifest["parts"][0], "name": "data/../../evil"}]}
    newer = {**manifest, "migrations": [*manifest["migrations"], ["workspace", "9999_later"]]}
    use(sqlite_databases.empty())
    for name, content, said in (
        (part, rows.replace(b"Puits", b"Quits"), "is not what was written"),
        (part, None, "cannot be read"),
        (MANIFEST, None, "missing or not a backup's"),
        (MANIFEST, b"[]", "missing or not a backup's"),
        (MANIFEST, json.dumps({**manifest, "format": 2}).encode(), "install a newer one"),
        (MANIFEST, json.dumps(evil).encode(), "is not a backup's"),
        (MANIFEST, json.dumps(newer).encode(), "install that version"),
    ):
        path = _changed(tmp_path / "b.zip", tmp_path / "changed.zip", name, content)
        if name == part and content == rows:
            raise AssertionError("nothing was changed")
        with pytest.raises(ConfigError, match=said):
            restore_backup(path, tmp_path / "other")
    (tmp_path / "no.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:500])
    for missing in ("no.zip", "none.zip"):
        with pytest.raises(ConfigError, match="not a backup that can be read"):
            restore_backup(tmp_path / missing, tmp_path / "other")
    assert connection.introspection.table_names() == []
    assert not (tmp_path / "other").exists()
    assert restore_backup(tmp_path / "b.zip", tmp_path / "other") == made


def test_a_restore_that_failed_can_be_tried_again(
    workspace: Workspace, data: Path, tmp_path: Path, sqlite_databases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.backup import restoring, rows
    from concerted.web.backup.making import make_backup

    _filled(workspace)
    make_backup(data, tmp_path / "b.zip")
    use(sqlite_databases.empty())
    whole = rows.load

    def half(model: Any, told: Any, alias: str) -> int:
        if model._meta.label_lower == "workspace.recordversion":
            raise OSError("the disk is gone")
        return whole(model, told, alias)

    monkeypatch.setattr(rows, "load", half)
    with pytest.raises(OSError, match="the disk is gone"):
        restoring.restore_backup(tmp_path / "b.zip", tmp_path / "other")
    monkeypatch.setattr(rows, "load", whole)
    restoring.restore_backup(tmp_path / "b.zip", tmp_path / "other")
    assert len(_contents()["workspace.RecordVersion"]) == 1


def test_no_row_that_is_kept_refers_to_one_that_is_not(workspace: Workspace) -> None:
    from concerted.web.backup import rows

    for model in rows.kept_models(rows.applied_leaves("default")):
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is not None:
                target = field.related_model._meta.label_lower  # type: ignore[union-attr]
                assert target not in rows.PASSING, (model._meta.label, field.name)


def test_every_table_is_kept_or_said_to_pass(workspace: Workspace) -> None:
    """A model of an app that comes later is in backups unless somebody says that it passes."""
    from django.apps import apps

    from concerted.web.backup import rows

    kept = {model._meta.label_lower for model in rows.kept_models(rows.applied_leaves("default"))}
    there = {m._meta.label_lower for m in apps.get_models(include_auto_created=True) if m._meta.managed}
    assert there - kept == {name for name in rows.PASSING if name in there}
    assert "workspace.recordversion" in kept


@pytest.mark.slow
def test_an_upgrade_writes_down_what_was_before(
    both: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step back, so that there is a step to make: the backup is of the state before it."""
    from django.conf import settings
    from django.core.management import call_command

    from concerted.web.backup.archive import read_backup
    from concerted.web.backup.before import KEPT
    from concerted.web.config.prepare import pending, prepare_registry

    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    _filled(both)
    assert prepare_registry() is None
    assert not (tmp_path / "backups").exists()  # nothing to do, nothing written
    before = _contents("accounts", "workspace")
    call_command("migrate", "workspace", "0002", verbosity=0)
    lacking = pending()
    (tmp_path / "backups").mkdir()
    for day in range(KEPT):
        (tmp_path / "backups" / f"before-upgrade-2020010{day}T000000.zip").write_bytes(b"")
    assert prepare_registry() is None
    assert lacking
    assert pending() == []
    made = sorted((tmp_path / "backups").glob("*.zip"))
    assert len(made) == KEPT
    assert "20200100" not in made[0].name
    found = read_backup(made[-1])
    assert ("workspace", "0002_append_only") in found.migrations
    assert found.rows >= 10
    assert _contents("accounts", "workspace") == before


@pytest.mark.slow
def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(
    both: Workspace, data: Path, tmp_path: Path, empty: Any
) -> None:
    from django.core.management import call_command

    from concerted.web.backup.making import make_backup
    from concerted.web.backup.restoring import restore_backup
    from concerted.web.config.prepare import pending

    _filled(both)
    before = _contents("accounts", "workspace")
    call_command("migrate", "workspace", "0002", verbosity=0)
    make_backup(data, tmp_path / "b.zip", is_logged=False)
    empty()
    restore_backup(tmp_path / "b.zip", tmp_path / "other")
    assert pending() == []
    assert _contents("accounts", "workspace") == before
