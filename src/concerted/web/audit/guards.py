"""Triggers that keep the log append-only in the database itself, whatever program writes to it."""

from typing import Any

_SQLITE = (
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger above: it is caught by its number.
    """
    CREATE TRIGGER audit_entry_in_turn BEFORE INSERT ON audit_entry
    WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entry)
      OR NEW.previous IS NOT
         coalesce((SELECT digest FROM audit_entry ORDER BY sequence DESC LIMIT 1), printf('%064d', 0))
    BEGIN SELECT RAISE(ABORT, 'the log is append-only: an entry out of its turn'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the log is append-only'; END $$
    """,
    """
    CREATE FUNCTION audit_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.sequence IS DISTINCT FROM (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entry)
        OR NEW.previous IS DISTINCT FROM
           coalesce((SELECT digest FROM audit_entry ORDER BY sequence DESC LIMIT 1), repeat('0', 64)) THEN
        RAISE EXCEPTION 'the log is append-only: an entry out of its turn';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()
    """,
    """
    CREATE TRIGGER audit_entry_is_kept BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
    """,
    """
    CREATE TRIGGER audit_entry_in_turn BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_in_turn()
    """,
)
_TRIGGERS = ("audit_entry_stays", "audit_entry_is_kept", "audit_entry_in_turn")


def put(apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def take_away(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in _TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}{' ON audit_entry' if is_postgresql else ''}")
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION audit_refuse()")
        schema_editor.execute("DROP FUNCTION audit_in_turn()")


def missing(connection: Any) -> list[str]:
    """Triggers that are not there."""
    sql = (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND NOT tgisinternal AND tgenabled = 'O'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = {row[0] for row in cursor.fetchall()}
    return [name for name in _TRIGGERS if name not in found]
