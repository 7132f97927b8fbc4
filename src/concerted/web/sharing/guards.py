"""Triggers that keep versions of groups and their members as they were made, whoever writes to the database."""

from concerted.web.audit.triggers import append_only

_SAYS = "versions of groups are append-only"
GUARDS = (
    append_only("sharing_version", "sharing_version", _SAYS, (("id",), ("group_id", "number"))),
    append_only("sharing_member", "sharing_member", _SAYS, (("id",), ("version_id", "organisation_id"))),
)
