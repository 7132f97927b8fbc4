"""What if: try changes on the coverage page, and keep lists of them."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache

from concerted.matching.what_if.changes import MOST, Add, Change, Cost, Move
from concerted.matching.what_if.written import text_of
from concerted.model.errors import NotAllowedError
from concerted.model.ids import id_text
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.roles import ANY
from concerted.web.config.policy import FORM, POST, READS, Access, acts, declares
from concerted.web.config.requests import SignedInRequest
from concerted.web.coverage.filter_bar import Bar, filter_bar
from concerted.web.coverage.filters import Filters, NotThere, default_filters
from concerted.web.coverage.map_html import map_svg
from concerted.web.coverage.matrix_html import legend_html
from concerted.web.coverage.names import node_label
from concerted.web.edition.scope import Scope
from concerted.web.registry.activities import list_activities
from concerted.web.sharing import queries as groups
from concerted.web.ui.fields import choice
from concerted.web.ui.formats import language
from concerted.web.ui.pages import reads_edition
from concerted.web.ui.screened import screened
from concerted.web.what_if import actions, queries
from concerted.web.what_if.address import NAME, Address, address, changes_of, opened_for, read_changes
from concerted.web.what_if.asked import Asked, asked_of
from concerted.web.what_if.difference_html import MOST as MOST_ROWS
from concerted.web.what_if.difference_html import changed_rows, difference_html, map_places
from concerted.web.what_if.forms import FORMS, KINDS, ChangeForm
from concerted.web.what_if.tried import effect_of, try_out
from concerted.web.what_if.words import problem_word, told

#: Projects that are offered when one is to end.
_OFFERED = 15


@declares(Access.RECORDS)
@reads_edition
def what_if(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """The matrix with changes made beside what it is; a form that is sent leads to the address with its change."""
    asked = asked_of(scope, filters, read_changes(request.GET))
    here = address(scope, reverse("coverage-what-if"), asked.filters, asked.changes)
    form = _form(request, scope, asked.filters)
    if form.is_bound and form.is_valid() and (added := _added(scope, asked, form)) is not None:
        return redirect(here.to(changes=added) + "#differences")
    context = _context(scope, asked, here) | {
        "form": form,
        "kind": form.prefix,
        "kinds": [(kind, _kind_word(kind), here.to(more={"form": kind}) + "#change") for kind in KINDS],
        "is_open": not asked.changes or bool({"form", "new"} & request.GET.keys()),
        "is_full": len(asked.changes) >= MOST,
        "fixed": _fixed(here),
        "projects": _projects(request, scope, asked.filters, here) if form.prefix == "end" else (),
        "sought": request.GET.get("find", "")[:100],
        "save": reverse("scenarios-save") + here.to().removeprefix(here.page),
        "start_over": here.to(changes=()),
    }
    return render(request, "what_if/what_if.html", context)


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
@reads_edition
def one(request: HttpRequest, scope: Scope, filters: Filters, scenario: UUID) -> HttpResponse:
    """A list that somebody has kept, with what it does for who reads it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    kept = queries.opened(viewer, scenario, language())
    if kept is None:
        raise NotThere("scenario")
    if kept.framework not in scope.edition.frameworks:
        return render(request, "what_if/gone.html", {"kept": kept, "may_delete": _may_delete(request, kept)})
    if filters.framework != kept.framework:
        filters = default_filters(scope.edition, kept.framework)
    asked = asked_of(scope, filters, kept.changes)
    here = address(scope, reverse("scenarios-one", args=[scenario]), asked.filters)
    open_ = address(scope, reverse("coverage-what-if"), asked.filters, asked.changes)
    context = _context(scope, asked, here) | {
        "kept": kept,
        "may_delete": _may_delete(request, kept),
        "go_on": open_.to() + "#change",
    }
    return render(request, "what_if/scenario.html", context)


