"""Triggers that keep decisions as they were made, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = append_only("validation_decision", "validation_decision", "decisions on records are append-only", (("id",),))
put, take_away, missing = GUARDS.put, GUARDS.take_away, GUARDS.missing
