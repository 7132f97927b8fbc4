"""Pages of needs and offers: side by side with filters, the form, what a person may do with one."""

import re
from typing import Any

import pytest

from web.asks_app.stated import kept, need, offer, with_value
from web.fixture_asks import ask_id
from web.site import Site
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor

_FORM = {
    "began": "1",
    "title": "Mentors for magistrates",
    "kind": "money",
    "low": "10 000",
    "high": "20000.5",
    "currency": "EUR",
    "origin": "assessment",
    "places": "ML05",
    "finer": "",
    "nodes": "1.1",
    "end_date": "2027-06-30",
    "sharing": "partners",
    "keep": "1",
}


def _titles(text: str, which: str) -> list[str]:
    part = text.partition(f'id="{which}s"')[2].partition("</section>")[0]
    return re.findall(r"<tr><th scope=\"row\"><a [^>]*><bdi>(.*?)</bdi>", part)


def _count(text: str, which: str) -> str:
    part = text.partition(f'id="{which}s"')[2].partition("</h2>")[0]
    return part.rpartition('<small class="soft">')[2].removesuffix("</small>")


def _post(client: Any, address: str, **values: Any) -> Any:
    return client.post(address, {**_FORM, **values})


def test_the_picture_shows_both_side_by_side_under_the_filters(cold: Site) -> None:
    everything = cold.get("/en/needs/").text
    assert _titles(everything, "need") == ["Mentors for magistrates of Mopti", "Wells near the schools of Gao"]
    assert _titles(everything, "offer") == ["Money for work in the whole country"]
    assert (_count(everything, "need"), _count(everything, "offer")) == ("2 of 3", "1 of 2")
    assert "names a place or line that is not known here" in everything
    over = cold.get("/en/needs/?state=over").text
    assert _titles(over, "need") == ["Radios for the mediators"]
    assert _titles(over, "offer") == ["Money for schools of Gao"], "its last day has passed by itself"
    gao = cold.get("/en/needs/?place=ML07&state=all").text
    assert _titles(gao, "need") == ["Wells near the schools of Gao"]
    assert _titles(gao, "offer") == ["Money for schools of Gao", "Money for work in the whole country"]
    mopti = cold.get("/en/needs/?place=ML05&line=1&state=all").text
    assert _titles(mopti, "need") == ["Mentors for magistrates of Mopti"]
    assert _titles(mopti, "offer") == ["Money for work in the whole country"]
    whole = cold.get("/en/needs/?place=ML&state=all").text
    assert len(_titles(whole, "offer")) == 2, "what is bound to a region lies in the country"


def test_one_of_the_picture_says_where_it_came_from(cold: Site) -> None:
    from concerted.model.ids import id_text

    text = cold.get(f"/en/needs/{id_text(ask_id('N2'))}/").text
    assert "Wells near the schools of Gao" in text
    assert "amount unknown" in text
    assert "Gondwana" in text.partition("no match is proposed for it:")[2]
    assert "asks/needs.csv" in text


def test_a_need_is_stated_with_a_few_fields_and_read_back(both: Workspace) -> None:
    from concerted.web.asks.models import Ask

    user = editor(both)
    client = both.client(user)
    page = client.get("/en/workspace/needs/new/need/").content.decode()
    record = re.search(r'name="record" value="([^"]+)"', page)
    assert record
    answer = _post(client, "/en/workspace/needs/new/need/", record=record[1])
    ask = Ask.objects.get()
    assert answer["Location"] == f"/en/workspace/needs/{ask.pk}/"
    stated = {name: value for name, value in ask.stated.items() if name != "marking_key"}
    assert stated == {
        "title": "Mentors for magistrates",
        "title_lang": "en",
        "kind": "money",
        "origin": "assessment",
        "state": "open",
        "low_value": "10000",
        "high_value": "20000.5",
        "currency": "EUR",
        "end_date": "2027-06-30",
    }
    assert ask.marking_key == "GREEN"
    assert ask.document["term"] == [{"kind": "place", "code": "ML05"}, {"kind": "node", "code": "1.1"}]
    text = client.get(answer["Location"]).content.decode()
    assert "10,000 – 20,000.5 EUR" in text
    again = _post(client, "/en/workspace/needs/new/need/", record=record[1])
    assert again["Location"] == answer["Location"]
    assert Ask.objects.count() == 1, "a form that is sent twice makes one"


def test_an_offer_of_days_has_whole_numbers_and_no_currency(workspace: Workspace) -> None:
    from concerted.web.asks.models import Ask

    client = workspace.client(editor(workspace))
    address = "/en/workspace/needs/new/offer/"
    split = _post(client, address, kind="expertise", high="3.5", unit="days")
    assert "A whole number" in split.content.decode()
    _post(client, address, kind="expertise", high="30", least="5", unit="days", language=["fr", "ar"])
    ask = Ask.objects.get()
    assert (ask.stated["most_quantity"], ask.stated["least_quantity"], ask.stated["unit"]) == (30, 5, "days")
    assert "currency" not in ask.stated
    assert [t["code"] for t in ask.document["term"] if t["kind"] == "language"] == ["fr", "ar"]


