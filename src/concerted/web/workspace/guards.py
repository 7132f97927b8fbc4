"""Triggers that keep versions of records as they were made, whatever program writes to the database."""

from typing import Any

_SQLITE = (
    """
    CREATE TRIGGER workspace_version_stays BEFORE UPDATE ON workspace_recordversion
    BEGIN SELECT RAISE(ABORT, 'versions of records are append-only'); END
    """,
    """
    CREATE TRIGGER workspace_version_is_kept BEFORE DELETE ON workspace_recordversion
    BEGIN SELECT RAISE(ABORT, 'versions of records are append-only'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger above.
    """
    CREATE TRIGGER workspace_version_is_new BEFORE INSERT ON workspace_recordversion
    WHEN EXISTS (SELECT 1 FROM workspace_recordversion
                 WHERE id IS NEW.id OR (record_id IS NEW.record_id AND number IS NEW.number))
    BEGIN SELECT RAISE(ABORT, 'versions of records are append-only'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION workspace_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'versions of records are append-only'; END $$
    """,
    """
    CREATE TRIGGER workspace_version_stays BEFORE UPDATE OR DELETE ON workspace_recordversion
    FOR EACH ROW EXECUTE FUNCTION workspace_refuse()
    """,
    """
    CREATE TRIGGER workspace_version_is_kept BEFORE TRUNCATE ON workspace_recordversion
    FOR EACH STATEMENT EXECUTE FUNCTION workspace_refuse()
    """,
)
_OF_SQLITE = ("workspace_version_stays", "workspace_version_is_kept", "workspace_version_is_new")
_OF_POSTGRESQL = ("workspace_version_stays", "workspace_version_is_kept")


def put(apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def take_away(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers."""
    if schema_editor.connection.vendor == "postgresql":
        for name in _OF_POSTGRESQL:
            schema_editor.execute(f"DROP TRIGGER {name} ON workspace_recordversion")
        schema_editor.execute("DROP FUNCTION workspace_refuse()")
        return
    for name in _OF_SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")
