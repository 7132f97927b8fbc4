"""Triggers that keep decisions as they were made, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = append_only(
    "precedence_choosing",
    "precedence_choosing",
    "decisions of sources are append-only",
    (("id",), ("organisation_id", "number")),
)
put, take_away, missing = GUARDS.put, GUARDS.take_away, GUARDS.missing
