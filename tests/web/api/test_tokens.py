"""Tokens: made under a second factor, shown once, kept as a digest, never more than their owner, and ended with him."""

from datetime import timedelta
from typing import Any

import pytest

from web.api.programs import EVERY_SCOPE, address_of, program
from web.workspace import Workspace
from web.workspace_app.kept import editor, kept

FORM = {"name": "sheets", "scopes": ["records:read", "picture:read"], "days": "90"}


def _token_in(page: str) -> str:
    return page.split("concerted_", 1)[1].split("<", 1)[0]


def test_a_token_is_made_on_the_page_shown_once_and_kept_as_a_digest(workspace: Workspace) -> None:
    from concerted.web.api.models import Token

    client = workspace.client(editor(workspace))
    page = client.post("/en/account/tokens/", FORM)
    text = "concerted_" + _token_in(page.content.decode())
    assert len(text) > 50
    assert text not in client.get("/en/account/tokens/").content.decode()
    kept_token = Token.objects.get()
    assert text not in str(vars(kept_token))
    assert workspace.log()[-1] == "token_made"
    assert "no-store" in page["Cache-Control"]


def test_no_token_is_made_without_a_second_factor(workspace: Workspace) -> None:
    from concerted.web.api.models import Token

    for held in (("editor",), ("reader",)):
        client = workspace.client(editor(workspace, "Alpha", *held), factor=False)
        assert b'<form class="form"' not in client.get("/en/account/tokens/").content
        client.post("/en/account/tokens/", FORM)
    assert not Token.objects.exists()


def test_a_token_that_was_revoked_or_is_over_opens_nothing_and_is_not_taken_for_the_public(
    workspace: Workspace,
) -> None:
    from django.utils import timezone

    from concerted.web.api.models import Token

    user = editor(workspace)
    client, one, other = workspace.client(user), program(workspace, user), program(workspace, user)
    assert one.get("account").status_code == other.get("account").status_code == 200
    assert one.get("coverage").status_code == 200
    first, second = Token.objects.order_by("made_at")
    client.post(f"/en/account/tokens/{first.pk}/revoke/")
    Token.objects.filter(pk=second.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    for each in (one, other):
        for address in ("account", "coverage", "openapi.json"):
            answer = each.get(address)
            assert answer.status_code == 401, address
            assert answer.data["code"] == "token-unknown"
            assert "Bearer" in answer["WWW-Authenticate"]


def test_nobody_revokes_the_token_of_another(workspace: Workspace) -> None:
    from concerted.web.api.models import Token

    program(workspace, editor(workspace))
    other = workspace.client(editor(workspace))
    assert other.post(f"/en/account/tokens/{Token.objects.get().pk}/revoke/").status_code == 404
    assert Token.objects.exists()


@pytest.mark.parametrize("end", ["closed", "left", "factor"])
def test_a_token_ends_with_what_it_stands_on(workspace: Workspace, end: str) -> None:
    from allauth.mfa.models import Authenticator

    from concerted.web.accounts import actions
    from concerted.web.accounts.actions import KEEPER

    user = editor(workspace)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    asks = program(workspace, user)
    assert asks.get("account").status_code == 200
    if end == "closed":
        actions.deactivate(KEEPER, user)
    elif end == "left":
        user.partner.is_active = False
        user.partner.save()
    else:
        actions.remove_second_factor(KEEPER, user)
    assert asks.get("account").status_code == 401
    if end == "closed":  # an account that is opened again does not bring its tokens back
        actions.reactivate(KEEPER, user)
        assert asks.get("account").status_code == 401


def test_a_token_does_no_more_than_its_owner_may_now(workspace: Workspace) -> None:
    from concerted.web.accounts import actions
    from concerted.web.accounts.actions import KEEPER

    user = editor(workspace)
    asks = program(workspace, user)
    body = {"document": {"activity": {}}}
    assert asks.ask("POST", "records", body).status_code == 201
    actions.set_held(KEEPER, user, {"reader"})
    refused = asks.ask("POST", "records", body)
    assert refused.status_code == 403
    assert refused.data["code"] == "duty-missing"
    assert asks.get("records").data["count"] == 1


def test_a_session_gives_a_program_nothing_at_all(workspace: Workspace) -> None:
    """What a browser sends by itself must not act: no page of somebody else could be told from the person."""
    from concerted.web.workspace.models import Record

    user = editor(workspace)
    record = kept(user, marking_key="GREEN")
    client = workspace.client(user)  # signed in, second factor and all
    answer = client.post("/api/v1/records", {"document": {}}, content_type="application/json")
    assert answer.status_code == 401
    assert client.get(f"/api/v1/records/{record.pk}").status_code == 401
    public = program(workspace).get("activities?place=all").content
    assert client.get("/api/v1/activities?place=all").content == public
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic eDp5", "Bearer é", "concerted_x", "Bearer concerted_" + "x" * 43]
)
def test_a_header_that_holds_no_token_is_an_error(workspace: Workspace, header: str) -> None:
    answer = workspace.client().get("/api/v1/coverage", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_token_does_what_its_scope_says_and_nothing_of_another(workspace: Workspace) -> None:
    """Of each operation: a token of its scope alone gets past the scope, one of all other scopes does not."""
    from concerted.web.api.interface import api
    from concerted.web.api.mounting import offered
    from concerted.web.api.scopes import SCOPES

    assert set(SCOPES) == set(EVERY_SCOPE)
    asked = set()
    for scope in SCOPES:
        one = program(workspace, editor(workspace), scope)
        others = program(workspace, editor(workspace), *(each for each in SCOPES if each != scope))
        for each in offered(api):
            assert each.policy
            if each.policy.scope != scope:
                continue
            asked.add(scope)
            codes = []
            for program_ in (one, others):
                answer: Any = program_.ask(each.method, address_of(each.route), {})
                codes.append(answer.status_code == 403 and answer.data["code"] == "scope-missing")
            assert codes == [False, True], (scope, each.method, each.route)
    assert asked == set(SCOPES)


def test_who_asks_too_often_waits(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from concerted.web.api import limits

    monkeypatch.setattr(limits, "READS", 3)
    monkeypatch.setattr(limits, "WRITES", 2)
    monkeypatch.setattr(limits, "reads", limits.Counter())
    one, other = program(workspace, editor(workspace)), program(workspace, editor(workspace))
    codes = [one.get("account").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert int(one.get("account")["Retry-After"]) <= 60
    monkeypatch.setattr(limits, "READS", 100)
    codes = [other.ask("POST", "records", {"document": {}}).status_code for _ in range(3)]
    assert codes == [201, 201, 429]
