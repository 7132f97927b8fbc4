"""*This is not right*, and proposals: by whoever may read a record, answered by its owner, changing nothing alone."""

from typing import Any
from uuid import uuid4

from web.workspace import Workspace
from web.workspace_app.kept import actor, document, editor, kept
from web.workspace_app.test_pages import _newest
from web.workspace_app.typed import typed


def _say(client: Any, record: Any, label: str = "", **values: str) -> Any:
    """Say it of the field whose choice holds `label`."""
    import re

    address = f"/en/workspace/records/{record.pk}/not-right/"
    page = client.get(address)
    found = re.search(rf'<option value="(\d+)">[^<]*{label}', page.content.decode()) if label else None
    chosen = {"field": found[1]} if found else {}
    return client.post(address, typed(page, "remark-form", **chosen, **values), follow=True)


def _answer(client: Any, record: Any, **values: str) -> Any:
    from concerted.web.workspace.models import Remark

    number = Remark.objects.order_by("-pk").first().pk
    return client.post(f"/en/workspace/records/{record.pk}/remarks/{number}/", values, follow=True)


def test_a_reader_of_another_partner_corrects_and_the_owner_accepts(both: Workspace) -> None:
    owner, other = editor(both), editor(both, "Beta", "reader")
    record = kept(owner, marking_key="GREEN", start_planned_date="2027-01-01")
    said = _say(both.client(other), record, "From", text="It begins a month later", value="2027-02-01")
    assert "Sent." in said.content.decode()
    assert _newest().version == 1  # nothing changes by itself
    client = both.client(owner)
    assert "proposes a change" in client.get("/en/workspace/records/").content.decode()
    page = client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "It begins a month later" in page
    assert "1 February 2027" in page
    _answer(client, record, accept="1")
    assert _newest().document["activity"]["start_planned_date"] == "2027-02-01"
    assert (
        "proposed by another, and accepted"
        in client.get(f"/en/workspace/records/{record.pk}/history/").content.decode()
    )
    again = _answer(client, record, accept="1")
    assert "It is answered already." in again.content.decode()
    assert _newest().version == 2


def test_a_correction_in_words_is_answered_in_words(workspace: Workspace) -> None:
    owner, other = editor(workspace), editor(workspace, "Beta", "reader")
    record = kept(owner, marking_key="GREEN")
    _say(workspace.client(other), record, text="This work is ours")
    _answer(workspace.client(owner), record, answer="We agreed to report it here.")
    page = workspace.client(other).get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "We agreed to report it here." in page
    assert _newest().version == 1


def test_a_proposal_is_joined_with_what_was_saved_since_and_moves_no_marking(both: Workspace) -> None:
    from concerted.web.workspace.actions import save

    owner, other = editor(both), editor(both, "Beta")
    record = kept(owner, marking_key="GREEN")
    client, address = both.client(other), f"/en/workspace/records/{record.pk}/propose/"
    sent = typed(client.get(address), title="A better title", sharing="anyone", end="2028-01-01")
    assert client.post(address, sent).status_code == 302
    later = {**record.document, "activity": {**record.document["activity"], "start_planned_date": "2027-01-01"}}
    save(actor(owner), record, 1, later)
    _answer(both.client(owner), record, accept="1")
    now = _newest()
    assert now.title == "A better title"
    activity = now.document["activity"]
    assert (activity["start_planned_date"], activity["end_planned_date"]) == ("2027-01-01", "2028-01-01")
    assert now.marking_key == "GREEN"


def test_who_may_not_read_a_record_says_nothing_of_it_and_only_its_owner_answers(workspace: Workspace) -> None:
    owner, other = editor(workspace), workspace.client(editor(workspace, "Beta"))
    hidden = kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}")
    for path in ("not-right", "propose"):
        absent = other.get(f"/en/workspace/records/{uuid4()}/{path}/")
        answer = other.get(f"/en/workspace/records/{hidden.pk}/{path}/")
        assert (answer.status_code, answer.content) == (404, absent.content)
    shown = kept(owner, marking_key="GREEN")
    _say(other, shown, text="This is ours")
    assert _answer(other, shown, accept="1").status_code == 404
    assert workspace.client(owner).get(f"/en/workspace/records/{shown.pk}/propose/").status_code == 404


def test_what_was_said_of_a_version_that_one_may_not_read_is_not_told(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import save

    owner = editor(workspace)
    record = kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}", title="Zzsecret")
    _say(
        workspace.client(editor(workspace, "Alpha", "reader")), record, "Title", text="Zzhidden remark", value="Zzother"
    )
    save(actor(owner), record, 1, {**document(owner.partner, "Open"), "record": str(record.pk)})
    page = workspace.client(editor(workspace, "Beta")).get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "Open" in page
    assert "Zz" not in page
    assert "Zzhidden remark" in workspace.client(owner).get(f"/en/workspace/records/{record.pk}/").content.decode()


def test_refused_words_and_impossible_values_are_not_kept(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Remark

    record = kept(editor(workspace), marking_key="GREEN", start_planned_date="2027-01-01")
    client = workspace.client(editor(workspace, "Beta", "reader"))
    assert "awa.keita@example.org" in _say(client, record, text="Ask awa.keita@example.org").content.decode()
    assert "say it in words" in _say(client, record, "From", text="Later", value="next year").content.decode()
    assert Remark.objects.count() == 0


def test_a_remark_tells_no_place_finer_than_the_coarse_view(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Remark

    record = kept(editor(workspace), marking_key="GREEN", coarse_marking_key="CLEAR", coarse_place_level=1)
    client = workspace.client(editor(workspace, "Beta", "reader"))
    address = f"/en/workspace/records/{record.pk}/not-right/"
    answer = client.post(address, {"text": "It is in ML0501, not there", "began": "1"}).content.decode()
    assert "ML0501" in answer
    assert Remark.objects.count() == 0
