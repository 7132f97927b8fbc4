"""Triggers that keep what partners said of their parts as it was said, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = append_only(
    "packages_consent",
    "packages_consent",
    "consents to packages are append-only",
    (("id",), ("part_id", "partner_id", "number")),
)
put, take_away = GUARDS.put, GUARDS.take_away
