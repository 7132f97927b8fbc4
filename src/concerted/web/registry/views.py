"""Activities and partners: lists that every figure opens to, and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from concerted.model.ids import id_from_text, id_text
from concerted.model.tables import ALL, UNCLASSIFIED
from concerted.web.chain.activity_chain import activity_chain
from concerted.web.config.policy import Access, declares
from concerted.web.config.watching import Watched, watch
from concerted.web.coverage.cells import EMPTY, Cell, Key, cells
from concerted.web.coverage.filter_bar import filter_bar
from concerted.web.coverage.filters import STATES, VALIDATIONS, Filters, NotThere, default_filters
from concerted.web.coverage.matrix import build_matrix
from concerted.web.coverage.matrix_html import matrix_html
from concerted.web.coverage.money_html import money_bars
from concerted.web.coverage.people import people_of_activity
from concerted.web.edition.owners import owners_among
from concerted.web.edition.scope import Scope
from concerted.web.edition.sources import source_names
from concerted.web.registry import activities, partners
from concerted.web.registry.finder import find_names
from concerted.web.registry.record import MOST, read_activity
from concerted.web.registry.record_parts import record_parts
from concerted.web.registry.record_relations import relations
from concerted.web.reports.quality import FIXES, fixes_of_partner
from concerted.web.ui.formats import language
from concerted.web.ui.labels import activity_state, validation_word
from concerted.web.ui.pages import reads_edition

#: Names of each sort that a search shows.
_WHILE_TYPING, _ON_A_PAGE = 5, 25


@declares(Access.RECORDS)
@reads_edition
def activity_list(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """Activities under the filters, most money first; the total is the figure that led here."""
    lang, defaults = language(), default_filters(scope.edition)
    page = activities.list_activities(scope, filters, lang)
    context = {
        "filters": filters,
        "bar": filter_bar(scope, filters, lang),
        "tab": "list",
        "query": filters.but(q="", state=None, validation=None).query(defaults),
        "page": page,
        "outside": activities.count_outside(scope, filters),
        "outside_query": filters.but(node=UNCLASSIFIED).query(defaults),
        "is_outside": filters.node == UNCLASSIFIED,
        "validations": _validations(scope, filters),
        "states": [(s, activity_state(s), s == filters.state) for s in STATES],
        "csv_query": filters.but(start=0).query(defaults),
        **_paging(filters, defaults, page.count, activities.PAGE),
    }
    return render(request, "registry/activities.html", context)


@declares(Access.RECORDS)
@reads_edition
def activity_page(request: HttpRequest, scope: Scope, filters: Filters, activity: str) -> HttpResponse:
    """One activity: statements side by side, places, money, labels with evidence, links."""
    lang = language()
    record = read_activity(scope, _id(activity), filters.framework, filters.currency, lang)
    parts = record_parts(scope, record, filters, lang)
    if not record.is_coarse:
        title = (parts["title"] or {}).get("text") or parts["made_title"] or gettext("Activity without a title")
        parts["relations"] = relations(scope, record.activity_id)
        parts["people_bounds"] = people_of_activity(scope, record.activity_id)
        parts["chain"] = activity_chain(scope, record.activity_id, title, request.GET.get("book"))
    context = {
        "filters": filters,
        "record": record,
        "parts": parts,
        "most": MOST,
        "source_names": source_names(scope),
        "framework": scope.edition.frameworks[filters.framework],
    }
    template = "registry/coarse_activity.html" if record.is_coarse else "registry/activity.html"
    response = render(request, template, context)
    owners = owners_among(scope, record.statements)
    return watch(response, Watched("saw", "activity", id_text(record.activity_id), owners))


@declares(Access.RECORDS)
@reads_edition
def partner_list(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """Partners that report, most activities first."""
    lang, defaults = language(), default_filters(scope.edition)
    filters = filters.but(node=None, partner=None, start=filters.start)
    if "place" not in request.GET:  # partners are not of a country; and all of them are stored ready
        filters = filters.but(place=None, start=filters.start)
    found, count = partners.list_partners(scope, filters, lang)
    context = {
        "filters": filters,
        "bar": filter_bar(scope, filters, lang),
        "partners": [(p, id_text(p.org_id)) for p in found],
        "count": count,
        "query": filters.query(defaults),
        **_paging(filters, defaults, count, partners.PAGE),
    }
    return render(request, "registry/partners.html", context)


@declares(Access.RECORDS)
@reads_edition
def partner_page(request: HttpRequest, scope: Scope, filters: Filters, partner: str) -> HttpResponse:
    """One partner: what it does where, its money, its freshness, its largest activities."""
    lang, defaults = language(), default_filters(scope.edition)
    found = partners.read_partner(scope, _id(partner), lang)
    filters = filters.but(partner=id_text(found.org_id), place=None, exact=False, node=None, by="place")
    whole = cells(scope, filters, [ALL, UNCLASSIFIED])
    at_home = _if_all_at_home(scope, filters, whole)
    served, outside = (whole.get((node, None), EMPTY) for node in (ALL, UNCLASSIFIED))
    listed = filters if served.activities else filters.but(node=UNCLASSIFIED)
    context = {
        "filters": filters,
        "partner": found,
        "source_names": source_names(scope),
        "fixes": fixes_of_partner(scope, found.org_id, lang)[:FIXES],
        "served": served,
        "unclassified": outside,
        "outside_query": filters.but(node=UNCLASSIFIED).query(defaults),
        "matrix": matrix_html(build_matrix(scope, at_home or filters, lang), defaults, is_full=False),
        "bars": money_bars(scope, filters),
        "activities": activities.list_activities(scope, listed, lang, 12),
        "query": filters.query(defaults),
        "list_query": listed.query(defaults),
        "framework": scope.edition.frameworks[filters.framework],
    }
    return render(request, "registry/partner.html", context)


@declares(Access.RECORDS)
@reads_edition
def search(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """Priorities, places and partners by name. As one types, the field in the head asks for the part that it shows."""
    is_typing = request.headers.get("HX-Request") == "true"
    found = find_names(scope, filters.q, language(), _WHILE_TYPING if is_typing else _ON_A_PAGE)
    groups = (
        (gettext("Priorities"), found.nodes),
        (gettext("Places"), found.places),
        (gettext("Partners"), found.partners),
    )
    context = {"q": filters.q, "groups": groups, "any": bool(found)}
    return render(request, "registry/_found.html" if is_typing else "registry/search.html", context)


def _if_all_at_home(scope: Scope, filters: Filters, whole: dict[Key, Cell]) -> Filters | None:
    """The filters for the framework's country, when all that the partner does lies there; its areas then say more."""
    home = filters.but(place=default_filters(scope.edition, filters.framework).place)
    same = home.place is not None and cells(scope, home, [ALL, UNCLASSIFIED]) == whole
    return home if same else None


def _validations(scope: Scope, filters: Filters) -> list[tuple[str, str, int, bool]]:
    """How far activities are validated, each with its word, its number and whether it is chosen; none where none is."""
    counts = activities.count_validation(scope)
    known = [v for v in VALIDATIONS if v in counts or v == filters.validation]
    return [(v, validation_word(v), counts.get(v, 0), v == filters.validation) for v in known]


def _id(text: str) -> int:
    try:
        return id_from_text(text)
    except ValueError as error:
        raise NotThere("id") from error


def _paging(filters: Filters, defaults: Filters, count: int, size: int) -> dict[str, object]:
    """First and last row shown, and the addresses of the pages before and after."""
    first, last = filters.start, min(filters.start + size, count)
    before = filters.but(start=max(0, first - size)).query(defaults) if first > 0 else None
    after = filters.but(start=last).query(defaults) if last < count else None
    return {
        "first_row": first + 1,
        "last_row": last,
        "before": None if before is None else before or "?",
        "after": after,
    }
