"""Triggers that keep rules and steps as they were written, whatever program writes to the database."""

from concerted.web.audit.triggers import append_only

GUARDS = (
    append_only("matches_rules", "matches_rules", "rules of the matching are append-only", (("id",), ("number",))),
    append_only(
        "matches_matchstep", "matches_step", "steps of matches are append-only", (("id",), ("match_id", "number"))
    ),
)


def put(apps: object, schema_editor: object) -> None:
    """Create them; a step of a migration."""
    for each in GUARDS:
        each.put(apps, schema_editor)


def take_away(apps: object, schema_editor: object) -> None:
    """Drop them; a step of a migration."""
    for each in GUARDS:
        each.take_away(apps, schema_editor)
