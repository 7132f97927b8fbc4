"""Which source counts: asked of who signs and administers, kept as it was made, taken back, and shown to no other."""

import re
from pathlib import Path
from typing import Any

import pytest

from concerted.judgements.precedence import PRECEDENCE, read_precedence
from concerted.model.errors import NotAllowedError
from web.workspace import Workspace

ADDRESS = "/en/workspace/sources/"
KINDS = ("commitment", "disbursement", "expenditure", "budget", "planned_disbursement")


def signer(workspace: Workspace, partner: str = "Alpha", *held: str) -> Any:
    return workspace.person(workspace.partner(partner), *(held or ("donor", "signer")))


def form(step: str, follows: int = 0, **subjects: str) -> dict[str, str]:
    """All money is published, but for what is named; fields as named."""
    said = {**dict.fromkeys(KINDS, "published"), **subjects}
    return {"step": step, "follows": str(follows), **{f"of_{subject}": source for subject, source in said.items()}}


def test_a_decision_is_shown_before_it_is_kept_enters_the_build_and_is_taken_back(
    both: Workspace, cold: Any, tmp_path: Path
) -> None:
    from concerted.web.precedence.files import write_files
    from concerted.web.precedence.models import Choosing

    client, path = both.client(signer(both)), tmp_path / "decisions" / PRECEDENCE
    assert not write_files(tmp_path)
    assert not path.exists()
    page = client.get(ADDRESS).content.decode()
    assert "Not decided yet" in page
    assert "None of your activities is in both now" in page
    assert 'value="undo"' not in page
    page = client.post(ADDRESS, form("look", commitment="workspace")).content.decode()
    assert "What your decision does" in page
    assert "The workspace counts." in page
    assert not Choosing.objects.exists()  # looking keeps nothing
    page = client.post(ADDRESS, form("keep", commitment="workspace"), follow=True).content.decode()
    assert "Kept; it counts from the next picture on" in page
    assert "You have decided" in page
    assert re.search(r'value="look">[^<]*</button> <button class="quiet" form="undo"', page)  # beside each other
    assert write_files(tmp_path)
    found = {(c.organisation, c.subject): c.source for c in read_precedence(path)}
    assert found == {("XM-ALPHA", kind): "workspace" if kind == "commitment" else "published" for kind in KINDS}
    first = path.read_bytes()
    client.post(ADDRESS, form("keep", 1, budget="workspace"))
    write_files(tmp_path)
    assert path.read_bytes() != first
    client.post(ADDRESS, form("keep", 2, commitment="workspace"))
    write_files(tmp_path)
    assert path.read_bytes() == first
    page = client.post(ADDRESS, {"step": "undo", "follows": "3"}, follow=True).content.decode()
    assert "Taken back: the picture will be what it was before." in page
    assert not write_files(tmp_path)
    assert read_precedence(path) == ()
    assert list(Choosing.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert [both.log().count("changed"), both.log().count("removed")] == [3, 1]


def test_fields_are_decided_without_money_and_money_without_fields(
    workspace: Workspace, cold: Any, tmp_path: Path
) -> None:
    from concerted.web.precedence.files import write_files

    client, path = workspace.client(signer(workspace)), tmp_path / "decisions" / PRECEDENCE
    only = {"step": "look", "follows": "0", "of_texts": "workspace", "of_budget": ""}
    page = client.post(ADDRESS, only).content.decode()
    assert page.count("The workspace counts.") == 1
    assert "Not decided: both stand as now." in page
    client.post(ADDRESS, only | {"step": "keep"})
    write_files(tmp_path)
    assert [(c.subject, c.source) for c in read_precedence(path)] == [("texts", "workspace")]
    client.post(ADDRESS, form("keep", 1))
    write_files(tmp_path)
    assert {c.subject for c in read_precedence(path)} == set(KINDS)
    # Half of the money is no decision: what is left out would be decided by the rule, unseen.
    half = {"step": "keep", "follows": "2", "of_budget": "workspace"}
    assert "or for none." in client.post(ADDRESS, half).content.decode()


def test_of_two_who_decide_at_once_the_second_is_asked_again(workspace: Workspace, cold: Any) -> None:
    from concerted.web.precedence.models import Choosing

    client = workspace.client(signer(workspace))
    client.post(ADDRESS, form("keep", commitment="workspace"))
    page = client.post(ADDRESS, form("keep", budget="workspace"), follow=True).content.decode()
    assert "this was decided meanwhile" in page
    assert client.post(ADDRESS, form("keep", 1, commitment="workspace")).status_code == 302  # holds already
    assert Choosing.objects.count() == 1


def test_only_who_signs_and_administrators_of_the_organisation_decide(workspace: Workspace, cold: Any) -> None:
    from concerted.web.accounts.actions import actor_of
    from concerted.web.accounts.models import User
    from concerted.web.precedence import actions
    from concerted.web.precedence.models import Choosing

    for held in (("donor", "editor"), ("donor", "reader"), ("secretariat", "editor")):
        user = signer(workspace, "Alpha", *held)
        assert workspace.client(user).get(ADDRESS).status_code in (302, 403, 404)
        with pytest.raises(NotAllowedError):
            actions.decide(actor_of(User.objects.get(pk=user.pk)), actions.Decision({"budget": "workspace"}, 0))
    assert workspace.client().post(ADDRESS, form("keep")).status_code == 302  # to sign in
    checking = workspace.client(signer(workspace), checks_tokens=True)
    assert checking.post(ADDRESS, form("keep")).status_code == 403
    assert not Choosing.objects.exists()


def test_a_decision_is_its_organisations_alone(workspace: Workspace, cold: Any) -> None:
    from concerted.web.precedence import queries

    workspace.client(signer(workspace)).post(ADDRESS, form("keep", commitment="workspace"))
    other = workspace.partner("Gamma", "donor", reference="XM-GAMMA")
    page = workspace.client(workspace.person(other, "donor", "administrator")).get(ADDRESS).content.decode()
    assert "Not decided yet" in page
    assert "What was decided" not in page
    assert {choice.organisation for choice in queries.choices()} == {"XM-ALPHA"}


def test_what_is_no_kind_or_no_source_is_not_kept(workspace: Workspace, cold: Any) -> None:
    from concerted.web.accounts.actions import actor_of
    from concerted.web.accounts.models import User
    from concerted.web.precedence import actions
    from concerted.web.precedence.models import Choosing

    user = signer(workspace)
    for choices in ({"cakes": "published"}, {"budget": "both"}):
        with pytest.raises(NotAllowedError):
            actions.decide(actor_of(User.objects.get(pk=user.pk)), actions.Decision(choices, 0))
    client = workspace.client(user)
    page = client.post(ADDRESS, form("look", budget="both")).content.decode()
    assert "Choose one of both for each kind of money, or for none." in page
    page = client.post(ADDRESS, {"step": "keep", "follows": "0"}).content.decode()
    assert "Choose at least one of both." in page
    client.post(ADDRESS, {"step": "keep", "follows": "none"})
    assert not Choosing.objects.exists()


def test_an_organisation_without_a_reference_is_told_what_is_missing(workspace: Workspace, cold: Any) -> None:
    page = workspace.client(signer(workspace, "Beta", "implementer", "signer")).get(ADDRESS).content.decode()
    assert "Your organisation has no reference yet" in page


def test_the_database_itself_keeps_decisions(both: Workspace, cold: Any) -> None:
    from django.db import DatabaseError, connection

    both.client(signer(both)).post(ADDRESS, form("keep", commitment="workspace"))
    for statement in ("UPDATE precedence_choosing SET made_at = NULL", "DELETE FROM precedence_choosing"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_the_page_is_there_in_three_languages_and_light(workspace: Workspace, cold: Any, lang: str) -> None:
    client = workspace.client(signer(workspace))
    for got in (
        client.get(f"/{lang}/workspace/sources/"),
        client.post(f"/{lang}/workspace/sources/", form("look", commitment="workspace")),
    ):
        assert got.status_code == 200
        assert len(got.content) < 60_000
