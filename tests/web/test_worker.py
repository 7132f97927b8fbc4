"""The workers beside the site: one for each queue, started again when one ends, gone when who started them is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from web.workspace import Workspace


def _workers(data: Path) -> dict[str, int]:
    """Process ids of running workers of a data folder, by queue."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"concerted.web.worker" in words and str(data).encode() in words:
            after = words[words.index(str(data).encode()) + 1]
            found[after.decode()] = int(path.parent.name)
    return found


def _until(holds: Callable[[], bool], what: str) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(what)


@pytest.mark.slow
def test_a_worker_that_is_killed_is_started_again_and_all_end_with_their_parent(
    workspace: Workspace, tmp_path: Path
) -> None:
    from django.conf import settings

    from concerted.web.config.beating import silent_for
    from concerted.web.config.queues import LONG, PICTURE

    database = str(settings.DATABASES["default"]["NAME"])
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "concerted.web.worker", str(tmp_path)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"CONCERTED_DATABASE": database},
    )
    try:
        _until(lambda: silent_for(tmp_path, LONG) is not None, "the worker of what is long leaves no sign")
        _until(lambda: silent_for(tmp_path, PICTURE) is not None, "the worker of pictures leaves no sign")
        before = _workers(tmp_path)
        os.kill(before[LONG], signal.SIGKILL)
        _until(lambda: _workers(tmp_path).get(LONG, before[LONG]) != before[LONG], "it is not started again")
        assert _workers(tmp_path)[PICTURE] == before[PICTURE]
    finally:
        assert supervisor.stdin
        supervisor.stdin.close()
        supervisor.wait(20)
    _until(lambda: not _workers(tmp_path), "a worker outlived who started it")


@pytest.mark.parametrize("is_long", [False, True])
def test_what_takes_long_is_taken_by_a_worker_of_its_own(workspace: Workspace, *, is_long: bool) -> None:
    from concerted.web.config.queues import LONG, PICTURE
    from concerted.web.inbox.tasks import apply_beside, read_beside, undo_beside
    from concerted.web.release.tasks import release_beside
    from concerted.web.workspace.tasks import make_picture

    tasks = (read_beside, apply_beside, undo_beside, release_beside) if is_long else (make_picture,)
    assert {each.queue_name for each in tasks} == {LONG if is_long else PICTURE}
