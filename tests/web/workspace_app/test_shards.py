"""What is kept reaches the build as files, only those that changed, and many savings ask for one build."""

from pathlib import Path
from typing import Any

import pytest

from concerted.rebuild import Asked, keep_request
from concerted.statements.document import decode
from concerted.steps import BuildRequest
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept


@pytest.fixture
def data(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, that notes what to build."""
    from django.conf import settings

    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    keep_request(tmp_path, Asked(("sources",), BuildRequest()))
    return tmp_path


def _lines(data: Path) -> dict[str, Any]:
    lines = [line for path in data.glob("registry/*.jsonl") for line in path.read_bytes().splitlines()]
    return {document["record"]: document for document in map(decode, lines)}


def test_kept_records_are_written_and_drafts_are_not(workspace: Workspace, data: Path) -> None:
    from concerted.web.workspace.models import Condition
    from concerted.web.workspace.shards import write_shards

    user = editor(workspace)
    record = kept(user, marking_key=f"AMBER+STRICT:{user.partner_id}")
    kept(user, condition=Condition.DRAFT)
    assert write_shards(data) == 1
    found = _lines(data)
    assert set(found) == {str(record.pk)}
    activity = found[str(record.pk)]["activity"]
    assert activity["marking_key"] == f"AMBER+STRICT:{user.partner_id}"
    assert activity["last_updated"] == record.updated_at.replace(tzinfo=None)


def test_only_files_in_which_something_changed_are_written(workspace: Workspace, data: Path) -> None:
    from concerted.web.workspace.actions import save
    from concerted.web.workspace.shards import write_shards

    user = editor(workspace)
    records = [kept(user) for _ in range(30)]
    assert write_shards(data) == len(list(data.glob("registry/*.jsonl")))
    assert write_shards(data) == 0
    before = {path: path.stat().st_ino for path in data.glob("registry/*.jsonl")}
    changed = {**records[0].document, "activity": {**records[0].document["activity"], "state": "ongoing"}}
    save(actor(user), records[0], 1, changed)
    assert write_shards(data) == 1
    after = {path: path.stat().st_ino for path in data.glob("registry/*.jsonl")}
    assert sum(before[path] != after[path] for path in before) == 1
    assert _lines(data)[str(records[0].pk)]["activity"]["state"] == "ongoing"
    assert len(_lines(data)) == 30


def test_records_of_other_files_are_not_read(workspace: Workspace, data: Path) -> None:
    """With 100,000 records a saving would else read all of them for one small file."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from concerted.web.workspace.models import Record, shard_of
    from concerted.web.workspace.shards import touch, write_shards

    records = [kept(editor(workspace)) for _ in range(8)]
    write_shards(data)
    touch(records[0])
    with CaptureQueriesContext(connection) as caught:
        assert write_shards(data) == 1
    asked = next(q["sql"] for q in caught if "document" in q["sql"])
    assert f"IN ({shard_of(records[0].pk)})" in asked
    assert {each.shard for each in Record.objects.all()} == {shard_of(each.pk) for each in records}


def test_a_file_that_is_gone_is_written_again(workspace: Workspace, data: Path) -> None:
    from concerted.web.workspace.shards import write_shards

    kept(editor(workspace))
    write_shards(data)
    next(data.glob("registry/*.jsonl")).unlink()
    assert write_shards(data) == 1


def test_several_savings_ask_for_one_build(workspace: Workspace, data: Path) -> None:
    from django_tasks_db.models import DBTaskResult

    user = editor(workspace)
    for _ in range(5):
        kept(user)
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(status="RUNNING")  # it may have read the registry already
    kept(user)
    assert DBTaskResult.objects.count() == 2


def test_without_a_note_of_what_to_build_nothing_is_asked_for(workspace: Workspace, data: Path) -> None:
    from django_tasks_db.models import DBTaskResult

    (data / "request.json").unlink()
    user = editor(workspace)
    record = kept(user)
    assert DBTaskResult.objects.count() == 0
    page = workspace.client(user).get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "The picture is not made anew by this site" in page
