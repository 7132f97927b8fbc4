"""The pages of records: who may read and write, nothing typed is lost, nothing that was not touched changes."""

from typing import Any
from uuid import uuid4

import pytest

from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept
from web.workspace_app.typed import typed

NEW = "/en/workspace/records/new/"


def _edit(record: Any) -> str:
    return f"/en/workspace/records/{record.pk}/edit/"


def _new(client: Any, **changes: Any) -> Any:
    return client.post(NEW, typed(client.get(NEW), keep="1", **changes))


def _newest() -> Any:
    from concerted.web.workspace.models import Record

    return Record.objects.order_by("-created_at").first()


def test_seven_fields_make_an_activity(both: Workspace) -> None:
    client = both.client(editor(both))
    answer = _new(
        client,
        title="Wells of the valley",
        doer="Alpha; Beta",
        state="planned",
        start="2027-01-01",
        end="2027-12-31",
        places=["ML05"],
        nodes=["1.1"],
        sharing="anyone",
        **{"money-0-amount": "١٥ ٠٠٠ ٠٠٠", "money-0-currency": "XOF", "money-0-kind": "commitment"},
    )
    record = _newest()
    assert answer["Location"] == f"/en/workspace/records/{record.pk}/"
    assert record.lacks == []
    assert (record.condition, record.marking_key) == ("kept", "CLEAR")
    document = record.document
    assert [r["name"] for r in document["participating_org"]] == ["Alpha", "Beta"]
    assert document["transaction"] == [
        {
            "type_code": "2",
            "value": "15000000",
            "currency": "XOF",
            "transaction_date": "2027-01-01",
            "value_date": "2027-01-01",
        }
    ]
    page = client.get(answer["Location"]).content.decode()
    assert "Wells of the valley" in page
    assert "Everybody, also without signing in." in page


def test_an_empty_form_is_saved_and_says_what_is_missing(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace, "Beta"))
    answer = _new(client, doer="")
    assert answer.status_code == 302
    assert len(_newest().lacks) == 7
    assert "TLP:AMBER+STRICT" in client.get(answer["Location"]).content.decode()
    assert client.get("/en/workspace/records/").content.decode().count('class="tag"') == 7


def test_the_list_counts_what_is_open_and_finds_by_words(both: Workspace) -> None:
    from concerted.web.workspace.models import Condition
    from concerted.web.workspace.queries.records import count_open, own_records

    user = editor(both)
    complete = {
        "start_planned_date": "2027-01-01",
        "end_planned_date": "2028-01-01",
    }
    record = kept(user, title="Écoles du fleuve", **complete)
    kept(user, condition=Condition.DRAFT)
    kept(editor(both, "Beta"))
    assert count_open(user.partner_id) == (2, 1)
    assert own_records(user.partner_id, "ecoles FLEUVE").records == [record]
    assert own_records(user.partner_id, "ecoles désert").total == 0
    whole = {**record.document, "participating_org": [{"role_code": "4", "name": "Alpha"}]}
    whole["recipient"] = [{"kind": "country", "code": "ML"}]
    whole["tag"] = [{"kind": "tag", "vocabulary_code": "99", "vocabulary_uri": "un-gcts", "code": "1.1"}]
    whole["attribute"] = [{"name": "amount_unknown", "value": "true"}]
    from concerted.web.workspace.actions import save

    save(actor(user), record, 1, whole)
    assert count_open(user.partner_id) == (1, 1)


def test_the_form_is_light(workspace: Workspace) -> None:
    """Pages with a token are sent as they are: compressed, their length would tell of it. With all else: 150 KB."""
    assert len(workspace.client(editor(workspace)).get(NEW).content) < 100 * 1024