def test_people_are_counted_and_never_named(workspace: Workspace) -> None:
    from concerted.web.asks.models import Ask

    client = workspace.client(editor(workspace))
    address = "/en/workspace/needs/new/need/"
    refused = _post(client, address, title="Shelter for Mme Fatou Diallo, tel. +223 66 12 34 56").content.decode()
    assert "This is not stored here, so nothing was saved" in refused
    assert not Ask.objects.exists()
    _post(client, address, group_girls="4200", group_boys="3900")
    counted = [t for t in Ask.objects.get().document["term"] if t["kind"] == "group"]
    assert counted == [
        {"kind": "group", "code": "girls", "people": 4200},
        {"kind": "group", "code": "boys", "people": 3900},
    ]


def test_changing_keeps_what_has_no_field_here(workspace: Workspace) -> None:
    from concerted.web.asks.models import Ask

    user = editor(workspace)
    terms = [{"kind": "place", "code": "Gondwana"}, {"kind": "place", "code": "Mopti"}, {"kind": "node", "code": "1.1"}]
    ask = kept(user, term=terms, reported_date="2026-01-02")
    client = workspace.client(user)
    values = {"low": "1000", "high": "2500", "currency": "USD", "end_date": "", "places": ["ML05", "ML07"]}
    _post(client, f"/en/workspace/needs/{ask.pk}/edit/", **values, sharing="anyone")
    now = Ask.objects.get()
    assert now.document["term"] == [*terms, {"kind": "place", "code": "ML07"}]
    assert (now.stated["high_value"], now.stated["reported_date"]) == ("2500", "2026-01-02")


def test_two_who_changed_the_same_are_asked(workspace: Workspace) -> None:
    from concerted.web.asks.actions import save
    from concerted.web.asks.models import Ask

    first, second = editor(workspace), editor(workspace)
    ask = kept(first, end_date="2027-06-30", term=[])
    save(actor(first), ask, 1, with_value(ask.document, "high_value", "3000"))
    client = workspace.client(second)
    values = {"low": "1000", "high": "4000", "currency": "USD", "places": [], "nodes": [], "sharing": "anyone"}
    answer = _post(client, f"/en/workspace/needs/{ask.pk}/edit/", **values, title=ask.title)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "3,000" in text
    assert "4,000" in text
    hidden = dict(re.findall(r'type="hidden" name="(mine|began|theirs|condition)" value="([^"]*)"', text))
    from html import unescape

    sent = {name: unescape(value) for name, value in hidden.items()} | {"choice-0": "mine"}
    client.post(f"/en/workspace/needs/{ask.pk}/merge/", sent)
    assert Ask.objects.get().stated["high_value"] == "4000"
    # What comes from that page may not say what the form would not let through.
    crafted = sent["mine"].replace('"assessment"', '"government"')
    assert crafted != sent["mine"]
    refused = client.post(f"/en/workspace/needs/{ask.pk}/merge/", {**sent, "mine": crafted})
    assert refused.status_code == 404
    assert Ask.objects.get().stated["origin"] == "assessment"


def test_a_person_is_offered_what_is_his_to_do_and_nothing_else(workspace: Workspace) -> None:
    from concerted.web.asks.models import Ask

    owner = editor(workspace)
    reader = editor(workspace, "Alpha", "reader")
    secretariat = workspace.person(workspace.partner("Secretariat"), "secretariat", "editor")
    focal = workspace.person(workspace.partner("Beta"), "rights", "editor")
    ask = kept(owner, due_diligence="pending")
    address = f"/en/workspace/needs/{ask.pk}/"
    shown = {}
    for name, user in (("owner", owner), ("reader", reader), ("secretariat", secretariat), ("focal", focal)):
        text = workspace.client(user).get(address).content.decode()
        parts = ("edit/", 'id="state"', 'id="validate"', 'id="assess"')
        shown[name] = [part for part in parts if part in text.partition("<main")[2]]
    assert shown == {
        "owner": ["edit/", 'id="state"'],
        "reader": [],
        "secretariat": ['id="validate"'],
        "focal": ['id="assess"'],
    }
    workspace.client(secretariat).post(f"{address}validate/", {"began": "1"})
    assert Ask.objects.get().state == "validated"
    workspace.client(secretariat).post(f"{address}validate/", {"began": "2", "to": "open"})
    workspace.client(focal).post(f"{address}assess/", {"began": "3", "found": "done"})
    now = Ask.objects.get()
    assert (now.state, now.stated["due_diligence"]) == ("open", "done")
    workspace.client(owner).post(f"{address}state/", {"began": "4", "to": "withdrawn"})
    assert Ask.objects.get().state == "withdrawn"
    stale = workspace.client(secretariat).post(f"{address}validate/", {"began": "3"})
    assert stale.status_code == 404


