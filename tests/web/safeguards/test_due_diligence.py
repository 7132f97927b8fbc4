"""Support to security forces outside the UN is not ongoing before due diligence; the focal point keeps it."""

from datetime import date, timedelta
from typing import Any

import pytest

from concerted.model.errors import NotAllowedError
from web.workspace import Workspace
from web.workspace_app.kept import actor, editor, kept
from web.workspace_app.typed import typed

QUEUE = "/en/workspace/safeguards/"
DOER = [{"role_code": "4", "name": "Alpha"}]


def focal(workspace: Workspace, partner: str = "Beta") -> Any:
    return workspace.person(workspace.partner(partner), "rights", "reader")


def support(user: Any, title: str = "Training of the national police", **values: Any) -> Any:
    """A planned record that says that it is such support."""
    from concerted.web.workspace.actions import save

    record = kept(user, title=title, **values)
    more = {"participating_org": DOER, "sector": [{"vocabulary_code": "1", "code": "15132"}]}
    return save(actor(user), record, 1, {**record.document, **more}).record  # type: ignore[union-attr]


def begin(client: Any, record: Any) -> str:
    from concerted.web.workspace.models import Record

    version = Record.objects.get(pk=record.pk).version
    address = f"/en/workspace/records/{record.pk}/step/"
    return client.post(
        address, {"to": "ongoing", "began": version, "ongoing-day": "2026-01-02"}, follow=True
    ).content.decode()


def state_of(record: Any) -> str:
    from concerted.web.workspace.models import Record

    return str(Record.objects.get(pk=record.pk).state)


def assess(workspace: Workspace, user: Any, record: Any, outcome: str = "cleared", **changes: str) -> Any:
    client, address = workspace.client(user), f"{QUEUE}{record.pk}/"
    return client.post(address, typed(client.get(address), "assessment-form", outcome=outcome, **changes))


def test_it_is_not_ongoing_before_it_is_cleared(both: Workspace) -> None:
    user = editor(both)
    record, client = support(user, marking_key="GREEN"), both.client(user)
    assert "Still needed: the due-diligence record" in begin(client, record)
    assert state_of(record) == "planned"
    assert "lacking" in client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert assess(both, focal(both), record, "measures", measures="Weekly visits")["Location"] == QUEUE
    page = client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "Weekly visits" in page
    begin(client, record)
    assert state_of(record) == "ongoing"


@pytest.mark.parametrize("outcome", ["refused", "outside", "cleared"])
def test_what_the_newest_assessment_says_counts(workspace: Workspace, outcome: str) -> None:
    user, rights = editor(workspace), focal(workspace)
    record = support(user, marking_key="GREEN")
    for each in ("refused", "cleared", outcome):
        assess(workspace, rights, record, each)
    begin(workspace.client(user), record)
    assert state_of(record) == ("planned" if outcome == "refused" else "ongoing")


def test_an_assessment_ends_and_does_not_hold_for_another_receiver(workspace: Workspace) -> None:
    from concerted.web.safeguards.models import Assessment
    from concerted.web.safeguards.need import need_of
    from concerted.web.safeguards.queries import standing_of
    from concerted.web.sharing.queries import today

    record = support(editor(workspace), marking_key="GREEN")
    assess(workspace, focal(workspace), record)
    newest, need = Assessment.objects.get(), need_of(record.document)
    assert standing_of(need, newest) == "cleared"
    newest.valid_until = today() - timedelta(days=1)
    assert standing_of(need, newest) == "expired"
    newest.valid_until = today()
    assert standing_of(need, newest) == "cleared"
    other = {**record.document, "participating_org": [{"role_code": "4", "name": "National gendarmerie"}]}
    assert standing_of(need_of(other), newest) == "changed"


def test_what_is_asked_the_owner_answers_and_sure_signs_stay(workspace: Workspace) -> None:
    from concerted.web.safeguards.need import need_of

    record = kept(editor(workspace), title="Reform")
    asked = {**record.document, "sector": [{"vocabulary_code": "1", "code": "15210"}]}
    sure = {**record.document, "sector": [{"vocabulary_code": "1", "code": "15132"}]}
    answers = {}
    for name, document in (("asked", asked), ("sure", sure), ("none", record.document)):
        for said in ("", "yes", "no"):
            attributes = [{"name": "security_support", "value": said}] if said else []
            answers[name, said] = need_of({**document, "attribute": attributes}).answer
    assert [answers["asked", said] for said in ("", "yes", "no")] == ["ask", "yes", "no"]
    assert [answers["sure", said] for said in ("", "yes", "no")] == ["yes", "yes", "yes"]
    assert [answers["none", said] for said in ("", "yes", "no")] == ["no", "yes", "no"]


