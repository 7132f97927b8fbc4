"""An owner lets a record count though nobody else sees it: off unless chosen, and only where that is so."""

from typing import Any

from web.workspace import Workspace
from web.workspace_app.kept import editor
from web.workspace_app.typed import typed

NEW = "/en/workspace/records/new/"
SAID = "It counts in a total of what is not shown"


def _saved(client: Any, address: str, **changes: Any) -> Any:
    from concerted.web.workspace.models import Record

    answer = client.post(address, typed(client.get(address), keep="1", **changes))
    assert answer.status_code == 302
    return Record.objects.order_by("-updated_at").first()


def test_it_is_off_until_the_owner_turns_it_on_and_goes_when_others_see_the_record(both: Workspace) -> None:
    client = both.client(editor(both))
    record = _saved(client, NEW, title="Wells of the valley")
    assert "is_counted_hidden" not in record.document["activity"]
    edit = f"/en/workspace/records/{record.pk}/edit/"
    assert "at least three organisations have such activities" in client.get(edit).content.decode()
    record = _saved(client, edit, counted="on")
    assert record.document["activity"]["is_counted_hidden"] is True
    assert SAID in client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    record = _saved(client, edit, title="Wells of the valley and its hills")
    assert record.document["activity"]["is_counted_hidden"] is True
    record = _saved(client, edit, coarse="anyone")
    assert "is_counted_hidden" not in record.document["activity"]
    record = _saved(client, edit, coarse="", sharing="partners", counted="on")
    assert "is_counted_hidden" not in record.document["activity"]
    assert SAID not in client.get(f"/en/workspace/records/{record.pk}/").content.decode()
