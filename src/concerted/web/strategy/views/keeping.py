"""Load a version, lead it through its life. For the secretariat."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.model.errors import ConfigError
from concerted.strategies.difference import counted, differences
from concerted.web.accounts.actions import actor_of
from concerted.web.config.policy import POST, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.strategy import actions, queries, words
from concerted.web.strategy.actions import KEEPS, StepError, Wanted
from concerted.web.strategy.forms import AdoptionForm, FileForm
from concerted.web.strategy.models import Status, Upload
from concerted.web.strategy.queries import Lived
from concerted.web.strategy.texts import framework_of, look_at
from concerted.web.strategy.views.reading import lines, name_of, with_version
from concerted.web.ui.formats import language


@acts(*KEEPS)
@never_cache
def load(request: SignedInRequest) -> HttpResponse:
    """A file is read, and shown with what is wrong with it or with what it would bring, before it is kept."""
    form = FileForm(request.POST or None, request.FILES or None)
    problems: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        looked = look_at(given.name or "", given.read(), language())
        problems = looked.problems
        if looked.framework is not None:
            actions.hold(actor_of(request.person), looked.framework)
            return redirect("strategy-load")
    held = Upload.objects.filter(person=request.person).order_by("-pk").first()
    context: dict[str, Any] = {"form": form, "problems": problems, "held": None if problems else held}
    if held is not None and not problems:
        context |= _shown(held)
    return render(request, "strategy/load.html", context)


def _shown(held: Upload) -> dict[str, Any]:
    framework, before = framework_of(held.text), queries.in_force()
    changed = counted(differences(before.framework, framework) if before else ())
    return {
        "framework": framework,
        "name": name_of(framework),
        "lines": lines(framework),
        "costs": sum(len(node.costs) for node in framework.nodes),
        "before": before,
        "changed": [(words.kind_of_difference(kind), count) for kind, count in changed.items()],
    }


@acts(*KEEPS, methods=POST)
@never_cache
def take_over(request: SignedInRequest) -> HttpResponse:
    """The file with which the picture is built becomes the first version here."""
    try:
        framework = actions.built_with()
    except ConfigError:
        framework = None
    if framework is None:
        messages.error(request, gettext("The file of the picture cannot be read any more; load it from your own disk."))
        return redirect("strategy-load")
    actions.hold(actor_of(request.person), framework, is_in_force=True)
    return redirect("strategy-load")


@acts(*KEEPS, methods=POST)
@never_cache
def keep(request: SignedInRequest) -> HttpResponse:
    """Keep what was read as a version."""
    held = Upload.objects.filter(person=request.person, pk=_number(request.POST.get("held", ""))).first()
    if held is None:
        messages.error(request, gettext("Another file has been read meanwhile. Look at it again."))
        return redirect("strategy-load")
    try:
        version = actions.keep(actor_of(request.person), held)
    except StepError as refused:
        messages.error(request, words.refusal_words(refused))
        return redirect("strategy-load")
    messages.success(request, gettext("Kept."))
    return redirect("strategy-version", version.pk)


@acts(*KEEPS, methods=POST)
@never_cache
@with_version
def step(request: SignedInRequest, lived: Lived) -> HttpResponse:
    """A step of a version's life."""
    to = request.POST.get("to", "")
    act, day = request.POST.get("act", "")[:300], None
    if to == Status.ADOPTED:
        form = AdoptionForm(request.POST)
        if not form.is_valid():
            messages.error(request, words.refusal_words(StepError("act")))
            return redirect("strategy-version", lived.version.pk)
        act, day = form.cleaned_data["act"], form.cleaned_data["day"]
    wanted = Wanted(to, _number(request.POST.get("began", "")), act, day)
    try:
        actions.step(actor_of(request.person), lived.version, wanted, today())
    except StepError as refused:
        messages.error(request, words.refusal_words(refused))
    else:
        messages.success(request, gettext("Done. The picture is drawn again where this changes it."))
    return redirect("strategy-version", lived.version.pk)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def today() -> date:
    """The day, where the server stands."""
    return timezone.now().date()
