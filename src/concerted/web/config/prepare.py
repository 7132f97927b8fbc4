"""Make the registry ready before anybody asks for it: its tables, by migration, and the table of counters.

Runs in the parent, before the first worker. Enters: the configured database. Leaves: a sentence where it could not be
made ready; the pages of the edition are served then, and nobody can sign in.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

from concerted.web.backup.before import backup_before

#: Number of the lock on PostgreSQL under which one server at a time changes tables.
_LOCK = 4_017_236_512


def prepare_registry(*, with_backup: bool = True) -> str | None:
    """Bring the registry up to date; None when it is, else why it is not.

    Two servers that start at once take turns. What is up to date already is only looked at; before tables that hold
    something are changed, a backup of them is written below the data folder.
    """
    try:
        with _alone():
            if pending():
                if with_backup:
                    backup_before(settings.CONCERTED_DATA)
                call_command("migrate", verbosity=0, interactive=False)
            if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
                call_command("createcachetable", verbosity=0)
    except (DatabaseError, InterfaceError, OSError) as error:
        return " ".join(str(error).split())
    finally:
        connection.close()  # workers are forked after this: they open their own
    return None


def pending() -> list[str]:
    """Migrations that the registry lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def where() -> str:
    """Where the registry lies, in words and without a password."""
    entry = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return str(entry["NAME"])
    return f"PostgreSQL {entry['NAME']} at {entry['HOST'] or 'this machine'}"


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # goes with the connection, which is closed
            yield
        return
    path = Path(str(settings.DATABASES["default"]["NAME"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / ".registry.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path.touch(mode=0o600)  # SQLite would let every account of the machine read it
        yield
