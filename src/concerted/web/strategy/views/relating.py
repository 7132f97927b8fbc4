"""How nodes of two frameworks relate: said by the secretariat, with its name and the day; entering the next picture."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.edition.frameworks import Tree
from concerted.web.strategy import actions, queries, words
from concerted.web.strategy.actions import KEEPS, StepError, may
from concerted.web.strategy.forms import RelationForm, related
from concerted.web.strategy.views.keeping import today
from concerted.web.ui.formats import language


def _trees(request: SignedInRequest) -> dict[str, Tree]:
    return dict(request.scope.edition.frameworks) if request.scope else {}


def _pair(request: SignedInRequest) -> tuple[Tree, Tree]:
    """The two frameworks that the address names, else the first two of the picture: to the strategy, if there is one.

    Raises:
        Http404: the picture has no two frameworks.
    """
    trees = _trees(request)
    if len(trees) < 2:
        raise Http404("frameworks")
    first, second = list(trees.values())[:2]
    source = trees.get(request.GET.get("from", ""), second)
    target = trees.get(request.GET.get("to", ""), first)
    if source is target:
        source = next(tree for tree in trees.values() if tree is not target)
    return source, target


@acts(*ANY, methods=READS)
@never_cache
def crosswalks(request: SignedInRequest) -> HttpResponse:
    """What is said here of nodes of two frameworks, and a form to say more."""
    trees, lang = _trees(request), language()

    def name(framework: str, node: str) -> str:
        tree = trees.get(framework)
        found = tree.nodes.get(node) if tree else None
        return f"{found.code} {found.label(lang)}" if found else node

    rows = [
        (each, name(each.from_framework, each.from_node), name(each.to_framework, each.to_node))
        for each in queries.relations()
    ]
    context: dict[str, object] = {
        "rows": rows,
        "trees": [(tree.id, tree.label(lang)) for tree in trees.values()],
        "may": may(request.person),
        "names": {tree.id: tree.label(lang) for tree in trees.values()},
    }
    if len(trees) >= 2 and may(request.person):
        source, target = _pair(request)
        context |= {
            "form": RelationForm(source=source, target=target, lang=lang),
            "source": source,
            "target": target,
        }
    return render(request, "strategy/crosswalks.html", context)


@acts(*KEEPS, methods=POST)
@never_cache
def relate(request: SignedInRequest) -> HttpResponse:
    """Say how two nodes relate, or take back what was said."""
    if "take_back" in request.POST:
        row = next((each for each in queries.relations() if str(each.pk) == request.POST["take_back"]), None)
        if row is None:
            raise Http404("relation")
        actions.take_back(actor_of(request.person), row, today())
        messages.success(request, gettext("Taken back; it counts no more from the next picture on."))
        return redirect("strategy-crosswalks")
    source, target = _pair(request)
    form = RelationForm(request.POST, source=source, target=target, lang=language())
    if not form.is_valid():
        messages.error(request, gettext("Choose two lines and how they relate."))
    else:
        wanted = related(source, target, form.cleaned_data)
        try:
            actions.relate(actor_of(request.person), wanted, today())
        except StepError as refused:
            messages.error(request, words.refusal_words(refused))
        else:
            messages.success(request, gettext("Said; it counts from the next picture on."))
    response = redirect("strategy-crosswalks")
    response["Location"] += f"?from={source.id}&to={target.id}"
    return response
