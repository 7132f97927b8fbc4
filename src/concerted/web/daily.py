"""What follows from a day that passed, done by the worker once a day: what has waited for too long says so.

The task that ends asks for the next one; whoever starts a worker makes sure that one waits.
"""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from concerted.web.release.actions import follow
from concerted.web.validation.actions import tell_late

DAY = timedelta(days=1)


@task()
def daily() -> int:
    """How many records have become unvalidated since yesterday."""
    daily.using(run_after=timezone.now() + DAY).enqueue()  # first: a day that fails does not end all others
    follow()
    return tell_late()


def ensure_daily() -> None:
    """Let the first one run now, unless one waits."""
    waiting = DBTaskResult.objects.filter(task_path=daily.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        daily.enqueue()
