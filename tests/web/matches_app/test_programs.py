"""A program takes a match through its life by the interface alone, and is told no more than its person."""

from typing import Any

from web.api.programs import program
from web.fixture_matched import ELSEWHERE, STOPPED, ask_id
from web.matches_app.matched import NEED, OFFER, TODAY, sides
from web.workspace import Workspace


def test_a_program_runs_puts_forward_answers_promises_and_confirms(workspace: Workspace, cold: Any) -> None:
    from uuid import UUID

    from concerted.web.matches.running import make_run
    from concerted.web.workspace.models import Record

    three = sides(workspace)
    secretary, giver, receiver = (program(workspace, u) for u in (three.secretary, three.giver, three.receiver))
    asked = secretary.ask("POST", "matches/runs", {})
    assert (asked.status_code, asked.data["progress"]) == (202, "waiting")
    assert secretary.ask("POST", "matches/runs", {}).data["code"] == "not-now"
    make_run(UUID(asked.data["run"]))
    found = secretary.get(f"matches/runs/{asked.data['run']}?lang=en").data
    assert 0 <= found["gap"] < 0.01
    (pair,) = (p for p in found["proposals"] if p["need"]["id"] == NEED and p["offer"]["id"] == OFFER)
    assert (pair["amount"], pair["unit"], pair["is_new"]) == ("350000.00", "USD", True)
    (stopped,) = (u for u in found["unmet"] if u["need"]["id"] == ask_id(STOPPED))
    assert stopped["reasons"] == ["1 offer is for other places"]
    assert stopped["changes"] == ["“Training in the north” also for Mopti"]
    assert ask_id(ELSEWHERE) not in {p["offer"]["id"] for p in found["proposals"]}
    assert found["value"]
    body = {"run": found["run"], "need": NEED, "offer": OFFER, "amount": "350000"}
    wrong = secretary.ask("POST", "matches", {**body, "amount": "1"})
    assert (wrong.status_code, wrong.data["errors"][0]["what"]) == (422, "amount")
    assert giver.ask("POST", "matches", body).status_code == 404  # the run is not its own
    made = secretary.ask("POST", "matches", body)
    assert (made.status_code, made.data["state"], made.data["waits_for"]) == (201, "proposed", ["giver", "receiver"])
    one = f"matches/{made.data['match']}"
    assert giver.ask("POST", f"{one}/step", {"step": "accepted", "follows": 1}).data["version"] == 2
    late = receiver.ask("POST", f"{one}/step", {"step": "declined", "follows": 1, "reason": "No"})
    assert (late.status_code, late.data["code"]) == (409, "changed-meanwhile")
    assert receiver.ask("POST", f"{one}/step", {"step": "accepted", "follows": 2}).data["state"] == "accepted"
    promise = {"follows": 3, "amount": "300000", "day": str(TODAY), "title": "Schools that stay open"}
    named = giver.ask("POST", f"{one}/promise", {**promise, "title": "Ask a.traore@example.org"})
    assert (named.status_code, named.data["code"]) == (422, "text-refused")
    assert receiver.ask("POST", f"{one}/promise", promise).status_code == 403
    kept = giver.ask("POST", f"{one}/promise", promise)
    assert (kept.status_code, kept.data["state"], kept.data["amount"]) == (200, "committed", "300000.00")
    assert Record.objects.get(pk=kept.data["record"]).state == "planned"
    done = receiver.ask("POST", f"{one}/step", {"step": "delivered", "follows": 4, "day": str(TODAY)})
    assert done.data["state"] == "delivered"
    assert [s["step"] for s in done.data["steps"]] == ["put_forward", "accepted", "accepted", "committed", "delivered"]
    assert all(c["is_met"] for c in done.data["conditions"])
    assert [m["state"] for m in receiver.get("matches").data] == ["delivered"]


def test_rules_are_read_and_kept_by_the_secretariats_programs(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    asks = program(workspace, three.secretary)
    assert asks.get("matches/rules").data["number"] == 0
    body = {"number": 0, "parameters": {"caution": 3}, "silent_days": 14, "declined_days": 180}
    wrong = asks.ask("POST", "matches/rules", body)
    assert (wrong.status_code, wrong.data["errors"][0]["where"]) == (422, "body.parameters")
    assert asks.ask("POST", "matches/rules", {**body, "parameters": {"caution": 1}}).data["number"] == 1
    assert asks.ask("POST", "matches/rules", {**body, "parameters": {}}).status_code == 409
    assert program(workspace, three.giver).get("matches/rules").status_code == 403


def test_a_token_that_does_not_read_the_picture_tells_of_no_restricted_need(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    run = three.run()
    whole = program(workspace, three.secretary).get(f"matches/runs/{run.pk}").data
    part = program(workspace, three.secretary, "matches:read").get(f"matches/runs/{run.pk}").data
    partners = {p["offer"]["code"] for p in whole["proposals"]} - {p["offer"]["code"] for p in part["proposals"]}
    assert partners == {"O-2"}  # the offer for partners
    assert part["hidden"] == whole["hidden"] + 1
