"""Who asks, and of which edition: every request gets a `scope` before any view runs."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from concerted.marking import PUBLIC, Viewer
from concerted.web.config.warming import warm
from concerted.web.edition.current import CurrentEdition
from concerted.web.edition.scope import Scope


class ScopedRequest(HttpRequest):
    """A request as views get it. `scope` is None before the first build."""

    viewer: Viewer
    scope: Scope | None
    is_old_copy: bool


@cache
def current() -> CurrentEdition:
    """The one follower of the data folder in this process."""
    return CurrentEdition(settings.CONCERTED_DATA, warm)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks. There are no accounts yet, so whatever a request says of itself, it is the public's."""
    return PUBLIC


def scope(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give the request its viewer and its edition; both stay the same until the answer is sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        served = current().get()
        request.viewer = viewer_of(request)  # type: ignore[attr-defined]
        request.scope = Scope(request.viewer, served.edition) if served else None  # type: ignore[attr-defined]
        request.is_old_copy = bool(served and served.is_old_copy)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
