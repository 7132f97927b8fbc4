"""What views share: the scope, the filters of the address, and one answer for what is not there."""

import sys
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from concerted.web.coverage.filters import Filters, NotThere, read_filters
from concerted.web.edition.scope import Scope

P = ParamSpec("P")


def reads_scope(
    view: Callable[Concatenate[HttpRequest, Scope, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view of the current edition: it is given the viewer's scope.

    Whatever is not there for this viewer, for whatever reason, is the same Http404. Before the first build every page
    says how to make one.
    """

    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        scope: Scope | None = request.scope  # type: ignore[attr-defined]
        if scope is None:
            return render(request, "ui/nothing_yet.html", status=503)
        if not scope.edition.frameworks:
            return render(request, "ui/nothing_yet.html")
        try:
            return view(request, scope, *args, **kwargs)
        except NotThere as nothing:
            raise Http404 from nothing

    update_wrapper(wrapped, view)
    return wrapped


def reads_edition(
    view: Callable[Concatenate[HttpRequest, Scope, Filters, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """As `reads_scope`, with the filters of the address beside the scope."""

    def filtered(request: HttpRequest, scope: Scope, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, scope, read_filters(scope.edition, request.GET.dict()), *args, **kwargs)

    update_wrapper(filtered, view)
    return reads_scope(filtered)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The one page for what is absent and for what is not to be seen, byte for byte the same."""
    request.resolver_match = None
    return render(request, "404.html", status=404)


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: nothing was done."""
    return _plain(request, "403.html", 403)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for what went wrong on our side; where the registry cannot be reached it says so."""
    is_registry = isinstance(sys.exc_info()[1], DatabaseError | InterfaceError)
    return _plain(request, "503.html" if is_registry else "500.html", 503 if is_registry else 500)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page that asks the registry for nothing, whatever the request has got so far."""
    request.resolver_match = None
    for name in ("person", "scope"):
        if not hasattr(request, name):
            setattr(request, name, None)
    return render(request, template, status=status)