@acts(*ANY, methods=READS, in_other_eyes=True)
@never_cache
def saved(request: SignedInRequest) -> HttpResponse:
    """The lists that one may read."""
    rows = queries.listed(request.viewer, language())
    return render(request, "what_if/scenarios.html", {"rows": rows, "frameworks": _frameworks(request)})


class KeepForm(forms.Form):
    """What a list is called, and who may read it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, validators=[screened])
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        help_text=gettext_lazy(
            "They read the changes and the amounts that you wrote. What the changes do, each sees as far as he may see"
            " the picture; a project that is not shown to him is not in the list for him."
        ),
    )

    def __init__(self, *args: Any, organisation: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = groups.groups_of(organisation)
        named = sorted(groups.names_of_groups(mine).items(), key=lambda pair: pair[1].casefold())
        choice(self, "audience").choices = [
            (actions.OWN, gettext("My organisation")),
            *((key, gettext("Members of %(group)s") % {"group": name}) for key, name in named),
            (actions.PARTNERS, gettext("Everybody who signs in")),
        ]


@acts(*ANY, methods=FORM)
@never_cache
@reads_edition
def save(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """Keep the changes of an address under a title."""
    person = request.person  # type: ignore[attr-defined]
    sent = request.POST if request.method == "POST" else request.GET
    asked = asked_of(scope, filters, changes_of(sent.getlist(NAME)))
    if not asked.changes:
        raise NotThere(NAME)
    form = KeepForm(request.POST or None, organisation=person.organisation_id)
    if request.method == "POST" and form.is_valid():
        values, framework = form.cleaned_data, asked.filters.framework
        try:
            row = actions.keep(
                actor_of(person), values["title"], values["audience"], framework, asked.changes, scope.edition.as_of
            )
        except NotAllowedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Kept. Who may read it opens it by this page’s address."))
            return redirect("scenarios-one", row.pk)
    here = address(scope, reverse("coverage-what-if"), asked.filters, asked.changes)
    context = {
        "form": form,
        "changes": told(scope, asked.filters, asked.changes, asked.effect.problems, ()),
        "texts": [text_of(change) for change in asked.changes],
        "back": here.to(),
    }
    return render(request, "what_if/save.html", context)


@acts(*ANY, methods=POST)
@never_cache
def delete(request: SignedInRequest, scenario: UUID) -> HttpResponse:
    """Delete one of one's own."""
    try:
        actions.delete(actor_of(request.person), scenario)
    except NotAllowedError as error:
        raise Http404("scenario") from error
    messages.success(request, gettext("Deleted. Its address leads nowhere now."))
    return redirect("scenarios")


def _context(scope: Scope, asked: Asked, here: Address) -> dict[str, Any]:
    """The matrix, the map and the table of what differs."""
    lang = language()
    named = [node for change in asked.changes for node in _nodes_of(change)]
    filters = opened_for(scope, asked.filters, named)
    tried = try_out(scope, filters, asked.effect, lang)
    drawing, missing = map_svg(
        scope, map_places(tried), reverse("coverage-cell"), "USD", gettext("Map of what changes")
    )
    rows = changed_rows(tried)
    listed = told(scope, asked.filters, asked.changes, asked.effect.problems, asked.gone)
    # Where the page holds the changes itself they cannot be taken away one by one.
    without = [here.to(changes=(*here.changes[:i], *here.changes[i + 1 :])) for i in range(len(here.changes))]
    without = without or [""] * len(asked.changes)
    return {
        "filters": filters,
        "bar": _bar(scope, filters, here, lang, has_changes=bool(listed)),
        "framework": scope.edition.frameworks[filters.framework],
        "tab": "what-if",
        "query": filters.but(opened=frozenset(), by="place").query(here.defaults),
        "changes": list(zip(listed, [*([""] * len(asked.gone)), *without], strict=True)),
        "whole": tried.pairs[0][0],
        "changed": tried.changed,
        "differences": difference_html(tried, here),
        "is_tall": len(tried.matrix.rows) > 14,
        "rows": rows[:MOST_ROWS],
        "more_rows": max(0, len(rows) - MOST_ROWS),
        "map": drawing if filters.by == "place" else "",
        "unplaced": [p.column.label for p in missing] if drawing else [],
        "columns": [
            (gettext("Places"), here.to(filters.but(by="place")), filters.by == "place"),
            (gettext("Years"), here.to(filters.but(by="period")), filters.by == "period"),
        ],
        "legend": legend_html(is_full=False),
    }


