"""See pages as another would: as the public, as somebody who signs in, as a member of a group, as an organisation.

Nobody sees more by it: the viewer that comes out holds the one who really looks, and the policy shows only what both
may see (`Viewer.within`). It is kept in the session, so it costs no query, and ends with it.
"""

from dataclasses import dataclass, replace
from typing import Literal, get_args
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from concerted.marking import Viewer
from concerted.web.accounts.roles import DUTIES
from concerted.web.sharing.queries import groups_of

Kind = Literal["public", "partner", "group", "organisation"]
_KINDS: tuple[Kind, ...] = get_args(Kind)
_IN_SESSION = "looks_as"
#: Stands for a person and an organisation that nobody is: no marking can name it, as ids are UUIDs.
_SOMEBODY = "somebody"


@dataclass(frozen=True)
class Eyes:
    """Whose eyes.

    Attributes:
        id: of the group or organisation; empty for the others.
        name: what it was called when the look began; for the band on the pages.
    """

    kind: Kind
    id: str = ""
    name: str = ""

    @property
    def words(self) -> str:
        """Whose eyes, in the language of the page."""
        match self.kind:
            case "public":
                return gettext("the public, without signing in")
            case "partner":
                return gettext("anybody of another organisation who signs in")
            case "group":
                return gettext("a member of the group %(name)s") % {"name": self.name}
            case "organisation":
                return gettext("the people of %(name)s") % {"name": self.name}


def eyes_of(request: HttpRequest) -> Eyes | None:
    """Through whose eyes a request looks; None = its own."""
    kept = request.session.get(_IN_SESSION)
    if not isinstance(kept, dict) or kept.get("kind") not in _KINDS:
        return None
    return Eyes(kept["kind"], str(kept.get("id", "")), str(kept.get("name", "")))


def put_on(request: HttpRequest, eyes: Eyes) -> None:
    """Look through these eyes from the next request on."""
    request.session[_IN_SESSION] = {"kind": eyes.kind, "id": eyes.id, "name": eyes.name}


def take_off(request: HttpRequest) -> None:
    """Look through one's own again."""
    request.session.pop(_IN_SESSION, None)


def through(own: Viewer, eyes: Eyes) -> Viewer:
    """The viewer that `own` is through other eyes: never one who sees more, in no role that does anything.

    An organisation is taken with those of its groups of which the one who looks may know: a look tells of no other.
    """
    if eyes.kind == "public":
        return Viewer(within=own)
    other = Viewer(_SOMEBODY, _SOMEBODY, frozenset(), own.roles & DUTIES, within=own)
    if eyes.kind == "group":
        return replace(other, groups=frozenset({eyes.id}))
    if eyes.kind == "organisation":
        return replace(other, organisation=eyes.id, groups=groups_of(UUID(eyes.id)) & own.groups)
    return other
