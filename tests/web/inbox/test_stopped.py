"""Whoever is killed in the middle has changed nothing, and what was accepted is taken over by the next one, once."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from web.inbox.brought import accept, brought
from web.workspace import Workspace
from web.workspace_app.kept import editor

#: Works as the worker does, and says when the transaction has begun: there it is killed.
_WORK = """
import sys
from pathlib import Path
from uuid import UUID
from concerted.web.config.standalone import set_up
set_up(Path(sys.argv[1]))
from django.utils import timezone
from concerted.intake.vocabulary import Vocabulary
from concerted.web.inbox import applying
from concerted.web.workspace.actions import bulk
real, count = bulk.write, 0
def slow(ready):
    global count
    real(ready)
    count += 1
    print("wrote", count, flush=True)
    sys.stdin.readline()
bulk.write = slow
told = [Vocabulary(()), timezone.now().date()] if sys.argv[3] == "apply_receipt" else []
getattr(applying, sys.argv[3])(UUID(sys.argv[2]), *told)
"""
ROWS = 1_200


def _sheet() -> str:
    titles = (f"A-{n},Undertaking number {n} {n * 7919 % 1009},planned" for n in range(ROWS))
    return "Code,Title,State\n" + "\n".join(titles) + "\n"


def _records() -> Any:
    from concerted.web.workspace.models import Record

    return Record.objects


def _kill_in_the_middle(data: Path, receipt: Any, what: str, after: int) -> None:
    """Let another process take the receipt over, and kill it when it has written for the `after`-th time."""
    from django.db import connection

    database = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORK, str(data), str(receipt.pk), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"CONCERTED_DATABASE": database},
    )
    assert worker.stdin
    assert worker.stdout
    for _ in range(after):
        assert worker.stdout.readline().startswith("wrote")
        if _ < after - 1:
            worker.stdin.write("\n")
            worker.stdin.flush()
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(20) == -signal.SIGKILL


@pytest.mark.parametrize("after", [1, 4])
def test_killed_while_it_writes_nothing_is_there_and_the_next_one_does_it_once(
    workspace: Workspace, after: int
) -> None:
    from datetime import timedelta

    from concerted.web.inbox import tasks
    from concerted.web.inbox.applying import apply_receipt
    from concerted.web.inbox.models import Applied, Receipt, Work
    from concerted.web.workspace.models import RecordVersion

    client = workspace.client(editor(workspace))
    upload = brought(client, _sheet())
    receipt = accept(client, upload)  # more than are done at once: it waits for the worker
    assert (receipt.work, receipt.total, _records().count()) == (Work.WAITING, ROWS, 0)
    _kill_in_the_middle(workspace.site.data, receipt, "apply_receipt", after)
    assert (_records().count(), RecordVersion.objects.count(), Applied.objects.count()) == (0, 0, 0)
    receipt.refresh_from_db()
    assert receipt.work == Work.WORKING
    assert "progress" in client.get(f"/en/workspace/inbox/receipts/{receipt.pk}/").content.decode()
    tasks.take_up_again(timedelta())
    receipt.refresh_from_db()
    assert receipt.work == Work.WAITING
    from django.utils import timezone

    from concerted.intake.vocabulary import Vocabulary

    for _ in range(2):  # asked twice, done once
        apply_receipt(receipt.pk, Vocabulary(()), timezone.now().date())
    assert (_records().count(), RecordVersion.objects.count(), Applied.objects.count()) == (ROWS, ROWS, ROWS)
    assert Receipt.objects.get().told == {"added": ROWS, "changed": 0, "moved": 0}
    client.post(f"/en/workspace/inbox/receipts/{receipt.pk}/undo/")
    _kill_in_the_middle(workspace.site.data, receipt, "undo_receipt", after)
    assert {r.condition for r in _records().only("condition")} == {"kept"}
    assert RecordVersion.objects.count() == ROWS


def test_a_large_file_is_read_beside_the_site_with_progress(workspace: Workspace) -> None:
    from concerted.web.inbox.models import State
    from concerted.web.inbox.tasks import read_beside

    client = workspace.client(editor(workspace))
    rows = "".join(f"A-{n},Undertaking number {n} {'of the valley ' * 20},planned\n" for n in range(1_800))
    upload = brought(client, "Code,Title,State\n" + rows)
    assert upload.state == State.WAITING
    page = client.get(f"/en/workspace/inbox/{upload.pk}/").content.decode()
    assert "every 1s" in page
    assert 'http-equiv="refresh"' in page
    read_beside.call(str(upload.pk))
    upload.refresh_from_db()
    assert (upload.state, upload.done) == (State.READY, 1_800)
    answer = client.get(f"/en/workspace/inbox/{upload.pk}/progress/")
    assert answer["HX-Refresh"] == "true"
    assert len(client.get(f"/en/workspace/inbox/{upload.pk}/").content) < 150_000


def test_what_is_read_by_two_is_read_once(workspace: Workspace) -> None:
    from concerted.web.inbox.reading import claim

    client = workspace.client(editor(workspace))
    upload = brought(client, "Code,Title,State\n" + "A-1,Radio,planned\n" * 40_000)
    found = [claim(upload.pk) for _ in range(3)]
    assert [each is not None for each in found] == [True, False, False]
