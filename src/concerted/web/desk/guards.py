"""Triggers that keep judgements, and that they were taken back."""

from concerted.web.audit.triggers import append_only

GUARDS = (
    append_only("desk_judgement", "desk_judgement", "judgements are append-only", (("id",),)),
    append_only("desk_undoing", "desk_undoing", "judgements are append-only", (("judgement_id",),)),
)


def put(apps: object, schema_editor: object) -> None:
    """Create them; a step of a migration."""
    for each in GUARDS:
        each.put(apps, schema_editor)


def take_away(apps: object, schema_editor: object) -> None:
    """Drop them; a step of a migration."""
    for each in GUARDS:
        each.take_away(apps, schema_editor)
