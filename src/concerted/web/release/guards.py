"""Triggers that keep releases as they were decided, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = append_only("release_release", "release_release", "releases are append-only", (("id",),))
put, take_away, missing = GUARDS.put, GUARDS.take_away, GUARDS.missing
