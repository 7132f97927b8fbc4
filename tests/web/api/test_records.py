"""Programs keep records by the same actions as pages: nobody is overwritten, nothing refused is stored."""

from copy import deepcopy
from typing import Any

from web.api.programs import program
from web.workspace import Workspace
from web.workspace_app.kept import actor, document, editor, kept
from web.workspace_app.typed import typed


def _with(base: dict[str, Any], column: str, value: Any) -> dict[str, Any]:
    return {**deepcopy(base), "activity": {**base["activity"], column: value}}


def test_a_record_is_made_read_changed_and_taken_through_its_life(both: Workspace) -> None:
    user = editor(both)
    asks = program(both, user)
    sent = {"activity": {"state": "requested"}, "narrative": [{"field": "title", "lang": "fr", "text": "Puits"}]}
    made = asks.ask("POST", "records", {"document": sent, "keep": True})
    assert made.status_code == 201, made.content
    record = made.data["record"]
    found = asks.get(f"records/{record}").data
    assert found["title"] == "Puits"
    assert found["document"]["activity"]["reporting_org_ref"] == "XM-ALPHA"
    assert found["document"]["activity"]["marking_key"].startswith("AMBER+STRICT")
    assert "planned" in found["steps"]
    changed = _with(found["document"], "end_planned_date", "2028-01-01")
    saved = asks.ask("PUT", f"records/{record}", {"document": changed, "began": 1})
    assert (saved.status_code, saved.data["version"], saved.data["is_changed"]) == (200, 2, True)
    needs = asks.ask("POST", f"records/{record}/steps", {"to": "planned", "began": 2})
    assert needs.status_code == 422
    assert {each["what"] for each in needs.data["errors"]} <= {"doer", "date"}
    named = {**found["document"], "participating_org": [{"role_code": "4", "name": "Alpha"}]}
    asks.ask("PUT", f"records/{record}", {"document": named, "began": 2})
    step = asks.ask("POST", f"records/{record}/steps", {"to": "planned", "began": 3, "day": "2027-01-01"})
    assert step.status_code == 200, step.content
    assert asks.get(f"records/{record}").data["state"] == "planned"
    history = asks.get(f"records/{record}/history").data
    assert [each["version"] for each in history] == [4, 3, 2, 1]
    assert {each["channel"] for each in history} == {"api"}
    back = asks.ask("POST", f"records/{record}/restore", {"number": 1, "began": 4})
    assert back.data["version"] == 5
    assert asks.get(f"records/{record}").data["state"] == "requested"
    assert asks.get("records").data["records"][0]["record"] == record


def test_a_record_that_is_sent_twice_is_one(workspace: Workspace) -> None:
    user = editor(workspace)
    asks, sent = program(workspace, user), document(user.partner)
    first = asks.ask("POST", "records", {"document": sent})
    again = asks.ask("POST", "records", {"document": sent})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data["record"] == again.data["record"]
    assert not again.data["is_changed"]
    assert asks.get("records").data["count"] == 1


def test_an_id_that_another_organisation_has_is_refused_and_tells_nothing_of_it(workspace: Workspace) -> None:
    theirs = kept(editor(workspace, "Beta"), marking_key="AMBER+STRICT:")
    user = editor(workspace)
    sent = {**document(user.partner), "record": str(theirs.pk)}
    answer = program(workspace, user).ask("POST", "records", {"document": sent})
    assert answer.status_code == 422
    assert answer.data["errors"][0]["where"] == "record"
    theirs.refresh_from_db()
    assert theirs.version == 1


def test_nobody_learns_by_an_id_whether_another_has_a_record_with_a_code(workspace: Workspace) -> None:
    """Ids of records that come by a sheet follow from their owner and their code: whoever knows both can make them."""
    from uuid import uuid5

    from concerted.codelists.sheet_words import fold
    from concerted.web.workspace.models import Record
    from web.inbox.brought import accept, brought

    theirs = editor(workspace, "Beta")
    client = workspace.client(theirs)
    accept(client, brought(client, "Code,Title,State\nBE-1,Hidden wells,planned\n"))
    user = editor(workspace)
    there, not_there = (uuid5(theirs.partner_id, f"code\x1f{fold(code)}") for code in ("BE-1", "BE-2"))
    assert Record.objects.get(owner=theirs.partner).pk == there
    asks = program(workspace, user)
    answers = [
        asks.ask("POST", "records", {"document": {**document(user.partner), "record": str(each)}})
        for each in (there, not_there)
    ]
    assert answers[0].status_code == answers[1].status_code == 422
    assert answers[0].data == answers[1].data
    own = workspace.client(user)
    page = "/en/workspace/records/new/"
    for each in (there, not_there):
        sent = typed(own.get(page), keep="1", title="Wells", record=str(each))
        assert own.post(page, sent).status_code == 302
    assert Record.objects.filter(owner=user.partner).count() == 2


