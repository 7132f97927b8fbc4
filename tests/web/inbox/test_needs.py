"""Needs and offers come by sheet as activities do: seen row by row, accepted, undone; twice the same is the same."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from web.asks_app.stated import kept, need, offer
from web.inbox.brought import INBOX, accept, bring, brought, edited, outcomes
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor

SHEET = (
    "Code,Title,Kind of need,Lines of the strategy,Places,At least,At most,Currency,Until,Target groups (number)\n"
    "N-1,Mentors for magistrates,money,1.1,Mopti;Gao,10 000,20 000,EUR,2027-06-30,girls: 4200; boys: 3900\n"
    "N-2,Days of advice,expertise,,Gao,,,,,\n"
)
OFFERS = (
    "Code,Title,Kind of offer,Only for places,Amount,Currency,Expires on\n"
    "O-1,Money for Gao,money,Gao,9000,USD,2027-01-31\n"
)


def _asks() -> Any:
    from concerted.web.asks.models import Ask

    return Ask.objects


def _faults(upload: Any) -> list[list[str]]:
    return [[column, code] for row in upload.rows.order_by("number") for column, code, _nearest in row.faults]


def test_nothing_is_changed_before_it_is_accepted_and_then_all_of_it_and_undone(both: Workspace) -> None:
    client = both.client(editor(both))
    upload = brought(client, SHEET, sharing="partners")
    assert (upload.state, upload.kind, outcomes(upload)) == ("ready", "needs", ["new", "new"])
    assert _asks().count() == 0
    receipt = accept(client, upload)
    assert (receipt.work, receipt.told) == ("done", {"added": 2, "changed": 0, "moved": 0})
    mentors = _asks().get(title="Mentors for magistrates")
    stated = {name: value for name, value in mentors.stated.items() if name != "marking_key"}
    assert stated == {
        "identifier": "N-1",
        "title": "Mentors for magistrates",
        "kind": "money",
        "origin": "assessment",
        "state": "open",
        "low_value": "10000",
        "high_value": "20000",
        "currency": "EUR",
        "end_date": "2027-06-30",
    }
    assert (mentors.marking_key, mentors.which, mentors.condition) == ("GREEN", "need", "kept")
    assert mentors.document["term"] == [
        {"kind": "node", "code": "1.1"},
        {"kind": "place", "code": "ML05"},
        {"kind": "place", "code": "ML07"},
        {"kind": "group", "code": "girls", "people": 4200},
        {"kind": "group", "code": "boys", "people": 3900},
    ]
    version = mentors.versions.get()
    assert (version.channel, version.note) == ("sheet", f"receipt:{receipt.pk}")
    page = client.get(f"{INBOX}receipts/{receipt.pk}/").content.decode()
    assert "2 new needs and offers" in page
    assert f"/workspace/needs/{mentors.pk}/" in page
    again = brought(client, SHEET, sharing="partners")
    assert outcomes(again) == ["same", "same"]
    changed = brought(client, SHEET.replace("20 000", "25 000"))
    assert outcomes(changed) == ["changed", "same"]
    second = accept(client, changed)
    assert _asks().get(title="Mentors for magistrates").stated["high_value"] == "25000"
    assert _asks().get(title="Mentors for magistrates").marking_key == "GREEN", "what is there stays as it is shared"
    client.post(f"{INBOX}receipts/{second.pk}/undo/")
    assert _asks().get(title="Mentors for magistrates").stated["high_value"] == "20000"
    client.post(f"{INBOX}receipts/{receipt.pk}/undo/")
    assert {ask.condition for ask in _asks().all()} == {"kept", "draft"}, "the one was changed since and stays"


def test_what_cannot_be_taken_over_is_said_cell_by_cell(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    sheet = (
        "Code,Title,Kind of need,Places,At most,Currency,Until,Origin,Marking,Lines of the strategy\n"
        "1,Well,money,Mopty,10,USD,,,,\n"
        "2,Well,money,,ten,USD,,,,\n"
        "3,Well,money,,10,USD,soon,,,\n"
        "4,Well,money,,10,USD,,government request,,\n"
        "5,Well,money,,10,USD,,,AMBER:justice,\n"
        "6,Well,wishes,,,,,,,\n"
        "7,,money,,,,,,,\n"
        "8,Well,money,,,,,,,9.9\n"
    )
    upload = brought(client, sheet, sharing="anyone")
    assert outcomes(upload) == ["refused"] * 8
    assert _faults(upload) == [
        ["place", "word_places"],
        ["high_value", "number_wrong"],
        ["end_date", "day_wrong"],
        ["origin", "origin_not_yours"],
        ["marking_key", "marking_elsewhere"],
        ["kind", "cell_wrong"],
        ["title", "cell_wrong"],
        ["node", "word_nodes"],
    ]
    page = client.get(f"{INBOX}{upload.pk}/").content.decode()
    assert "Mopti" in page, "what may have been meant"
    assert "<q><bdi>Mopty</bdi></q>" in page
    assert "who may see it is chosen with the file" in page


def test_words_that_name_a_person_are_shown_to_the_author_and_stored_nowhere(workspace: Workspace) -> None:
    from concerted.web.inbox.models import UploadRow

    user = editor(workspace)
    sheet = "Code,Title,Kind of need\nN-1,Shelter for Mme Fatou Diallo tel. +223 66 12 34 56,money\n"
    upload = brought(workspace.client(user), sheet)
    assert outcomes(upload) == ["refused"]
    assert "Fatou" not in str(UploadRow.objects.values())
    assert "Fatou Diallo" in workspace.client(user).get(f"{INBOX}{upload.pk}/").content.decode()
    colleague = editor(workspace)
    assert "Fatou" not in workspace.client(colleague).get(f"{INBOX}{upload.pk}/").content.decode()


def test_a_sheet_says_nothing_that_is_not_its_owners_to_say(workspace: Workspace) -> None:
    from concerted.web.accounts.person import viewer_for
    from concerted.web.asks.actions import validate

    user = editor(workspace)
    secretariat = workspace.person(workspace.partner("Secretariat"), "secretariat", "editor")
    ask = kept(user, need(user, identifier="N-1"))
    validate(actor(secretariat), viewer_for(actor(secretariat).person, is_sure=True), ask, 1)
    client = workspace.client(user)
    head = "Code,Title,Kind of need,At most,State,Due diligence\n"
    accept(client, brought(client, head + "N-1,,,9000,validated,done\n"))
    now = _asks().get(pk=ask.pk)
    assert (now.stated["high_value"], now.state, now.stated["due_diligence"]) == ("9000", "open", "pending")
    accept(client, brought(client, head + "N-2,Another,money,,validated,\n"))
    assert _asks().get(title="Another").state == "open"


def test_a_sheet_that_changes_nothing_of_a_validated_need_leaves_it_validated(workspace: Workspace) -> None:
    from concerted.web.accounts.person import viewer_for
    from concerted.web.asks.actions import validate

    user = editor(workspace)
    secretariat = workspace.person(workspace.partner("Secretariat"), "secretariat", "editor")
    client = workspace.client(user)
    accept(client, brought(client, SHEET, sharing="partners"))
    ask = _asks().get(title="Mentors for magistrates")
    validate(actor(secretariat), viewer_for(actor(secretariat).person, is_sure=True), ask, 1)
    lines = "Code,Title,Kind of need,Lines of the strategy,Places\nN-1,Mentors for magistrates,money,1.1,Mopti;Gao\n"
    assert outcomes(brought(client, lines)) == ["same"], "lines and places are told behind the groups of people"
    assert outcomes(brought(client, lines.replace("Mopti;", ""))) == ["changed"]


def test_an_empty_cell_says_nothing_and_a_dash_takes_back(workspace: Workspace) -> None:
    user = editor(workspace)
    kept(user, need(user, identifier="N-1", met_when="Twenty have begun", end_date="2027-01-31"))
    client = workspace.client(user)
    head = "Code,Title,Kind of need,Places,Met when,Until\n"
    assert outcomes(brought(client, head + "N-1,,money,,,\n")) == ["same"]
    accept(client, brought(client, head + "N-1,,,-,-,\n"))
    now = _asks().get()
    assert ("met_when" in now.stated, now.stated["end_date"]) == (False, "2027-01-31")
    assert not now.document.get("term")


def test_needs_and_offers_of_one_code_are_two_and_a_likeness_is_asked(workspace: Workspace) -> None:
    user = editor(workspace)
    client = workspace.client(user)
    kept(user, need(user, title="Money for Gao", identifier="O-1"))
    assert outcomes(brought(client, OFFERS)) == ["new"], "a need is no double of an offer"
    accept(client, brought(client, OFFERS))
    assert outcomes(brought(client, OFFERS.replace("O-1", "Z-9"))) == ["double"]
    assert _asks().filter(which="offer").get().ends.isoformat() == "2027-01-31"


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_our_own_workbook_comes_back_as_it_went_and_takes_new_rows(workspace: Workspace, lang: str) -> None:
    user = editor(workspace)
    kept(user, need(user, identifier="N-1", end_date="2027-01-31", term=[{"kind": "node", "code": "1.1"}]))
    kept(user, offer(user, kind="training", most_value=None, currency=None, most_quantity=30, unit="places"))
    client = workspace.client(user)
    out = client.get(f"/{lang}/workspace/needs/sheets/")
    book = load_workbook(io.BytesIO(out.content))
    needs, offers = book.sheetnames[:2]
    assert [book[name].max_column for name in (needs, offers)] == [9, 9]
    assert [bool(book[name].sheet_view.rightToLeft) for name in (needs, offers)] == [lang == "ar"] * 2
    assert all(book[name].data_validations.dataValidation for name in (needs, offers))
    same = brought(client, out.content, "same.xlsx", lang=lang)
    assert (outcomes(same), same.told["others"]) == (["same", "same"], [])
    kind = book[needs]["C2"].value
    cells = [(needs, "B3", "A new one"), (needs, "C3", kind), (needs, "F3", 700), (needs, "G3", "EUR")]
    filled = brought(client, edited(out.content, *cells), "new.xlsx", lang=lang)
    assert sorted(outcomes(filled)) == ["new", "same", "same"]
    accept(client, filled)
    assert _asks().get(title="A new one").stated["high_value"] == "700"


def test_lines_of_json_are_no_sheet(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    answer = bring(client, '{"format": "concerted-need/1", "record": "1", "version": 1, "need": {}}\n')
    page = client.get(answer["Location"]).content.decode()
    assert "This file was not read; nothing was changed." in page


def test_what_is_not_taken_over_is_named(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    upload = brought(client, "Code,Title,Kind of need,Colour\nN-1,Wells,money,green\n")
    assert (outcomes(upload), upload.told["unknown"]) == (["new"], ["Colour"])
    page = client.get(f"{INBOX}{upload.pk}/").content.decode()
    assert "Colour" in page
    assert "/columns/" not in page
