"""Triggers that keep versions of records as they were made, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = append_only(
    "workspace_recordversion",
    "workspace_version",
    "versions of records are append-only",
    (("id",), ("record_id", "number")),
    "workspace_refuse",
)
put, take_away = GUARDS.put, GUARDS.take_away
