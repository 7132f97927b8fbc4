"""Needs and offers by programs: as by pages, through the same actions."""

from web.api.programs import program
from web.asks_app.stated import kept, offer, with_value
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor

_NEED = {"title": "Mentors", "kind": "money", "high_value": "2000", "currency": "USD", "marking_key": "GREEN"}


def test_a_need_is_stated_changed_withdrawn_and_its_history_told(both: Workspace) -> None:
    from concerted.web.asks.models import Ask

    user = editor(both)
    ours = program(both, user)
    body = {"document": {"need": _NEED, "term": [{"kind": "place", "code": "Mopti"}]}, "keep": True}
    made = ours.ask("POST", "asks", body)
    assert made.status_code == 201, made.data
    ask = Ask.objects.get()
    assert (made.data["ask"], made.data["version"], ask.owner) == (str(ask.pk), 1, user.partner)
    assert ask.stated["origin"] == "assessment", "as the form begins"
    again = ours.ask("POST", "asks", {**body, "document": {**body["document"], "record": str(ask.pk)}})
    assert (again.status_code, again.data["is_changed"]) == (200, False), "the same sent twice makes one"
    told = ours.get(f"asks/{ask.pk}").data
    assert (told["standing"], told["states"], told["need"]) == ("open", ["met", "withdrawn"], made.data["need"])
    changed = {**told["document"], "need": {**told["document"]["need"], "high_value": "3000"}}
    put = ours.ask("PUT", f"asks/{ask.pk}", {"document": changed, "began": 1})
    assert put.data["version"] == 2
    late = {**changed, "need": {**changed["need"], "high_value": "4000"}}
    clash = ours.ask("PUT", f"asks/{ask.pk}", {"document": late, "began": 1})
    assert (clash.status_code, clash.data["code"]) == (409, "clash")
    merge = clash.data["merge"]
    sent = {"document": merge["document"], "began": merge["began"], "theirs": merge["theirs"], "takes": ["mine"]}
    assert ours.ask("POST", f"asks/{ask.pk}/merge", sent).data["version"] == 3
    assert ours.ask("POST", f"asks/{ask.pk}/state", {"to": "withdrawn", "began": 3}).data["state"] == "withdrawn"
    assert ours.ask("POST", f"asks/{ask.pk}/restore", {"number": 1, "began": 4}).data["version"] == 5
    history = ours.get(f"asks/{ask.pk}/history").data
    assert [each["version"] for each in history] == [5, 4, 3, 2, 1]
    assert history[3]["changes"][0]["row"] == "need"


def test_what_is_wrong_is_said_field_by_field(workspace: Workspace) -> None:
    ours = program(workspace, editor(workspace))
    for document, where in (
        ({"need": {**_NEED, "high_value": "many"}}, "need.high_value"),
        ({"need": {name: value for name, value in _NEED.items() if name != "kind"}}, "need.kind"),
        ({"need": {**_NEED, "origin": "community"}}, "need.origin"),
        ({"activity": {}}, "document"),
        ({"need": _NEED, "record": "1"}, "record"),
    ):
        answer = ours.ask("POST", "asks", {"document": document})
        assert answer.status_code == 422, document
        assert where in [each["where"] for each in answer.data["errors"]], answer.data
    named = {"need": {**_NEED, "title": "Shelter for Mme Fatou Diallo, tel. +223 66 12 34 56"}}
    assert ours.ask("POST", "asks", {"document": named}).data["code"] == "text-refused"


def test_lists_hold_what_a_program_may_see_and_filters_work(workspace: Workspace) -> None:
    owner, other = editor(workspace), editor(workspace, "Beta")
    kept(owner, title="To all")
    kept(owner, title="Alone", marking_key=f"AMBER+STRICT:{owner.partner_id}")
    kept(owner, offer(owner, expiry_date="2020-01-01"))
    ours, theirs = (program(workspace, user).get("asks?state=all").data for user in (owner, other))
    assert (ours["counts"], theirs["counts"]) == ({"needs": 2, "offers": 1}, {"needs": 1, "offers": 1})
    assert theirs["offers"][0]["standing"] == "past"
    assert "marking_key" not in theirs["needs"][0]["stated"]
    assert "marking_key" in ours["needs"][0]["stated"]
    assert program(workspace, other).get("asks?whose=ours").data["counts"] == {"needs": 0, "offers": 0}
    assert program(workspace, other).get("asks?place=none").status_code == 404
    picture = program(workspace).get("needs").data
    assert [each["title"] for each in picture["needs"]] == [
        "Mentors for magistrates of Mopti",
        "Wells near the schools of Gao",
    ]
    assert program(workspace).get(f"needs/{picture['needs'][0]['need']}").data["stated"]["identifier"] == "N1"


def test_the_keeper_of_the_strategy_and_the_focal_point_say_theirs(workspace: Workspace) -> None:
    from concerted.web.asks.actions import save

    owner = editor(workspace)
    ask = kept(owner, due_diligence="pending")
    secretariat = program(workspace, workspace.person(workspace.partner("Secretariat"), "secretariat", "editor"))
    focal = program(workspace, workspace.person(workspace.partner("Beta"), "rights", "reader"))
    assert program(workspace, owner).ask("POST", f"asks/{ask.pk}/validate", {"began": 1}).status_code == 403
    assert secretariat.ask("POST", f"asks/{ask.pk}/validate", {"began": 1}).data["state"] == "validated"
    assert focal.ask("POST", f"asks/{ask.pk}/assess", {"began": 2, "found": "done"}).data["version"] == 3
    ask.refresh_from_db()
    save(actor(owner), ask, 3, with_value(ask.document, "high_value", "9000"))
    late = secretariat.ask("POST", f"asks/{ask.pk}/validate", {"began": 3})
    assert (late.status_code, late.data["code"]) == (409, "changed-meanwhile")
