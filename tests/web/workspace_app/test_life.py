"""Steps of an activity's life, its history, and going back: each is a new version, and none opens what was closed."""

from typing import Any

from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept
from web.workspace_app.test_pages import _newest


def _step(client: Any, record: Any, to: str, **values: str) -> Any:
    fields = {f"{to}-{name}": value for name, value in values.items()}
    return client.post(
        f"/en/workspace/records/{record.pk}/step/", {"to": to, "began": str(record.version), **fields}, follow=True
    )


def test_a_request_becomes_a_plan_and_then_work_without_retyping(both: Workspace) -> None:
    user = editor(both)
    record, client = kept(user, state="requested"), both.client(user)
    page = client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "Plan it" in page
    assert "Still needed:" in page  # nobody does it yet
    refused = _step(client, record, "planned", day="2027-01-01")
    assert "Still needed: who does it." in refused.content.decode()
    from concerted.web.workspace.actions import save

    doer = {**record.document, "participating_org": [{"role_code": "4", "name": "Alpha"}]}
    save(actor(user), record, 1, doer)
    assert _step(client, _newest(), "planned", day="2027-01-01").status_code == 200
    assert _step(client, _newest(), "ongoing", day="2026-01-02").status_code == 200
    activity = _newest().document["activity"]
    assert (activity["state"], activity["start_actual_date"]) == ("ongoing", "2026-01-02")
    assert _newest().title == "Wells of the valley"
    assert "Still needed: evidence" in _step(client, _newest(), "completed", day="2026-03-01").content.decode()
    _step(client, _newest(), "completed", day="2026-03-01", evidence="https://example.org/report")
    assert _newest().state == "completed"


def test_history_tells_what_changed_and_the_record_who_said_it_last(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import save

    first = workspace.person(workspace.partner("Alpha"), "editor", name="First Editor")
    second = workspace.person(workspace.partner("Alpha"), "editor", name="Second Editor")
    record = kept(first, marking_key="GREEN")
    tag = {"kind": "tag", "vocabulary_code": "99", "vocabulary_uri": "un-gcts", "code": "1.1"}
    activity = {**record.document["activity"], "state": "ongoing"}
    save(actor(second), record, 1, {**record.document, "activity": activity, "tag": [tag]})
    client = workspace.client(first)
    page = client.get(f"/en/workspace/records/{record.pk}/history/").content.decode()
    assert page.index("version 2") < page.index("version 1")
    assert "Second Editor" in page
    assert "Lines of the strategy" in page
    record_page = client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "First Editor" in record_page
    other = workspace.client(editor(workspace, "Beta")).get(f"/en/workspace/records/{record.pk}/history/")
    assert "Alpha" in other.content.decode()
    assert "Editor" not in other.content.decode()  # who works for another organisation is not told


def test_another_reads_no_version_that_was_not_for_him(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import save
    from concerted.web.workspace.models import Condition

    user = editor(workspace)
    own = f"AMBER+STRICT:{user.partner_id}"
    record = kept(user, title="Zzsecret first", marking_key=own, condition=Condition.DRAFT)
    open_now = {**record.document, "narrative": [{"field": "title", "lang": "en", "text": "For everybody"}]}
    open_now["activity"] = {**record.document["activity"], "marking_key": "GREEN"}
    save(actor(user), record, 1, open_now, Condition.KEPT)
    page = workspace.client(editor(workspace, "Beta")).get(f"/en/workspace/records/{record.pk}/history/")
    assert "For everybody" in page.content.decode()
    assert "Zzsecret" not in page.content.decode()


def test_going_back_is_a_new_version_and_opens_nothing(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import save

    user = editor(workspace)
    record, client = kept(user, marking_key="CLEAR"), workspace.client(user)
    closed = {**record.document, "narrative": [{"field": "title", "lang": "en", "text": "Other title"}]}
    closed["activity"] = {**closed["activity"], "marking_key": f"AMBER+STRICT:{user.partner_id}"}
    save(actor(user), record, 1, closed)
    client.post(f"/en/workspace/records/{record.pk}/restore/", {"began": "2", "number": "1"})
    now = _newest()
    assert (now.version, now.title) == (3, "Wells of the valley")
    assert now.marking_key == f"AMBER+STRICT:{user.partner_id}"
    assert client.post(f"/en/workspace/records/{record.pk}/restore/", {"number": "99"}).status_code == 404


def test_another_partner_takes_no_step_and_brings_nothing_back(workspace: Workspace) -> None:
    record = kept(editor(workspace), marking_key="GREEN")
    client = workspace.client(editor(workspace, "Beta"))
    for path, values in (("step", {"to": "cancelled", "cancelled-reason": "x"}), ("restore", {"number": "1"})):
        assert client.post(f"/en/workspace/records/{record.pk}/{path}/", values).status_code == 404
    assert _newest().version == 1