def test_a_form_that_is_sent_twice_makes_one_record(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Record

    client = workspace.client(editor(workspace))
    sent = typed(client.get(NEW), keep="1", title="Wells")
    assert client.post(NEW, sent)["Location"] == client.post(NEW, sent)["Location"]
    assert Record.objects.count() == 1


def test_a_form_that_is_sent_back_as_it_came_changes_nothing(workspace: Workspace) -> None:
    """Whatever a document holds that the form does not show, or shows in other words."""
    from concerted.statements.changes import changes_between
    from concerted.web.workspace.actions import Saved, save

    user = editor(workspace)
    record = kept(user, start_planned_date="2027-01-01", coarse_marking_key="CLEAR", marking_key="GREEN")
    rich = {
        **record.document,
        "narrative": [
            {"field": "title", "lang": "fr", "text": "Puits"},
            {"field": "title", "lang": "en", "text": "Wells"},
            {"field": "description", "lang": "en", "text": "Twelve wells, each with a committee."},
        ],
        "participating_org": [
            {"role_code": "1", "ref": "XM-1", "name": "Funder"},
            {"role_code": "4", "ref": "XM-2"},
            {"role_code": "4", "name": "Doer"},
        ],
        "location": [{"admin1_code": "ML05", "admin1_name": "Mopti", "pct": 60}, {"name": "Elsewhere", "pct": 40}],
        "recipient": [{"kind": "country", "code": "ML"}],
        "transaction": [
            {"type_code": "2", "value": "1500.5", "currency": "EUR", "transaction_date": "2027-02-01", "ref": "t1"},
            {"type_code": "5", "value": "7", "currency": "EUR"},
            {"type_code": "3", "value": "20", "transaction_date": "2027-03-01", "description": "first"},
        ],
        "budget": [{"kind": "budget", "value": "9", "currency": "USD", "period_start_date": "2027-01-01"}],
        "sector": [{"transaction_seq": 0, "vocabulary_code": "1", "code": "15110"}],
        "result": [{"title": "Wells dug", "type_code": "1"}],
        "indicator": [{"result_seq": 0, "title": "Number of wells"}],
        "people": [{"kind": "reached", "value": 12}, {"kind": "reached", "group": "f", "value": 6}],
        "policy_marker": [{"vocabulary_code": "1", "code": "1", "significance_code": "2"}, {"code": "9"}],
        "document": [{"url": "https://example.org/report", "title": "Report"}],
        "attribute": [{"name": "state_reason", "value": "as agreed"}],
    }
    saved = save(actor(user), record, 1, rich)
    assert isinstance(saved, Saved)
    for lang in ("en", "fr", "ar"):
        client = workspace.client(user)
        address = _edit(record).replace("/en/", f"/{lang}/")
        answer = client.post(address, typed(client.get(address), keep="1"))
        assert answer.status_code == 302
        assert changes_between(saved.record.document, _newest().document) == [], lang
    assert _newest().version == 2


def test_money_that_is_cleared_goes_and_takes_what_belongs_to_it_along(workspace: Workspace) -> None:
    from concerted.web.workspace.actions import save

    user = editor(workspace)
    record = kept(user)
    money = [{"type_code": "2", "value": "5", "currency": "EUR"}, {"type_code": "3", "value": "6", "currency": "EUR"}]
    sectors = [{"transaction_seq": n, "vocabulary_code": "1", "code": f"1511{n}"} for n in (0, 1)]
    save(actor(user), record, 1, {**record.document, "transaction": money, "sector": sectors})
    client = workspace.client(user)
    client.post(_edit(record), typed(client.get(_edit(record)), keep="1", **{"money-0-amount": ""}))
    document = _newest().document
    assert [row["value"] for row in document["transaction"]] == ["6"]
    assert document["sector"] == [{"transaction_seq": 0, "vocabulary_code": "1", "code": "15111"}]


def test_what_could_be_two_amounts_is_asked_and_nothing_typed_is_lost(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    answer = _new(client, title="Wells", **{"money-0-amount": "1.500"})
    assert answer.status_code == 200
    assert "Write the amount in digits" in answer.content.decode()
    assert typed(answer)["title"] == ["Wells"]
    assert _newest() is None


def test_a_place_that_is_not_known_is_answered_with_the_nearest(workspace: Workspace) -> None:
    client = workspace.client(editor(workspace))
    answer = _new(client, finer="Bamakoo")
    assert "Perhaps: Bamako" in answer.content.decode()


def test_two_who_change_the_same_are_asked_line_by_line(both: Workspace) -> None:
    first, second = both.client(editor(both)), both.client(editor(both))
    record = kept(editor(both))
    one, other = typed(first.get(_edit(record)), keep="1"), typed(second.get(_edit(record)), keep="1")
    assert first.post(_edit(record), one | {"start": "2027-01-01", "title": "Theirs"}).status_code == 302
    asked = second.post(_edit(record), other | {"end": "2028-01-01", "title": "Mine"})
    assert asked.status_code == 409
    page = asked.content.decode()
    assert "Mine" in page
    assert "Theirs" in page
    assert page.count('value="theirs"') == 1
    merge = f"/en/workspace/records/{record.pk}/merge/"
    unanswered = second.post(merge, typed(asked, "merge-form"))
    assert "Choose for each line." in unanswered.content.decode()
    assert second.post(merge, typed(asked, "merge-form", **{"choice-0": "mine"})).status_code == 302
    saved = _newest()
    assert saved.title == "Mine"
    activity = saved.document["activity"]
    assert (activity["start_planned_date"], activity["end_planned_date"]) == ("2027-01-01", "2028-01-01")


def test_a_page_of_a_merge_that_was_tampered_with_is_refused(workspace: Workspace) -> None:
    user = editor(workspace)
    record = kept(user)
    merge = f"/en/workspace/records/{record.pk}/merge/"
    for mine in ("", "[]", "{}", '{"record": 1}', "x" * 2_000_000, f'{{"record": "{record.pk}", "activity": 7}}'):
        answer = workspace.client(user).post(merge, {"mine": mine, "began": "1", "theirs": "1"})
        assert answer.status_code in (302, 404), mine[:40]
    assert _newest().version == 1


def test_refused_words_are_shown_to_the_author_and_kept_nowhere(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Record, RecordVersion

    client = workspace.client(editor(workspace))
    answer = _new(client, title="Wells, ask awa.keita@example.org")
    assert answer.status_code == 200
    assert "awa.keita@example.org" in answer.content.decode()
    assert (Record.objects.count(), RecordVersion.objects.count()) == (0, 0)


@pytest.mark.parametrize("page", ["", "edit/", "picture/"])
def test_a_record_that_one_may_not_read_is_as_if_it_were_not_there(workspace: Workspace, page: str) -> None:
    from concerted.web.workspace.models import Condition

    owner = editor(workspace)
    hidden = kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}", title="Zzcanary")
    draft = kept(owner, condition=Condition.DRAFT, title="Zzcanary draft")
    client = workspace.client(editor(workspace, "Beta"))
    absent = client.get(f"/en/workspace/records/{uuid4()}/{page}")
    assert absent.status_code == 404
    for record in (hidden, draft):
        answer = client.get(f"/en/workspace/records/{record.pk}/{page}")
        assert answer.status_code == 404
        assert answer.content == absent.content
    assert "Zzcanary" not in client.get("/en/workspace/records/").content.decode()


def test_another_partner_reads_what_it_may_see_and_never_changes_it(workspace: Workspace) -> None:
    record = kept(editor(workspace), marking_key="GREEN", title="Wells for all")
    client = workspace.client(editor(workspace, "Beta"))
    page = client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "Wells for all" in page
    assert "/edit/" not in page
    assert client.get(_edit(record)).status_code == 404
    assert client.post(_edit(record), {"title": "x"}).status_code == 404
    assert "saw" in workspace.log()


def test_the_picture_leads_back_to_the_record_for_whoever_may_read_it(both: Workspace) -> None:
    from concerted.model.ids import hash_id, id_text

    owner = editor(both)
    shown, hidden = kept(owner, marking_key="GREEN"), kept(owner, marking_key=f"AMBER+STRICT:{owner.partner_id}")
    client = both.client(editor(both, "Beta", "reader"))

    def lead(text: str) -> Any:
        return client.get(f"/en/workspace/records/of/{text}/")

    answers = [lead(id_text(hash_id("registry", str(record.pk)))) for record in (shown, hidden)]
    assert answers[0]["Location"] == f"/en/workspace/records/{shown.pk}/"
    absent = lead("0" * 16)
    assert (answers[1].status_code, answers[1].content) == (404, absent.content)
    assert lead("x").status_code == 404


def test_a_reader_of_the_owner_reads_drafts_and_writes_nothing(workspace: Workspace) -> None:
    from concerted.web.workspace.models import Condition

    record = kept(editor(workspace), condition=Condition.DRAFT, title="Wells in draft")
    client = workspace.client(editor(workspace, "Alpha", "reader"))
    assert "Wells in draft" in client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert client.get(NEW).status_code == 404
    assert client.post(_edit(record), {}).status_code == 404


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"sharing": "anyone"}, "Everybody, also without signing in."),
        ({"sharing": "partners"}, "Everybody who signs in"),
        ({"sharing": "own"}, "The people of one organisation:"),
        ({"sharing": "own", "coarse": "anyone", "level": "1", "hidden": "on"}, "without saying who works there"),
    ],
)
def test_who_would_see_it_is_told_as_one_chooses(workspace: Workspace, chosen: dict[str, str], says: str) -> None:
    answer = workspace.client(editor(workspace)).get("/en/workspace/records/who-sees/", chosen)
    assert answer.status_code == 200
    assert says in answer.content.decode()


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_are_in_the_language_of_their_address(workspace: Workspace, lang: str) -> None:
    user = editor(workspace)
    record = kept(user)
    client = workspace.client(user)
    for path in ("", "new/", f"{record.pk}/", f"{record.pk}/edit/"):
        page = client.get(f"/{lang}/workspace/records/{path}").content.decode()
        for english in ("Who will see", "activity", "Still missing", "Lines of the strategy"):
            assert english not in page.replace("Accueil", ""), (path, english)


def test_a_new_record_with_the_id_of_another_organisations_is_refused_and_can_be_sent_again(both: Workspace) -> None:
    from concerted.web.workspace.models import Record

    theirs = kept(editor(both, "Beta"), marking_key="AMBER+STRICT:")
    client = both.client(editor(both))
    sent = typed(client.get(NEW), keep="1", title="Wells of the plain", record=str(theirs.pk))
    refused = client.post(NEW, sent)
    assert refused.status_code == 200
    assert "Nothing was saved: this form was for another activity" in refused.content.decode()
    assert Record.objects.count() == 1
    theirs.refresh_from_db()
    assert (theirs.version, theirs.title) == (1, "Wells of the valley")
    assert client.post(NEW, typed(refused, keep="1")).status_code == 302  # what was typed is still there
    assert Record.objects.exclude(pk=theirs.pk).count() == 1
