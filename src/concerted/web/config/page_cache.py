"""Finished pages, kept compressed: the same address in the same edition for the same filter is the same page.

An edition never changes and the address is the whole state, so a page is kept until it is pushed out by newer ones. The
ETag lets a phone on a weak line ask again for a few bytes.

Only answers of views that declare themselves shared (`policy.SHARED`) are kept, and those hold nothing of a person: no
name and no token. Where the head names who is signed in, a kept page holds a mark, and the name is put there for each
answer. So one person's page can never reach another, and a kept page has no secret whose length compression could tell
(BREACH needs a secret in the page).
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from concerted.web.config.policy import SHARED, policy_of
from concerted.web.config.requests import is_for_programs
from concerted.web.config.watching import Watched, note, watched_in
from concerted.web.ui.context import PERSON_MARK, asks_for_part

#: Bytes of compressed pages per process.
ROOM = 48 * 1024 * 1024
_LARGEST = 512 * 1024
_MARK = PERSON_MARK.encode()


@dataclass(frozen=True)
class _Page:
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    etag: str
    watched: Watched | None = None


class _Shelf:
    """Pages by key, least recently used first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Any, _Page] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Any) -> _Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Any, page: _Page) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._bytes += len(page.body) - (len(old.body) if old else 0)
            self._pages[key] = page
            while self._bytes > ROOM:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= len(dropped.body)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0


shelf = _Shelf()


def page_cache(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer from the shelf where the page is there; else make, compress and keep it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        scope = request.scope  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD") or scope is None:
            return get_response(request)
        is_public = request.person is None  # type: ignore[attr-defined]
        key = (
            scope.edition.id,
            scope.filter,
            is_public,
            request.is_old_copy,  # type: ignore[attr-defined]
            request.is_unreleased,  # type: ignore[attr-defined]
            asks_for_part(request),
            request.get_full_path(),
        )
        page = shelf.get(key)
        if page is None:
            request.may_be_kept = True  # type: ignore[attr-defined]
            response = get_response(request)
            if not _is_shared(request, response):
                return _named(request, response)
            page = _page(response)
            if len(page.body) <= _LARGEST:
                shelf.put(key, page)
        if is_public:
            return _answer(request, page)
        note(request, page.watched)
        return _answer_to_person(request, page)

    return middleware


def _is_shared(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer holds nothing of who asked: its view says so, and it made no token and set no cookie."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    policy = policy_of(getattr(request.resolver_match, "func", None))
    if policy is None or policy.access not in SHARED:
        return False
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):  # set whenever a token is asked for
        raise AssertionError(f"{request.path} declares a shared answer and made a token; declare it otherwise")
    return True


def _page(response: HttpResponse) -> _Page:
    kept = tuple((k, v) for k, v in response.items() if k in ("Content-Disposition", "Content-Language"))
    body = gzip.compress(response.content, compresslevel=6, mtime=0)
    # Of the page alone: the edition's own id changes with hidden records too.
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return _Page(body, response["Content-Type"], kept, f'"{etag}"', watched_in(response))


def _answer_to_person(request: HttpRequest, page: _Page) -> HttpResponse:
    """The kept page with the one who is signed in named in its head; made for this answer and kept nowhere."""
    body = gzip.decompress(page.body)
    if _MARK not in body:
        return _not_to_be_stored(request, _answer(request, page))
    packed = gzip.compress(_with_name(request, body), compresslevel=4, mtime=0)
    etag = hashlib.blake2b(packed, digest_size=12).hexdigest()
    response = _answer(request, _Page(packed, page.content_type, page.headers, f'"{etag}"'))
    return _not_to_be_stored(request, response)


def _not_to_be_stored(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A browser does not keep what the public may not see: devices are shared, and get stolen."""
    if request.scope.filter.permitted - {"CLEAR"}:  # type: ignore[attr-defined]
        response["Cache-Control"] = "private, no-store"
    return response


def _named(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer that turned out not to be kept, with its mark filled in."""
    if not response.streaming and _MARK in response.content:
        response.content = _with_name(request, response.content)
    return response


def _with_name(request: HttpRequest, body: bytes) -> bytes:
    return body.replace(_MARK, render_to_string("ui/person.html", {}, request).encode(), 1)


def _answer(request: HttpRequest, page: _Page) -> HttpResponse:
    if page.etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(page.body if takes_gzip else gzip.decompress(page.body), content_type=page.content_type)
        if takes_gzip:
            response["Content-Encoding"] = "gzip"
        for name, value in page.headers:
            response[name] = value
    response["ETag"] = page.etag
    response["Cache-Control"] = "private, no-cache"
    asker = ("Authorization",) if is_for_programs(request) else ("Cookie", "HX-Request")
    patch_vary_headers(response, ("Accept-Encoding", *asker))
    return response
