"""Lists of changes that are kept: who may read one, what each sees of it, and who may delete it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from concerted.model.ids import id_text
from web.api.programs import Program, program
from web.fixture_records import records
from web.pages import HIDDEN_RECORD, PUBLIC_RECORD
from web.workspace import Workspace

MOVE = "move~~ML05~~~ML07~~5000.00"
#: Every partner sees it, and the public does not.
GREEN_RECORD = id_text(records()[43].id)
SAVE, LIST = "/en/workspace/what-if/save/", "/en/workspace/what-if/"


def save(client: Any, *changes: str, title: str = "Fewer in Mopti", audience: str = "own") -> Any:
    return client.post(SAVE, {"title": title, "audience": audience, "change": changes or (MOVE,)})


def kept_by(client: Any, *changes: str, **said: str) -> str:
    """The address of a list that was just kept."""
    answer = save(client, *changes, **said)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def is_there(client: Any, address: str) -> bool:
    """Whether one opens it; what is not for him looks as what is not there."""
    answer = client.get(address)
    if answer.status_code == 404:
        assert answer.content == client.get(f"/en/workspace/what-if/{uuid4()}/").content
    return bool(answer.status_code == 200)


def group_of(workspace: Workspace, *members: str) -> str:
    from concerted.web.accounts.actions import actor_of
    from concerted.web.sharing.actions import make

    keeper = workspace.person(workspace.partner(members[0]), "signer")
    return str(make(actor_of(keeper), "Justice", [workspace.partner(name).pk for name in members]).group_id)


def test_a_list_is_kept_opened_listed_and_deleted(both: Workspace) -> None:
    client = both.client(both.person(both.partner("Alpha"), "reader"))
    form = client.get(f"{SAVE}?change={MOVE}").content.decode()
    assert "5,000" in form
    address = kept_by(client)
    text = client.get(address).content.decode()
    for said in ("Fewer in Mopti", "5,000", "Alpha", "AMBER+STRICT", "cells of this matrix would change"):
        assert said in text, said
    assert "Fewer in Mopti" in client.get(LIST).content.decode()
    assert client.post(f"{address}delete/").status_code == 302
    assert not is_there(client, address)
    assert "Fewer in Mopti" not in client.get(LIST).content.decode()
    assert both.log()[-2:] == ["added", "removed"]


def test_only_those_whom_its_marking_lets_open_it(both: Workspace) -> None:
    people = {name: both.client(both.person(both.partner(name), "editor")) for name in ("Alpha", "Beta", "Secretariat")}
    group = group_of(both, "Alpha", "Beta")
    for audience, readers in (
        ("own", {"Alpha"}),
        (group, {"Alpha", "Beta"}),
        ("partners", {"Alpha", "Beta", "Secretariat"}),
    ):
        title = f"For {audience}"
        address = kept_by(people["Alpha"], audience=audience, title=title)
        for name, client in people.items():
            assert is_there(client, address) == (name in readers), (audience, name)
            assert (title in client.get(LIST).content.decode()) == (name in readers)
        stranger = both.client().get(address)
        assert (stranger.status_code, "/sign-in/" in stranger["Location"]) == (302, True)
    for audience in ("", "all", str(uuid4()), "CLEAR"):
        assert save(people["Alpha"], audience=audience).status_code == 200
    assert save(people["Secretariat"], audience=group).status_code == 200  # of a group that it is not in


def test_each_reader_sees_his_own_picture_and_no_project_that_is_hidden_from_him(both: Workspace) -> None:
    ends = [f"end~{number}~2000-12-31" for number in (PUBLIC_RECORD, GREEN_RECORD, HIDDEN_RECORD, "0123456789abcdef")]
    author = both.client(both.person(both.partner("Alpha"), "editor"))
    address = kept_by(author, MOVE, *ends, audience="partners")
    text = author.get(address).content.decode()
    assert GREEN_RECORD in text  # a partner sees it
    assert HIDDEN_RECORD not in text
    assert "0123456789abcdef" not in text
    from concerted.web.what_if.models import Scenario

    kept = [change["end"] for change in Scenario.objects.get().changes if "end" in change]
    assert kept == [PUBLIC_RECORD, GREEN_RECORD]  # what its author does not see is not kept
    # Through the eyes of the public the list is what it would be had it never named the project.
    without = kept_by(author, MOVE, ends[0], audience="partners", title="Fewer in Mopti")
    author.post("/en/workspace/look/", {"as": "public"})
    for client_sees in (author.get(address), author.get(without)):
        assert client_sees.status_code == 404  # the public is of no organisation
    author.post("/en/workspace/look/end/")


def test_a_list_that_names_a_hidden_project_tells_a_reader_nothing_of_it(both: Workspace) -> None:
    """The same bytes whether the list names a project that is hidden from the reader, one that nobody has, or none."""
    from concerted.web.what_if.models import Scenario

    reader = both.client(both.person(both.partner("Beta"), "reader"))
    asks = program(both, both.person(both.partner("Beta"), "reader"))
    ends = [[{"end": number, "last_day": "2000-12-31"}] for number in (HIDDEN_RECORD, "0123456789abcdef")]
    told = []
    for more in ([], *ends):
        row = Scenario.objects.create(
            pk=UUID(int=7), owner=both.partner("Alpha"), title="One", marking_key="GREEN", framework="plan",
            changes=[{"move": "5000.00", "from": {"place": "ML05"}, "to": {"place": "ML07"}}, *more],
            made_by=uuid4(), made_at="2026-11-01T00:00:00Z",
        )  # fmt: skip
        page, answer = reader.get(f"{LIST}{row.pk}/"), asks.get(f"what-if/scenarios/{row.pk}")
        assert (page.status_code, answer.status_code) == (200, 200)
        told.append((page.content, reader.get(LIST).content, answer.content))
        row.delete()
    assert told[0] == told[1] == told[2]


def test_it_is_deleted_by_who_made_it_or_administers_the_organisation(both: Workspace) -> None:
    alpha = both.partner("Alpha")
    maker, colleague, keeper = (both.client(both.person(alpha, duty)) for duty in ("reader", "editor", "administrator"))
    other = both.client(both.person(both.partner("Beta"), "administrator"))
    for client, may in ((colleague, False), (other, False), (keeper, True)):
        address = kept_by(maker, audience="partners")
        assert ("delete/" in client.get(address).content.decode()) == may
        assert client.post(f"{address}delete/").status_code == (302 if may else 404)
        assert is_there(maker, address) != may
    assert other.post(f"/en/workspace/what-if/{uuid4()}/delete/").status_code == 404


def test_what_was_shared_is_never_changed(both: Workspace) -> None:
    from django.db import DatabaseError, transaction

    from concerted.web.what_if.models import Scenario

    kept_by(both.client(both.person(both.partner("Alpha"), "editor")), audience="partners")
    row = Scenario.objects.get()
    row.changes = []
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Scenario.objects.update(marking_key="CLEAR")
    assert Scenario.objects.get().marking_key == "GREEN"


def test_titles_with_what_is_not_stored_are_refused_and_so_is_a_list_of_nothing(both: Workspace) -> None:
    from concerted.web.what_if.models import Scenario

    client = both.client(both.person(both.partner("Alpha"), "editor"))
    for title in ("", "call +223 76 12 34 56", "x" * 201):
        assert save(client, title=title).status_code == 200
    assert client.post(SAVE, {"title": "Nothing", "audience": "own"}).status_code == 404
    assert save(client, "move~broken").status_code == 404
    assert not Scenario.objects.exists()


def test_a_form_without_its_token_keeps_nothing(both: Workspace) -> None:
    from concerted.web.what_if.models import Scenario

    client = both.client(both.person(both.partner("Alpha"), "editor"), checks_tokens=True)
    assert save(client).status_code == 403
    assert not Scenario.objects.exists()


def test_a_list_about_a_framework_that_is_gone_says_so_and_can_be_deleted(both: Workspace) -> None:
    from concerted.web.what_if.models import Scenario

    user = both.person(both.partner("Alpha"), "editor")
    row = Scenario.objects.create(
        owner=both.partner("Alpha"), title="Old", marking_key="GREEN", framework="gone", changes=[], made_by=user.pk
    )
    text = both.client(user).get(f"{LIST}{row.pk}/").content.decode()
    assert "does not have any more" in text
    assert both.client(user).post(f"{LIST}{row.pk}/delete/").status_code == 302


def test_programs_ask_keep_read_and_delete(both: Workspace) -> None:
    user = both.person(both.partner("Alpha"), "editor")
    asks, public = program(both, user), Program(both.client())
    told = public.get("what-if?by=total&change=add~1.1~ML05~2026~2026~1.00~2.00~3.00").data
    whole = next(d for d in told["differences"] if d["node"] == "ALL")
    assert (whole["place"], whole["year"]) == (None, None)
    assert whole["after"]["activities"] == whole["before"]["activities"] + 1
    changes = [{"move": "5000.00", "from": {"place": "ML05"}, "to": {"place": "ML07"}}]
    made = asks.ask("POST", "what-if/scenarios", {"title": "Fewer", "audience": "partners", "changes": changes})
    assert made.status_code == 201, made.content
    assert made.data["what_if"]["changes"][0]["move"] == "5000.00"
    assert {(d["node"], d["place"]) for d in made.data["what_if"]["differences"]} >= {("ALL", "ML05"), ("ALL", "ML07")}
    address = f"what-if/scenarios/{made.data['scenario']}"
    other = program(both, both.person(both.partner("Beta"), "administrator"))
    assert other.get(address).data["title"] == "Fewer"
    assert [each["title"] for each in other.get("what-if/scenarios").data] == ["Fewer"]
    assert other.ask("DELETE", address).status_code == 403
    for wrong, where in (
        ({"changes": [{"move": -1}]}, "body.changes[1].move"),
        ({"changes": [{"cost": {"node": "gone", "factor": 2}}]}, "body.changes[1].cost.node"),
        ({"changes": changes, "audience": "all"}, "body"),
        ({"changes": [{"end": HIDDEN_RECORD, "last_day": "2000-12-31"}]}, "body"),
        ({"changes": [{"end": "0123456789abcdef", "last_day": "2000-12-31"}]}, "body"),
    ):
        refused = asks.ask("POST", "what-if/scenarios", {"title": "Wrong"} | wrong)
        assert refused.status_code == 422, wrong
        assert refused.data["errors"][0]["where"] == where
    assert asks.ask("DELETE", address).status_code == 204
    assert asks.get(address).status_code == 404
    assert public.get("what-if/scenarios").status_code == 401
