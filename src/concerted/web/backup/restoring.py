"""Fill an empty registry and an empty data folder from a backup; either database takes what the other one held."""

import shutil
from pathlib import Path
from zipfile import ZipFile

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from concerted.model.errors import ConfigError
from concerted.web.audit import actions as log
from concerted.web.audit import queries
from concerted.web.backup import archive, rows
from concerted.web.config.prepare import prepare_registry, where


def restore_backup(path: Path, data: Path) -> archive.Backup:
    """Restore a backup: every part is compared with its hash before anything is written.

    The registry is brought to the state in which it was written, filled in one transaction, and then brought up to
    date. Files are put in their places last: a restore that failed can be tried again.

    Raises:
        ConfigError: the backup is damaged or of a newer version, the registry or the folder is not empty, or the log's
            chain is broken in it.
    """
    backup = archive.read_backup(path)
    unknown = rows.unknown_migrations(backup.migrations)
    if unknown:
        app, name = unknown[0]
        raise ConfigError(f"{path} was made by version {backup.version}, which has {app}.{name}: install that version")
    targets = [data / part.name.removeprefix(archive.FILES) for part in backup.files]
    _refuse_files(targets)
    _refuse_rows(backup)
    MigrationExecutor(connection).migrate(list(backup.migrations))
    with archive.opened(path) as opened:
        with transaction.atomic():
            kept = rows.kept_models(backup.migrations)
            for model in kept:
                told = archive.part_lines(opened, f"{archive.ROWS}{model._meta.label_lower}.jsonl")
                rows.load(model, told, DEFAULT_DB_ALIAS)
            rows.reset_sequences(kept, DEFAULT_DB_ALIAS)
        problem = prepare_registry(with_backup=False)
        if problem:
            raise ConfigError(f"restored, but not brought up to date: {problem}")
        _refuse_broken_log()
        _put_files(opened, backup, data)
    log.record(log.Who(), log.Act("restored", "registry"))
    return backup


def _refuse_files(targets: list[Path]) -> None:
    there = next((target for target in targets if target.exists()), None)
    if there:
        raise ConfigError(
            f"{there} is there already: restore into an empty folder, then put it in the place of this one"
        )


def _refuse_rows(backup: archive.Backup) -> None:
    """Only tables without a row are filled: what people said is never overwritten, nor mixed."""
    tables = set(connection.introspection.table_names())
    leaves = rows.applied_leaves(DEFAULT_DB_ALIAS)
    if not leaves:
        return
    for model in rows.kept_models(leaves):
        if model._meta.db_table in tables and model._base_manager.using(DEFAULT_DB_ALIAS).exists():
            raise ConfigError(
                f"the registry at {where()} holds rows ({model._meta.label}): restore into an empty one,"
                " named by CONCERTED_DATABASE"
            )
    if set(leaves) != set(backup.migrations):
        raise ConfigError(f"the registry at {where()} has tables of another version: restore into one without tables")


def _refuse_broken_log() -> None:
    broken = queries.broken_at()
    if broken:
        raise ConfigError(
            f"restored, but the log's chain is broken in it: entry {broken.sequence} {broken.why}; use another backup"
        )


def _put_files(opened: ZipFile, backup: archive.Backup, data: Path) -> None:
    """Unpack beside, then rename: pointers last, so that nothing is shown that is not whole."""
    staged = data / ".restoring"
    shutil.rmtree(staged, ignore_errors=True)
    names = [part.name.removeprefix(archive.FILES) for part in backup.files]
    for part, name in zip(backup.files, names, strict=True):
        archive.unpack(opened, part, staged / name)
    for name in sorted(names, key=lambda each: ("/" not in each, each)):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (staged / name).replace(data / name)
    shutil.rmtree(staged, ignore_errors=True)
