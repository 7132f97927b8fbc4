"""Bring a file, see what it would change, accept it, undo it; and take our own records away as sheets."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from web.inbox.brought import INBOX, accept, bring, brought, edited, outcomes, own_records
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept

NEW = "Code,Title,State,Places\nA-1,Community radio of the north,planned,Gao\nA-2,Courts for the young,ongoing,Gao\n"


def _records() -> Any:
    from concerted.web.workspace.models import Record

    return Record.objects


def test_nothing_is_changed_before_it_is_accepted_and_then_all_of_it_at_once(both: Workspace) -> None:
    client = both.client(editor(both))
    upload = brought(client, NEW)
    assert (upload.state, outcomes(upload)) == ("ready", ["new", "new"])
    assert _records().count() == 0
    receipt = accept(client, upload)
    assert (receipt.work, receipt.told) == ("done", {"added": 2, "changed": 0, "moved": 0})
    found = {r.title: r for r in _records().all()}
    assert set(found) == {"Community radio of the north", "Courts for the young"}
    assert all((r.version, r.condition) == (1, "kept") for r in found.values())
    version = found["Courts for the young"].versions.get()
    assert (version.channel, version.note) == ("sheet", f"receipt:{receipt.pk}")
    assert both.log().count("added") == 3  # the upload and both records
    page = client.get(f"{INBOX}receipts/{receipt.pk}/").content.decode()
    assert "2 new activities" in page
    assert "Undo all of it" in page


def test_the_same_file_twice_changes_nothing(both: Workspace) -> None:
    client = both.client(editor(both))
    sheet = NEW + ",Without a code of its own,planned,\n"
    assert accept(client, brought(client, sheet)).told["added"] == 3
    again = brought(client, sheet)
    assert outcomes(again) == ["same", "same", "same"]
    assert client.post(f"{INBOX}{again.pk}/accept/", {"safe": "1"}).status_code == 302
    assert {r.version for r in _records().all()} == {1}
    assert "all of it is as we have it" in client.get(f"{INBOX}{again.pk}/").content.decode()


def test_the_file_and_its_rows_go_when_all_is_accepted(workspace: Workspace) -> None:
    from concerted.web.inbox.files import path_of
    from concerted.web.inbox.models import UploadRow

    client = workspace.client(editor(workspace))
    upload = brought(client, NEW)
    assert path_of(upload).is_file()
    accept(client, upload)
    upload.refresh_from_db()
    assert upload.state == "closed"
    assert not path_of(upload).exists()
    assert not UploadRow.objects.filter(upload=upload).exists()


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_a_monthly_update_by_our_own_workbook_is_one_upload_and_one_acceptance(workspace: Workspace, lang: str) -> None:
    user, records = own_records(workspace, 12)
    client = workspace.client(user)
    out = client.get(f"/{lang}/workspace/inbox/sheets/", {"sheets": ["activities", "money", "progress"]})
    book = load_workbook(io.BytesIO(out.content))
    sheets = book.sheetnames[:3]
    assert all(book[name].max_column <= 8 for name in sheets)
    assert [bool(book[name].sheet_view.rightToLeft) for name in sheets] == [lang == "ar"] * 3
    assert all(book[name].data_validations.dataValidation for name in sheets)
    assert outcomes(brought(client, out.content, "same.xlsx", lang=lang)) == ["same"] * 36
    changes = [(sheets[2], f"F{n + 2}", 100 + n) for n in range(12)]
    changes += [(sheets[1], f"{c}{n + 2}", v) for n in range(12) for c, v in _money(book, sheets, n)]
    upload = brought(client, edited(out.content, *changes), "update.xlsx", lang=lang)
    assert outcomes(upload).count("changed") == 24
    receipt = accept(client, upload)
    assert receipt.told == {"added": 0, "changed": 12, "moved": 0}
    for record in records:
        record.refresh_from_db()
        assert record.version == 2  # sheets of one workbook make one version
        assert record.document["people"][0]["value"] >= 100
        assert record.document["transaction"][0]["value"] == "1500"


def _money(book: Any, sheets: list[str], number: int) -> list[tuple[str, Any]]:
    from concerted.codelists import lists

    lang = next(each for each in ("fr", "en", "ar") if sheets[1] in _TITLES[each])
    words = lists.labels("finance_kind", lang)
    return [("C", words["disbursement"]), ("D", "2026-02-01"), ("E", 1500), ("F", "XOF"), ("H", f"r{number}")]


_TITLES = {"fr": ("Argent",), "en": ("Money",), "ar": ("الأموال",)}


def test_undoing_brings_back_what_was_and_leaves_what_was_changed_since(both: Workspace) -> None:
    from concerted.web.workspace.actions import save
    from web.workspace_app.kept import actor

    user, records = own_records(both, 3)
    client = both.client(user)
    sheet = "Code,Title,State\n" + "".join(f"XM-ALPHA-{n},Renamed {n} of the valley,\n" for n in range(3))
    sheet += "B-1,Quite another undertaking,planned\n"
    receipt = accept(client, brought(client, sheet))
    assert receipt.told == {"added": 1, "changed": 3, "moved": 0}
    later = _records().get(pk=records[0].pk)
    save(actor(user), later, 2, {**later.document, "narrative": [{"field": "title", "lang": "en", "text": "Mine"}]})
    assert client.post(f"{INBOX}receipts/{receipt.pk}/undo/").status_code == 302
    receipt.refresh_from_db()
    assert (receipt.undo, receipt.undo_told) == ("done", {"undone": 3, "changed": 1})
    titles = {str(r.pk): (r.title, r.version, r.condition) for r in _records().all()}
    assert titles[str(records[0].pk)] == ("Mine", 3, "kept")
    assert titles[str(records[1].pk)] == (records[1].title, 3, "kept")
    assert [v for v in titles.values() if v[2] == "draft"] == [("Quite another undertaking", 2, "draft")]
    page = client.get(f"{INBOX}receipts/{receipt.pk}/").content.decode()
    assert "stays as it is, because it was changed since" in page
    assert "Undo all of it" not in page
    client.post(f"{INBOX}receipts/{receipt.pk}/undo/")
    assert {r.version for r in _records().exclude(pk=records[0].pk)} == {2, 3}  # undone once


def test_what_was_undone_can_be_brought_again(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    receipt = accept(client, brought(client, NEW))
    client.post(f"{INBOX}receipts/{receipt.pk}/undo/")
    assert {r.condition for r in _records().all()} == {"draft"}
    again = brought(client, NEW)
    assert outcomes(again) == ["changed", "changed"]
    accept(client, again)
    assert {(r.condition, r.version) for r in _records().all()} == {("kept", 3)}


def test_after_thirty_days_nothing_is_undone(workspace: Workspace) -> None:
    from concerted.web.inbox.models import Receipt

    client = workspace.client(editor(workspace))
    receipt = accept(client, brought(client, NEW))
    Receipt.objects.update(done_at=receipt.done_at - timedelta(days=31))
    client.post(f"{INBOX}receipts/{receipt.pk}/undo/")
    assert {r.condition for r in _records().all()} == {"kept"}
    assert "Undo all of it" not in client.get(f"{INBOX}receipts/{receipt.pk}/").content.decode()


def test_a_record_that_was_changed_after_the_preview_is_left_and_told(both: Workspace) -> None:
    from concerted.web.workspace.actions import save
    from web.workspace_app.kept import actor

    user, records = own_records(both, 2)
    client = both.client(user)
    upload = brought(client, "Code,Title\nXM-ALPHA-0,From the sheet\nXM-ALPHA-1,From the sheet too\n")
    found = _records().get(pk=records[0].pk)
    save(actor(user), found, 1, {**found.document, "narrative": [{"field": "title", "lang": "en", "text": "By hand"}]})
    receipt = accept(client, upload)
    assert receipt.told == {"added": 0, "changed": 1, "moved": 1}
    assert _records().get(pk=records[0].pk).title == "By hand"
    assert "One row was left" in client.get(f"{INBOX}receipts/{receipt.pk}/").content.decode()


def test_what_may_be_there_already_is_accepted_by_itself_only(workspace: Workspace) -> None:
    user, records = own_records(workspace, 1)
    client = workspace.client(user)
    sheet = f"Code,Title,State\n,{records[0].title},planned\n,Something else altogether,planned\n"
    upload = brought(client, sheet)
    assert outcomes(upload) == ["double", "new"]
    page = client.get(f"{INBOX}{upload.pk}/").content.decode()
    assert "It may be:" in page
    assert accept(client, upload).told["added"] == 1
    assert accept(client, upload, row="0").told["added"] == 1
    assert _records().count() == 3


def test_refused_words_are_shown_to_who_brought_them_and_kept_nowhere(workspace: Workspace) -> None:
    from django.db import connection

    user = editor(workspace)
    client, colleague = workspace.client(user), workspace.client(editor(workspace))
    upload = brought(client, "Code,Title,State\nA-1,Call awa.keita@example.org,planned\n")
    assert outcomes(upload) == ["refused"]
    page = client.get(f"{INBOX}{upload.pk}/").content.decode()
    assert "awa.keita@example.org" in page
    assert "an e-mail address" in page
    assert "awa.keita" not in colleague.get(f"{INBOX}{upload.pk}/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM inbox_uploadrow")
        assert "awa" not in repr(cursor.fetchall())


def test_what_stands_in_a_refused_cell_is_shown_to_who_brought_it_with_what_may_be_meant(workspace: Workspace) -> None:
    user = editor(workspace)
    client, colleague = workspace.client(user), workspace.client(editor(workspace))
    upload = brought(client, "Code,Title,State,Places\nA-1,Radio for peace,planned,Gao; Mopty\n")
    assert outcomes(upload) == ["refused"]
    page, other = (each.get(f"{INBOX}{upload.pk}/").content.decode() for each in (client, colleague))
    assert "<q><bdi>Gao; Mopty</bdi></q>" in page
    assert "Radio for peace" in page
    assert "Mopti" in page
    assert "Mopty" not in other
    assert "Radio for peace" not in other
    assert "Mopti" in other


def test_what_was_refused_stays_to_be_mended_until_it_is_put_away(workspace: Workspace) -> None:
    from concerted.web.inbox.files import path_of
    from concerted.web.inbox.models import UploadRow

    client = workspace.client(editor(workspace))
    upload = brought(client, NEW + "A-3,A third one,finished maybe,\n")
    assert accept(client, upload).told["added"] == 2
    page = client.get(f"{INBOX}{upload.pk}/").content.decode()
    assert "no state is called so" in page
    assert "Accept the" not in page
    assert client.post(f"{INBOX}{upload.pk}/put-away/").status_code == 302
    assert not path_of(upload).exists()
    assert not UploadRow.objects.exists()


def test_a_name_of_a_file_is_screened_and_never_a_path(workspace: Workspace) -> None:
    from concerted.web.inbox.files import folder

    client = workspace.client(editor(workspace))
    upload = brought(client, NEW, "../../awa.keita@example.org\u202egnp.csv")
    assert "awa" not in upload.name
    assert "\u202e" not in upload.name
    assert [path.name for path in folder().iterdir() if str(upload.pk) in path.name] == [f"{upload.pk}.csv"]
    assert "Its name held" in client.get(f"{INBOX}{upload.pk}/").content.decode()


def test_columns_that_were_named_once_are_known_the_next_time(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    sheet = "Ref. projet;Libellé;Où\nP-1;Radio locale du fleuve;Gao\n"
    upload = brought(client, sheet)
    assert upload.state == "columns"
    page = client.get(f"{INBOX}{upload.pk}/columns/").content.decode()
    assert "Libellé" in page
    answer = client.post(f"{INBOX}{upload.pk}/columns/", {"c0": "code", "c1": "title", "c2": "places"})
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert (upload.state, outcomes(upload)) == ("ready", ["new"])
    second = brought(client, sheet.replace("P-1", "P-2").replace("locale du fleuve", "du marché"))
    assert (second.state, outcomes(second)) == ("ready", ["new"])
    other = brought(workspace.client(editor(workspace, "Beta")), sheet)
    assert other.state == "columns"  # what one organisation says holds for no other


def test_an_iati_file_changes_our_own_record_and_nobody_elses(workspace: Workspace) -> None:
    user, records = own_records(workspace, 1)
    client = workspace.client(user)
    one = (
        '<iati-activity><iati-identifier>{0}</iati-identifier><reporting-org ref="{1}" type="22"><narrative>Alpha'
        "</narrative></reporting-org><title><narrative>Wells, larger</narrative></title><activity-status code='2'/>"
        "<transaction><transaction-type code='3'/><transaction-date iso-date='2026-02-01'/>"
        "<value currency='EUR' value-date='2026-02-01'>10.50</value></transaction></iati-activity>"
    )
    file = '<iati-activities version="2.03">' + one.format("XM-ALPHA-0", "XM-ALPHA") + one.format("ZZ-1", "ZZ")
    upload = brought(client, file + "</iati-activities>", "a.xml")
    assert outcomes(upload) == ["changed", "refused"]
    assert "another organisation reports this" in client.get(f"{INBOX}{upload.pk}/").content.decode()
    accept(client, upload)
    record = _records().get(pk=records[0].pk)
    assert record.document["transaction"][0]["value"] == "10.5"
    assert record.marking_key == records[0].marking_key
    assert record.document["activity"]["reporting_org_name"] == records[0].document["activity"]["reporting_org_name"]
    again = brought(client, file + "</iati-activities>", "a.xml")
    assert outcomes(again) == ["same", "refused"]


@pytest.mark.parametrize(("sharing", "key"), [("own", "AMBER+STRICT:"), ("partners", "GREEN"), ("anyone", "CLEAR")])
def test_who_sees_what_is_new_is_chosen_and_shown_and_nothing_there_is_opened(
    workspace: Workspace, sharing: str, key: str
) -> None:
    user = editor(workspace)
    strict = f"AMBER+STRICT:{user.partner_id}"
    old = kept(user, marking_key=strict, identifier="A-9", title="Hidden wells of the plateau")
    client = workspace.client(user)
    upload = brought(client, NEW + "A-9,Hidden wells of the high plateau,,\n", sharing=sharing)
    assert "What is new will be seen by" in client.get(f"{INBOX}{upload.pk}/").content.decode()
    accept(client, upload)
    assert {r.marking_key for r in _records().exclude(pk=old.pk)} == {
        key if key.isalpha() else key + str(user.partner_id)
    }
    old.refresh_from_db()
    assert (old.marking_key, old.version) == (strict, 2)


def test_of_a_double_that_one_may_not_see_nothing_is_told(workspace: Workspace) -> None:
    other = editor(workspace, "Beta")
    kept(other, title="Zzcanary wells of the valley", marking_key=f"AMBER+STRICT:{other.partner_id}")
    client = workspace.client(editor(workspace))
    upload = brought(client, "Code,Title\n,Zzcanary wells of the valley\n")
    assert outcomes(upload) == ["new"]


def test_of_a_double_that_was_closed_since_no_title_is_told(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import save

    owner = editor(workspace, "Beta")
    theirs = kept(owner, title="Wells of the valley", marking_key="GREEN")
    client = workspace.client(editor(workspace))
    upload = brought(client, "Code,Title\n,Wells of the valley\n")
    page = f"{INBOX}{upload.pk}/"
    assert outcomes(upload) == ["double"]
    assert str(theirs.pk) in client.get(page).content.decode()
    closed = {
        **theirs.document,
        "activity": {**theirs.document["activity"], "marking_key": f"AMBER+STRICT:{owner.partner_id}"},
        "narrative": [{"field": "title", "lang": "en", "text": "Zzcanary wells"}],
    }
    save(actor(owner), theirs, 1, closed)
    told = client.get(page).content.decode()
    assert "Zzcanary" not in told
    assert str(theirs.pk) not in told


def test_an_account_that_was_closed_meanwhile_takes_nothing_over(workspace: Workspace) -> None:
    from concerted.intake.vocabulary import Vocabulary
    from concerted.web.inbox.applying import apply_receipt
    from concerted.web.inbox.models import Receipt, Work

    user = editor(workspace)
    client = workspace.client(user)
    rows = "".join(f"A-{n},Undertaking number {n} {n * 7919 % 1009},planned\n" for n in range(600))
    receipt = accept(client, brought(client, "Code,Title,State\n" + rows))
    assert receipt.work == Work.WAITING
    from django.utils import timezone

    type(user).objects.filter(pk=user.pk).update(is_active=False)
    apply_receipt(receipt.pk, Vocabulary(()), timezone.now().date())
    assert (Receipt.objects.get().work, _records().count()) == (Work.FAILED, 0)


@pytest.mark.parametrize("path", ["", "progress/", "columns/", "accept/", "put-away/"])
def test_what_another_organisation_brought_is_as_if_it_were_not_there(workspace: Workspace, path: str) -> None:
    upload = brought(workspace.client(editor(workspace)), NEW)
    stranger = workspace.client(editor(workspace, "Beta"))
    ask = stranger.post if path in ("accept/", "put-away/") else stranger.get
    answers = [ask(f"{INBOX}{each}/{path}") for each in (upload.pk, uuid4())]
    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert outcomes(upload) == ["new", "new"]


def test_receipts_of_another_organisation_are_not_there_and_not_undone(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    receipt = accept(client, brought(client, NEW))
    stranger = workspace.client(editor(workspace, "Beta"))
    assert stranger.get(f"{INBOX}receipts/{receipt.pk}/").status_code == 404
    assert stranger.post(f"{INBOX}receipts/{receipt.pk}/undo/").status_code == 404
    assert {r.condition for r in _records().all()} == {"kept"}


def test_who_only_reads_brings_nothing_and_a_form_needs_its_token(workspace: Workspace) -> None:
    assert workspace.client(editor(workspace, "Alpha", "reader")).get(INBOX).status_code == 404
    assert bring(workspace.client(editor(workspace, "Alpha", "reader")), NEW).status_code == 404
    assert bring(workspace.client(editor(workspace), checks_tokens=True), NEW).status_code == 403
    assert bring(workspace.client(), NEW).status_code == 302  # to sign in


def test_after_a_week_file_and_rows_are_gone(workspace: Workspace) -> None:
    from concerted.web.inbox.actions import forget_old
    from concerted.web.inbox.files import path_of
    from concerted.web.inbox.models import Upload, UploadRow

    client = workspace.client(editor(workspace))
    upload = brought(client, NEW)
    assert forget_old() == 0
    Upload.objects.update(made_at=upload.made_at - timedelta(days=8))
    assert forget_old() == 1
    assert not path_of(upload).exists()
    assert not UploadRow.objects.exists()
    assert client.get(f"{INBOX}{upload.pk}/").status_code == 200


def test_a_handover_moves_what_waits(workspace: Workspace) -> None:
    from concerted.web.accounts.holding import holdings
    from concerted.web.inbox.models import Upload

    assert any(model is Upload for model, _name, _meaning in holdings())


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_are_in_the_language_of_their_address(workspace: Workspace, lang: str) -> None:
    user, _ = own_records(workspace, 1)
    client = workspace.client(user)
    upload = brought(client, NEW + "XM-ALPHA-0,,finished maybe,\n")
    receipt = accept(client, upload)
    sheet = brought(client, "Aaa;Bbb\n1;2\n")
    home = INBOX.replace("/en/", f"/{lang}/")
    for path in ("", f"{upload.pk}/", f"receipts/{receipt.pk}/", f"{sheet.pk}/", f"{sheet.pk}/columns/"):
        page = client.get(home + path)
        assert page.status_code == 200, path
        text = page.content.decode()
        assert len(page.content) < 150_000
        for english in ("Accept", "Undo", "Bring", "would", "row", "State", "refused", "leave out"):
            assert f"{english} " not in text.partition("<main")[2].partition("</main")[0], (path, english)


def test_support_to_security_forces_is_not_ongoing_by_a_sheet_either(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    row = "A-7,Vehicles and equipment for the national police,National Police,{}\n"
    upload = brought(client, "Code,Title,Done by,State\n" + row.format("ongoing"))
    assert upload.rows.get().faults == [["state", "needs_due_diligence", []]]
    assert client.get(f"{INBOX}{upload.pk}/").status_code == 200
    assert outcomes(brought(client, "Code,Title,Done by,State\n" + row.format("planned"))) == ["new"]
