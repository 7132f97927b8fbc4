"""The pages of packages: what each reader gets, in three languages; what he may not see changes no byte of it."""

import re
from typing import Any

import pytest

from web.packages_app.bundled import ask, keeper, now, package, say, signer, statement, take_in
from web.workspace import Workspace
from web.workspace_app.kept import actor, kept

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def page(client: Any, path: str, lang: str = "en") -> tuple[int, bytes]:
    answer = client.get(f"/{lang}/workspace/packages/{path}")
    return answer.status_code, _TOKEN.sub(b"", answer.content)


@pytest.fixture
def bundle(workspace: Workspace, cold: Any) -> dict[str, Any]:
    """A package of two partners, of whom one has agreed."""
    owner, delta = keeper(workspace), signer(workspace, "Delta", "XM-FIX-1")
    found = package(owner, audience="signed_in")
    one, two = take_in(owner, found, statement(1)), take_in(owner, found, statement(3), "justice")
    ask(owner, found)
    say(delta, one)
    return {"owner": owner, "delta": delta, "other": signer(workspace, "Beta"), "found": found, "one": one, "two": two}


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_every_page_says_what_its_reader_may_know(workspace: Workspace, bundle: dict[str, Any], lang: str) -> None:
    found = bundle["found"]
    for who, sees in (("owner", 2), ("delta", 1), ("other", 1)):
        client = workspace.client(bundle[who])
        for path in (f"{found.pk}/", f"{found.pk}/brief/"):
            status, body = page(client, path, lang)
            assert status == 200, (who, path)
            assert ("Formation des juges 1" in body.decode()) is True
            assert body.decode().count("alert(&#x27;x&#x27;)") == 0 if sees == 1 else "alert(&#x27;x" in body.decode()
            assert b"<script>alert" not in body
        assert page(client, "", lang)[0] == 200
    owner = workspace.client(bundle["owner"])
    for path in ("new/", f"{found.pk}/change/", f"{found.pk}/add/", f"{found.pk}/add/?component=justice&q=juges",
                 f"{found.pk}/parts/{bundle['one'].pk}/"):  # fmt: skip
        assert page(owner, path, lang)[0] == 200, path
        assert page(workspace.client(bundle["other"]), path, lang)[0] == 404, path


