"""What was accepted on the site, for runs from the command line: `DATA/matches/accepted.csv`.

Not an input of the build: what came of a match is an activity in the registry. Whoever holds the folder holds it all.
"""

from pathlib import Path

from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from concerted.matching.files import accepted_text
from concerted.model.ids import id_text
from concerted.store.edition import write_where_new
from concerted.web.matches.queries import taken

FILE = Path("matches") / "accepted.csv"


def write_file(data: Path) -> bool:
    """Write the file where something else stands there. Never a reason to build, so it says that there is nothing."""
    found, path = list(taken()), data / FILE
    if found or path.is_file():
        write_where_new(
            path,
            accepted_text(
                (id_text(m.need), id_text(m.offer), float(m.amount), m.need_code, m.offer_code) for m in found
            ),
        )
    return False


@task()
def write_beside() -> None:
    """Write it beside the site: one after the other, so that no older content comes last."""
    from django.conf import settings

    write_file(settings.CONCERTED_DATA)


def write_soon() -> None:
    """Let the file be written, unless that waits already. Called after the commit."""
    waiting = DBTaskResult.objects.filter(task_path=write_beside.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        write_beside.enqueue()
