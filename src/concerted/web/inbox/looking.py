"""What of the inbox went wrong of late, for `concerted doctor`: how often, never what or whose."""

from datetime import timedelta

from django.utils import timezone

from concerted.web.config.finding import Finding
from concerted.web.inbox.models import Receipt, State, Upload, Work
from concerted.web.inbox.reading import SILENCE

_TOLD_FOR = timedelta(days=7)


def what_failed() -> Finding:
    """Files that no reader could read though they were let in, receipts that were not taken over, work that stands."""
    since, now = timezone.now() - _TOLD_FOR, timezone.now()
    unread = Upload.objects.filter(made_at__gt=since, state=State.REFUSED, why="failed").count()
    untaken = Receipt.objects.filter(made_at__gt=since, work=Work.FAILED).count()
    not_undone = Receipt.objects.filter(undo=Work.FAILED, beat_at__gt=since).count()
    busy = (Work.WAITING, Work.WORKING)
    still = Upload.objects.filter(state__in=(State.WAITING, State.READING), beat_at__lt=now - SILENCE).count()
    still += Receipt.objects.filter(work__in=busy, beat_at__lt=now - SILENCE).count()
    still += Receipt.objects.filter(undo__in=busy, beat_at__lt=now - SILENCE).count()
    told = {
        "files could not be read": unread,
        "receipts could not be taken over": untaken,
        "could not be undone": not_undone,
        "stand still": still,
    }
    wrong = [f"{count} {what}" for what, count in told.items() if count]
    if wrong:
        do = "what the worker wrote to standard error says why; what stands still goes on when the worker is started"
        return Finding("inbox", "warning", ", ".join(wrong), do)
    return Finding("inbox", "ok", f"nothing failed in {_TOLD_FOR.days} days, nothing stands still")
