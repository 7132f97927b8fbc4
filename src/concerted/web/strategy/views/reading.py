"""Read the strategy: its versions, one of them, what differs between two, and who belonged to which regional body."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from concerted.codelists.frameworks import Framework, Lang, Node
from concerted.codelists.regional_bodies import bodies, members
from concerted.strategies.difference import differences
from concerted.web.accounts.queries import names_of_partners
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.strategy import queries, words
from concerted.web.strategy.actions import NEXT, built_with, may
from concerted.web.strategy.forms import AdoptionForm
from concerted.web.strategy.models import Status
from concerted.web.strategy.queries import Lived
from concerted.web.strategy.texts import file_of
from concerted.web.ui.formats import language
from concerted.web.ui.labels import code_label


def with_version(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the version that the address names; one that the viewer may not read is as if it were not there."""

    @wraps(view)
    def wrapped(request: SignedInRequest, version: UUID, **kwargs: Any) -> HttpResponse:
        return view(request, found(request, version), **kwargs)

    return wrapped


def found(request: SignedInRequest, version: UUID) -> Lived:
    """The version, for whoever may read it.

    Raises:
        Http404: it is not there for him.
    """
    lived = queries.find(request.viewer, version)
    if lived is None:
        raise Http404("version")
    return lived


@acts(*ANY, methods=READS)
@never_cache
def strategy(request: SignedInRequest) -> HttpResponse:
    """All versions that the viewer may read, the newest step first."""
    lived = queries.readable(request.viewer)
    edits = may(request.person)
    context = {
        "rows": [(each, name_of(each.framework)) for each in lived],
        "may": edits,
        "is_none_in_force": not any(each.is_in_force for each in lived),
        "built_with": _built_with(request) if edits and not lived else None,
    }
    return render(request, "strategy/strategy.html", context)


def _built_with(request: SignedInRequest) -> Framework | None:
    """The strategy of the file that the picture is built with; null where that cannot be read."""
    from concerted.model.errors import ConfigError

    try:
        return built_with()
    except ConfigError:
        return None  # the build says why; here it just cannot be taken over


def name_of(framework: Framework) -> str:
    """What the strategy is called in the page's language, else in another one."""
    return framework.name.get(language()) or next(iter(framework.name.values()), framework.id)


@acts(*ANY, methods=READS)
@never_cache
@with_version
def version(request: SignedInRequest, lived: Lived) -> HttpResponse:
    """One version: where it stands, how it came there, its lines, and what may follow."""
    framework, others = lived.framework, [e for e in queries.readable(request.viewer) if e is not lived]
    others = [each for each in others if each.version.pk != lived.version.pk]
    edits, before = may(request.person), queries.in_force()
    is_other = before is not None and before.version.pk != lived.version.pk
    partners = names_of_partners([step.made_for for step in lived.steps], language())
    context = {
        "lived": lived,
        "framework": framework,
        "name": name_of(framework),
        "statuses": [(each.value, code_label("strategy_status", each.value)) for each in Status],
        "steps": [(step, partners.get(step.made_for) if step.made_for else None) for step in lived.steps],
        "lines": lines(framework),
        "others": others,
        "may": edits,
        "next": [to for to in NEXT[lived.status] if to != Status.ADOPTED] if edits else [],
        "adoption": AdoptionForm() if edits and Status.ADOPTED in NEXT[lived.status] else None,
        "began": queries.last_sequence(),
        "before": before if is_other and lived.status in (Status.DRAFT, Status.CONSULTATION) else None,
        "remap": queries.remap_between(before.version.pk, lived.version.pk) if before and is_other else None,
    }
    return render(request, "strategy/version.html", context)


def lines(framework: Framework) -> list[tuple[Node, str, int]]:
    """(line, name, depth), depth first in the order of the file."""
    children: dict[str | None, list[Node]] = {}
    for node in framework.nodes:
        children.setdefault(node.parent_id, []).append(node)

    def below(parent: str | None, depth: int) -> list[tuple[Node, str, int]]:
        result = []
        for node in children.get(parent, ()):
            result += [(node, words.name_of_line(node), depth), *below(node.id, depth + 1)]
        return result

    return below(None, 0)


@acts(*ANY, methods=READS)
@never_cache
@with_version
def against(request: SignedInRequest, lived: Lived, other: UUID) -> HttpResponse:
    """What differs between an older version and this one."""
    old = found(request, other)
    before, after = old.framework, lived.framework
    names = {node.id: words.name_of_line(node) for framework in (before, after) for node in framework.nodes}
    rows = [
        {
            "id": each.node_id,
            "kinds": [words.kind_of_difference(kind) for kind in each.kinds],
            "old": words.name_of_line(each.old) if each.old else "",
            "new": words.name_of_line(each.new) if each.new else "",
            "is_moved": "moved" in each.kinds,
            "from": _above(each.old, names),
            "to": _above(each.new, names),
            "costs": [words.cost_words(change) for change in each.costs],
        }
        for each in differences(before, after)
    ]
    context = {"lived": lived, "old": old, "rows": rows, "name": name_of(after)}
    return render(request, "strategy/difference.html", context)


def _above(node: Node | None, names: dict[str, str]) -> str:
    return names.get(node.parent_id, node.parent_id) if node and node.parent_id else ""


@acts(*ANY, methods=READS)
@never_cache
@with_version
def file(request: SignedInRequest, lived: Lived, ending: str) -> HttpResponse:
    """The version as a file, to be changed and loaded again."""
    kinds: dict[str, str] = {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "yml": "application/yaml",
    }
    if ending not in kinds:
        raise Http404("ending")
    lang: Lang = _lang(language())
    response = HttpResponse(file_of(lived.framework, ending, lang), content_type=kinds[ending])
    response["Content-Disposition"] = f'attachment; filename="strategy.{ending}"'
    return response


def _lang(code: str) -> Literal["fr", "en", "ar"]:
    return "ar" if code == "ar" else "en" if code == "en" else "fr"


@acts(*ANY, methods=READS)
@never_cache
def regional_bodies(request: SignedInRequest) -> HttpResponse:
    """Which country belonged to which regional body on a day."""
    day = _day(request.GET.get("day", "")) or timezone.now().date()
    lang = language()
    rows = [
        {
            "body": body,
            "name": body.name.get(lang) or body.id,
            "members": [code_label("Country", each) for each in members(body, day)],
            "spells": [
                (code_label("Country", s.country), s) for s in body.memberships if s.until or s.since > body.since
            ],
        }
        for body in bodies()
    ]
    return render(request, "strategy/bodies.html", {"rows": rows, "day": day})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
