"""Triggers that keep versions of records as they were made, whatever program writes to the database."""

from concerted.web.audit.triggers import Triggers

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
_STAYS = ("workspace_version_stays", "workspace_version_is_kept")
GUARDS = Triggers(
    "workspace_recordversion",
    _SQLITE,
    _POSTGRESQL,
    (*_STAYS, "workspace_version_is_new"),
    _STAYS,
    ("workspace_refuse",),
)
put, take_away = GUARDS.put, GUARDS.take_away
