"""Finished pages, kept compressed: the same address in the same edition for the same permitted keys is the same page.

An edition never changes and the address is the whole state, so a page is kept until it is pushed out by newer ones. The
ETag lets a phone on a weak line ask again for a few bytes. Pages hold no secret of a viewer beside the records that the
key stands for, so compressing them reveals nothing (BREACH needs a secret in the page).
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

#: Bytes of compressed pages per process.
ROOM = 48 * 1024 * 1024
_LARGEST = 512 * 1024


@dataclass(frozen=True)
class _Page:
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]
    etag: str


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
        is_part = request.headers.get("HX-Request") == "true"
        key = (scope.edition.id, scope.filter.permitted, request.is_old_copy, is_part, request.get_full_path())  # type: ignore[attr-defined]
        page = shelf.get(key)
        if page is None:
            response = get_response(request)
            if response.status_code != 200 or response.streaming:
                return response
            page = _page(response)
            if len(page.body) <= _LARGEST:
                shelf.put(key, page)
        return _answer(request, page)

    return middleware


def _page(response: HttpResponse) -> _Page:
    kept = tuple((k, v) for k, v in response.items() if k in ("Content-Disposition", "Content-Language"))
    body = gzip.compress(response.content, compresslevel=6, mtime=0)
    # Of the page alone: the edition's own id changes with hidden records too.
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return _Page(body, response["Content-Type"], kept, f'"{etag}"')


def _answer(request: HttpRequest, page: _Page) -> HttpResponse:
    if request.headers.get("If-None-Match") == page.etag:
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
    patch_vary_headers(response, ("Accept-Encoding", "HX-Request"))
    return response
