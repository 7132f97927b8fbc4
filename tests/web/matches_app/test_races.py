"""Two who step at the same moment: one wins, the other is refused, and nothing is written twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from web.matches_app.matched import NEED, OFFER, TODAY, sides
from web.workspace import Workspace
from web.workspace_app.kept import actor

ROUNDS = 6


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gave or raised, begun together, each with a connection of its own."""
    from django.db import connections

    start = threading.Barrier(len(works))

    def do(work: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        done = [pool.submit(do, work) for work in works]
        return [each.exception(60) or each.result() for each in done]


def test_of_two_steps_that_follow_the_same_one_is_refused(both: Workspace, cold: Any) -> None:
    from concerted.web.matches.actions import MovedOnError
    from concerted.web.matches.models import Match

    three = sides(both)
    for _ in range(ROUNDS):
        match = three.put()
        found = at_once(
            lambda match=match: three.take(three.giver, match, "accepted", follows=1),
            lambda match=match: three.take(three.receiver, match, "declined", follows=1, reason="We are met already"),
        )
        assert sum(isinstance(each, Match) for each in found) == 1, found
        assert sum(isinstance(each, MovedOnError) for each in found) == 1, found
        kept = Match.objects.get(pk=match.pk)
        assert kept.version == kept.steps.count() == 2
        assert kept.state == ("declined" if kept.steps.get(number=2).kind == "declined" else "proposed")
        if kept.state == "proposed":
            three.take(three.secretary, kept, "withdrawn", reason="Another round")
        Match.objects.filter(pk=match.pk).update(state="returned")  # so that the pair may be put forward again


def test_of_two_promises_one_becomes_an_activity(both: Workspace, cold: Any) -> None:
    from concerted.web.matches.models import Match
    from concerted.web.workspace.models import Record

    three = sides(both)
    match = three.accepted()
    found = at_once(*[lambda: three.promise(match, follows=3)] * 3)
    assert sum(isinstance(each, Match) for each in found) == 1, found
    assert Record.objects.count() == 1
    assert Match.objects.get(pk=match.pk).record == Record.objects.get()


def test_a_pair_is_put_forward_once(both: Workspace, cold: Any) -> None:
    from concerted.web.matches.actions import RefusedStepError, put_forward
    from concerted.web.matches.models import Match, MatchStep

    three = sides(both)
    run = three.run()
    scope = three.scope(three.secretary)

    def put() -> Any:
        return put_forward(actor(three.secretary), scope, run, NEED, OFFER, Decimal(350_000), TODAY)

    found = at_once(put, put, put)
    assert sum(isinstance(each, Match) for each in found) == 1, found
    assert {each.code for each in found if isinstance(each, RefusedStepError)} == {"open_already"}
    assert (Match.objects.count(), MatchStep.objects.count()) == (1, 1)


def test_silence_and_an_answer_do_not_both_win(both: Workspace, cold: Any) -> None:
    from datetime import timedelta

    from concerted.web.matches.actions import return_silent
    from concerted.web.matches.models import Match

    three = sides(both)
    match = three.put()
    later = match.changed_at + timedelta(days=20)
    at_once(lambda: return_silent(later), lambda: three.take(three.giver, match, "accepted", follows=1))
    kept = Match.objects.get(pk=match.pk)
    assert kept.version == kept.steps.count()
    assert (kept.state == "returned") == (kept.steps.last().kind == "returned")  # type: ignore[union-attr]
