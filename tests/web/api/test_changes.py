"""The feed of changes: each record once at its newest change, nothing of what is hidden, and gone told once."""

from typing import Any

from web.api.programs import Program, program
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept


def _all(asks: Program, cursor: str = "") -> tuple[list[dict[str, Any]], str]:
    found: list[dict[str, Any]] = []
    while True:
        answer = asks.get(f"changes?cursor={cursor}").data
        found += answer["changes"]
        cursor = answer["cursor"]
        if not answer["has_more"]:
            return found, cursor


def _marked(user: Any, record: Any, marking: str, condition: str | None = None) -> Any:
    from concerted.web.workspace.actions import save
    from concerted.web.workspace.models import Record

    record = Record.objects.get(pk=record.pk)
    said = {**record.document, "activity": {**record.document["activity"], "marking_key": marking}}
    save(actor(user), record, record.version, said, condition)
    return Record.objects.get(pk=record.pk)


def test_the_owner_is_told_of_every_record_in_the_order_of_changes(both: Workspace) -> None:
    user = editor(both)
    first, second = kept(user), kept(user, condition="draft")
    asks = program(both, user)
    found, cursor = _all(asks)
    assert [(each["record"], each["version"]) for each in found] == [(str(first.pk), 1), (str(second.pk), 1)]
    assert found[1]["is_draft"]
    assert found[0]["document"]["activity"]["state"] == "planned"
    assert _all(asks, cursor) == ([], cursor)
    _marked(user, first, "GREEN")
    found, later = _all(asks, cursor)
    assert [(each["record"], each["version"]) for each in found] == [(str(first.pk), 2)]
    assert [each["record"] for each in _all(asks)[0]] == [str(second.pk), str(first.pk)]
    assert later != cursor


def test_what_is_hidden_is_told_as_gone_once_to_who_could_read_it_and_to_nobody_else(both: Workspace) -> None:
    owner = editor(both, "Alpha")
    record = kept(owner, marking_key="GREEN")
    had = program(both, editor(both, "Beta"))
    found, cursor = _all(had)
    assert [each["record"] for each in found] == [str(record.pk)]
    late = program(both, editor(both, "Secretariat"))
    record = _marked(owner, record, "AMBER+STRICT:")
    found, cursor = _all(had, cursor)
    assert [(each["record"], each["is_gone"], each["document"], each["version"]) for each in found] == [
        (str(record.pk), True, None, None)
    ]
    assert _all(late)[0] == []  # it was never told of it
    for _ in range(2):  # what happens to it while it is hidden is not told
        record = _marked(owner, record, "RED:")
        record = _marked(owner, record, "AMBER+STRICT:")
        assert _all(had, cursor) == ([], cursor)
    record = _marked(owner, record, "GREEN")
    found, _ = _all(had, cursor)
    assert [(each["record"], each["is_gone"], each["version"]) for each in found] == [(str(record.pk), False, 7)]


def test_what_others_do_with_hidden_records_costs_no_question_each(workspace: Workspace) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from concerted.web.api.feed import changes_since
    from concerted.web.workspace.actions import save

    owner, reader = editor(workspace, "Alpha"), editor(workspace, "Beta")
    strict = f"AMBER+STRICT:{owner.partner_id}"
    known = [kept(owner, title=f"Wells {n}", marking_key=strict) for n in range(3)]
    kept(owner, title="Roads", marking_key="GREEN")
    viewer = viewer_of(reader)
    cursor = changes_since(viewer, "").cursor
    counts = []
    for _ in range(2):
        for n, record in enumerate(known):  # they were hidden, move, and stay hidden
            document = {**record.document, "activity": {**record.document["activity"], "identifier": f"X-{n}-{_}"}}
            known[n] = save(actor(owner), record, record.version, document).record  # type: ignore[union-attr]
        with CaptureQueriesContext(connection) as asked:
            assert changes_since(viewer, cursor).events == []
        counts.append(len(asked))
        known += [kept(owner, title=f"Hidden {n} {_}", marking_key=strict) for n in range(3)]
    assert counts[0] == counts[1]


def viewer_of(user: Any) -> Any:
    from concerted.web.accounts.models import User
    from concerted.web.accounts.person import viewer_for

    return viewer_for(User.objects.get(pk=user.pk), is_sure=True)


def test_a_draft_is_told_to_its_owner_alone_until_it_is_kept(workspace: Workspace) -> None:
    owner = editor(workspace, "Alpha")
    record = kept(owner, marking_key="CLEAR", condition="draft")
    other = program(workspace, editor(workspace, "Beta"))
    found, cursor = _all(other)
    assert (found, cursor) == ([], "")
    _marked(owner, record, "CLEAR", "kept")
    found, _ = _all(other, cursor)
    assert [(each["record"], each["is_draft"]) for each in found] == [(str(record.pk), False)]


def test_the_feed_of_two_registries_that_differ_in_hidden_records_is_the_same(workspace: Workspace) -> None:
    import json

    from web.registry_database import use  # noqa: F401  (the fixture has put the registry in place)

    owner, reader = editor(workspace, "Alpha"), editor(workspace, "Beta")
    asks = program(workspace, reader)
    shown = kept(owner, marking_key="GREEN")
    before = asks.get("changes").content
    cursor = json.loads(before)["cursor"]
    for _ in range(3):
        hidden = kept(owner, marking_key="AMBER+STRICT:")
        _marked(owner, hidden, "RED:")
    kept(owner, marking_key="GREEN", condition="draft")
    assert asks.get("changes").content == before
    assert asks.get(f"changes?cursor={cursor}").data == {"changes": [], "cursor": cursor, "has_more": False}
    assert str(shown.pk) in before.decode()


def test_a_cursor_is_taken_from_who_got_it_only(workspace: Workspace) -> None:
    owner = editor(workspace, "Alpha")
    record = kept(owner, marking_key="GREEN")
    mine, theirs = program(workspace, owner), program(workspace, editor(workspace, "Beta"))
    _, cursor = _all(mine)
    for wrong in (f"{record.pk.hex}.1", f"{record.pk.hex}.1.{owner.partner.pk}:x", "x", "%00", cursor + "x"):
        assert mine.get(f"changes?cursor={wrong}").status_code == 422, wrong
    assert theirs.get(f"changes?cursor={cursor}").status_code == 422


def test_many_changes_come_in_pages_without_a_gap_or_a_repetition(workspace: Workspace, monkeypatch: Any) -> None:
    from concerted.web.api import feed

    monkeypatch.setattr(feed, "PAGE", 3)
    user = editor(workspace)
    records = [kept(user) for _ in range(8)]
    _marked(user, records[1], "GREEN")
    found, _ = _all(program(workspace, user))
    ids = [each["record"] for each in found]
    assert ids == [str(r.pk) for r in (records[0], *records[2:], records[1])]


def test_versions_from_before_the_feed_take_the_first_places(workspace: Workspace) -> None:
    import importlib

    from django.apps import apps

    from concerted.web.api.models import Change

    user = editor(workspace)
    first, second = kept(user), kept(user)
    _marked(user, first, "GREEN")
    before = list(Change.objects.values_list("record", "version"))
    Change.objects.all().delete()
    importlib.import_module("concerted.web.api.migrations.0001_initial").number_versions(apps, None)
    assert list(Change.objects.values_list("record", "version")) == before
    _marked(user, second, "GREEN")
    assert Change.objects.last().version == 2
