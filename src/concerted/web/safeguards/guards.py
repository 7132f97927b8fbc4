"""Triggers that keep assessments as they were made, whoever writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = append_only("safeguards_assessment", "safeguards_assessment", "assessments are append-only", (("id",),))
put, take_away = GUARDS.put, GUARDS.take_away
