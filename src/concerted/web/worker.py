"""The workers beside the site: they take what waits to be done from the registry, each one thing after the other.

`concerted serve` starts them and stops them with itself: `python -m concerted.web.worker DATA`. Whoever serves the
application by other means runs it as a service of its own, with its standard input held open. It starts a process for
each queue and starts it again when it ends: a large upload that is read keeps no picture waiting, and a worker that
gave up (the registry was away, or locked for long) is not missed until somebody looks.
"""

import logging
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from concerted.web.config.queues import LONG, QUEUES

#: Seconds between two looks for something to do; until a worker that ended is started again, at least and at most.
INTERVAL, PAUSE, LONGEST_PAUSE = 0.25, 2.0, 60.0


def main(arguments: list[str]) -> int:
    """Work until the process that started this one ends."""
    from concerted.rebuild import follow_parent

    follow_parent()
    data = Path(arguments[0])
    if len(arguments) > 1:
        return _work(data, arguments[1])
    return _supervise(data)


def _supervise(data: Path) -> int:
    """Keep a worker of each queue running. They end with this process, whose end closes their input."""
    kept = [_Kept(data, queue) for queue in QUEUES]
    while True:
        time.sleep(PAUSE)
        for each in kept:
            each.look()


class _Kept:
    """A worker that is started again when it ends, the later the sooner it ended: a registry that is away stays so."""

    def __init__(self, data: Path, queue: str) -> None:
        self._command = [sys.executable, "-m", "concerted.web.worker", str(data), queue]
        self._queue, self._pause, self._start_at = queue, PAUSE, 0.0
        self._start()

    def _start(self) -> None:
        self._began = time.monotonic()
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 (our own)

    def look(self) -> None:
        """Start it again where it has ended and its pause is over."""
        now = time.monotonic()
        if self._process is not None and (code := self._process.poll()) is not None:
            self._process = None
            self._pause = PAUSE if now - self._began > LONGEST_PAUSE else min(2 * self._pause, LONGEST_PAUSE)
            self._start_at = now + self._pause
            sys.stderr.write(f"the worker of {self._queue} ended with {code}; it starts again in {self._pause:.0f} s\n")
        if self._process is None and now >= self._start_at:
            self._start()


def _work(data: Path, queue: str) -> int:
    from concerted.web.config.standalone import set_up

    set_up(data)
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    from concerted.web.config.beating import keep_beating

    keep_beating(data, queue)
    if queue == LONG:
        os.nice(5)  # the pages go before
        _take_up_what_is_long()
    else:
        _take_up_the_rest()
    # Not by its command: that one either tells of every task, or hides what failed and why.
    logging.getLogger("django_tasks").setLevel(logging.WARNING)
    Worker(
        queue_names=[queue],
        interval=INTERVAL,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    ).run()
    return 0


def _take_up_what_is_long() -> None:
    from concerted.web.inbox import tasks as inbox
    from concerted.web.matches import running as matches
    from concerted.web.release import tasks as release

    inbox.take_up_again(timedelta())  # this is the one worker of them: what another was at, it does no more
    release.take_up_again(timedelta())
    matches.take_up_again(timedelta())


def _take_up_the_rest() -> None:
    from django.core.management import call_command

    from concerted.web.daily import ensure_daily
    from concerted.web.matches.files import write_soon
    from concerted.web.release.actions import follow
    from concerted.web.workspace.models import Condition, Record
    from concerted.web.workspace.tasks import ask_for_picture, write_decided

    ensure_daily()
    write_soon()  # what was accepted, where a stop in between left the file behind
    follow()  # what was decided last, where a stop in between or a restore left the data folder behind
    if write_decided() or Record.objects.filter(condition=Condition.KEPT).exists():
        ask_for_picture()  # what was saved while no worker ran; where nothing was, the build finds that out
    call_command("prune_db_task_results", verbosity=0)  # each saving leaves one: those of two weeks are enough


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
