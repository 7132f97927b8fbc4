"""Count what was refused at the door, by kind: what focal points need to see whether people are asked too much or write
what endangers others. Words and authors are not known here at all."""

from typing import Any

from django.db.models import F

from concerted.web.safeguards.models import Refused
from concerted.web.sharing.queries import today


def count_refused(sender: Any, found: Any, channel: str, **_: Any) -> None:
    """A listener of `workspace.signals.words_refused`; `found` is pairs of kind and severity."""
    for kind, severity in found:
        row, _made = Refused.objects.get_or_create(day=today(), kind=kind, severity=severity, channel=channel)
        Refused.objects.filter(pk=row.pk).update(count=F("count") + 1)
