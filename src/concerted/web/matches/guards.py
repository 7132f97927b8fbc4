"""Triggers that keep rules and steps as they were written, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = (
    append_only("matches_rules", "matches_rules", "rules of the matching are append-only", (("id",), ("number",))),
    append_only(
        "matches_matchstep", "matches_step", "steps of matches are append-only", (("id",), ("match_id", "number"))
    ),
)
