"""Programs do what people do in every area of the workspace, by the same actions: refused alike, logged alike."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from web.api.programs import program
from web.desk_app.test_desk import text_of
from web.fixture_chain import NAMED
from web.strategy_app import plans
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept

SHEET = "Code,Title,State,Places\nA-1,Community radio of the north,planned,Gao\nA-2,Courts for the young,ongoing,Gao\n"
TODAY = date.today()  # noqa: DTZ011 (agreements end by days)


def _records() -> Any:
    from concerted.web.workspace.models import Record

    return Record.objects


def test_a_file_is_brought_shown_accepted_and_undone(both: Workspace) -> None:
    user = editor(both)
    asks = program(both, user)
    brought = asks.bring("inbox", SHEET, sharing="partners")
    assert brought.status_code == 201, brought.content
    upload = f"inbox/uploads/{brought.data['upload']}"
    shown = asks.get(f"{upload}?lang=en").data
    assert (shown["state"], shown["counts"]["new"], shown["safe"]) == ("ready", 2, 2)
    assert "signs in" in shown["audience"]["precise"]
    assert {each["column"] for each in shown["headers"]} >= {"code", "state"}
    assert not _records().exists()
    one = asks.ask("POST", f"{upload}/accept", {"rows": [shown["rows"][0]["row"]]})
    assert one.data["told"] == {"added": 1, "changed": 0, "moved": 0}
    rest = asks.ask("POST", f"{upload}/accept", {})
    assert (rest.status_code, rest.data["work"], rest.data["may_be_undone"]) == (201, "done", True)
    assert _records().filter(marking_key="GREEN").count() == 2
    again = asks.ask("POST", f"{upload}/accept", {})
    assert (again.status_code, again.data["code"]) == (409, "not-now")
    receipt = f"inbox/receipts/{rest.data['receipt']}"
    assert asks.get(receipt).data["count"] == 1
    assert asks.ask("POST", f"{receipt}/undo").data["undo_told"]["undone"] == 1
    assert asks.ask("POST", f"{receipt}/undo").status_code == 409
    assert _records().filter(condition="kept").count() == 1
    assert len(asks.get("inbox").data["receipts"]) == 2
    same = asks.bring("inbox", "Code,Title\nA-1,Community radio of the north\n").data
    counts = asks.get(f"inbox/uploads/{same['upload']}").data["counts"]
    assert counts["same"] + counts["changed"] + counts["new"] == 1
    assert asks.ask("POST", f"inbox/uploads/{same['upload']}/put-away").data["state"] == "closed"


def test_what_another_organisation_brought_is_not_there(workspace: Workspace) -> None:
    mine, theirs = program(workspace, editor(workspace)), program(workspace, editor(workspace, "Beta"))
    upload = mine.bring("inbox", SHEET).data["upload"]
    receipt = mine.ask("POST", f"inbox/uploads/{upload}/accept", {}).data["receipt"]
    absent = theirs.get(f"inbox/uploads/{uuid4()}").content
    for method, address in (
        ("GET", f"inbox/uploads/{upload}"),
        ("POST", f"inbox/uploads/{upload}/put-away"),
        ("POST", f"inbox/uploads/{upload}/accept"),
        ("GET", f"inbox/receipts/{receipt}"),
        ("POST", f"inbox/receipts/{receipt}/undo"),
    ):
        answer = theirs.ask(method, address, {})
        assert (answer.status_code, answer.content) == (404, absent), address


def test_words_for_which_a_row_is_refused_are_told_to_who_brought_it_alone(workspace: Workspace) -> None:
    user, colleague = editor(workspace), editor(workspace)
    asks = program(workspace, user)
    upload = asks.bring("inbox", "Code,Title,State\nA-1,Ask at +223 70 11 22 33,planned\n").data["upload"]
    row = asks.get(f"inbox/uploads/{upload}").data["rows"][0]
    assert (row["outcome"], row["refused_words"]) == ("refused", ["+223 70 11 22 33"])
    told = program(workspace, colleague).get(f"inbox/uploads/{upload}")
    assert told.data["rows"][0]["refused_words"] == []
    assert "70 11 22 33" not in told.content.decode()


def test_columns_are_named_by_a_program_and_remembered(workspace: Workspace) -> None:
    asks = program(workspace, editor(workspace))
    sheet = "Reference no,What it is called,Where it stands\nA-1,Wells,planned\n"
    brought = asks.bring("inbox", sheet).data
    upload = f"inbox/uploads/{brought['upload']}"
    assert brought["state"] == "columns"
    headers = [each["header"] for each in asks.get(upload).data["headers"]]
    wrong = asks.ask("POST", f"{upload}/columns", {"meant": {headers[0]: "no-such-column"}})
    assert (wrong.status_code, wrong.data["code"]) == (422, "request-invalid")
    lacks = asks.ask("POST", f"{upload}/columns", {"meant": {headers[1]: "title"}})
    assert lacks.data["errors"][0]["what"] == "code"
    meant = dict(zip(headers, ("code", "title", "state"), strict=True))
    assert asks.ask("POST", f"{upload}/columns", {"meant": meant}).data["state"] == "ready"
    assert asks.bring("inbox", sheet.replace("A-1", "A-2")).data["state"] == "ready"


def test_records_are_taken_away_as_a_workbook_and_the_log_says_so(workspace: Workspace) -> None:
    user = editor(workspace)
    kept(user, identifier="A-1")
    asks = program(workspace, user)
    answer = asks.get("inbox/sheets?sheets=activities&lang=ar")
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"]
    assert workspace.log()[-1] == "exported"
    assert asks.get("inbox/sheets?sheets=cakes").status_code == 422


def test_a_file_that_is_none_or_too_large_is_refused_and_nothing_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.inbox import actions
    from concerted.web.inbox.models import Upload

    asks = program(workspace, editor(workspace))
    assert asks.ask("POST", "inbox", {"file": "x"}).status_code == 422
    broken = asks.client.generic(
        "POST",
        "/api/v1/inbox",
        b"--x\r\nnothing",
        "multipart/form-data",
        headers={"Authorization": f"Bearer {asks.token}"},
    )
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")
    assert asks.bring("inbox", SHEET, sharing="nobody").status_code == 422

    class Few:
        max_bytes = 10

    monkeypatch.setattr(actions, "Bounds", Few)
    large = asks.bring("inbox", SHEET)
    assert (large.status_code, large.data["code"]) == (413, "request-too-large")
    assert not Upload.objects.exists()


def test_versions_are_signed_off_and_validated_and_a_newer_one_waits(both: Workspace) -> None:
    from concerted.web.workspace.actions import save

    author, signer = editor(both), editor(both, "Alpha", "signer")
    record, hidden = kept(author), kept(author, marking_key="AMBER+STRICT:")
    signs = program(both, signer)
    secretary = program(both, both.person(both.partner("Secretariat"), "secretariat", "editor"))
    waits = signs.get("signoff").data
    assert {each["record"] for each in waits["records"]} == {str(record.pk), str(hidden.pk)}
    assert {c["column"] for each in waits["records"] for c in each["changes"]} >= {"state", "marking_key"}
    items = [{"record": str(each.pk), "version": 1} for each in (record, hidden)]
    assert len(signs.ask("POST", "signoff", {"items": items}).data["done"]) == 2
    queue = secretary.get("validation").data
    assert [each["record"] for each in queue["records"]] == [str(record.pk)]  # what it may not read is not counted
    assert queue["count"] == 1
    for address in ("validation", "validation/back"):
        body = {"items": items[1:]} if address == "validation" else {**items[1], "reason": "Amounts are missing"}
        absent = {**body, "items": [{"record": str(uuid4()), "version": 1}]} if "items" in body else None
        answer = secretary.ask("POST", address, body)
        assert answer.status_code == 404
        if absent:
            assert secretary.ask("POST", address, absent).content == answer.content
    save(
        actor(author),
        record,
        1,
        {**record.document, "activity": {**record.document["activity"], "end_planned_date": "2029-01-01"}},
    )
    stale = secretary.ask("POST", "validation", {"items": items[:1]}).data
    assert (stale["done"], stale["stale"]) == ([], [str(record.pk)])
    signs.ask("POST", "signoff", {"items": [{"record": str(record.pk), "version": 2}]})
    back = {"record": str(record.pk), "version": 2, "reason": "Ask Mme Fatoumata Traore, tel. +223 70 11 22 33"}
    refused = secretary.ask("POST", "validation/back", back)
    assert (refused.status_code, refused.data["code"]) == (422, "text-refused")
    assert secretary.ask("POST", "validation/back", {**back, "reason": " "}).status_code == 422
    sent = secretary.ask("POST", "validation/back", {**back, "reason": "The amount of 2026 is missing"})
    assert sent.data["done"] == [str(record.pk)]
    (returned,) = signs.get("signoff").data["returned"]
    assert (returned["reason"], returned["by"]) == ("The amount of 2026 is missing", "Secretariat")
    assert {"signed_off", "sent_back"} <= set(both.log())


def test_groups_are_made_changed_left_and_closed_and_nobody_is_overwritten(both: Workspace) -> None:
    alpha, beta = both.partner("Alpha"), both.partner("Beta")
    mine = program(both, both.person(alpha, "signer"))
    theirs = program(both, both.person(beta, "administrator"))
    outside = program(both, both.person(both.partner("Secretariat"), "secretariat", "administrator"))
    said = {"name": "North", "members": [str(alpha.pk), str(beta.pk)]}
    made = mine.ask("POST", "groups", said)
    assert made.status_code == 201, made.content
    group, number = f"groups/{made.data['group']}", made.data["number"]
    assert {each["name"] for each in theirs.get(group).data["members"]} == {"Alpha", "Beta"}
    assert outside.get(group).status_code == 404
    assert outside.get("groups").data == []
    assert theirs.ask("PUT", group, {**said, "number": number}).status_code == 404  # it is not theirs
    past = mine.ask("PUT", group, {**said, "number": number, "last_day": str(TODAY - timedelta(days=9))})
    assert past.data["errors"][0]["where"] == "body.last_day"
    named = mine.ask("PUT", group, {**said, "name": "tel. +223 70 11 22 33", "number": number})
    assert (named.status_code, named.data["errors"][0]["where"]) == (422, "body.name")
    changed = mine.ask("PUT", group, {**said, "name": "North and centre", "number": number})
    assert (changed.data["name"], changed.data["number"]) == ("North and centre", number + 1)
    stale = mine.ask("PUT", group, {**said, "name": "South", "number": number})
    assert (stale.status_code, stale.data["code"]) == (409, "changed-meanwhile")
    assert theirs.ask("POST", f"{group}/leave", {"number": number}).status_code == 409
    assert theirs.ask("POST", f"{group}/leave", {"number": number + 1}).status_code == 204
    assert theirs.get(group).status_code == 404
    closed = mine.ask("POST", f"{group}/close", {"number": number + 2})
    assert closed.data["members"] == []
    assert mine.ask("POST", "groups", {"name": "x", "members": [str(uuid4())]}).status_code == 422


def test_due_diligence_is_kept_by_a_focal_points_program(workspace: Workspace) -> None:
    from web.safeguards.test_due_diligence import focal, support

    record = support(editor(workspace), marking_key="GREEN")
    hidden = support(editor(workspace), marking_key="AMBER+STRICT:")
    asks = program(workspace, focal(workspace))
    queue = asks.get("safeguards").data
    assert [(each["record"], each["standing"]) for each in queue["waiting"]] == [(str(record.pk), "lacking")]
    assert asks.get(f"safeguards/{hidden.pk}").status_code == 404
    said = {
        "version": 2,
        "outcome": "measures",
        "assessed_on": str(TODAY),
        "valid_until": str(TODAY + timedelta(days=90)),
    }
    assert asks.ask("POST", f"safeguards/{record.pk}", said).data["errors"][0]["where"] == "body.measures"
    late = {**said, "outcome": "cleared", "valid_until": str(TODAY - timedelta(days=1))}
    assert asks.ask("POST", f"safeguards/{record.pk}", late).status_code == 422
    assert asks.ask("POST", f"safeguards/{hidden.pk}", {**said, "measures": "Training"}).status_code == 404
    stale = asks.ask("POST", f"safeguards/{record.pk}", {**said, "measures": "Training", "version": 1})
    assert (stale.status_code, stale.data["code"]) == (409, "changed-meanwhile")
    kept_ = asks.ask("POST", f"safeguards/{record.pk}", {**said, "measures": "Training by the mission"})
    assert (kept_.status_code, kept_.data["standing"]) == (201, "cleared")
    assert asks.get("safeguards").data["count"] == 0
    assert "saw" not in workspace.log()
    asks.get(f"safeguards/{record.pk}")
    assert workspace.log()[-1] == "saw"


def test_a_strategy_is_read_kept_consulted_on_and_adopted_when_every_old_line_goes_somewhere(both: Workspace) -> None:
    asks = program(both, plans.secretary(both))
    reader = program(both, both.person(both.partner("Beta"), "reader"))
    bad = asks.bring("strategy/files", plans.as_file(plans.document(nodes=[])), "plan.yml")
    assert (bad.status_code, bad.data["errors"][0]["where"]) == (422, "file")
    first = asks.bring("strategy/files", plans.as_file(plans.document()), "plan.yml")
    assert (first.status_code, first.data["name"], len(first.data["lines"])) == (201, "1", 3)
    assert asks.get("strategy/files/held").data == first.data
    kept_ = asks.ask("POST", "strategy/versions", {"held": first.data["held"]}).data
    one = f"strategy/versions/{kept_['version']}"
    assert (kept_["status"], reader.get(one).status_code) == ("draft", 404)
    assert asks.ask("POST", "strategy/versions", {"held": first.data["held"]}).status_code == 409
    shown = asks.ask("POST", f"{one}/steps", {"to": "consultation", "began": kept_["began"]}).data
    assert reader.get(one).data["status"] == "consultation"
    stale = asks.ask("POST", f"{one}/steps", {"to": "superseded", "began": kept_["began"]})
    assert (stale.status_code, stale.data["code"]) == (409, "changed-meanwhile")
    adoption = {"to": "adopted", "began": shown["began"], "act": "Decree 1", "day": "2026-01-01"}
    unsaid = asks.ask("POST", f"{one}/steps", {"to": "adopted", "began": shown["began"]})
    assert {each["where"] for each in unsaid.data["errors"]} == {"body.act", "body.day"}
    future = asks.ask("POST", f"{one}/steps", {**adoption, "day": str(TODAY + timedelta(days=9))})
    assert (future.data["code"], future.data["errors"][0]["what"]) == ("step-refused", "future")
    assert asks.ask("POST", f"{one}/steps", adoption).data["is_in_force"]
    nodes = [*plans.NODES[:2], {"id": "D", "parent": "A", "name": {"fr": "Lycées", "en": "Secondary schools"}}]
    held = asks.bring("strategy/files", plans.as_file(plans.document("2", nodes)), "plan.yml").data
    assert held["changed"] == {"added": 1, "removed": 1}
    new = asks.ask("POST", "strategy/versions", {"held": held["held"]}).data
    two = f"strategy/versions/{new['version']}"
    began = asks.ask("POST", f"{two}/steps", {"to": "consultation", "began": new["began"]}).data["began"]
    lost = asks.ask("POST", f"{two}/steps", {**adoption, "began": began})
    assert lost.data["errors"][0]["what"] == "remap"
    lines = f"{two}/lines-of/{kept_['version']}"
    suggested = asks.get(lines).data
    assert (suggested["is_kept"], suggested["shares"]["A"], set(suggested["faults"])) == (False, {"A": "100"}, {"C"})
    shares = {**suggested["shares"], "C": {"D": "60"}}
    assert asks.ask("POST", lines, {"shares": shares}).data["faults"]["C"]
    assert asks.ask("POST", lines, {"shares": shares, "keep": True}).data["code"] == "step-refused"
    assert asks.ask("POST", lines, {"shares": {"C": {"D": "many"}}}).status_code == 422
    kept_lines = asks.ask("POST", lines, {"shares": {**shares, "C": {"D": "100"}}, "keep": True}).data
    assert (kept_lines["is_kept"], kept_lines["faults"]) == (True, {})
    assert asks.ask("POST", f"{two}/steps", {**adoption, "began": began}).data["is_in_force"]
    assert asks.get(one).data["status"] == "superseded"
    differs = reader.get(f"{two}/against/{kept_['version']}").data
    assert {(each["line"], *each["kinds"]) for each in differs} == {("C", "removed"), ("D", "added")}
    assert b"Secondary schools" in reader.get(f"{two}/file?form=yml").content


def test_relations_are_said_with_words_that_may_be_stored_and_taken_back(workspace: Workspace) -> None:
    asks = program(workspace, plans.secretary(workspace))
    frameworks = [each["id"] for each in asks.get("edition").data["frameworks"]][:2]
    first, second = (asks.get(f"frameworks/{each}").data["nodes"][0]["id"] for each in frameworks)
    said = {
        "from_framework": frameworks[1], "from_node": second, "to_framework": frameworks[0], "to_node": first,
        "relation": "narrower",
    }  # fmt: skip
    refused = asks.ask("POST", "strategy/relations", {**said, "note": "Ask +223 70 11 22 33"})
    assert (refused.status_code, refused.data["errors"][0]["what"]) == (422, "words")
    assert asks.ask("POST", "strategy/relations", {**said, "to_node": "none"}).status_code == 422
    made = asks.ask("POST", "strategy/relations", said)
    assert (made.status_code, made.data["said_by"]) == (201, "Secretariat")
    assert [each["relation"] for each in asks.get("strategy/relations").data] == ["narrower"]
    back = f"strategy/relations/{made.data['relation_id']}/take-back"
    assert asks.ask("POST", back).status_code == 204
    assert asks.get("strategy/relations").data == []
    assert asks.ask("POST", back).status_code == 404


def test_the_desk_asks_a_program_only_of_what_it_sees_keeps_its_answer_and_takes_it_back(
    workspace: Workspace, cold: Any
) -> None:
    asks = program(workspace, plans.secretary(workspace))
    found = asks.get("desk?about=money").data
    asked = found["asked"]
    assert found["count"] > 1
    assert {"y", "n"} <= set(asked["answers"])
    assert len(asked["sides"]) == 2
    said = {"about": "money", "left": text_of(NAMED[0]), "right": text_of(NAMED[1]), "answer": "y"}
    refused = asks.ask("POST", "desk/judgements", {**said, "reason": "Ask +223 70 11 22 33"})
    assert (refused.status_code, refused.data["code"]) == (422, "text-refused")
    hidden = {"about": "project", "left": text_of(7), "right": text_of(40), "answer": "s"}
    absent = {**hidden, "right": f"{12345:016x}"}
    answers = [asks.ask("POST", "desk/judgements", each) for each in (hidden, absent, {**said, "answer": "z"})]
    assert [each.status_code for each in answers] == [404] * 3
    assert len({each.content for each in answers}) == 1
    judged = asks.ask("POST", "desk/judgements", {**said, "reason": "The agreement says so"})
    assert judged.status_code == 201, judged.content
    assert asks.get("desk?about=money").data["count"] == found["count"] - 1
    undo = f"desk/judgements/{judged.data['number']}/undo"
    assert asks.ask("POST", undo).status_code == 204
    assert asks.ask("POST", undo).status_code == 404
    assert [each["is_held"] for each in asks.get("desk/judgements").data] == [False]
    assert asks.get("desk?about=money").data["count"] == found["count"]


def test_a_program_decides_which_source_counts_for_its_own_organisation_and_takes_it_back(
    workspace: Workspace, cold: Any
) -> None:
    from concerted.web.precedence.models import Choosing

    asks = program(workspace, editor(workspace, "Alpha", "signer"))
    assert asks.get("sources").data["choices"] == {}
    said = {"choices": {"commitment": "workspace", "texts": "published"}, "follows": 0}
    made = asks.ask("POST", "sources", said)
    assert (made.status_code, made.data["number"], made.data["choices"]) == (201, 1, said["choices"]), made.content
    late = asks.ask("POST", "sources", {**said, "choices": {"budget": "workspace"}})
    assert (late.status_code, late.data["code"]) == (409, "changed-meanwhile")
    for wrong in ({"budget": "both"}, {"cakes": "workspace"}):
        refused = asks.ask("POST", "sources", {"choices": wrong, "follows": 1})
        assert (refused.status_code, refused.data["code"]) == (422, "request-invalid"), refused.content
    other = program(workspace, editor(workspace, "Beta", "administrator"))
    assert other.get("sources").data["past"] == []
    back = asks.ask("POST", "sources", {"choices": {}, "follows": 1})
    assert (back.status_code, back.data["number"], back.data["choices"]) == (201, 2, {})
    assert [each["number"] for each in asks.get("sources").data["past"]] == [2, 1]
    assert list(Choosing.objects.values_list("number", flat=True)) == [1, 2]


def test_people_are_invited_given_duties_and_handed_over_within_what_the_administrator_holds(both: Workspace) -> None:
    beta = both.partner("Beta")
    admin, other = both.person(beta, "administrator", "rights"), both.person(beta, "editor")
    equal, theirs = both.person(beta, "administrator"), editor(both)
    asks = program(both, admin)
    people = asks.get("people").data["people"]
    assert {each["person"] for each in people} == {str(each.pk) for each in (admin, other, equal)}
    assert asks.get(f"people/{theirs.pk}").status_code == 404
    invited = asks.ask("POST", "people/invitations", {"duty": "signer", "roles": ["rights"]})
    assert invited.status_code == 201, invited.content
    assert both.client().get(invited.data["link"]).status_code == 200
    assert asks.ask("POST", "people/invitations", {"duty": "signer", "roles": ["secretariat"]}).status_code == 422
    revoke = f"people/invitations/{invited.data['invitation']}/revoke"
    assert asks.ask("POST", revoke).status_code == 204
    assert asks.get("people").data["invitations"] == []
    assert both.client().get(invited.data["link"]).status_code != 200
    held = asks.ask("PUT", f"people/{other.pk}/held", {"held": ["editor", "rights"]})
    assert set(held.data["held"]) == {"editor", "rights"}
    higher = asks.ask("PUT", f"people/{equal.pk}/held", {"held": ["reader"]})
    assert (higher.status_code, higher.data["code"]) == (403, "not-allowed")
    token = program(both, other)
    assert token.get("account").status_code == 200
    assert asks.ask("POST", f"people/{other.pk}/close").data["is_active"] is False
    assert token.get("account").status_code == 401
    assert asks.ask("POST", f"people/{other.pk}/open").data["is_active"]
    assert asks.ask("POST", f"people/{other.pk}/sign-out").status_code == 200
    assert asks.ask("POST", f"people/{other.pk}/hand-over", {"taker": str(theirs.pk)}).status_code == 422
    moved = asks.ask("POST", f"people/{other.pk}/hand-over", {"taker": str(admin.pk), "closes": False})
    assert moved.data["moved"] >= 1
    assert asks.get(f"people/{other.pk}").data["held"] == ["reader"]


def test_organisations_are_kept_by_the_secretariat_and_their_names_by_themselves(both: Workspace) -> None:
    secretary = program(both, plans.secretary(both, "administrator"))
    made = secretary.ask(
        "POST",
        "organisations",
        {"names": {"fr": "Gamma"}, "reference": "XM-GAMMA", "kind": "10", "country": "ML", "roles": ["implementer"]},
    )
    assert made.status_code == 201, made.content
    assert (made.data["kind"], made.data["country"]) == ("10", "ML")
    address = f"organisations/{made.data['organisation']}"
    twice = secretary.ask("POST", "organisations", {"names": {"fr": "Delta"}, "reference": "XM-GAMMA"})
    assert twice.status_code == 403
    link = secretary.ask("POST", f"{address}/invite")
    assert link.status_code == 201, link.content
    assert secretary.ask("POST", f"{address}/invite").status_code == 403  # once
    assert "Gamma" in {each["name"] for each in secretary.get("organisations").data}
    beta = both.partner("Beta")
    own, mine = program(both, both.person(beta, "administrator")), f"organisations/{beta.pk}"
    assert own.get(address).status_code == 404
    assert own.ask("PUT", mine, {"names": {"fr": "Bêta"}, "roles": ["donor"]}).status_code == 403
    assert own.ask("PUT", mine, {"names": {"fr": "Bêta"}, "country": "ML"}).status_code == 403
    assert own.ask("PUT", mine, {"names": {}}).status_code == 422
    changed = secretary.ask("PUT", mine, {"names": {"fr": "Bêta"}, "country": "NE"}).data
    assert (changed["country"], changed["roles"]) == ("NE", ["implementer", "rights"])
    assert secretary.ask("PUT", mine, {"names": {"fr": "Bêta"}, "country": "XX"}).status_code == 422
    assert own.ask("PUT", mine, {"names": {"fr": "Bêta"}}).data["names"] == {"fr": "Bêta"}
    assert own.get(mine).data["roles"] == ["implementer", "rights"]
    assert own.ask("POST", f"{mine}/units", {"fr": "Antenne de Gao"}).data["units"][0]["name"] == "Antenne de Gao"
    (name,) = own.ask("POST", f"{mine}/names", {"text": "B. International"}).data["other_names"]
    assert own.ask("DELETE", f"{mine}/names/{name['number']}").data["other_names"] == []
    assert own.ask("DELETE", f"{mine}/names/{name['number']}").status_code == 404


def test_the_log_tells_a_program_of_its_own_organisation_page_by_page(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.audit import queries

    monkeypatch.setattr(queries, "PAGE", 2)
    owner, other = editor(workspace), editor(workspace, "Beta")
    records = [kept(owner, marking_key="GREEN") for _ in range(3)]
    kept(other)
    program(workspace, other).get(f"records/{records[0].pk}")
    asks = program(workspace, editor(workspace, "Alpha", "signer"))
    seen, before = [], ""
    while True:
        page = asks.get(f"audit?before={before}").data
        seen += page["entries"]
        if not page["older"]:
            break
        before = page["older"]
    assert [(each["action"], each["organisation_name"]) for each in seen] == [
        ("saw", "Beta"), ("added", "Alpha"), ("added", "Alpha"), ("added", "Alpha"),
    ]  # fmt: skip
    assert seen[0]["person"] is None  # who works for another one is not told
    assert [each["action"] for each in asks.get("audit?only=sights").data["entries"]] == ["saw"]
    theirs = program(workspace, editor(workspace, "Beta", "signer"))
    assert theirs.get(f"audit?before={before}").status_code == 404


def test_who_would_see_a_record_is_told_before_it_is_saved(workspace: Workspace) -> None:
    asks = program(workspace, editor(workspace))
    before = workspace.log()
    assert "Everybody" in asks.ask("POST", "who-sees?lang=en", {"marking_key": "CLEAR"}).data["precise"]
    beta = workspace.partner("Beta")
    own = asks.ask(
        "POST", "who-sees?lang=en", {"marking_key": f"AMBER+STRICT:{beta.pk}", "coarse_marking_key": "GREEN"}
    ).data
    assert "Beta" in own["organisations"]
    assert "coarse view" in own["coarse"]
    assert "Nobody" in asks.ask("POST", "who-sees?lang=en", {"marking_key": "no marking"}).data["precise"]
    assert workspace.log() == before


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_a_text_that_no_database_can_hold_is_refused_wherever_it_stands(both: Workspace, text: str) -> None:
    import json

    user = both.person(both.partner("Alpha"), "administrator")
    asks, record = program(both, user), kept(editor(both, "Beta"), marking_key="GREEN")
    for address, body in (
        (f"records/{record.pk}/remarks", {"about": 1, "text": text}),
        ("groups", {"name": text}),
        ("groups", {"name": "x", text: 1}),
        ("people/invitations", {"duty": text}),
        ("records", {"document": {"narrative": [{"field": "title", "lang": "en", "text": text}]}}),
    ):
        answer = asks.ask("POST", address, json.dumps(body))
        assert answer.status_code == 422, (address, answer.content)
    assert asks.get("records?q=a%00b").status_code == 422
