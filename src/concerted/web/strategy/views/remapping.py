"""Where the lines of the version in force go in a newer one, with totals before and after beside each other."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.codelists.frameworks import Framework, Node
from concerted.strategies.remap import Remap, collisions, suggested
from concerted.web.accounts.actions import actor_of
from concerted.web.config.policy import acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.edition.scope import Scope
from concerted.web.strategy import actions, queries, words
from concerted.web.strategy.actions import KEEPS, StepError
from concerted.web.strategy.forms import mapped_lines, read_shares
from concerted.web.strategy.queries import Amounts, Lived
from concerted.web.strategy.views.keeping import today
from concerted.web.strategy.views.reading import found, lines, with_version

#: Levels of a tree whose totals are shown whether they change or not.
_ALWAYS = 2


@acts(*KEEPS)
@never_cache
@with_version
def remap(request: SignedInRequest, lived: Lived, other: UUID) -> HttpResponse:
    """Each line of the older version with the lines to which it goes; looked at as often as wanted, then kept."""
    before = found(request, other)
    old, new = before.framework, lived.framework
    kept = queries.remap_between(before.version.pk, lived.version.pk)
    typed, wrong = None, dict[str, str]()
    if request.method == "POST":
        read = read_shares(request.POST, old, new)
        shares: Remap = read.shares
        typed, wrong = read.typed, read.wrong
        if "keep" in request.POST and not wrong:
            try:
                actions.keep_remap(actor_of(request.person), before.version, lived.version, shares, today())
            except StepError as refused:
                messages.error(request, words.refusal_words(refused))
            else:
                messages.success(request, gettext("Kept: no record is lost when the new version is adopted."))
                return redirect("strategy-version", lived.version.pk)
    else:
        shares = kept.shares if kept else suggested(old, new)
    faults = actions.faults(lived.version, before.version, shares)
    of_line: dict[str, list[str]] = {}
    for each in faults:
        of_line.setdefault(each.node_id, []).append(words.problem_words(each))
    for node_id, text in wrong.items():
        of_line[node_id] = [gettext("“%(text)s” is no share, or the line stands there twice") % {"text": text}]
    rows = [(line, of_line.get(line.node.id, [])) for line in mapped_lines(old, shares, typed)]
    context: dict[str, Any] = {
        "lived": lived,
        "old": before,
        "kept": kept,
        "open": [(line, said) for line, said in rows if said or not line.is_plain],
        "plain": [(line, said) for line, said in rows if not said and line.is_plain],
        "targets": [(node.id, name) for node, name, _depth in lines(new)],
        "faults": len(of_line),
        "collisions": collisions(old, new, shares),
        **totals_of(request.scope, old, new, shares, request.GET.get("kind", "")),
    }
    return render(request, "strategy/remap.html", context)


def totals_of(scope: Scope | None, old: Framework, new: Framework, shares: Remap, wanted: str) -> dict[str, Any]:
    """Totals by line of the wanted kind of money, where the edition has figures of the older version."""
    tree = scope.edition.frameworks.get(old.id) if scope else None
    if scope is None or tree is None or not {node.id for node in old.nodes} <= set(tree.nodes):
        return {}
    kinds = queries.kinds_of_money(scope, old.id)
    chosen = wanted if wanted in kinds else old.cell_rule.supply_kind
    if chosen not in kinds:
        chosen = next(iter(kinds), "")
    if not chosen:
        return {}
    found = queries.totals(scope, old, new, shares, chosen)
    return {
        "kinds": kinds,
        "kind": chosen,
        "totals": found,
        "before": _told(old, found.before, found.after),
        "after": _told(new, found.after, found.before),
    }


def _told(
    framework: Framework, mine: Mapping[str, Amounts], others: Mapping[str, Amounts]
) -> list[tuple[Node, str, int, Amounts]]:
    """The upper lines, and of those below them the ones whose total is not what it is in the other version."""
    return [
        (node, name, depth, mine[node.id])
        for node, name, depth in lines(framework)
        if depth < _ALWAYS or mine[node.id] != others.get(node.id)
    ]