def test_the_owner_answers_in_the_form_and_the_focal_point_sees_a_no(both: Workspace) -> None:
    from concerted.web.workspace.actions import save

    user = editor(both)
    record = kept(user, title="Zzreform", marking_key="GREEN")
    more = {"participating_org": DOER, "sector": [{"vocabulary_code": "1", "code": "15210"}]}
    save(actor(user), record, 1, {**record.document, **more})
    client, edit = both.client(user), f"/en/workspace/records/{record.pk}/edit/"
    assert "Say in the form" in client.get(f"/en/workspace/records/{record.pk}/").content.decode()
    assert "Still needed" in begin(client, record)
    client.post(edit, typed(client.get(edit), keep="1", security="no"))
    begin(client, record)
    assert state_of(record) == "ongoing"
    page = both.client(focal(both)).get(QUEUE).content.decode()
    assert page.index("Its owner says that there is no such support") < page.index("Zzreform")


def test_what_is_ongoing_already_is_kept_and_waits_in_the_queue(both: Workspace) -> None:
    record = support(editor(both), title="Zzwaiting support for the police", marking_key="GREEN", state="ongoing")
    assert state_of(record) == "ongoing"
    rights = focal(both)
    assert "Zzwaiting" in both.client(rights).get(QUEUE).content.decode()
    assess(both, rights, record)
    assert "Zzwaiting" not in both.client(rights).get(QUEUE).content.decode()


def test_a_role_opens_no_record(workspace: Workspace) -> None:
    """A focal point is told of what he may read, and nothing of the rest: not in the queue, nor in its count."""
    user, rights = editor(workspace), focal(workspace)
    hidden = support(
        user, title="Zzcanary training of the police", marking_key=f"AMBER+STRICT:{user.partner_id}", state="ongoing"
    )
    client = workspace.client(rights)
    empty = client.get(QUEUE).content
    assert b"Zzcanary" not in empty
    assert b"Nothing waits." in empty
    absent = client.get(f"{QUEUE}00000000-0000-0000-0000-000000000000/")
    assert absent.status_code == 404
    for method in ("get", "post"):
        answer = getattr(client, method)(f"{QUEUE}{hidden.pk}/", {"outcome": "cleared"})
        assert (answer.status_code, answer.content) == (404, absent.content)
    page = workspace.client(user).get(f"/en/workspace/records/{hidden.pk}/").content.decode()
    assert "None may read it as it is marked" in page
    from concerted.marking import Viewer
    from concerted.web.safeguards import actions
    from concerted.web.safeguards.models import Outcome

    day = date(2026, 1, 1)
    viewer = Viewer(str(rights.pk), str(rights.partner_id), roles=frozenset({"rights"}))
    with pytest.raises(NotAllowedError):
        actions.assess(actor(rights), viewer, hidden, Outcome.CLEARED, day, day, "")


@pytest.mark.parametrize("held", [("editor",), ("administrator", "signer"), ("secretariat", "reader")])
def test_only_the_role_keeps_assessments(workspace: Workspace, held: tuple[str, ...]) -> None:
    from concerted.marking import Viewer
    from concerted.web.safeguards import actions
    from concerted.web.safeguards.models import Outcome

    record = support(editor(workspace), marking_key="GREEN")
    user = workspace.person(workspace.partner("Secretariat"), *held)
    assert workspace.client(user).get(QUEUE).status_code == 404
    viewer, day = Viewer(str(user.pk), str(user.partner_id)), date(2026, 1, 1)
    with pytest.raises(NotAllowedError):
        actions.assess(actor(user), viewer, record, Outcome.CLEARED, day, day, "")


def test_what_was_changed_since_it_was_looked_at_is_not_assessed(both: Workspace) -> None:
    from concerted.web.safeguards.models import Assessment
    from concerted.web.workspace.actions import save

    user, rights = editor(both), focal(both)
    record = support(user, marking_key="GREEN")
    client, address = both.client(rights), f"{QUEUE}{record.pk}/"
    looked_at = typed(client.get(address), "assessment-form", outcome="cleared")
    other = {**record.document, "participating_org": [{"role_code": "4", "name": "National guard"}]}
    save(actor(user), record, 2, other)
    answer = client.post(address, looked_at)
    assert "changed meanwhile: look at it again" in answer.content.decode()
    assert Assessment.objects.count() == 0
    client.post(address, typed(answer, "assessment-form", outcome="cleared"))
    assert Assessment.objects.get().version == 3


