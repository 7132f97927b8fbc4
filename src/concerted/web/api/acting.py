"""Who asks and acts through the interface: what the operations of every area need."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from concerted.intake.vocabulary import Vocabulary
from concerted.marking import Viewer
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import Partner, User
from concerted.web.edition.scope import Scope
from concerted.web.workspace.queries import vocabulary

PUT, DELETE = ("PUT",), ("DELETE",)


def person_in(request: HttpRequest) -> User:
    """The token's owner; an operation that needs one declares it, so there is one."""
    person: User = request.person  # type: ignore[attr-defined]
    return person


def actor_in(request: HttpRequest) -> Actor:
    """Who acts, through this interface."""
    return actor_of(person_in(request), "api")


def viewer_in(request: HttpRequest) -> Viewer:
    """The token's owner as the policy knows him."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def scope_in(request: HttpRequest) -> Scope | None:
    """The edition as the token lets it be seen; null before the first build."""
    scope: Scope | None = request.scope  # type: ignore[attr-defined]
    return scope


def owner_in(request: HttpRequest) -> Partner:
    """The organisation that who asks belongs to; of a unit the one above it."""
    partner = person_in(request).partner
    return partner.parent or partner


def words_in(request: HttpRequest) -> Vocabulary:
    """Words of the edition that is served."""
    scope = scope_in(request)
    return vocabulary(scope.edition if scope else None)


def members(value: Any, *but: str) -> dict[str, Any]:
    """A dataclass as the members of its shape."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__ if name not in but}


def texts(ids: Iterable[UUID]) -> list[str]:
    """Ids as a page's form sends them."""
    return [str(each) for each in ids]
