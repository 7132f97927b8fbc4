"""Triggers that keep versions, steps, remaps and relations as they were made."""

from concerted.web.audit.triggers import append_only

GUARDS = tuple(
    append_only(f"strategy_{table}", f"strategy_{table}", "the life of a strategy is append-only", unique)
    for table, unique in (
        ("version", (("id",), ("framework_id", "name"))),
        ("step", (("sequence",),)),
        ("remap", (("id",),)),
        ("related", (("id",),)),
    )
)
