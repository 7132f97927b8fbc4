"""What an organisation may not see of the workspace changes no answer that its programs get, by a single byte."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from web.api.programs import Program, address_of, program
from web.api.test_areas import SHEET
from web.strategy_app import plans
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept

#: What an answer may say of the hour at which it was made.
_HOURS = ("Date", "Expires")


def _reads() -> list[str]:
    """Every operation that reads."""
    from concerted.web.api.interface import api
    from concerted.web.api.mounting import offered

    return [each.route for each in offered(api) if each.method == "GET"]


def _told(asks: Program, address: str) -> tuple[int, bytes, dict[str, str]]:
    answer = asks.get(address)
    return answer.status_code, answer.content, {k: v for k, v in answer.items() if k not in _HOURS}


def _hide(workspace: Workspace) -> dict[str, list[Any]]:
    """Everything that Alpha can have for itself; what parts of addresses name it."""
    author, signer = editor(workspace), editor(workspace, "Alpha", "signer", "administrator")
    own = "AMBER+STRICT:"
    from concerted.web.matches.running import make_run
    from concerted.web.validation.actions import sign_off
    from concerted.web.workspace.actions import remark

    records = [kept(author, title="Zzcanary of Alpha", marking_key=own), kept(author, condition="draft")]
    records.append(kept(author, title="Training of the national police", marking_key=own, state="ongoing"))
    sign_off(actor(signer), [(records[0].pk, 1)])
    remark(actor(signer), records[0], 1, "Zzcanary is not right", None)
    asks = program(workspace, signer)
    upload = asks.bring("inbox", SHEET).data["upload"]
    receipt = asks.ask("POST", f"inbox/uploads/{upload}/accept", {}).data["receipt"]
    for record in records:
        record.refresh_from_db()
    group = asks.ask("POST", "groups", {"name": "Zzcanary", "members": [str(workspace.partner("Alpha").pk)]}).data
    invitation = asks.ask("POST", "people/invitations", {"duty": "reader"}).data["invitation"]
    run = asks.ask("POST", "matches/runs", {}).data["run"]
    make_run(UUID(run))
    return {
        "run": [run],
        "record": [each.pk for each in records],
        "upload": [upload],
        "receipt": [receipt],
        "group": [group["group"]],
        "invitation": [invitation],
        "person": [author.pk, signer.pk],
    }


@pytest.mark.parametrize("who", ["Beta", "Secretariat"])
def test_what_alpha_has_for_itself_changes_no_answer_that_others_get(
    both: Workspace, cold: Any, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.api import limits

    monkeypatch.setattr(limits, "READS", 10**9)
    held = ("rights", "administrator") if who == "Beta" else ("secretariat", "administrator")
    user = both.person(both.partner(who), *held)
    mine, seen = kept(user), kept(editor(both), marking_key="GREEN")
    asks, keeper = program(both, user), plans.secretary(both)
    draft = plans.kept(keeper)
    shown = plans.kept(keeper, "2")
    plans.step(keeper, shown, "consultation")
    # Nobody of Alpha comes in later: how many people an organisation has is told to the secretariat.
    values = {"partner": both.partner(who).pk, "person": user.pk, "version": shown.pk, "other": draft.pk}
    addresses = []
    for route in _reads():
        for record in (mine.pk, seen.pk) if "record>" in route else (None,):
            address = route.replace("<uuidstr:record>", str(record)).replace("<uuid:record>", str(record))
            for name, value in values.items():
                address = address.replace(f"<uuidstr:{name}>", str(value)).replace(f"<uuid:{name}>", str(value))
            addresses.append(address_of(address))
    addresses += ["records?q=zzcanary", "validation?page=2", "signoff?page=2"]
    people = editor(both), editor(both, "Alpha", "signer", "administrator")
    # The log is compared apart, as asking writes to it; a workbook holds the minute of its making.
    addresses = [each for each in addresses if not each.startswith(("audit", "inbox/sheets", "asks/sheets"))]
    before = {address: _told(asks, address) for address in addresses}
    assert len([told for told in before.values() if told[0] == 200]) >= 40  # what is refused tells nothing anyhow
    log = asks.get("audit").content if who == "Beta" else b""
    monkeypatch.setattr(both, "person", lambda partner, *held, **_: people["administrator" in held])
    hidden = _hide(both)
    for address, told in before.items():
        assert _told(asks, address) == told, address
    if who == "Beta":  # of others it saw the open record alone, and that is in their log and not in its own
        assert asks.get("audit").content == log
    absent = asks.get(f"records/{uuid4()}").content
    for route in _reads():
        for name, ids in hidden.items():
            if f"{name}>" not in route:
                continue
            for each in ids:
                address = address_of(route.replace(f"<uuidstr:{name}>", str(each)))
                answer = asks.get(address)
                if answer.status_code == 403 and answer.data["code"] == "duty-missing":
                    continue  # whatever is named
                assert (answer.status_code, answer.content) == (404, absent), address