def test_what_two_changed_in_one_field_is_a_clash_that_saves_nothing_until_it_is_answered(both: Workspace) -> None:
    from concerted.web.workspace.actions import save

    user = editor(both)
    record = kept(user)
    save(actor(editor(both)), record, 1, _with(record.document, "start_planned_date", "2027-01-01"))
    asks = program(both, user)
    mine = _with(record.document, "start_planned_date", "2027-02-02")
    clash = asks.ask("PUT", f"records/{record.pk}", {"document": mine, "began": 1})
    assert clash.status_code == 409
    assert clash["Content-Type"] == "application/problem+json"
    merge = clash.data["merge"]
    assert [(c["where"], c["mine"], c["theirs"]) for c in merge["conflicts"]] == [
        ("activity.start_planned_date", "2027-02-02", "2027-01-01")
    ]
    assert asks.get(f"records/{record.pk}").data["version"] == 2
    answer = {"document": merge["document"], "began": merge["began"], "theirs": merge["theirs"]}
    short = asks.ask("POST", f"records/{record.pk}/merge", {**answer, "takes": []})
    assert short.status_code == 422
    settled = asks.ask("POST", f"records/{record.pk}/merge", {**answer, "takes": ["mine"]})
    assert settled.status_code == 200, settled.content
    found = asks.get(f"records/{record.pk}").data
    assert found["document"]["activity"]["start_planned_date"] == "2027-02-02"


def test_a_text_that_must_not_be_stored_is_refused_with_the_words_for_the_author_alone(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Record

    user = editor(workspace)
    sent = document(user.partner, title="Ask Mme Fatoumata Traore, tel. +223 70 11 22 33")
    answer = program(workspace, user).ask("POST", "records", {"document": sent, "keep": True, "answered": True})
    assert answer.status_code == 422
    assert answer.data["code"] == "text-refused"
    assert {each["where"] for each in answer.data["errors"]} == {"narrative[0].text"}
    assert any("70 11 22 33" in each["words"] for each in answer.data["errors"])
    assert not Record.objects.exists()


def test_a_wrong_value_says_where_and_what_should_stand_there(workspace: Workspace) -> None:
    user = editor(workspace)
    sent = document(user.partner, state="dreamt")
    sent["transaction"] = [{"type_code": "3", "value": "many"}]
    answer = program(workspace, user).ask("POST", "records", {"document": sent})
    assert answer.data["code"] == "document-invalid"
    assert {"activity.state", "transaction[0].value"} <= {each["where"] for each in answer.data["errors"]}
    unknown = program(workspace, user).ask("POST", "records", {"document": sent, "kepe": True})
    assert unknown.data["errors"][0]["where"].endswith("kepe")


def test_the_record_of_another_is_read_where_its_marking_says_so_and_written_never(workspace: Workspace) -> None:
    from concerted.web.audit.models import Entry

    owner, reader = editor(workspace, "Alpha"), editor(workspace, "Beta")
    green, closed = kept(owner, marking_key="GREEN"), kept(owner, marking_key="AMBER+STRICT:")
    draft = kept(owner, marking_key="GREEN", condition="draft")
    asks = program(workspace, reader)
    assert asks.get(f"records/{green.pk}").status_code == 200
    (entry,) = Entry.objects.filter(action="saw")
    assert (entry.object_id, entry.owner, entry.channel) == (str(green.pk), owner.partner.pk, "api")
    told = asks.get(f"records/{green.pk}")
    assert "marking_key" not in told.content.decode()  # it might name groups that the reader does not know of
    assert "marking_key" not in asks.get("changes").content.decode()
    assert "marking_key" not in asks.get(f"records/{green.pk}/history").content.decode()
    assert "marking_key" in program(workspace, owner).get(f"records/{green.pk}").content.decode()
    absent = asks.get("records/0c9e2d4e-0000-4000-8000-000000000000").content
    for each in (closed, draft):
        for last in ("", "/history", "/picture", "/remarks"):
            answer = asks.get(f"records/{each.pk}{last}")
            assert (answer.status_code, answer.content) == (404, absent)
    body = {"document": green.document, "began": 1}
    assert asks.ask("PUT", f"records/{green.pk}", body).status_code == 404
    assert asks.ask("POST", f"records/{green.pk}/restore", {"number": 1, "began": 1}).status_code == 404


def test_a_proposal_of_another_is_accepted_or_answered_by_its_owner(workspace: Workspace) -> None:
    owner, other = editor(workspace, "Alpha"), editor(workspace, "Beta")
    record = kept(owner)
    theirs, mine = program(workspace, other), program(workspace, owner)
    proposed = _with(record.document, "end_planned_date", "2029-01-01")
    said = theirs.ask(
        "POST", f"records/{record.pk}/remarks", {"about": 1, "text": "It ends later", "document": proposed}
    )
    assert said.status_code == 201, said.content
    assert [c["column"] for c in said.data["changes"]] == ["end_planned_date"]
    number = said.data["remark"]
    assert theirs.ask("POST", f"records/{record.pk}/remarks/{number}/accept").status_code == 404
    taken = mine.ask("POST", f"records/{record.pk}/remarks/{number}/accept")
    assert taken.data["version"] == 2
    again = mine.ask("POST", f"records/{record.pk}/remarks/{number}/accept")
    assert again.status_code == 403
    second = theirs.ask("POST", f"records/{record.pk}/remarks", {"about": 2, "text": "And the place?"}).data["remark"]
    answered = mine.ask("POST", f"records/{record.pk}/remarks/{second}/answer", {"text": "Segou"})
    assert (answered.data["outcome"], answered.data["answer"]) == ("answered", "Segou")
    assert len(theirs.get(f"records/{record.pk}/remarks").data) == 2
    own = mine.ask("POST", f"records/{record.pk}/remarks", {"about": 2, "text": "x", "document": record.document})
    assert own.status_code == 403
