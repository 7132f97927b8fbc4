"""Whoever may read a need or offer says what is not right in it, and its owner answers; both in words."""

from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.api.programs import program
from web.asks_app.stated import kept, with_value
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor


def remarks_of(user: Any, ask: Any) -> list[str]:
    """What somebody reads of what was said."""
    from concerted.web.accounts.models import User
    from concerted.web.accounts.person import viewer_for
    from concerted.web.asks.remarks import said_of

    viewer = viewer_for(User.objects.get(pk=user.pk), is_sure=True)
    return [each.text for each in said_of(viewer, ask, "en")]


def test_a_reader_says_what_is_not_right_and_the_owner_answers_on_its_page(workspace: Workspace) -> None:
    owner = editor(workspace)
    other = workspace.person(workspace.partner("Beta"), "donor", "reader")
    ask = kept(owner, marking_key="GREEN")
    address = f"/en/workspace/needs/{ask.pk}/"
    client, own = workspace.client(other), workspace.client(owner)
    assert f"{address}not-right/" in client.get(address).content.decode()
    assert "This is not right" in client.get(f"{address}not-right/").content.decode()
    sent = client.post(f"{address}not-right/", {"began": 1, "text": "The school is closed"})
    assert sent.status_code == 302
    text = own.get(address).content.decode()
    assert "The school is closed" in text
    assert "Beta" in text
    assert (
        "1 remark of others on your needs and offers waits for an answer" in own.get("/en/workspace/").content.decode()
    )
    number = ask.remarks.get().pk
    answered = {"answer": "It opens in January"}
    assert client.post(f"{address}remarks/{number}/", answered).status_code in (403, 404), "its owner answers"
    assert own.post(f"{address}remarks/{number}/", answered).status_code == 302
    assert "It opens in January" in client.get(address).content.decode()
    assert "waits for an answer" not in own.get("/en/workspace/").content.decode()
    assert own.post(f"{address}remarks/{number}/", {"answer": "Twice"}).status_code == 302
    assert ask.remarks.get().answer == "It opens in January"
    assert workspace.log().count("added") >= 2
    assert own.post(f"{address}remarks/{number + 1}/", answered).status_code == 404


def test_who_may_not_read_it_says_nothing_and_reads_nothing_of_it(workspace: Workspace) -> None:
    owner, other = editor(workspace), editor(workspace, "Beta")
    ask = kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}")
    address = f"/en/workspace/needs/{ask.pk}/not-right/"
    assert workspace.client(other).get(address).status_code == 404
    assert workspace.client(other).post(address, {"began": 1, "text": "Hm"}).status_code == 404
    assert (
        program(workspace, other).ask("POST", f"asks/{ask.pk}/remarks", {"about": 1, "text": "Hm"}).status_code == 404
    )
    assert program(workspace, other).get(f"asks/{ask.pk}/remarks").status_code == 404
    assert not ask.remarks.exists()


def test_what_was_said_of_a_version_that_one_may_not_read_is_not_told(both: Workspace) -> None:
    from concerted.web.asks.actions import save
    from concerted.web.asks.models import Ask
    from concerted.web.asks.remarks import say

    owner, other = editor(both), editor(both, "Beta")
    ask = kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}")
    say(actor(owner), ask, 1, "Among ourselves")
    save(actor(owner), ask, 1, with_value(ask.document, "marking_key", "GREEN"))
    ask = Ask.objects.get(pk=ask.pk)
    say(actor(other), ask, 2, "For all")
    assert remarks_of(other, ask) == ["For all"]
    assert remarks_of(owner, ask) == ["For all", "Among ourselves"]
    client = both.client(other)
    assert client.post(f"/en/workspace/needs/{ask.pk}/not-right/", {"began": 1, "text": "Hm"}).status_code == 404


def test_names_and_numbers_of_persons_are_stored_in_no_remark_and_no_answer(workspace: Workspace) -> None:
    from concerted.web.asks.remarks import say
    from concerted.web.workspace.actions import RefusedError
    from concerted.web.workspace.actions.remarks import answer

    owner, other = editor(workspace), editor(workspace, "Beta")
    ask = kept(owner, marking_key="GREEN")
    personal = "Ask Mme Fatou Diallo, tel. +223 66 12 34 56"
    page = workspace.client(other).post(f"/en/workspace/needs/{ask.pk}/not-right/", {"began": 1, "text": personal})
    assert "nothing was saved" in page.content.decode()
    assert not ask.remarks.exists()
    given = say(actor(other), ask, 1, "The school is closed")
    with pytest.raises(RefusedError):
        answer(actor(owner), given, personal)
    with pytest.raises(NotAllowedError):
        answer(actor(other), given, "No")
    given.refresh_from_db()
    assert (given.outcome, given.answer) == ("open", "")


def test_a_program_says_reads_and_answers(workspace: Workspace) -> None:
    owner, other = editor(workspace), editor(workspace, "Beta")
    ask = kept(owner, marking_key="GREEN")
    says, own = program(workspace, other), program(workspace, owner)
    made = says.ask("POST", f"asks/{ask.pk}/remarks", {"about": 1, "text": "The school is closed"})
    assert (made.status_code, made.data["outcome"], made.data["organisation_name"]) == (201, "open", "Beta")
    assert says.ask("POST", f"asks/{ask.pk}/remarks", {"about": 2, "text": "Of nothing"}).status_code == 404
    assert [each["text"] for each in own.get(f"asks/{ask.pk}/remarks").data] == ["The school is closed"]
    one = f"asks/{ask.pk}/remarks/{made.data['remark']}/answer"
    assert says.ask("POST", one, {"text": "No"}).status_code == 404
    done = own.ask("POST", one, {"text": "It opens in January"})
    assert (done.status_code, done.data["outcome"], done.data["answer"]) == (200, "answered", "It opens in January")
    assert own.ask("POST", one, {"text": "Twice"}).status_code == 403
    assert own.ask("POST", f"asks/{ask.pk}/remarks/99999/answer", {"text": "No"}).status_code == 404
