"""A package to look around in, of the invented world: made once by the coordination's demonstration account, by the
same actions as on the pages, of activities that the demonstration's partners report and needs that they keep here.

It is made beside the site, by a worker: an edition that was opened before the site's own processes begin would be
shared by all of them.
"""

from collections import Counter
from dataclasses import replace

from django.conf import settings
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from concerted.codelists.package_templates import templates
from concerted.model.ids import id_text
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import User
from concerted.web.accounts.person import viewer_for
from concerted.web.asks.demo import JOBS_NEED, WOMEN_NEED
from concerted.web.asks.models import Ask
from concerted.web.edition.scope import Scope
from concerted.web.packages.actions import (
    BINDERS,
    Heading,
    Order,
    add_part,
    answer,
    arrange,
    make,
    may_make,
    put_forward,
)
from concerted.web.packages.candidates import Candidate, candidates, stands_for
from concerted.web.packages.components import components_of
from concerted.web.packages.models import SIGNED_IN, Package
from concerted.web.packages.queries import asked_of

_TITLE = "École, justice et voix des femmes (démo)"
_AIM = (
    "Que les jeunes du centre et du nord restent à l’école, trouvent justice et soient entendus. "
    "Ensemble inventé, pour regarder."
)
#: The lines of the invented strategy of which each component gets an activity: a template's own lines are nearest, and
#: near is not enough for what shows how a package looks. The last component is left without anything, to show what a
#: gap looks like.
_LINES = {"education": ("P1.1.2",), "women": ("P1.3.1",), "justice": ("P3.1", "P3.1")}
#: Needs that are kept on the site, beside them, by their codes.
_NEEDS = {"education": JOBS_NEED, "women": WOMEN_NEED}


def wish_demo_package() -> None:
    """Let the package be made beside the site, where there is none yet."""
    waiting = DBTaskResult.objects.filter(task_path=fill_demo_package.module_path, status=TaskResultStatus.READY)
    if settings.CONCERTED_DEMO and not Package.objects.exists() and not waiting.exists():
        fill_demo_package.enqueue()


@task()
def fill_demo_package() -> None:
    """Make it of the edition that is served."""
    from concerted.web.config.middleware import current

    served = current().get()
    person = User.objects.filter(email="coordination@demo.example").first()
    if not settings.CONCERTED_DEMO or served is None or person is None or Package.objects.exists():
        return
    make_demo_package(person, Scope(viewer_for(person, is_sure=True), served.edition))


def make_demo_package(person: User, scope: Scope) -> Package | None:
    """The package of a person who keeps packages: each part waits for the one before it, and some partners agree."""
    if not may_make(actor_of(person, "job")):
        return None
    actor, template = actor_of(person, "job"), templates()["iact"]
    package = make(actor, Heading(_TITLE, _AIM, audience=SIGNED_IN), template.id, template.version)
    before: int | None = None
    used: Counter[object] = Counter()
    strategy = next((each.id for each in scope.edition.frameworks.values() if each.is_strategy), "")
    for component in components_of(package, scope.edition, "fr"):
        for node in _LINES.get(component.key, ()):
            of_line = replace(component, nodes=((strategy, node),))
            offered = candidates(scope.viewer, scope, package, of_line, "", "fr", most=100)
            activities = [each for each in offered if each.kind == "activity"]
            chosen = min(activities, key=lambda each: _rank(each, used, is_begun=before is None), default=None)
            stands = stands_for(scope.viewer, scope, chosen.value) if chosen else None
            if chosen is None or stands is None:
                continue
            used[chosen.partner] += 1
            package = _now(package)
            part = add_part(actor, package, package.version, stands, component.key)
            if before is not None and not chosen.fact.has_begun:
                package, order = _now(package), Order(component.key, part.position, frozenset({before}))
                arrange(actor, package, package.version, part.pk, order)
            before = part.pk
        if component.key in _NEEDS:
            _add_need(actor, package, scope, component.key)
    package = _now(package)
    put_forward(actor, package, package.version)
    for other in User.objects.filter(email__endswith="@demo.example").exclude(partner=person.partner):
        viewer = viewer_for(other, is_sure=True)
        if BINDERS.isdisjoint(other.held) or other.email.startswith("implementer"):
            continue  # the implementer is left to be asked
        for placed in asked_of(viewer):
            answer(actor_of(other, "job"), viewer, _now(package), placed.row.pk, placed.row.about, is_given=True)
    return _now(package)


def _add_need(actor: Actor, package: Package, scope: Scope, component: str) -> None:
    """The need that is kept here for a component, where the package's owner may see it."""
    ask = Ask.objects.filter(which="need", document__need__identifier=_NEEDS[component]).first()
    stands = stands_for(scope.viewer, scope, f"need-{id_text(ask.statement)}") if ask else None
    if stands is not None:
        package = _now(package)
        add_part(actor, package, package.version, stands, component)


def _rank(each: Candidate, used: Counter[object], *, is_begun: bool) -> tuple[bool, bool, int, bool, str]:
    """Partners that take part here first; what waits for another is of what has not begun, where there is such; then
    those with least in it, and what says both its days."""
    is_undated = each.fact.start is None or each.fact.end is None
    return each.partner is None, each.fact.has_begun != is_begun, used[each.partner], is_undated, each.value


def _now(package: Package) -> Package:
    return Package.objects.select_related("owner").get(pk=package.pk)
