"""Pages of packages: the list, the board of one, its brief on one page, the forms of who keeps it, and the answer of
who has a part in it."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.codelists.package_templates import templates
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.queries import names_of_partners
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.config.watching import Watched, note
from concerted.web.packages import actions, queries
from concerted.web.packages.actions import BINDERS, MAKERS, MovedOnError, RefusedPartError
from concerted.web.packages.board import Board, board
from concerted.web.packages.candidates import OFFERED, candidates, stands_for
from concerted.web.packages.components import components_of
from concerted.web.packages.drawing import order_svg
from concerted.web.packages.forms import HeadingForm, PartForm
from concerted.web.packages.models import Condition, Package
from concerted.web.packages.shown import context_of
from concerted.web.packages.words import refusal_word
from concerted.web.sharing.queries import listed
from concerted.web.ui.formats import language

_BINDERS = sorted(BINDERS)


@acts(*ANY, methods=READS)
@never_cache
def packages(request: SignedInRequest) -> HttpResponse:
    """The packages that I may read, and what my organisation is asked."""
    found, actor = list(queries.readable(request.viewer)), actor_of(request.person)
    names = names_of_partners({each.owner_id for each in found}, language())
    context = {
        "rows": [(each, names.get(each.owner_id, ""), queries.is_owner(request.viewer, each)) for each in found],
        "asked": _asked(request),
        "may_make": actions.may_make(actor),
        "may_answer": not BINDERS.isdisjoint(request.person.held),
    }
    return render(request, "packages/packages.html", context)


@acts(*MAKERS)
@never_cache
def new(request: SignedInRequest) -> HttpResponse:
    """A new package of my organisation."""
    form = _heading_form(request, None)
    if request.method == "POST" and form.is_valid():
        template = templates().get(form.cleaned_data["template"])
        chosen = (template.id, template.version) if template else ("", "")
        made = actions.make(actor_of(request.person), form.heading(), *chosen)
        messages.success(request, gettext("Made: a draft that only your organisation sees. Take parts in, then ask."))
        return redirect("packages-one", made.pk)
    return render(request, "packages/form.html", {"form": form, "package": None})


@acts(*ANY, methods=READS)
@never_cache
def one(request: SignedInRequest, package: UUID) -> HttpResponse:
    """The board of a package, as I may see it."""
    found = _board(request, package)
    context = context_of(found, request.scope, language()) | {
        "drawing": order_svg(found),
        "may_change": found.is_own and _may_change(request, found.package),
        "may_answer": not found.is_own and not BINDERS.isdisjoint(request.person.held),
    }
    return render(request, "packages/one.html", context)


@acts(*ANY, methods=READS)
@never_cache
def brief(request: SignedInRequest, package: UUID) -> HttpResponse:
    """One page to print and take to a meeting."""
    found = _board(request, package)
    return render(request, "packages/brief.html", context_of(found, request.scope, language()))


@acts(*MAKERS)
@never_cache
def change(request: SignedInRequest, package: UUID) -> HttpResponse:
    """Say otherwise what the package is about."""
    found = _owned(request, package)
    form = _heading_form(request, found)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            found,
            lambda: actions.change(actor_of(request.person), found, _version(request), form.heading()),
            gettext("Saved. Partners who agreed to what it said before are asked again."),
        )
    return render(request, "packages/form.html", {"form": form, "package": found})


@acts(*MAKERS, methods=POST)
@never_cache
def put_forward(request: SignedInRequest, package: UUID) -> HttpResponse:
    """Ask the partners."""
    found = _owned(request, package)
    return _done(
        request,
        found,
        lambda: actions.put_forward(actor_of(request.person), found, _version(request)),
        gettext("The partners are asked. Others see a part once its partner has agreed."),
    )


@acts(*MAKERS, methods=POST)
@never_cache
def end(request: SignedInRequest, package: UUID) -> HttpResponse:
    """Close the package."""
    found = _owned(request, package)
    return _done(
        request,
        found,
        lambda: actions.end(actor_of(request.person), found, _version(request)),
        gettext("The package has ended. Only your organisation sees it now."),
    )


@acts(*MAKERS)
@never_cache
def add(request: SignedInRequest, package: UUID) -> HttpResponse:
    """Look for activities and needs, and take one in."""
    found, lang = _owned(request, package), language()
    listed_components = components_of(found, request.scope.edition if request.scope else None, lang)
    sent = request.POST if request.method == "POST" else request.GET
    component = next((each for each in listed_components if each.key == sent.get("component", "")), None)
    if request.method == "POST":
        stands = stands_for(request.viewer, request.scope, request.POST.get("part", ""))
        if stands is None:
            raise Http404("part")
        key = component.key if component else ""
        return _done(
            request,
            found,
            lambda: actions.add_part(actor_of(request.person), found, _version(request), stands, key),
            gettext("Taken in."),
        )
    words = request.GET.get("q", "").strip()[:100]
    offered = candidates(request.viewer, request.scope, found, component, words, lang, OFFERED)
    context = {
        "package": found,
        "components": listed_components,
        "component": component,
        "words": words,
        "offered": offered,
        "most": OFFERED,
        "is_cut": OFFERED in Counter(each.kind for each in offered).values(),
        "own": request.person.organisation_id,
    }
    return render(request, "packages/add.html", context)


@acts(*MAKERS)
@never_cache
def part(request: SignedInRequest, package: UUID, part: int) -> HttpResponse:
    """Say where a part stands among the others."""
    found = _owned(request, package)
    seen = board(request.viewer, request.scope, found, language())
    line = next((each for each in seen.lines if each.row.pk == part), None)
    if line is None:
        raise Http404("part")
    edition = request.scope.edition if request.scope else None
    form = PartForm(request.POST or None, board=seen, line=line, edition=edition, lang=language())
    if request.method == "POST" and form.is_valid():
        try:
            actions.arrange(actor_of(request.person), found, form.cleaned_data["version"], part, form.order())
        except MovedOnError:
            form.add_error(None, _moved_on())
        except RefusedPartError as error:
            form.add_error("waits_for" if error.code == "loop" else None, refused(error, seen))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("packages-one", found.pk)
    return render(request, "packages/part.html", {"form": form, "package": found, "line": line})


@acts(*MAKERS, methods=POST)
@never_cache
def remove(request: SignedInRequest, package: UUID, part: int) -> HttpResponse:
    """Take a part out."""
    found = _owned(request, package)
    return _done(
        request,
        found,
        lambda: actions.remove_part(actor_of(request.person), found, _version(request), part),
        gettext("Taken out."),
    )


@acts(*_BINDERS, methods=POST)
@never_cache
def answer(request: SignedInRequest, package: UUID, part: int) -> HttpResponse:
    """Agree that a part of ours is shown, or decline, or take that back."""
    found = queries.find_package(request.viewer, package)
    placed = queries.find_part(request.viewer, found, part) if found else None
    if found is None or placed is None or request.person.organisation_id not in placed.row.partners:
        raise Http404("part")
    is_given = request.POST.get("say") == "yes"
    said = (
        gettext("Agreed: whoever reads the package and may see this sees it there.")
        if is_given
        else gettext("Not shown: only who keeps the package and you see it there.")
    )
    about = request.POST.get("about", "")
    return _done(
        request,
        found,
        lambda: actions.answer(actor_of(request.person), request.viewer, found, part, about, is_given=is_given),
        said,
    )


def refused(error: RefusedPartError, seen: Board | None) -> str:
    """Why a part cannot stand so, with the names of the parts that it is about, as the reader sees them."""
    titles = {line.row.pk: f"{line.number}. {line.fact.title}" for line in seen.lines} if seen else {}
    loop = " → ".join(titles.get(each, str(each)) for each in error.found)
    return refusal_word(error.code) % {"loop": loop}


def _asked(request: SignedInRequest) -> list[Any]:
    """What my organisation is asked, package by package."""
    return list({each.row.package.pk: each.row.package for each in queries.asked_of(request.viewer)}.values())


def _board(request: SignedInRequest, package: UUID) -> Board:
    found = queries.find_package(request.viewer, package)
    if found is None:
        raise Http404("package")
    seen = board(request.viewer, request.scope, found, language())
    others = {line.fact.reference for line in seen.lines if line.fact.is_restricted and line.fact.reference}
    note(request, Watched("saw", "package", str(found.pk), tuple(sorted(others))))
    return seen


def _owned(request: SignedInRequest, package: UUID) -> Package:
    found = queries.find_package(request.viewer, package)
    if found is None or found.owner_id != request.person.organisation_id:
        raise Http404("package")
    return found


def _may_change(request: SignedInRequest, package: Package) -> bool:
    return package.condition != Condition.ENDED and actions.may_make(actor_of(request.person))


def _heading_form(request: SignedInRequest, package: Package | None) -> HeadingForm:
    return HeadingForm(
        request.POST or None,
        edition=request.scope.edition if request.scope else None,
        groups=listed(request.person.organisation_id, language()),
        lang=language(),
        package=package,
    )


def _done(request: SignedInRequest, package: Package, act: Callable[[], Any], said: str) -> HttpResponse:
    try:
        act()
    except MovedOnError:
        messages.error(request, _moved_on())
    except RefusedPartError as error:
        messages.error(request, refused(error, None))
    else:
        messages.success(request, said)
    if queries.find_package(request.viewer, package.pk) is None:
        return redirect("packages")
    return redirect("packages-one", package.pk)


def _moved_on() -> str:
    return gettext("Nothing was changed: somebody changed the package meanwhile. Look again.")


def _version(request: SignedInRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
