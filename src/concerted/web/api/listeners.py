"""What follows elsewhere: a record's new version takes its place among the changes, and tokens end with what they
stand on."""

import re
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from concerted.web.accounts.models import User
from concerted.web.api.models import Change, Token
from concerted.web.audit.actions import entries_added
from concerted.web.audit.inserting import insert_values
from concerted.web.workspace.models import Record

#: Actions by which a record gets another version.
_CHANGES = ("added", "changed")
_AT_ONCE = 500
#: A record's id; that of an activity of the picture is another.
_RECORD = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@receiver(entries_added)
def _changed(entries: list[dict[str, Any]], **_: Any) -> None:
    """In the transaction of the saving, under the lock of the log: so positions are in the order of commits.

    An entry that brought no new version finds its record's version numbered already, and adds nothing.
    """
    brought = (e for e in entries if e["object_kind"] == "activity" and e["action"] in _CHANGES)
    numbered = {e["object_id"]: e["sequence"] for e in brought}
    if not numbered:
        return
    wanted = [UUID(text) for text in numbered if _RECORD.fullmatch(text)]
    found: list[dict[str, Any]] = []
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Record.objects.filter(pk__in=wanted[start : start + _AT_ONCE]).values_list("pk", "version")
        found += [{"sequence": numbered[str(pk)], "record_id": pk, "version": version} for pk, version in rows]
    found.sort(key=lambda each: each["sequence"])
    insert_values(Change, found, unless_there=True)  # others wait meanwhile


@receiver(post_delete, sender=Authenticator)
def _factor_gone(instance: Authenticator, **_: Any) -> None:
    """A token was made under a second factor: with the last one of them it ends."""
    others = Authenticator.objects.filter(user=instance.user_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if not others.exists():
        Token.objects.filter(owner=instance.user_id).delete()


@receiver(post_save, sender=User)
def _closed(instance: User, **_: Any) -> None:
    """A closed account keeps no token: one that is opened again makes new ones."""
    if not instance.is_active:
        Token.objects.filter(owner=instance).delete()