def test_what_cannot_be_chosen_is_told_and_an_empty_list_says_what_to_do(workspace: Workspace) -> None:
    writer = workspace.client(editor(workspace))
    text = writer.get("/en/workspace/needs/new/need/").content.decode()
    assert '<input type="hidden" name="origin" value="assessment">' in text
    assert "Origin: assessment" in text
    empty = writer.get("/en/workspace/needs/").content.decode()
    assert "State one, or bring a sheet of many." in empty
    assert "Make one, or bring a sheet of many." in empty


def test_the_list_of_the_site_tells_ours_from_others_and_hides_what_is_hidden(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Condition

    owner, other = editor(workspace), editor(workspace, "Beta")
    kept(owner, title="Ours to all")
    kept(owner, title="Ours alone", marking_key=f"AMBER+STRICT:{owner.partner_id}")
    kept(owner, title="A draft of ours", condition=Condition.DRAFT)
    kept(other, offer(other, title="Theirs"))
    ours = workspace.client(owner).get("/en/workspace/needs/").content.decode()
    assert set(_titles(ours, "need")) == {"A draft of ours", "Ours alone", "Ours to all"}
    assert _titles(ours, "offer") == ["Theirs"]
    assert _titles(workspace.client(owner).get("/en/workspace/needs/?whose=ours").content.decode(), "offer") == []
    theirs = workspace.client(other).get("/en/workspace/needs/?state=all").content.decode()
    assert _titles(theirs, "need") == ["Ours to all"]
    assert "A draft of ours" not in theirs
    assert "Ours alone" not in theirs
    assert workspace.client(owner).get("/en/workspace/needs/?line=none").status_code == 404


def test_history_tells_what_changed_and_brings_an_earlier_version_back(workspace: Workspace) -> None:
    from concerted.web.asks.actions import save
    from concerted.web.asks.models import Ask

    user = editor(workspace)
    ask = kept(user)
    save(actor(user), ask, 1, with_value(ask.document, "high_value", "3000"))
    client = workspace.client(user)
    text = client.get(f"/en/workspace/needs/{ask.pk}/history/").content.decode()
    assert "At most" in text
    assert "2,000" in text
    assert "3,000" in text
    client.post(f"/en/workspace/needs/{ask.pk}/restore/", {"began": "2", "number": "1"})
    assert (Ask.objects.get().stated["high_value"], Ask.objects.get().version) == ("2000", 3)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_speak_the_language_of_the_reader(workspace: Workspace, lang: str) -> None:
    user = editor(workspace)
    ask = kept(user, need(user, urgency=4))
    client = workspace.client(user)
    for path in ("", "new/need/", "new/offer/", f"{ask.pk}/", f"{ask.pk}/edit/", f"{ask.pk}/history/"):
        text = client.get(f"/{lang}/workspace/needs/{path}").content.decode()
        assert f'<html lang="{lang}"' in text, path
        for english in ("State a need", "Who will see this", "Kind of need", "At most", "What it says"):
            assert english not in text, (path, english)


def test_what_waits_for_the_keeper_of_the_strategy_and_the_focal_point_is_told_and_listed(workspace: Workspace) -> None:
    owner = editor(workspace)
    secretariat = workspace.person(workspace.partner("Secretariat"), "secretariat", "editor")
    focal = workspace.person(workspace.partner("Beta"), "rights", "editor")
    kept(owner, title="Radios", due_diligence="pending")
    kept(owner, title="Wells")
    kept(owner, title="Hidden", marking_key=f"AMBER+STRICT:{owner.partner_id}")
    kept(owner, offer(owner))
    told = [workspace.client(user).get("/en/workspace/").content.decode() for user in (secretariat, focal, owner)]
    assert ["2 needs to validate" in text for text in told] == [True, False, False]
    assert ["1 need waits for due diligence" in text for text in told] == [False, True, False]
    listed = workspace.client(secretariat).get("/en/workspace/needs/?state=unvalidated").content.decode()
    assert (_titles(listed, "need"), _titles(listed, "offer")) == (["Radios", "Wells"], [])
    waiting = workspace.client(focal).get("/en/workspace/needs/?state=diligence").content.decode()
    assert _titles(waiting, "need") == ["Radios"]


def test_what_is_hidden_moves_no_byte_of_what_others_get(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Condition

    owner, other = editor(workspace), editor(workspace, "Beta")
    shown = kept(owner)
    addresses = ["", "?state=all", "?whose=others", "?place=ML05", f"{shown.pk}/", f"{shown.pk}/history/"]

    def told() -> list[bytes]:
        client = workspace.client(other)
        pages = [client.get(f"/en/workspace/needs/{path}").content for path in addresses]
        return [re.sub(rb"csrfmiddlewaretoken[^>]*>", b"", page) for page in pages]

    before = told()
    hidden = kept(owner, title="ZZHIDDEN", marking_key=f"AMBER+STRICT:{owner.partner_id}")
    draft = kept(owner, offer(owner, title="ZZDRAFT"), condition=Condition.DRAFT)
    assert told() == before
    absent = workspace.client(other).get("/en/workspace/needs/00000000-0000-4000-8000-000000000000/")
    for ask in (hidden, draft):
        answer = workspace.client(other).get(f"/en/workspace/needs/{ask.pk}/")
        assert (answer.status_code, answer.content) == (404, absent.content)
