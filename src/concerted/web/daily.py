"""What follows from a day that passed, done by the worker once a day: what has waited for too long says so.

The task that ends asks for the next one; whoever starts a worker makes sure that one waits.
"""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from concerted.web.alerts.actions import send_digests
from concerted.web.matches.actions import return_silent
from concerted.web.release.actions import follow
from concerted.web.validation.actions import tell_late

DAY = timedelta(days=1)


@task()
def daily() -> int:
    """How many records have become unvalidated since yesterday.

    Raises:
        MailError: the mail server cannot be used; what was to be told waits for tomorrow, and `doctor` says so.
    """
    daily.using(run_after=timezone.now() + DAY).enqueue()  # first: a day that fails does not end all others
    follow()
    late = tell_late()
    return_silent(timezone.now())
    send_digests("job")  # last: it asks another machine, and may fail
    return late


def ensure_daily() -> None:
    """Let the first one run now, unless one waits."""
    waiting = DBTaskResult.objects.filter(task_path=daily.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        daily.enqueue()
