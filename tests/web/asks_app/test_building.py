"""From a saved need to an edition that holds it under the id that the site knows, by the task that the worker runs."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from concerted.rebuild import Asked, keep_request
from concerted.statements.asks import decode_ask
from concerted.steps import BuildRequest
from concerted.store.edition import find_edition
from web.asks_app.stated import kept, offer, with_value
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor


@pytest.fixture
def data(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    from django.conf import settings

    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    keep_request(tmp_path, Asked((), BuildRequest(as_of=date(2026, 11, 28))))
    return tmp_path


def _rows(data: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(find_edition(data) / f"core_{table}.parquet").to_pylist()
    return found


@pytest.mark.slow
def test_what_is_kept_is_in_the_edition_with_its_marking_and_a_draft_is_not(workspace: Workspace, data: Path) -> None:
    from concerted.web.asks.actions import save
    from concerted.web.workspace.models import Condition
    from concerted.web.workspace.tasks import make_picture

    user = editor(workspace)
    own = f"AMBER+STRICT:{user.partner_id}"
    need, given = kept(user, identifier="N-1"), kept(user, offer(user, marking_key=own))
    kept(user, title="A draft", condition=Condition.DRAFT)
    made = make_picture.func()
    assert [(r["record_id"], r["source_id"], r["identifier"], r["marking_key"]) for r in _rows(data, "need")] == [
        (need.statement, "asks", "N-1", "CLEAR")
    ]
    assert [(r["record_id"], r["identifier"], r["marking_key"]) for r in _rows(data, "offer")] == [
        (given.statement, str(given.pk), own)
    ]
    assert float(_rows(data, "need")[0]["high_usd"]) == 2000
    assert make_picture.func() == made, "nothing new: the same edition"
    save(actor(user), need, 1, with_value(need.document, "identifier", "N-2"))
    make_picture.func()
    found = _rows(data, "need")[0]
    assert (found["record_id"], found["identifier"]) == (need.statement, "N-2"), "another code, the same need"


def test_only_files_in_which_something_changed_are_written(workspace: Workspace, data: Path) -> None:
    from concerted.web.asks.actions import close
    from concerted.web.asks.files import write_files
    from concerted.web.workspace.models import SHARDS, Shard
    from concerted.web.workspace.shards import write_shards

    user = editor(workspace)
    assert not write_files(data)
    asks = [kept(user) for _ in range(20)]
    assert write_files(data)
    files = sorted(path.name for path in data.glob("asks/*.jsonl"))
    assert set(files) <= {f"{n}.jsonl" for n in range(8)}
    before = {path: path.stat().st_ino for path in data.glob("asks/*.jsonl")}
    close(actor(user), asks[0], 1, "withdrawn")
    assert write_files(data)
    assert sum(before[path] != path.stat().st_ino for path in before) == 1
    told = [decode_ask(line) for path in data.glob("asks/*.jsonl") for line in path.read_bytes().splitlines()]
    assert sorted(document["record"] for _which, document in told) == sorted(str(ask.pk) for ask in asks)
    assert [d["need"]["state"] for _w, d in told if d["record"] == str(asks[0].pk)] == ["withdrawn"]
    assert write_shards(data) == 0, "files of activities are none of them"
    assert set(Shard.objects.values_list("number", flat=True)) <= set(range(SHARDS, SHARDS + 8))
