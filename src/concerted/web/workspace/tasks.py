"""What is done beside the site: the picture made anew when records were saved.

Several savings in a row make one build: as long as one waits for its turn, none is added, and it reads the registry
when its turn has come.
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from concerted.model.errors import ConcertedError
from concerted.rebuild import kept_request
from concerted.web.workspace.shards import write_shards

#: Writes below the data folder what people decided on the site, as inputs of the build; whether there is anything.
Writer = Callable[[Path], bool]
_WRITERS: list[Writer] = []
_FOLLOWERS: list[Callable[[], object]] = []


def before_picture(write: Writer) -> None:
    """Let `write` run before each picture is made; apps say so when they are ready (`AppConfig.ready`)."""
    if write not in _WRITERS:
        _WRITERS.append(write)


def after_picture(follow: Callable[[], object]) -> None:
    """Let `follow` run after each picture was made, in the worker: what lists need to know of new versions."""
    if follow not in _FOLLOWERS:
        _FOLLOWERS.append(follow)


def write_decided() -> bool:
    """Write what was decided on the site; whether there is anything."""
    is_there = [write(settings.CONCERTED_DATA) for write in _WRITERS]  # each of them, whatever the first one says
    return any(is_there)


@task()
def make_picture() -> str:
    """Write what has changed and build; the id of the edition.

    Raises:
        ConcertedError: the build failed; the edition before stays served.
    """
    write_shards(settings.CONCERTED_DATA)
    write_decided()
    # A process of its own: it gives back what a build holds, and it goes with this one, whose input it reads.
    command = [sys.executable, "-m", "concerted.rebuild", str(settings.CONCERTED_DATA)]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = (
            process.stdout.read() if process.stdout else ""
        )  # not `communicate`: that closes the input, which ends it
    if process.returncode:
        raise ConcertedError(said.strip() or f"the build ended with {process.returncode}")
    for follow in _FOLLOWERS:
        follow()
    return said.strip().rpartition("\n")[2]


def ask_for_picture() -> None:
    """Let the picture be made anew soon, unless that waits already or nobody noted how. Called after the commit."""
    if not is_rebuilt():
        return
    waiting = DBTaskResult.objects.filter(task_path=make_picture.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        make_picture.enqueue()


def is_rebuilt() -> bool:
    """Whether this data folder notes what to build."""
    return kept_request(settings.CONCERTED_DATA) is not None


def last_failed() -> bool:
    """Whether the newest build that ended failed."""
    ended = DBTaskResult.objects.filter(task_path=make_picture.module_path, finished_at__isnull=False)
    newest = ended.order_by("-finished_at").values_list("status", flat=True).first()
    return newest == TaskResultStatus.FAILED


def made_since(time: datetime) -> bool:
    """Whether a picture that was begun after `time` has been made."""
    done = DBTaskResult.objects.filter(task_path=make_picture.module_path, status=TaskResultStatus.SUCCESSFUL)
    return done.filter(started_at__gte=time).exists()
