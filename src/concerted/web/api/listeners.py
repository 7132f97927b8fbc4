"""What follows elsewhere: a record's new version takes its place among the changes, and tokens end with what they
stand on."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from concerted.web.accounts.models import User
from concerted.web.api.models import Change, Token
from concerted.web.audit.models import Entry
from concerted.web.workspace.models import Record


@receiver(post_save, sender=Entry)
def _changed(instance: Entry, created: bool, **_: Any) -> None:
    """In the transaction of the saving, under the lock of the log: so positions are in the order of commits."""
    if not created or instance.object_kind != "activity" or instance.action not in ("added", "changed"):
        return
    try:
        record = UUID(instance.object_id)
    except ValueError:
        return  # an activity of the picture, which has no record
    number = Record.objects.filter(pk=record).values_list("version", flat=True).first()
    if number is not None:
        Change.objects.get_or_create(record_id=record, version=number, defaults={"sequence": instance.sequence})


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