def test_what_a_reader_may_not_see_changes_no_byte_of_his_pages(
    workspace: Workspace, bundle: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hidden parts with days, money, needs and an order; parts that nobody agreed to; packages that are not for him."""
    from concerted.web.packages.actions import Order, arrange

    owner, delta, found = bundle["owner"], bundle["delta"], bundle["found"]
    names = ",".join(sorted(str(each.partner.pk) for each in (owner, delta)))
    third = signer(workspace, "Gamma", "XM-FIX-5")
    readers = {who: workspace.client(bundle[who]) for who in ("other",)} | {"third": workspace.client(third)}
    paths = ("", f"{found.pk}/", f"{found.pk}/brief/")
    before = {(who, path): page(client, path) for who, client in readers.items() for path in paths}
    assert all(status == 200 for status, _ in before.values())
    secret = kept(delta, title="ZZCANARY first", marking_key=f"AMBER+STRICT:{names}", start_planned_date="2020-01-01",
                  end_planned_date="2039-01-01")  # fmt: skip
    hidden = take_in(owner, found, secret.statement, "borders")
    say(delta, hidden)
    unanswered = take_in(owner, found, statement(7), "women")
    version = now(found).version
    arrange(actor(owner), now(found), version, bundle["one"].pk, Order("education", 3, frozenset({hidden.pk})))
    arrange(actor(owner), now(found), version + 1, unanswered.pk, Order("women", 1, frozenset({bundle["one"].pk})))
    for title, audience in (("ZZCANARY of others", "partners"), ("ZZCANARY draft", "signed_in")):
        other = package(owner, title, audience=audience)
        take_in(owner, other, statement(1))
        if audience == "partners":
            ask(owner, other)
    for (who, path), told in before.items():
        assert page(readers[who], path) == told, (who, path)


def test_a_package_that_is_not_for_a_reader_is_as_if_it_were_not_there(
    workspace: Workspace, bundle: dict[str, Any]
) -> None:
    from uuid import uuid4

    other = workspace.client(bundle["other"])
    closed = package(bundle["owner"], "ZZCANARY")
    absent = page(other, f"{uuid4()}/")
    for path in ("", "brief/", "change/", "add/", "parts/1/"):
        assert page(other, f"{closed.pk}/{path}")[0] == 404
    assert page(other, f"{closed.pk}/") == absent
    for path in ("put-forward/", "end/", "parts/1/remove/", "parts/1/answer/"):
        assert other.post(f"/en/workspace/packages/{closed.pk}/{path}", {"version": 1, "say": "yes"}).status_code == 404


def test_the_partner_is_asked_in_my_work_and_answers_on_the_board(workspace: Workspace, bundle: dict[str, Any]) -> None:
    fix3 = signer(workspace, "Atlas", "XM-FIX-3")
    found = bundle["found"]
    owner = bundle["owner"]
    part = take_in(owner, found, statement(9), "women")
    client = workspace.client(fix3)
    assert "1 part of ours stands in a package" in client.get("/en/workspace/").content.decode()
    board = page(client, f"{found.pk}/")[1].decode()
    assert "May your part be shown here?" in board
    about = re.search(r'name="about" value="([0-9a-f]{64})"', board)
    assert about
    address = f"/en/workspace/packages/{found.pk}/parts/{part.pk}/answer/"
    said = client.post(address, {"about": "0" * 64, "say": "yes"}, follow=True).content.decode()
    assert "somebody changed the package meanwhile" in said
    said = client.post(address, {"about": about[1], "say": "yes"}, follow=True).content.decode()
    assert "Agreed: whoever reads the package" in said
    assert "stands in a package" not in client.get("/en/workspace/").content.decode()
    assert "Take it back" in said
    checking = workspace.client(fix3, checks_tokens=True)
    assert checking.post(address, {"about": about[1], "say": "no"}).status_code == 403


def test_a_package_is_made_filled_and_put_forward_by_its_forms(
    workspace: Workspace, cold: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.model.ids import id_text
    from concerted.web.packages.models import Package

    signer(workspace, "Delta", "XM-FIX-1")
    client = workspace.client(keeper(workspace))
    sent = {"title": "Call +223 76 12 34 56", "template": "iact", "audience": "signed_in"}
    assert Package.objects.count() == 0
    client.post("/en/workspace/packages/new/", sent)
    assert Package.objects.count() == 0  # a telephone number is stored nowhere
    client.post("/en/workspace/packages/new/", {**sent, "title": "Nothing chosen", "template": ""})
    assert Package.objects.count() == 0
    made = client.post("/en/workspace/packages/new/", {**sent, "title": "Justice"}, follow=True).content.decode()
    assert made.count("Nothing is there.") == 4
    found = Package.objects.get()
    root = f"/en/workspace/packages/{found.pk}/"
    offered = client.get(f"{root}add/?component=justice&q=juges").content.decode()
    value = f"activity-{id_text(statement(1))}"
    assert value in offered
    assert "Delta will be asked" in offered
    assert "of each kind are listed" not in offered
    with monkeypatch.context() as few:
        few.setattr("concerted.web.packages.views.OFFERED", 1)
        assert "At most 1 of each kind are listed" in client.get(f"{root}add/").content.decode()
    board = client.post(f"{root}add/", {"version": 1, "component": "justice", "part": value}, follow=True).content
    assert b"Formation des juges 1" in board
    late = client.post(
        f"{root}add/", {"version": 1, "component": "justice", "part": f"activity-{id_text(statement(7))}"}, follow=True
    )
    assert b"somebody changed the package meanwhile" in late.content
    board = client.post(f"{root}put-forward/", {"version": 2}, follow=True).content.decode()
    assert "The partners are asked." in board
    assert "waits for its partner" in board
