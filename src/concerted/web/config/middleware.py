"""Who asks, and of which edition: every request gets a person, a viewer and a `scope` before any view runs."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from concerted.marking import PUBLIC, Viewer
from concerted.web.accounts.person import has_second_factor, person_of, viewer_for
from concerted.web.api.bearer import UnknownTokenError, bearer_of, no_such_token
from concerted.web.api.scopes import PICTURE_READ
from concerted.web.config.requests import is_for_programs
from concerted.web.config.warming import for_those_who_looked, warm, warm_words
from concerted.web.edition.current import CurrentEdition
from concerted.web.edition.scope import Scope
from concerted.web.sharing.looking import eyes_of, through


@cache
def current() -> CurrentEdition:
    """The one follower of the data folder in this process."""
    return CurrentEdition(settings.CONCERTED_DATA, warm, warm_words, for_those_who_looked)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks: by the session, and by nothing else that a request says of itself; also through whose eyes he looks."""
    person = person_of(request)
    must_add = bool(person and person.needs_second_factor and not has_second_factor(request, person))
    request.person, request.must_add_factor = person, must_add  # type: ignore[attr-defined]
    own = viewer_for(person, is_sure=not must_add)
    eyes = eyes_of(request) if person and not must_add else None
    request.eyes = eyes  # type: ignore[attr-defined]
    return through(own, eyes) if eyes else own


def _program_of(request: HttpRequest) -> Viewer:
    """Who asks through the programs' interface: by the token alone. A session's cookie is not looked at there, so no
    page of somebody else can make a browser act.

    Returns:
        The viewer of the picture: the token's owner, or the public where it was not made for reading the picture.
    """
    bearer = bearer_of(request)
    request.person, request.must_add_factor = (bearer.person if bearer else None), False  # type: ignore[attr-defined]
    request.token_scopes = bearer.scopes if bearer else frozenset()  # type: ignore[attr-defined]
    request.viewer, request.eyes = viewer_for(request.person, is_sure=True), None  # type: ignore[attr-defined]
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer if PICTURE_READ in request.token_scopes else PUBLIC  # type: ignore[attr-defined]


def scope(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give the request its viewer and its edition; both stay the same until the answer is sent.

    The public sees what is released; people of organisations, and programs that act for them, what is current.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_for_programs(request):
            try:
                viewer = _program_of(request)
            except UnknownTokenError:  # before any kept answer is looked for: who errs is told so every time
                return no_such_token(request)
        else:
            viewer = request.viewer = viewer_of(request)  # type: ignore[attr-defined]
            request.token_scopes = frozenset()  # type: ignore[attr-defined]
        released = current().released()
        served = released if viewer.is_public else current().get()
        is_released = bool(served and released and served.edition.id == released.edition.id)
        request.is_unreleased = not viewer.is_public and served is not None and not is_released  # type: ignore[attr-defined]
        request.scope = asked = Scope(viewer, served.edition) if served else None  # type: ignore[attr-defined]
        if asked and not viewer.is_public:
            asked.edition.seen.note(asked.filter, viewer)
        request.is_old_copy = bool(served and served.is_old_copy)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
