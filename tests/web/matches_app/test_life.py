"""A match from the run to the delivery: who may take which step, what it becomes in the picture, and what is told."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.fixture_matched import FITS, GIVES, HIDDEN_NEED, ask_id
from web.matches_app.matched import NEED, OFFER, TODAY, sides
from web.workspace import Workspace
from web.workspace_app.kept import actor


def refused(code: str) -> Any:
    from concerted.web.matches.actions import RefusedStepError

    return pytest.raises(RefusedStepError, match=code)


def test_a_proposal_is_put_forward_accepted_promised_and_delivered(both: Workspace, cold: Any) -> None:
    from concerted.web.workspace.models import Record

    three = sides(both)
    match = three.put()
    assert (match.state, match.giver.reference, match.receiver.reference) == ("proposed", "XM-ALPHA", "XM-GAMMA")
    assert three.take(three.receiver, match, "accepted").state == "proposed"
    assert three.take(three.giver, match, "accepted").state == "accepted"
    promised = three.promise(match)
    assert (promised.state, promised.amount) == ("committed", Decimal(300_000))
    record = Record.objects.get(pk=promised.record.pk)
    document = record.document
    assert (record.owner_id, record.condition, record.state) == (both.partner("Alpha").pk, "kept", "planned")
    assert record.marking_key == "CLEAR"
    assert [row["code"] for row in document["tag"]] == ["1.1"]
    assert document["location"][0]["admin1_code"] == "ML07"
    assert [(row["role_code"], row["name"]) for row in document["participating_org"]] == [
        ("1", "Alpha"),
        ("4", "Gamma"),
    ]
    (money,) = document["transaction"]
    assert (money["type_code"], money["value"], money["currency"], money["value_date"]) == (
        "2",
        "300000",
        "USD",
        "2026-11-28",
    )
    said = {row["name"]: row["value"] for row in document["attribute"]}
    assert (said["match_need"], said["match_offer"], said["match"]) == (FITS, GIVES, str(match.pk))
    assert record.lacks == []
    delivered = three.take(three.receiver, match, "delivered", day=TODAY)
    assert delivered.state == "delivered"
    record.refresh_from_db()
    assert (record.state, record.document["activity"]["start_actual_date"]) == ("ongoing", "2026-11-28")
    kinds = [step.kind for step in match.steps.all()]
    assert kinds == ["put_forward", "accepted", "accepted", "committed", "delivered"]
    told = [action for action in both.log() if action in ("put_forward", "accepted", "committed", "delivered")]
    assert told == ["put_forward"] * 2 + ["accepted"] * 4 + ["committed"] * 2 + ["delivered"] * 2


def test_an_activity_whose_end_is_past_is_completed_by_its_delivery(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    match = three.accepted()
    record = three.promise(match, start=TODAY - timedelta(60), end=TODAY - timedelta(1)).record
    three.take(three.receiver, match, "delivered", day=TODAY)
    record.refresh_from_db()
    assert (record.state, record.document["activity"]["end_actual_date"]) == ("completed", str(TODAY))
    assert record.versions.get(number=3).channel == "job"


def test_an_activity_follows_only_where_its_owner_said_so(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    match = three.accepted()
    record = three.promise(match, is_followed=False).record
    assert three.take(three.receiver, match, "delivered", day=TODAY).state == "delivered"
    record.refresh_from_db()
    assert (record.state, record.version) == ("planned", 1)


def test_support_that_waits_for_due_diligence_is_delivered_and_not_said_to_be_under_way(
    workspace: Workspace, cold: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.workspace import clearing

    three = sides(workspace)
    match = three.accepted()
    record = three.promise(match).record
    monkeypatch.setattr(clearing, "_ask", lambda record, document: clearing.Clearance("yes", "waiting"))
    assert three.take(three.receiver, match, "delivered", day=TODAY).state == "delivered"
    record.refresh_from_db()
    assert record.state == "planned"


def test_only_who_acts_for_a_side_takes_its_steps(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    match = three.put()
    stranger = workspace.person(workspace.partner("Beta"), "signer")
    reader = workspace.person(workspace.partner("Alpha"), "editor")
    for user in (stranger, reader):
        with pytest.raises(NotAllowedError):
            three.take(user, match, "accepted")
    with pytest.raises(NotAllowedError):
        three.take(three.secretary, match, "accepted")  # both sides are there to speak for themselves
    with pytest.raises(NotAllowedError):
        three.take(three.giver, match, "withdrawn", reason="We changed our mind")  # it did not put it forward
    three.take(three.giver, match, "accepted")
    with refused("not_now"):
        three.take(three.giver, match, "accepted")
    three.take(three.receiver, match, "accepted")
    with pytest.raises(NotAllowedError):
        three.take(three.giver, match, "delivered", day=TODAY)
    with refused("not_now"):
        three.take(three.receiver, match, "delivered", day=TODAY)  # nothing was promised yet


def test_a_no_needs_a_reason_and_the_pair_is_not_proposed_again(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    match = three.put()
    with refused("reason"):
        three.take(three.receiver, match, "declined")
    with refused("words"):
        three.take(three.receiver, match, "declined", reason="Ask a.traore@example.org")
    assert three.take(three.receiver, match, "declined", reason="We are met already").state == "declined"
    after = three.run()
    pairs = {(p["need"], p["offer"]) for p in after.document["proposals"]}
    assert (NEED, OFFER) not in pairs
    (unmet,) = (u for u in after.document["unmet"] if u["need"] == NEED)
    assert unmet["reasons"]["declined"] == 1


def test_what_was_accepted_is_taken_from_the_next_run_and_written_for_the_command_line(
    workspace: Workspace, cold: Any, tmp_path: Path
) -> None:
    from dataclasses import replace

    from concerted.marking import KEEPER
    from concerted.matching.asks import MatchParams
    from concerted.matching.files import read_accepted
    from concerted.matching.reading import read_asked
    from concerted.matching.run import run
    from concerted.web.matches.files import FILE, write_file

    three = sides(workspace)
    assert not write_file(tmp_path)
    assert not (tmp_path / FILE).exists()
    match = three.accepted()
    three.promise(match, "250000")
    found = three.run().document["proposals"]
    (held,) = (p for p in found if (p["need"], p["offer"]) == (NEED, OFFER))
    assert (held["is_accepted"], held["amount"]) == (True, 250_000)
    assert not write_file(tmp_path)
    asked = read_asked(KEEPER, three.scope(three.giver).edition.folder, MatchParams())
    accepted = read_accepted(tmp_path / FILE, asked)
    assert accepted == {(NEED, OFFER): 250_000}
    (again,) = (p for p in run(replace(asked, accepted=accepted)).proposals if (p.need, p.offer) == (NEED, OFFER))
    assert (again.is_accepted, again.amount) == (True, 250_000)


def test_a_promise_taken_back_cancels_the_activity_with_its_reason(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    match = three.accepted()
    record = three.promise(match).record
    with pytest.raises(NotAllowedError):
        three.take(three.receiver, match, "withdrawn", reason="No")
    assert three.take(three.giver, match, "withdrawn", reason="The budget was cut").state == "withdrawn"
    record.refresh_from_db()
    assert record.state == "cancelled"
    assert {"name": "state_reason", "value": "The budget was cut"} in record.document["attribute"]
    assert three.put().pk != match.pk  # the pair is free again


def test_silence_returns_a_match_to_the_pool_and_says_so(both: Workspace, cold: Any) -> None:
    from concerted.web.matches.actions import return_silent
    from concerted.web.matches.models import Match

    three = sides(both)
    match = three.put()
    now = match.changed_at
    assert return_silent(now + timedelta(days=13, hours=23)) == 0
    assert return_silent(now + timedelta(days=14)) == 1
    assert return_silent(now + timedelta(days=30)) == 0
    kept = Match.objects.get(pk=match.pk)
    assert kept.state == "returned"
    last = kept.steps.last()
    assert last is not None
    assert (last.kind, last.made_by, last.channel) == ("returned", None, "job")
    again = three.put()
    three.take(three.giver, again, "accepted")
    three.take(three.receiver, again, "accepted")
    three.promise(again)
    assert return_silent(now + timedelta(days=400)) == 0  # what is promised takes its time


def test_each_side_is_told_only_of_what_it_may_see(workspace: Workspace, cold: Any) -> None:
    from concerted.web.matches import actions
    from concerted.web.matches.models import Match

    three = sides(workspace)
    scope = three.scope(three.secretary)
    looked = actions.look(actor(three.secretary), scope, NEED, OFFER, TODAY)
    assert looked
    assert looked.against == ()
    assert actions.look(actor(three.secretary), scope, ask_id(HIDDEN_NEED), OFFER, TODAY) is None
    match = three.put()
    key = "AMBER+STRICT:" + str(three.secretary.partner_id)
    Match.objects.filter(pk=match.pk).update(need_key=key)
    stranger = workspace.person(workspace.partner("Beta"), "secretariat", "signer")
    from concerted.web.matches.queries import find_match

    assert find_match(three.scope(three.giver).viewer, match.pk)
    assert find_match(three.scope(stranger).viewer, match.pk) is None


def test_what_a_side_may_not_see_is_not_put_forward_to_it(
    workspace: Workspace, cold: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.marking import Viewer
    from concerted.web.matches import actions

    three = sides(workspace)
    monkeypatch.setattr(actions, "anybody_of", lambda organisation: Viewer("x", "nobody"))
    monkeypatch.setattr(actions, "may_see", lambda viewer, key: False)
    with refused("giver_sees_not"):
        three.put()


def test_without_anybody_to_answer_the_secretariat_acts_for_a_side(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    three.receiver.is_active = False
    three.receiver.save()
    match = three.put()
    assert match.receiver is None
    assert three.take(three.secretary, match, "accepted").agreed == ["receiver"]


def test_who_puts_his_own_forward_has_accepted_and_others_are_left_alone(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    match = three.put(three.giver)
    assert match.agreed == ["giver"]
    assert match.version == 2
    assert three.take(three.receiver, match, "accepted").state == "accepted"
    stranger = workspace.person(workspace.partner("Beta"), "implementer", "signer")
    with refused("not_a_side"):
        three.put(stranger)
    with refused("open_already"):
        three.put()


@pytest.mark.parametrize("amount", ["0", "99999", "350001", "NaN"])
def test_an_amount_outside_of_what_both_allow_is_refused(workspace: Workspace, cold: Any, amount: str) -> None:
    from concerted.web.matches.actions import put_forward

    three = sides(workspace)
    run = three.run()
    with refused("amount"):
        put_forward(actor(three.secretary), three.scope(three.secretary), run, NEED, OFFER, Decimal(amount), TODAY)


def test_a_run_is_read_with_the_same_eyes_alone(workspace: Workspace, cold: Any) -> None:
    from concerted.web.matches.models import Run
    from concerted.web.matches.queries import find_run

    three = sides(workspace)
    run = three.run()
    colleague = workspace.person(workspace.partner("Secretariat"), "secretariat", "reader")
    assert find_run(three.scope(colleague).viewer, run.pk)
    assert find_run(three.scope(three.giver).viewer, run.pk) is None
    assert ask_id(HIDDEN_NEED) not in str(run.document)
    Run.objects.filter(pk=run.pk).update(keys=[*run.keys, f"RED:{three.secretary.pk}"])
    assert find_run(three.scope(colleague).viewer, run.pk) is None
    assert find_run(three.scope(three.secretary).viewer, run.pk)


@pytest.mark.parametrize("table", ["matchstep", "rules"])
def test_the_database_itself_keeps_steps_and_rules(both: Workspace, cold: Any, table: str) -> None:
    from django.db import DatabaseError, connection

    from concerted.web.matches.actions import keep_rules

    three = sides(both)
    three.put()
    keep_rules(actor(three.secretary), 0, {"validated": 2.0}, 10, 90)
    for statement in (f"UPDATE matches_{table} SET made_at = NULL", f"DELETE FROM matches_{table}"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_rules_are_the_secretariats_and_stored_with_each_run(workspace: Workspace, cold: Any) -> None:
    from concerted.web.matches.actions import MovedOnError, keep_rules

    three = sides(workspace)
    with pytest.raises(NotAllowedError):
        keep_rules(actor(three.giver), 0, {}, 14, 180)
    keep_rules(actor(three.secretary), 0, {"caution": 1.0, "urgency": [1, 1, 1, 1]}, 14, 180)
    with pytest.raises(MovedOnError):
        keep_rules(actor(three.secretary), 0, {}, 14, 180)
    run = three.run()
    assert run.rules == 1
    assert (run.document["parameters"]["caution"], run.document["parameters"]["urgency"]) == (1.0, [1, 1, 1, 1])
