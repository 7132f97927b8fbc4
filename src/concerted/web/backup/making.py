"""Make a backup while the site runs: the registry as it stood at one moment, and the files that belong to it."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

from concerted import __version__
from concerted.store.released import RELEASED, RELEASES, released_ids
from concerted.web.audit import actions as log
from concerted.web.backup import archive, rows

#: Below the data folder, what is computed again or must lie elsewhere: the secret key would open what the backup holds;
#: files that were brought and not accepted yet are not screened, and are forgotten within a week.
_LEFT_OUT = frozenset({"cache", "backups", "editions", "inbox", "worker", "secret_key"})
#: Files that name the editions which a backup takes along.
POINTERS = ("current", RELEASED, RELEASES)
_ALIAS = "backup"


def make_backup(data: Path, target: Path, *, with_editions: bool = True, is_logged: bool = True) -> archive.Backup:
    """Write a backup of the registry and of a data folder to `target`.

    Sources that lie outside of the data folder are not in it, nor is the secret key.

    Args:
        data: the data folder.
        target: file to write; readable by this account alone, and replaced where it is there.
        with_editions: take along the editions that are shown, and those that were released.
        is_logged: note in the log that all data left the registry. An upgrade cannot: its tables are not up to date.

    Raises:
        OSError: the file cannot be written.
        django.db.DatabaseError: the registry cannot be read.
    """
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    with archive.writing(target) as writer:
        with _as_of_now() as alias:
            leaves = rows.applied_leaves(alias)
            for model in rows.kept_models(leaves):
                writer.add_lines(f"{archive.ROWS}{model._meta.label_lower}.jsonl", rows.lines(model, alias))
        for path in _files(data, target, with_editions=with_editions):
            writer.add_file(f"{archive.FILES}{path.relative_to(data).as_posix()}", path)
        shown = [data / "editions" / name for name in _named(data)] if with_editions else []
        backup = writer.finish(
            {
                "version": __version__,
                "made_at": made_at,
                "migrations": tuple(leaves),
                "edition": shown[0].name if shown else None,
                "left_out": tuple(_outside(data)),
            }
        )
    if is_logged:
        log.record(log.Who(), log.Act("backed_up", "registry"))
    return backup


@contextmanager
def _as_of_now() -> Iterator[str]:
    """Name of a connection that sees the registry as it is now, whatever is written meanwhile; nobody waits for it."""
    entry: dict[str, Any] = dict(settings.DATABASES["default"])
    with tempfile.TemporaryDirectory(prefix="concerted-backup-") as folder:
        if connection.vendor == "sqlite":
            copy = Path(folder) / "registry.sqlite3"
            copy.touch(mode=0o600)
            connection.ensure_connection()
            with closing(sqlite3.connect(copy)) as target:
                assert isinstance(connection.connection, sqlite3.Connection)  # noqa: S101 (as the vendor says)
                connection.connection.backup(target)
            entry |= {"NAME": str(copy)}
        else:
            from psycopg import IsolationLevel

            options = {**entry.get("OPTIONS", {}), "isolation_level": IsolationLevel.REPEATABLE_READ}
            entry |= {"OPTIONS": options}
        connections.settings[_ALIAS] = connections.configure_settings({"default": {}, _ALIAS: entry})[_ALIAS]
        try:
            with transaction.atomic(using=_ALIAS):
                yield _ALIAS
        finally:
            connections[_ALIAS].close()
            del connections[_ALIAS]
            del connections.settings[_ALIAS]


def bytes_of_backup(data: Path) -> int:
    """How large a backup may become, with all that it takes along, before it is packed."""
    entry = settings.DATABASES["default"]
    registry = Path(str(entry["NAME"])) if connection.vendor == "sqlite" else None
    rows = registry.stat().st_size if registry and registry.is_file() else 0
    return rows + sum(path.stat().st_size for path in _files(data, data / "backups", with_editions=True))


def _named(data: Path) -> list[str]:
    """Editions that are there and are shown, or were released and may be gone back to; the current one first."""
    current = data / "current"
    found = [*([current.read_text("utf-8").strip()] if current.is_file() else []), *released_ids(data)]
    return [name for name in dict.fromkeys(found) if name and (data / "editions" / name).is_dir()]


def _files(data: Path, target: Path, *, with_editions: bool) -> Iterator[Path]:
    """Files of the data folder that a backup holds, in the order of their names."""
    database = str(settings.DATABASES["default"]["NAME"])
    kept = [path for path in sorted(data.iterdir()) if path.name not in _LEFT_OUT and not path.name.startswith(".")]
    for top in kept:
        if not with_editions and top.name in POINTERS:
            continue  # it would name what is not there
        yield from (
            path
            for path in ([top] if top.is_file() else sorted(top.rglob("*")))
            if path.is_file() and not path.is_symlink() and path != target and not str(path).startswith(database)
        )
    for name in sorted(_named(data)) if with_editions else ():
        yield from (path for path in sorted((data / "editions" / name).rglob("*")) if path.is_file())


def _outside(data: Path) -> Iterator[str]:
    """What whoever restores must bring from elsewhere: sources and files that builds were asked for."""
    from concerted.rebuild import kept_request

    asked = kept_request(data)
    if asked is None:
        return
    named = [*asked.sources, *(str(path) for path in (asked.request.strategy, asked.request.decisions) if path)]
    inside = data.resolve()
    yield from (each for each in named if "://" in each or not Path(each).resolve().is_relative_to(inside))
