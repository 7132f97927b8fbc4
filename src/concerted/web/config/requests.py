"""Requests as views get them: what the middleware has put on them before any view runs."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from concerted.marking import Viewer
    from concerted.web.accounts.models import User
    from concerted.web.edition.scope import Scope
    from concerted.web.sharing.looking import Eyes


#: What addresses of the programs' interface begin with. They have no language, know tokens and no cookie.
PROGRAMS = "/api/"


def is_for_programs(request: HttpRequest) -> bool:
    """Whether the request is to the programs' interface."""
    return request.path.startswith(PROGRAMS)


class ScopedRequest(HttpRequest):
    """A request as views get it.

    Attributes:
        person: who is signed in, whatever he may do yet; None for the public.
        must_add_factor: his roles need a second factor that this session lacks; his viewer is the public's until then.
        scope: None before the first build, and for the public before the first release.
        is_unreleased: the edition is the current one and not what the public is shown.
        viewer: who looks, through another's eyes where `eyes` says so.
        eyes: through whose; None = through his own.
        token_scopes: what the token was made for, in the programs' interface; empty on pages.
    """

    person: "User | None"
    must_add_factor: bool
    viewer: "Viewer"
    eyes: "Eyes | None"
    scope: "Scope | None"
    is_old_copy: bool
    is_unreleased: bool
    token_scopes: frozenset[str]


class SignedInRequest(ScopedRequest):
    """A request of a view that only somebody who is signed in gets to: its policy says so (`acts`, `Access.OWN`)."""

    person: "User"
