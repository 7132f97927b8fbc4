"""Triggers that keep versions of needs and offers as they were made, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = append_only(
    "asks_askversion",
    "asks_version",
    "versions of needs and offers are append-only",
    (("id",), ("record_id", "number")),
)
put, take_away = GUARDS.put, GUARDS.take_away
