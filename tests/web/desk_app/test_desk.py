"""The desk asks only of what its reader sees, says what an answer does, keeps it, and takes it back to the byte."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from concerted.judgements.decisions import JUDGEMENTS, read_decisions
from concerted.model.errors import NotAllowedError
from concerted.model.ids import id_text
from web.fixture_chain import FAINT, HIDDEN, NAMED
from web.fixture_records import records
from web.workspace import Workspace

TODAY = date(2026, 11, 28)
BY_NUMBER = {record.number: record for record in records()}
ADDRESS = "/en/workspace/desk/"


def text_of(number: int) -> str:
    return id_text(BY_NUMBER[number].id)


def judge(workspace: Workspace, partner: str = "Secretariat", *held: str) -> Any:
    return workspace.person(workspace.partner(partner), *(held or ("secretariat", "signer")))


def answer(client: Any, left: str, right: str, key: str, kind: str = "money", **more: str) -> Any:
    said = {"kind": kind, "left": left, "right": right, "answer": key, **more}
    return client.post(f"{ADDRESS}judge/", said, follow=True)


def scope_of(*permitted: str) -> Any:
    """What a reader with these keys may ask of the fixture."""
    from concerted.marking import RowFilter
    from concerted.web.config.middleware import current
    from concerted.web.edition.scope import Scope

    class Seeing(Scope):
        filter = RowFilter(frozenset(permitted))  # type: ignore[assignment]

    from concerted.marking import PUBLIC

    return Seeing(PUBLIC, current().get().edition)  # type: ignore[union-attr]


def actor(user: Any) -> Any:
    from concerted.web.accounts.actions import actor_of
    from concerted.web.accounts.models import User

    return actor_of(User.objects.get(pk=user.pk))


def test_the_answer_that_decides_most_is_asked_for_first_with_both_sides_and_the_effect(
    both: Workspace, cold: Any
) -> None:
    client = both.client(judge(both))
    page = client.get(f"{ADDRESS}?about=money").content.decode()
    question, _sign, rest = page.partition('id="effect"')
    assert text_of(FAINT[0]) in question or text_of(NAMED[0]) in question
    assert "Does the money of the first stand in the second again?" in question
    assert "What an answer does" in rest
    assert "If it is not" in rest
    assert text_of(HIDDEN[0]) not in page
    listed = page.partition("questions are open")[2]
    assert "Does the money" in listed


def test_nobody_is_asked_of_what_he_does_not_see(workspace: Workspace, cold: Any) -> None:
    from concerted.publish.open_questions import ends
    from concerted.web.desk import queries

    hidden = frozenset((text_of(7), text_of(40)))
    public = {frozenset(ends(q)) for q in queries.open_for(scope_of("CLEAR"), "everything", "spent")}
    amina = {frozenset(ends(q)) for q in queries.open_for(scope_of("CLEAR", "RED:amina"), "everything", "spent")}
    assert hidden not in public
    assert hidden in amina
    assert public < amina
    assert not queries.is_there(scope_of("CLEAR"), "project", text_of(7), text_of(40))
    assert queries.is_there(scope_of("CLEAR", "RED:amina"), "project", text_of(7), text_of(40))


def test_what_is_not_seen_or_not_there_is_not_judged_and_looks_alike(workspace: Workspace, cold: Any) -> None:
    from concerted.web.desk.models import Judgement

    client = workspace.client(judge(workspace))
    asked = (
        (text_of(7), text_of(40), "s", "project"),  # hidden from the secretariat
        (text_of(7), f"{12345:016x}", "s", "project"),  # nowhere
        (text_of(7), "no id", "s", "project"),
        (text_of(7), text_of(7), "s", "project"),
        (text_of(7), text_of(9), "z", "project"),
        ("name:a", "name:b", "s", "organisation"),
    )
    answers = [answer(client, left, right, key, kind) for left, right, key, kind in asked]
    assert [each.status_code for each in answers] == [404] * len(asked)
    assert len({each.content for each in answers}) == 1
    assert not Judgement.objects.exists()


def test_an_answer_is_kept_asked_no_more_and_taken_back(both: Workspace, cold: Any, tmp_path: Path) -> None:
    from concerted.web.desk import queries
    from concerted.web.desk.files import write_files

    user = judge(both)
    client = both.client(user)
    assert not write_files(tmp_path)
    before = len(queries.open_for(scope_of("CLEAR"), "everything", "spent"))
    page = answer(client, text_of(NAMED[0]), text_of(NAMED[1]), "y", reason="The agreement says so").content.decode()
    assert "Judged last:" in page
    assert len(queries.open_for(scope_of("CLEAR"), "everything", "spent")) == before - 1
    assert write_files(tmp_path)
    path = tmp_path / "decisions" / JUDGEMENTS
    (kept,) = read_decisions(path)
    assert (kept.core, kept.decided_by, kept.reason, kept.about) == (
        ("funds", text_of(NAMED[0]), text_of(NAMED[1])),
        "Secretariat",
        "The agreement says so",
        "",
    )
    first = path.read_bytes()
    answer(client, text_of(NAMED[0]), text_of(NAMED[1]), "n")  # somebody thinks again
    write_files(tmp_path)
    assert [each.decision for each in read_decisions(path)] == ["different"]
    newest = queries.held()[0].pk
    client.post(f"{ADDRESS}judged/{newest}/undo/", {"list": "1"})
    write_files(tmp_path)
    assert path.read_bytes() == first  # what was judged before holds again
    client.post(f"{ADDRESS}judged/{queries.held()[0].pk}/undo/")
    assert not write_files(tmp_path)
    assert read_decisions(path) == ()
    assert len(queries.open_for(scope_of("CLEAR"), "everything", "spent")) == before
    assert client.post(f"{ADDRESS}judged/{newest}/undo/").status_code == 404  # taken back already
    assert client.get(f"{ADDRESS}judged/").content.decode().count("taken back") >= 2
    assert both.log().count("added") == 2
    assert both.log().count("removed") == 2


def test_who_does_not_see_both_sides_neither_reads_nor_undoes_a_judgement(workspace: Workspace, cold: Any) -> None:
    from concerted.web.desk import actions, queries
    from concerted.web.desk.actions import NotThereError, Said

    seer = judge(workspace, "Office", "coordination", "editor")
    other = judge(workspace)
    sees = scope_of("CLEAR", "RED:amina")
    made = actions.judge(actor(seer), sees, Said("project", text_of(7), text_of(40), "s"), TODAY)
    assert queries.readable(scope_of("CLEAR"), other.partner_id) == []
    with pytest.raises(NotThereError):
        actions.undo(actor(other), scope_of("CLEAR"), made.pk)
    (own,) = queries.readable(scope_of("CLEAR"), seer.partner_id)  # his marking changed since
    assert (own.left, own.right) == (None, None)
    page = workspace.client(seer).get(f"{ADDRESS}judged/").content.decode()
    assert "about records that are not in the picture for you" in page
    (told,) = queries.readable(sees, other.partner_id)
    assert told.left
    assert told.right
    actions.undo(actor(seer), scope_of("CLEAR"), made.pk)
    assert queries.held() == []


def test_only_secretariat_and_coordination_judge(workspace: Workspace, cold: Any) -> None:
    from concerted.web.desk import actions
    from concerted.web.desk.actions import Said

    for held in (("donor", "administrator"), ("secretariat", "reader"), ("rights", "editor")):
        user = judge(workspace, "Alpha", *held)
        with pytest.raises(NotAllowedError):
            actions.judge(actor(user), scope_of("CLEAR"), Said("project", text_of(7), text_of(9), "s"), TODAY)
        with pytest.raises(NotAllowedError):
            actions.undo(actor(user), scope_of("CLEAR"), 1)


def test_a_reason_that_names_a_person_is_not_kept(workspace: Workspace, cold: Any) -> None:
    from concerted.web.desk.models import Judgement

    client = workspace.client(judge(workspace))
    page = answer(client, text_of(7), text_of(9), "s", "project", reason="Ask a.traore@example.org").content.decode()
    assert "these words are not stored here" in page
    assert not Judgement.objects.exists()


def test_the_sight_of_another_organisations_restricted_record_is_noted(
    workspace: Workspace, cold: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.audit.models import Entry
    from concerted.web.desk import views

    client = workspace.client(judge(workspace))
    client.get(ADDRESS)  # all that is asked here anybody may see
    assert "saw" not in workspace.log()
    monkeypatch.setattr(views, "restricted_owners", lambda scope, ids: ("XM-ALPHA",))
    client.get(ADDRESS)
    (seen,) = Entry.objects.filter(action="saw")
    assert seen.owner == workspace.partner("Alpha").pk


@pytest.mark.parametrize("table", ["judgement", "undoing"])
def test_the_database_itself_keeps_judgements(both: Workspace, cold: Any, table: str) -> None:
    from django.db import DatabaseError, connection

    from concerted.web.desk import actions
    from concerted.web.desk.actions import Said

    user = judge(both)
    made = actions.judge(actor(user), scope_of("CLEAR"), Said("project", text_of(7), text_of(9), "n"), TODAY)
    actions.undo(actor(user), scope_of("CLEAR"), made.pk)
    for statement in (f"UPDATE desk_{table} SET made_at = NULL", f"DELETE FROM desk_{table}"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
@pytest.mark.parametrize("about", ["everything", "money", "projects", "organisations"])
def test_pages_are_there_in_three_languages_and_light(workspace: Workspace, cold: Any, lang: str, about: str) -> None:
    client = workspace.client(judge(workspace))
    for page in (f"?about={about}", f"?about={about}&at=1&book=commitment", f"?at=99999&about={about}", "judged/"):
        got = client.get(f"/{lang}/workspace/desk/{page}")
        assert got.status_code == 200
        assert len(got.content) < 60_000


def test_a_decisions_file_that_cannot_be_read_stops_no_question(
    workspace: Workspace, cold: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.conf import settings

    from concerted.rebuild import Asked, keep_request
    from concerted.steps import BuildRequest
    from concerted.web.desk import queries

    (tmp_path / "decisions.csv").write_text("no such columns\n", "utf-8")
    keep_request(tmp_path, Asked((), BuildRequest(decisions=tmp_path / "decisions.csv")))
    monkeypatch.setattr(settings, "CONCERTED_DATA", tmp_path)
    assert queries.known() == ()
    assert "cannot be read" in caplog.text
