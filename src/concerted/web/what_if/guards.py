"""Triggers that keep a list of changes as it was shared; it may be deleted, never changed."""

from concerted.web.audit.triggers import unchangeable

GUARDS = unchangeable("what_if_scenario", "what_if_scenario", "a list of changes is never changed")
