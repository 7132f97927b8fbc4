"""Triggers that keep the log append-only in the database itself, whatever program writes to it."""

from concerted.web.audit.triggers import Triggers

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
_NAMES = ("audit_entry_stays", "audit_entry_is_kept", "audit_entry_in_turn")
GUARDS = Triggers("audit_entry", _SQLITE, _POSTGRESQL, _NAMES, _NAMES, ("audit_refuse", "audit_in_turn"))
put, take_away, missing = GUARDS.put, GUARDS.take_away, GUARDS.missing
