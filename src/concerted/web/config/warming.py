"""Make what every reader asks for first, before the first reader asks: the cube, and the pages of the menu.

Enters: an edition that is open and not served yet. Leaves: figures remembered in the edition and finished pages on the
shelf of `page_cache`, under the very keys that readers' requests will have. On a picture of a million activities the
first overview takes seconds; nobody has to wait for it.
"""

import io
import logging
import threading
from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve, reverse
from django.utils import translation

from concerted.marking import PUBLIC
from concerted.web.config.page_cache import page_cache
from concerted.web.edition.cube import Cube
from concerted.web.edition.opened import Edition
from concerted.web.edition.scope import Scope
from concerted.web.ui.context import MENU

log = logging.getLogger(__name__)

#: Pages beside those of the menu that a reader opens next.
_NEXT = ("coverage-map", "coverage-timeline")


def warm(edition: Edition) -> None:
    """The cube that the public sees, then the first pages in every language, the overview first."""
    scope = Scope(PUBLIC, edition)
    edition.cube(scope.filter)
    names = [name for name, _ in MENU] + list(_NEXT)
    for name in names:
        for language, _ in settings.LANGUAGES:
            with translation.override(language):
                _make(scope, reverse(name))
    warm_words(edition)


def warm_words(edition: Edition) -> None:
    """The words that searches look in, beside what is served: they take a minute at a million, and nothing waits."""
    threading.Thread(target=edition.words.prepare, daemon=True).start()


def for_those_who_looked(before: Edition, edition: Edition) -> Iterator[Callable[[], object]]:
    """What the first of each kind of viewers would wait for on a newer edition: seconds at 100,000 activities. Every
    page tells the id of what its viewer sees; nearly all stand on the cube."""
    for at, viewer in before.seen.lately():
        scope = Scope(viewer, edition)
        edition.seen.note(scope.filter, viewer, at)
        yield from (partial(_guarded, make, scope) for make in (_edition_id, _cube))
    yield partial(_guarded, _told_in, Scope(PUBLIC, edition))


def _edition_id(scope: Scope) -> str:
    return scope.edition_id


def _cube(scope: Scope) -> Cube:
    return scope.edition.cube(scope.filter)


def _told_in(scope: Scope) -> object:
    return scope.edition.told_in.tables(())


def _guarded(make: Callable[[Scope], object], scope: Scope) -> None:
    try:
        make(scope)
    except Exception:  # whatever it is, the reader's request will meet it again and show it
        log.exception("%s could not be made ahead", make.__name__.strip("_"))


def _make(scope: Scope, path: str) -> None:
    """One page, made as a request for it would be and kept. A page that fails is left to the reader who asks for it."""
    request = WSGIRequest({"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO()})
    request.viewer, request.scope, request.is_old_copy = scope.viewer, scope, False  # type: ignore[attr-defined]
    request.person, request.must_add_factor, request.is_unreleased = None, False, False  # type: ignore[attr-defined]
    match = request.resolver_match = resolve(path)
    try:
        page_cache(lambda asked: match.func(asked, *match.args, **match.kwargs))(request)
    except Exception:  # whatever it is, the reader's request will meet it again and show it
        log.exception("the page %s could not be made ahead", path)
