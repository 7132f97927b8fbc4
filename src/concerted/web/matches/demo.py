"""Matches to look around in, of the invented world: a run of the secretariat's demonstration account, a pair that both
sides accepted, so that a need is met in part and its giver may promise, and a pair that waits to be accepted.

Made once, beside the site, when the first picture holds the needs and offers of `asks.demo`. Nothing is promised: a
promise is an activity, and the figures of the demonstration are known.
"""

from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.models import User
from concerted.web.accounts.person import viewer_for
from concerted.web.asks.demo import PART_NEED, PART_OFFER, WAITING_NEED, WAITING_OFFER
from concerted.web.config.queues import LONG
from concerted.web.edition.scope import Scope
from concerted.web.matches.actions import Wanted, put_forward, take
from concerted.web.matches.models import Match, Progress, Run
from concerted.web.matches.running import ask, make_run

#: Need, offer, and who accepts.
_PAIRS = ((PART_NEED, PART_OFFER, ("donor", "community")), (WAITING_NEED, WAITING_OFFER, ()))


def wish_demo_matches() -> None:
    """Let them be made beside the site after a picture, where nobody has made a run yet."""
    if not settings.CONCERTED_DEMO or Run.objects.exists():
        return
    waiting = DBTaskResult.objects.filter(task_path=fill_demo_matches.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        fill_demo_matches.enqueue()


@task(queue_name=LONG)
def fill_demo_matches() -> None:
    """Make them of the newest edition."""
    from concerted.web.config.middleware import current

    served = current().settle()
    person = _account("secretariat")
    if settings.CONCERTED_DEMO and served is not None and person is not None and not Run.objects.exists():
        make_demo_matches(person, Scope(viewer_for(person, is_sure=True), served.edition))


def make_demo_matches(person: User, scope: Scope) -> list[Match]:
    """A run of a person of the secretariat, and what he puts forward of it; what was not proposed is left out."""
    actor = actor_of(person, "job")
    asked = ask(actor)
    if asked is None:
        return []
    make_run(asked.pk)
    run = Run.objects.get(pk=asked.pk)
    if run.progress != Progress.DONE:
        return []
    ids = {code: key for key, code in (run.document or {})["codes"].items()}
    proposed = {(each["need"], each["offer"]): each["amount"] for each in (run.document or {})["proposals"]}
    made = []
    for need, offer, agreeing in _PAIRS:
        pair = ids.get(need, ""), ids.get(offer, "")
        if pair not in proposed:
            continue
        with transaction.atomic():
            amount = Decimal(str(proposed[pair]))
            match = put_forward(actor, scope, run, *pair, amount, timezone.now().date())
            for name in agreeing:
                match = _accepted(match, name)
        made.append(match)
    return made


def _accepted(match: Match, name: str) -> Match:
    person = _account(name)
    if person is None:
        return match
    viewer = viewer_for(person, is_sure=True)
    return take(actor_of(person, "job"), viewer, match, Wanted("accepted", match.version))


def _account(name: str) -> User | None:
    return User.objects.select_related("partner").filter(email=f"{name}@demo.example", is_active=True).first()
