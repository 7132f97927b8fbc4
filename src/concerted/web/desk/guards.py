"""Triggers that keep judgements, and that they were taken back."""

from concerted.web.audit.triggers import append_only

GUARDS = (
    append_only("desk_judgement", "desk_judgement", "judgements are append-only", (("id",),)),
    append_only("desk_undoing", "desk_undoing", "judgements are append-only", (("judgement_id",),)),
)
