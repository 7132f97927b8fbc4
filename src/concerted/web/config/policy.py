"""An endpoint declares its policy, or the site does not start.

`declares(Access.RECORDS)` marks a view whose answers pass through the viewer's filter; `declares(Access.OPEN)` one that
shows nothing of any record. The check walks every address; `wsgi` runs it before the first request.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

View = TypeVar("View", bound=Callable[..., Any])


class Access(Enum):
    """What a view may show."""

    RECORDS = "what the viewer may see, by the marking filter in every query"
    OPEN = "nothing of any record"


def declares(access: Access) -> Callable[[View], View]:
    """Declare a view's policy. It is the outermost decorator, so that what the address names carries it."""

    def mark(view: View) -> View:
        view.concerted_access = access  # type: ignore[attr-defined]
        return view

    return mark


def undeclared(patterns: list[Any] | None = None) -> list[str]:
    """Addresses whose view declares no policy; of `patterns`, else of the whole site."""
    found = get_resolver().url_patterns if patterns is None else patterns
    return [
        str(p.pattern) for p in _walk(found) if not isinstance(getattr(p.callback, "concerted_access", None), Access)
    ]


def _walk(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        else:
            yield pattern


@register()
def every_endpoint_declares_its_policy(**_: Any) -> list[CheckMessage]:
    """Django's form of the check."""
    return [
        Error(
            f"The address {address!r} has a view without a declared policy.",
            hint="Put @declares(Access.RECORDS) or @declares(Access.OPEN) above it.",
            id="concerted.E001",
        )
        for address in undeclared()
    ]
