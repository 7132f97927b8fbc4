"""Pages of runs and matches: light, in three languages, the same steps as actions, nothing of what one may not read."""

import re
from typing import Any
from uuid import uuid4

import pytest

from web.fixture_matched import STOPPED, ask_id
from web.matches_app.matched import ADDRESS, NEED, OFFER, TODAY, Sides, sides
from web.workspace import Workspace


def page(three: Sides, user: Any, path: str = "", lang: str = "en") -> Any:
    answer = three.workspace.client(user).get(f"/{lang}/workspace/matches/{path}")
    answer.text = answer.content.decode()
    return answer


def test_a_run_is_asked_for_and_says_what_is_proven_what_is_new_and_what_would_change(
    workspace: Workspace, cold: Any
) -> None:
    from concerted.web.matches.models import Run
    from concerted.web.matches.running import make_run

    three = sides(workspace)
    client = workspace.client(three.secretary)
    assert "A run is being made" in client.post(f"{ADDRESS}runs/ask/", follow=True).content.decode()
    assert "A run is being made already" in client.post(f"{ADDRESS}runs/ask/", follow=True).content.decode()
    (asked,) = Run.objects.all()
    assert client.get(f"{ADDRESS}runs/{asked.pk}/").status_code == 404  # nothing is found yet
    make_run(asked.pk)
    assert client.get(f"{ADDRESS}runs/progress/")["HX-Refresh"] == "true"
    text = page(three, three.secretary, f"runs/{asked.pk}/").text
    assert "No plan is better (proven)" in text
    assert "Schools that stay open" in text
    assert "350,000</bdi> USD" in text
    assert (
        "“\u2068Training in the north\u2069” also for Mopti" in text
    )  # the single change for the need that no offer fits
    assert "1 offer is for other places" in text
    assert "What one more dollar would bring" in text
    assert "ZZCANARY" not in text
    again = three.run()
    assert "0 new, 0 gone." in page(three, three.secretary, f"runs/{again.pk}/").text


