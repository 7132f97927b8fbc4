"""Reports: data quality per source, the method, and what pages show as CSV."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from concerted.chain.doubles import SIGNS
from concerted.web.config.policy import Access, declares
from concerted.web.config.watching import Watched, watch
from concerted.web.coverage.filter_bar import filter_bar
from concerted.web.coverage.filters import VALIDATIONS, Filters, NotThere
from concerted.web.edition.owners import restricted_owners
from concerted.web.edition.scope import Scope
from concerted.web.registry.activities import count_validation
from concerted.web.reports import exports, quality
from concerted.web.reports.method import list_inputs, sum_unread
from concerted.web.ui.formats import language
from concerted.web.ui.pages import reads_edition


@declares(Access.RECORDS)
@reads_edition
def quality_list(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """Sources and what was found in them."""
    counts = count_validation(scope)
    validation = [(word, counts[word]) for word in VALIDATIONS if word in counts]
    return render(request, "reports/quality.html", {"sources": quality.list_sources(scope), "validation": validation})


@declares(Access.RECORDS)
@reads_edition
def quality_source(request: HttpRequest, scope: Scope, filters: Filters, source: str) -> HttpResponse:
    """One source: the five fixes that would help most, then the rest."""
    found, fixes = quality.read_source(scope, source, language())
    context = {"source": found, "fixes": fixes[: quality.FIXES], "others": fixes[quality.FIXES :]}
    return render(request, "reports/source.html", context)


@declares(Access.RECORDS)
@reads_edition
def method(request: HttpRequest, scope: Scope, filters: Filters) -> HttpResponse:
    """How figures come about: rules, ranges, frameworks, the edition and its inputs."""
    edition = scope.edition
    context = {
        "filters": filters,
        "trees": list(edition.frameworks.values()),
        "rule": edition.frameworks[filters.framework].rule,
        "inputs": list_inputs(scope),
        "code": edition.manifest.get("code", {}),
        "missing": (*edition.missing, *edition.lacking),
        "signs": list(SIGNS.items()),
        "unread": sum_unread(scope),
        "few_most": max(edition.manifest["parameters"].get("few_people", 1) - 1, 0),
    }
    return render(request, "reports/method.html", context)


@declares(Access.RECORDS)
@reads_edition
def export(request: HttpRequest, scope: Scope, filters: Filters, page: str) -> HttpResponse:
    """What a page shows, as CSV: the same filters, the same functions, the same policy."""
    makers = {"coverage": exports.matrix_rows, "activities": exports.activity_rows, "timeline": exports.end_rows}
    if page not in makers:
        raise NotThere("page")
    lang = language()
    filter_bar(scope, filters, lang)  # names the partner, or is not there
    rows = list(makers[page](scope, filters, lang))
    response = HttpResponse(exports.as_csv(rows), content_type="text/csv; charset=utf-8")
    name = f"concerted-{page}-{scope.edition_id[:12]}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    owners = restricted_owners(scope, exports.activities_in(rows))
    return watch(response, Watched("exported", "export", page, owners))