def _nodes_of(change: Change) -> list[str | None]:
    match change:
        case Move(source, target, _):
            return [source.node, target.node]
        case Add() | Cost():
            return [change.node]
        case _:
            return []


def _bar(scope: Scope, filters: Filters, here: Address, lang: str, *, has_changes: bool) -> Bar:
    """The filters that make sense here; the changes, which are about one framework, are kept in it."""
    bar = filter_bar(scope, filters, lang)
    names = ("place", "period") if has_changes else ("framework", "place", "period")
    kept = [*bar.kept, *((NAME, text_of(change)) for change in here.changes)]
    if has_changes:
        kept.append(("framework", filters.framework))
    node = ((node_label(scope, filters, filters.node, lang), here.to(filters.but(node=None))),) if filters.node else ()
    choices = tuple(each for each in bar.choices if each.name in names)
    return replace(bar, choices=choices, kept=tuple(kept), chips=node, is_default=True)


def _fixed(here: Address) -> list[tuple[str, str]]:
    """The whole state as hidden fields of a form."""
    return parse_qsl(here.to().removeprefix(here.page).removeprefix("?"), keep_blank_values=True)


def _form(request: HttpRequest, scope: Scope, filters: Filters) -> ChangeForm:
    """The form that is open, filled in with what the address brings, and sent where it says so."""
    sent = request.GET.get("new", "")
    kind = sent or request.GET.get("form", "")
    if kind not in FORMS:
        kind, sent = KINDS[0], ""
    brought = {
        name.removeprefix(f"{kind}-"): value for name, value in request.GET.items() if name.startswith(f"{kind}-")
    }
    return FORMS[kind](
        request.GET if sent else None, kind=kind, scope=scope, filters=filters, lang=language(), initial=brought
    )


def _added(scope: Scope, asked: Asked, form: ChangeForm) -> tuple[Change, ...] | None:
    """The changes with the one of a form; null where it can do nothing, which the form says then."""
    changes = (*asked.changes, form.change)
    if len(changes) > MOST:
        form.add_error(None, gettext("There are as many changes as one list takes."))
        return None
    last = len(changes) - 1
    problems = [p for p in effect_of(scope, asked.filters.framework, changes).problems if p.number == last]
    for problem in problems:
        form.add_error(None, problem_word(problem))
    return None if problems else changes


def _projects(request: HttpRequest, scope: Scope, filters: Filters, here: Address) -> list[tuple[Any, str]]:
    """Projects that may be ended, with the address of the form in which one is chosen."""
    listed = list_activities(scope, filters.but(q=request.GET.get("find", "").strip()[:100]), language()).rows
    return [
        (each, here.to(more={"form": "end", "end-activity": id_text(each.activity_id)}) + "#change")
        for each in listed[:_OFFERED]
    ]


def _may_delete(request: HttpRequest, kept: queries.Kept) -> bool:
    if getattr(request, "eyes", None) is not None:
        return False
    return actions.may_delete(actor_of(request.person), kept.owner, kept.made_by)  # type: ignore[attr-defined]


def _frameworks(request: SignedInRequest) -> dict[str, str]:
    found = request.scope.edition.frameworks if request.scope else {}
    return {key: tree.label(language()) for key, tree in found.items()}


def _kind_word(kind: str) -> str:
    return {
        "move": gettext("Move money"),
        "add": gettext("Add a project"),
        "end": gettext("End a project"),
        "cost": gettext("Other costs"),
        "rule": gettext("Another rule"),
    }[kind]