def test_a_run_can_be_read_for_one_cell_of_the_picture(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    three.run()
    text = page(three, three.secretary, "?node=1&place=ML07").text
    assert "Schools that stay open" in text
    assert "Places for mediators" not in text
    assert "Nothing is proposed here" in page(three, three.secretary, "?node=3&place=ML01").text
    assert page(three, three.secretary, "?node=nowhere&place=nowhere").status_code == 200
    cell = workspace.client(three.secretary).get("/en/coverage/cell/?node=1.1&place=ML07").content.decode()
    assert "/en/workspace/matches/?node=1.1&amp;place=ML07" in cell
    public = workspace.client().get("/en/coverage/cell/?node=1.1&place=ML07").content.decode()
    assert "workspace/matches" not in public


def test_a_pair_is_explained_put_forward_and_goes_through_its_life_by_pages_alone(
    workspace: Workspace, cold: Any
) -> None:
    from concerted.web.matches.models import Match

    three = sides(workspace)
    run = three.run()
    pair = f"{ADDRESS}runs/{run.pk}/{NEED}/{OFFER}/"
    secretary, giver, receiver = (workspace.client(u) for u in (three.secretary, three.giver, three.receiver))
    text = secretary.get(pair).content.decode()
    assert "Every line and place that both name is understood" in text
    assert "0% before, 100% after" in text
    assert "Alpha" in text.partition('id="agree"')[2]
    wrong = secretary.post(f"{pair}put-forward/", {"amount": "1"}).content.decode()
    assert "must lie between 100,000 and 350,000" in wrong
    text = secretary.post(f"{pair}put-forward/", {"amount": "350000"}, follow=True).content.decode()
    assert "both sides are told" in text
    (match,) = Match.objects.all()
    assert "put forward" in secretary.get(f"{ADDRESS}runs/{run.pk}/").content.decode()
    assert "1 match of a need and an offer waits for you" in giver.get("/en/workspace/").content.decode()
    one = f"{ADDRESS}{match.pk}/"
    for client, follows in ((giver, 1), (receiver, 2)):
        answer = client.post(f"{one}step/", {"kind": "accepted", "follows": follows}, follow=True)
        assert "the other side is told" in answer.content.decode()
    late = receiver.post(f"{one}step/", {"kind": "declined", "follows": 2, "reason": "No"}, follow=True)
    assert "Somebody took a step meanwhile" in late.content.decode()
    assert receiver.get(f"{one}promise/").status_code == 404
    form = giver.get(f"{one}promise/").content.decode()
    assert 'value="Schools that stay open"' in form
    said = {
        "follows": 3,
        "title": "Schools that stay open",
        "amount": "300 000",
        "day": str(TODAY),
        "sharing": "as_both",
    }
    days = {"start": "2026-12-01", "end": "2027-12-31", "is_followed": "on"}
    bad = giver.post(f"{one}promise/", {**said, "amount": "much"}).content.decode()
    assert "Write the amount in digits" in bad
    text = giver.post(f"{one}promise/", {**said, **days}, follow=True).content.decode()
    assert "Promised. The planned activity" in text
    assert "workspace/records/" in text
    delivered = {"kind": "delivered", "follows": 4, "day": str(TODAY)}
    text = receiver.post(f"{one}step/", delivered, follow=True).content.decode()
    assert "confirmed that it was delivered" in text.casefold()
    assert "It is kept by who gives" in text


def test_what_is_not_read_by_one_looks_as_if_it_were_not_there(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    match = three.put()
    stranger = workspace.person(workspace.partner("Beta"), "implementer", "signer")
    client = workspace.client(stranger)
    absent = client.get(f"{ADDRESS}{uuid4()}/")
    run = str(match.run_id)
    for path in (f"{match.pk}/", f"{match.pk}/promise/", f"runs/{run}/", f"runs/{run}/{NEED}/{OFFER}/"):
        answer = client.get(f"{ADDRESS}{path}")
        assert answer.status_code == 404
        assert answer.content == absent.content
    for path, said in (
        (f"{match.pk}/step/", {"kind": "accepted", "follows": 1}),
        (f"runs/{run}/{NEED}/{OFFER}/put-forward/", {"amount": "350000"}),
    ):
        assert client.post(f"{ADDRESS}{path}", said).status_code == 404
    own = three.run()
    for need, offer in ((NEED, ask_id(STOPPED)), ("no-id", OFFER), ("0" * 16, "1" * 16)):
        assert page(three, three.secretary, f"runs/{own.pk}/{need}/{offer}/").status_code == 404


def test_another_organisation_and_its_matches_change_no_byte_of_ones_own_pages(workspace: Workspace, cold: Any) -> None:
    three = sides(workspace)
    stranger = workspace.person(workspace.partner("Beta"), "implementer", "signer")
    run = three.run(stranger)
    client = workspace.client(stranger)
    paths = ("", "?node=1&place=ML07", f"runs/{run.pk}/", f"runs/{run.pk}/{NEED}/{OFFER}/")

    def told(path: str) -> bytes:
        token = rb'name="csrfmiddlewaretoken" value="\w+"'  # another one in each answer
        return re.sub(token, b"", client.get(f"{ADDRESS}{path}").content)

    before = {path: told(path) for path in paths}
    match = three.accepted()
    three.promise(match, sharing="own")
    for path in paths:
        assert told(path) == before[path], path
    again = three.run(stranger).document["proposals"]
    assert [p | {"is_new": True} for p in again] == run.document["proposals"]


def test_the_rules_are_kept_by_a_form_that_says_what_cannot_be(workspace: Workspace, cold: Any) -> None:
    from concerted.web.matches.queries import params_of, rules_in_force

    three = sides(workspace)
    client = workspace.client(three.secretary)
    text = client.get(f"{ADDRESS}rules/").content.decode()
    said = dict(re.findall(r'<input type="(?:number|hidden)" name="(\w+)" value="([^"]*)"', text))
    said.pop("csrfmiddlewaretoken", None)
    assert said["silent_days"] == "14"
    bad = client.post(f"{ADDRESS}rules/", {**said, "caution": "2", "capacity": "ML07 much"}).content.decode()
    assert "Not a name, a colon and an amount: ML07 much" in bad
    client.post(f"{ADDRESS}rules/", {**said, "capacity": "ML07: 2 000 000", "most_partners": "", "silent_days": "10"})
    kept = rules_in_force()
    assert (kept.number, kept.silent_days) == (1, 10)
    assert dict(params_of(kept).capacity) == {"ML07": 2_000_000.0}
    assert params_of(kept).most_partners is None
    assert workspace.client(three.giver).get(f"{ADDRESS}rules/").status_code == 404
    text = client.post(f"{ADDRESS}rules/", said, follow=True).content.decode()
    assert "Other rules were kept meanwhile" in text


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_pages_are_there_in_three_languages_and_light(workspace: Workspace, cold: Any, lang: str) -> None:
    three = sides(workspace)
    match = three.put()
    run = three.run()
    for user, path in (
        (three.secretary, ""),
        (three.secretary, f"runs/{run.pk}/"),
        (three.secretary, f"runs/{run.pk}/{NEED}/{OFFER}/"),
        (three.secretary, "rules/"),
        (three.giver, f"{match.pk}/"),
    ):
        answer = page(three, user, path, lang)
        assert answer.status_code == 200, path
        assert len(answer.content) < 60_000
    three.take(three.giver, match, "accepted")
    three.take(three.receiver, match, "accepted")
    assert page(three, three.giver, f"{match.pk}/promise/", lang).status_code == 200


def test_what_one_page_does_not_hold_is_on_the_next(
    workspace: Workspace, cold: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concerted.web.matches import views

    three = sides(workspace)
    match = three.put()
    three.take(three.giver, match, "declined", reason="Not this year")
    run = three.run()
    whole = page(three, three.secretary, f"runs/{run.pk}/").text
    monkeypatch.setattr(views, "PAGE", 1)
    first = page(three, three.secretary, f"runs/{run.pk}/").text
    pages, at = [first], 1
    while f'rel="next" href="?page={at + 1}"' in pages[-1]:
        at += 1
        pages.append(page(three, three.secretary, f"runs/{run.pk}/?page={at}").text)
    assert f"Page 1 of {at}: every list below goes on" in first
    assert "every list below goes on" not in whole
    for part in ("proposals", "unmet", "value"):
        rows = [row for text in (whole, "".join(pages)) for row in [sorted(_rows(text, part))]]
        assert rows[0] == rows[1], part
    monkeypatch.setattr(views, "LISTED", 1)
    assert 'rel="next" href="?matches=2"' not in page(three, three.secretary).text  # there is one
    assert page(three, three.secretary, "?matches=2").text.count('rel="prev" href="?matches=1"') == 1


def _rows(text: str, part: str) -> list[str]:
    """The rows of the tables with this id, of every page."""
    found = re.findall(rf'<section id="{part}">.*?</section>', text, re.DOTALL)
    return [row for section in found for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", section, re.DOTALL)]


def test_a_run_that_fails_says_why(workspace: Workspace, cold: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from concerted.matching.solver import MatchInfeasibleError
    from concerted.web.matches import running

    three = sides(workspace)

    def infeasible(*_: Any) -> None:
        raise MatchInfeasibleError("a limit")

    monkeypatch.setattr(running, "run", infeasible)
    assert three.run().progress == "failed"
    assert "breaks a limit of the rules" in page(three, three.secretary).text


def test_a_run_that_was_stopped_is_taken_up_again_and_made_once(workspace: Workspace, cold: Any) -> None:
    from datetime import timedelta

    from concerted.web.matches import running
    from concerted.web.matches.models import Run

    three = sides(workspace)
    from web.workspace_app.kept import actor

    made = running.ask(actor(three.secretary))
    assert made
    Run.objects.filter(pk=made.pk).update(progress="working")
    running.make_run(made.pk)
    assert Run.objects.get(pk=made.pk).progress == "working"  # another one is at it
    running.take_up_again(timedelta())
    running.make_run(made.pk)
    assert Run.objects.get(pk=made.pk).progress == "done"
