"""Triggers that keep rows of the registry as they were written, whatever program writes to the database.

A table has its statements for both databases, because neither speaks the other's language; what is done with them is
the same.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Triggers:
    """The triggers of one table.

    Attributes:
        sqlite, postgresql: statements that create them.
        on_sqlite, on_postgresql: their names.
        functions: functions of PostgreSQL that they call.
    """

    table: str
    sqlite: tuple[str, ...]
    postgresql: tuple[str, ...]
    on_sqlite: tuple[str, ...]
    on_postgresql: tuple[str, ...]
    functions: tuple[str, ...]

    def put(self, apps: Any, schema_editor: Any) -> None:
        """Create them; a step of a migration."""
        for statement in self.postgresql if _is_postgresql(schema_editor.connection) else self.sqlite:
            schema_editor.execute(statement)

    def take_away(self, apps: Any, schema_editor: Any) -> None:
        """Drop them; a step of a migration."""
        if not _is_postgresql(schema_editor.connection):
            for name in self.on_sqlite:
                schema_editor.execute(f"DROP TRIGGER {name}")
            return
        for name in self.on_postgresql:
            schema_editor.execute(f"DROP TRIGGER {name} ON {self.table}")
        for name in self.functions:
            schema_editor.execute(f"DROP FUNCTION {name}()")

    def missing(self, connection: Any) -> list[str]:
        """Names of those that are not there, or are switched off."""
        is_postgresql = _is_postgresql(connection)
        sql = (
            f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{self.table}'::regclass"
            " AND NOT tgisinternal AND tgenabled = 'O'"
            if is_postgresql
            else f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{self.table}'"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found = {row[0] for row in cursor.fetchall()}
        return [name for name in (self.on_postgresql if is_postgresql else self.on_sqlite) if name not in found]


def guarded() -> list[Triggers]:
    """The triggers of every app: what `GUARDS` of its module `guards` holds, one or several."""
    found: list[Triggers] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "guards"):
            guards = import_module(f"{app.name}.guards").GUARDS
            found += [guards] if isinstance(guards, Triggers) else guards
    return found


def append_only(table: str, prefix: str, says: str, unique: tuple[tuple[str, ...], ...], refuse: str = "") -> Triggers:
    """Triggers by which no row of a table is changed, removed or replaced.

    Args:
        prefix: of the triggers' names.
        says: what whoever tries is told; without quotes.
        unique: the sets of columns that are unique: SQLite's INSERT OR REPLACE deletes without asking the trigger that
            forbids it, and is caught by them.
        refuse: name of PostgreSQL's function.
    """
    stays, kept, new = f"{prefix}_stays", f"{prefix}_is_kept", f"{prefix}_is_new"
    refuse = refuse or f"{prefix}_refuse"
    taken = " OR ".join("(" + " AND ".join(f"{name} IS NEW.{name}" for name in names) + ")" for names in unique)
    abort = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    return Triggers(
        table,
        (
            f"CREATE TRIGGER {stays} BEFORE UPDATE ON {table} {abort}",
            f"CREATE TRIGGER {kept} BEFORE DELETE ON {table} {abort}",
            f"CREATE TRIGGER {new} BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) {abort}",
        ),
        (
            f"CREATE FUNCTION {refuse}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{says}'; END $$",
            f"CREATE TRIGGER {stays} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse}()",
            f"CREATE TRIGGER {kept} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {refuse}()",
        ),
        (stays, kept, new),
        (stays, kept),
        (refuse,),
    )


def unchangeable(table: str, prefix: str, says: str) -> Triggers:
    """Triggers by which no row of a table is changed; it may be deleted. Arguments as of `append_only`."""
    stays, refuse = f"{prefix}_stays", f"{prefix}_refuse"
    return Triggers(
        table,
        (f"CREATE TRIGGER {stays} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{says}'); END",),
        (
            f"CREATE FUNCTION {refuse}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{says}'; END $$",
            f"CREATE TRIGGER {stays} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse}()",
        ),
        (stays,),
        (stays,),
        (refuse,),
    )


def _is_postgresql(connection: Any) -> bool:
    return bool(connection.vendor == "postgresql")
