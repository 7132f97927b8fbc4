"""All addresses: each page in each language, by prefix, and the programs' interface, which has no language. What else
has no prefix is sent to the reader's language.
"""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from concerted.web.api.interface import ROOT
from concerted.web.api.urls import programs
from concerted.web.config.policy import Access, declares


@declares(Access.OPEN)
def to_language(request: HttpRequest) -> HttpResponse:
    """From the bare address to the overview in the language that the browser asks for."""
    response = redirect("overview")
    response["Vary"] = "Accept-Language"
    return response


@declares(Access.OPEN)
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read the pages, but not every combination of filters."""
    return HttpResponse("User-agent: *\nDisallow: /*?\n", content_type="text/plain")


urlpatterns = [
    path("", to_language, name="root"),
    path("robots.txt", robots, name="robots"),
    path(ROOT.lstrip("/"), include(programs)),
    *i18n_patterns(
        path("", include("concerted.web.accounts.urls")),
        path("", include("concerted.web.alerts.urls")),
        path("", include("concerted.web.api.urls")),
        path("", include("concerted.web.asks.urls")),
        path("", include("concerted.web.audit.urls")),
        path("", include("concerted.web.coverage.urls")),
        path("", include("concerted.web.what_if.urls")),
        path("", include("concerted.web.chain.urls")),
        path("", include("concerted.web.inbox.urls")),
        path("", include("concerted.web.registry.urls")),
        path("", include("concerted.web.reports.urls")),
        path("", include("concerted.web.safeguards.urls")),
        path("", include("concerted.web.sharing.urls")),
        path("", include("concerted.web.validation.urls")),
        path("", include("concerted.web.release.urls")),
        path("", include("concerted.web.workspace.urls")),
        path("", include("concerted.web.strategy.urls")),
        path("", include("concerted.web.desk.urls")),
        path("", include("concerted.web.matches.urls")),
        path("", include("concerted.web.home.urls")),
        path("", include("concerted.web.precedence.urls")),
        path("", include("concerted.web.packages.urls")),
    ),
]
handler404 = "concerted.web.ui.pages.not_found"
handler500 = "concerted.web.ui.pages.failed"