def test_measures_are_needed_where_they_are_promised_and_hold_no_persons(workspace: Workspace) -> None:
    from concerted.web.safeguards.models import Assessment

    record, rights = support(editor(workspace), marking_key="GREEN"), focal(workspace)
    assert "say which measures" in assess(workspace, rights, record, "measures").content.decode()
    said = assess(workspace, rights, record, "measures", measures="Call awa.keita@example.org").content.decode()
    assert "awa.keita@example.org" in said
    late = assess(workspace, rights, record, "cleared", assessed_on="2099-01-01", valid_until="2099-02-01")
    assert "not made in the future" in late.content.decode()
    assert Assessment.objects.count() == 0


def test_the_database_keeps_assessments_and_the_log_tells_of_them(both: Workspace) -> None:
    from django.db import DatabaseError, connection

    record = support(editor(both), marking_key="GREEN")
    assess(both, focal(both), record)
    for statement in ("UPDATE safeguards_assessment SET outcome = 'cleared'", "DELETE FROM safeguards_assessment"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)
    from concerted.web.audit.models import Entry

    entry = Entry.objects.get(object_kind="due_diligence")
    assert (entry.action, entry.owner) == ("added", record.owner_id)


def test_refused_words_are_counted_by_kind_and_kept_nowhere(both: Workspace) -> None:
    from django.db import connection

    from concerted.web.safeguards.models import Refused

    client = both.client(editor(both))
    new = "/en/workspace/records/new/"
    for _ in range(2):
        client.post(new, typed(client.get(new), keep="1", title="Wells, ask zzcanary.keita@example.org"))
    row = Refused.objects.get()
    assert (row.kind, row.severity, row.channel, row.count) == ("email", "refuse", "page", 2)
    page = both.client(focal(both)).get(QUEUE).content.decode()
    assert "e-mail addresses" in page
    assert "zzcanary" not in page
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "zzcanary" not in str(cursor.fetchall()), table


def test_a_version_is_read_once_and_a_new_one_again(both: Workspace) -> None:
    from concerted.web.safeguards import queries
    from concerted.web.safeguards.known_needs import refresh
    from concerted.web.safeguards.models import KnownNeed
    from concerted.web.workspace.actions import save

    user = editor(both)
    record = support(user, title="Zzpolice training", marking_key="CLEAR", state="ongoing")
    client = both.client(focal(both))
    assert "Zzpolice" in client.get(QUEUE).content.decode()
    assert refresh() == 0, "what is known is not read again, by whatever process"
    harmless = {**record.document, "sector": [], "narrative": [{"field": "title", "lang": "en", "text": "Zzwells"}]}
    save(actor(user), record, 2, harmless)
    assert "Zzwells" not in client.get(QUEUE).content.decode()
    assert queries.refused_counts() == []
    KnownNeed.objects.update(rules="of yesterday")
    assert refresh() == 1, "what other words said is worked out again"


def test_a_queue_asks_as_many_questions_whatever_it_holds(both: Workspace) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from concerted.web.safeguards.queries import queue
    from concerted.web.workspace.models import Record

    user, rights = editor(both), focal(both)
    viewer = viewer_of(rights)
    for n in range(12):
        kept(user, title=f"Wells {n}", marking_key="GREEN")
    support(user, marking_key="GREEN")
    counts = []
    for _ in range(2):
        queue(viewer)
        with CaptureQueriesContext(connection) as asked:
            assert len(queue(viewer).waiting) >= 1
        counts.append(len(asked))
        assert not any('"document"' in each["sql"] for each in asked.captured_queries), "a document was read"
        for n in range(3):
            support(user, title=f"Training of the national police {n}", marking_key="GREEN")
    assert counts[0] == counts[1] <= 6
    assert Record.objects.count() == 19


def viewer_of(user: Any) -> Any:
    from concerted.web.accounts.models import User
    from concerted.web.accounts.person import viewer_for

    return viewer_for(User.objects.get(pk=user.pk), is_sure=True)


def test_the_worker_knows_new_versions_before_anybody_asks(workspace: Workspace) -> None:
    from concerted.web.safeguards.known_needs import refresh
    from concerted.web.workspace import tasks

    assert refresh in tasks._FOLLOWERS
