"""Make a run beside the site: with the eyes of who asked for it, over the newest edition, by the rules in force.

Who is stopped in the middle has found nothing; the worker that starts next takes the run up again.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from concerted.marking import Viewer, permitted_keys
from concerted.matching.asks import MatchParams
from concerted.matching.building import Asked
from concerted.matching.reading import read_asked
from concerted.matching.run import as_document, last_of, run
from concerted.matching.solver import MatchInfeasibleError
from concerted.model.errors import ConcertedError, ConfigError, NotAllowedError
from concerted.publish.visible import marking_keys
from concerted.store.edition import find_edition
from concerted.store.query import open_edition
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.person import viewer_for
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as note
from concerted.web.config.queues import LONG
from concerted.web.matches.asked import hold
from concerted.web.matches.models import UNDER_WAY, Match, Progress, Run
from concerted.web.matches.queries import last_run, params_of, readable, rules_in_force
from concerted.web.workspace.actions.saving import WRITERS

log = logging.getLogger(__name__)
#: Without a sign of life for so long, nobody is at it any more.
SILENCE = timedelta(minutes=10)


@task(queue_name=LONG)
def run_beside(pk: str) -> None:
    """Make a run that was asked for."""
    make_run(UUID(pk))


def ask(actor: Actor) -> Run | None:
    """Let a run be made for the actor's organisation, with his eyes; null where one is under way.

    Raises:
        NotAllowedError: he only reads.
    """
    person = actor.person
    if person is None or WRITERS.isdisjoint(actor.held):
        raise NotAllowedError("who writes for an organisation asks for a run")
    try:
        with transaction.atomic():
            made = Run.objects.create(organisation_id=person.organisation_id, by=person)
            note(actor.who, Act("added", "matching_run", str(made.pk), person.organisation_id))
    except IntegrityError:
        return None
    run_beside.enqueue(str(made.pk))
    return made


def make_run(pk: UUID) -> None:
    """Make a run, if it waits; of several who try only one does."""
    waits = Run.objects.filter(pk=pk, progress=Progress.WAITING)
    if not waits.update(progress=Progress.WORKING, beat_at=timezone.now()):
        return
    asked = Run.objects.select_related("by", "by__partner", "by__partner__parent").get(pk=pk)
    try:
        values = _make(asked)
    except MatchInfeasibleError:
        _end(asked, progress=Progress.FAILED, why="infeasible")
    except (ConcertedError, OSError, ValueError) as error:
        log.warning("a run of the matching was not made: %s", type(error).__name__)
        _end(asked, progress=Progress.FAILED, why="no_picture" if isinstance(error, ConfigError) else "failed")
    except Exception:  # whatever it is: a run that nobody ends would stand in the way of the next one
        log.exception("a run of the matching was not made")
        _end(asked, progress=Progress.FAILED, why="failed")
    else:
        _end(asked, progress=Progress.DONE, **values)


def take_up_again(silence: timedelta = SILENCE) -> None:
    """Let what waits or was stopped in the middle be made after all, if nothing was heard of it for so long."""
    now = timezone.now()
    with transaction.atomic():
        silent = Run.objects.filter(progress__in=UNDER_WAY, beat_at__lte=now - silence)
        for each in silent.select_for_update():
            Run.objects.filter(pk=each.pk).update(progress=Progress.WAITING, beat_at=now)
            run_beside.enqueue(str(each.pk))


def _make(asked: Run) -> dict[str, Any]:
    """The columns of a run that was made.

    Raises:
        ConfigError: there is no picture with needs and offers.
        NotAllowedError: who asked has gone.
        MatchInfeasibleError: what was accepted breaks a limit.
    """
    if asked.by is None or not asked.by.is_active:
        raise NotAllowedError("the account is not there any more")
    viewer = viewer_for(asked.by, is_sure=True)
    folder = find_edition(settings.CONCERTED_DATA, "current")
    rules, before = rules_in_force(), last_run(viewer)
    last = last_of(before.document) if before is not None and before.document else None
    held = _held(viewer, folder, readable(viewer), rules.declined_days)
    what = replace(held, params=params_of(rules), last=last or {})
    codes = {need.id: need.code for need in what.needs} | {offer.id: offer.code for offer in what.offers}
    document = {"codes": codes} | as_document(run(what), what)
    with open_edition(folder) as connection:
        keys = sorted(permitted_keys(viewer, marking_keys(connection)))
    return {
        # As JSON holds it: tuples are lists, and what is none of its types is text.
        "document": json.loads(json.dumps(document, default=str)),
        "gap": document["gap"],
        "edition": folder.name,
        "as_of": what.as_of,
        "keys": keys,
        "rules": rules.number,
        "last": before,
    }


def _held(viewer: Viewer, folder: Path, matches: Iterable[Match], declined_days: int) -> Asked:
    return hold(read_asked(viewer, folder, MatchParams()), matches, timezone.now(), declined_days)


def _end(asked: Run, **values: Any) -> None:
    Run.objects.filter(pk=asked.pk, progress=Progress.WORKING).update(beat_at=timezone.now(), **values)
