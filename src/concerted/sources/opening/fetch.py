"""http(s) addresses, kept in a cache and asked again only for what changed.

Place on the way: beside `walk`. An address enters; a file below `cache_dir/http/` leaves. The server is asked with ETag
and Last-Modified; when it cannot be reached, the older copy is used and said so.
"""

import email.message
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from concerted.model.errors import SourceError
from concerted.sources.opening.limits import MIB, Limits

_USER_AGENT = "concerted"
_ENDINGS_BY_TYPE = {
    "text/csv": ".csv",
    "application/json": ".json",
    "application/geo+json": ".geojson",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
}


@dataclass(frozen=True)
class Fetched:
    """A downloaded file, its name as an input, and, when an older copy had to do, why."""

    path: Path
    name: str
    stale_reason: str | None = None


@dataclass(frozen=True)
class _Kept:
    """What the cache remembers of an address; `body` is the name of the file beside it."""

    url: str
    body: str
    etag: str | None
    last_modified: str | None
    content_type: str | None


def is_address(source: str) -> bool:
    """Whether a source is an address and not a path (`C:` is a drive, not a scheme)."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source) is not None


def fetch(url: str, cache_dir: Path, limits: Limits) -> Fetched:
    """The current copy of `url`, downloaded only if it changed.

    Raises:
        SourceError: the address is refused (other scheme, credentials in it), or it cannot be had and no older copy
            exists. The text after `?` may be a key and is never repeated in a message or name.
    """
    _check(url)
    folder = cache_dir / "http" / sha256(url.encode("utf-8")).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    kept = _load(folder)
    try:
        kept = _download(url, folder, kept, limits)
    except (OSError, http.client.HTTPException, _RefusedError) as error:
        reason = _reason(error)
        if kept is None:
            raise SourceError(f"{_shown(url)}: cannot be fetched: {reason}") from error
        return Fetched(folder / kept.body, _name(url, kept.content_type), reason)
    return Fetched(folder / kept.body, _name(url, kept.content_type))


class _RefusedError(Exception):
    """The answer was refused: too large, cut, or redirected where we do not follow."""


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects to http(s) only; nothing but our own harmless headers travels along."""

    # The library has two limits of its own; ours comes first.
    max_repeats = max_redirections = 1_000

    def __init__(self, limit: int) -> None:
        self.left = limit

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request:
        """The request that follows, or refusal."""
        target = urljoin(req.full_url, newurl)
        if self.left == 0:
            raise _RefusedError("it redirects too often")
        self.left -= 1
        try:
            _check(target)
        except SourceError as error:
            raise _RefusedError(f"it redirects to an address we do not follow: {error}") from error
        if urlsplit(req.full_url).scheme == "https" and urlsplit(target).scheme == "http":
            raise _RefusedError("it redirects from https to http")
        return urllib.request.Request(target, headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"})  # noqa: S310 (checked above)


def _download(url: str, folder: Path, kept: _Kept | None, limits: Limits) -> _Kept:
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
    if kept is not None:
        headers |= {"If-None-Match": kept.etag} if kept.etag else {}
        headers |= {"If-Modified-Since": kept.last_modified} if kept.last_modified else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (the scheme was checked)
    # Not build_opener(): it would add file: and ftp: handlers.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(limits.max_redirects),
    ):
        opener.add_handler(handler)
    try:
        with opener.open(request, timeout=limits.timeout_seconds) as answer:
            body = _save(answer, folder, limits)
            return _remember(folder, url, body, answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 304 and kept is not None:
                return kept
            raise


def _save(answer: Any, folder: Path, limits: Limits) -> str:
    """Stream the body to a file named by its content."""
    promised = answer.headers.get("Content-Length")
    if promised is not None and not promised.strip().isdecimal():
        raise _RefusedError(f"its Content-Length is {promised!r}, which is no number")
    if promised is not None and int(promised) > limits.max_download_bytes:
        raise _RefusedError(f"it has {promised} bytes, the limit is {limits.max_download_bytes}")
    ends = time.monotonic() + limits.download_seconds
    digest, received = sha256(), 0
    with NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as part:
        temporary = Path(part.name)
        try:
            while chunk := answer.read(MIB):
                received += len(chunk)
                if received > limits.max_download_bytes:
                    raise _RefusedError(f"it has more than {limits.max_download_bytes} bytes")
                if time.monotonic() > ends:
                    raise _RefusedError(f"it took longer than {limits.download_seconds:.0f} s")
                digest.update(chunk)
                part.write(chunk)
            # http.client does not complain about a short body when it is read in pieces.
            if promised is not None and received != int(promised):
                raise _RefusedError(f"it broke off after {received} of {promised} bytes")
            part.close()
            name = digest.hexdigest()
            temporary.replace(folder / name)
            return name
        finally:
            temporary.unlink(missing_ok=True)


def _remember(folder: Path, url: str, body: str, headers: email.message.Message) -> _Kept:
    kept = _Kept(url, body, headers.get("ETag"), headers.get("Last-Modified"), headers.get_content_type())
    temporary = folder / ".kept.json"
    temporary.write_text(json.dumps(asdict(kept)), "utf-8")
    temporary.replace(folder / "kept.json")
    for old in folder.iterdir():
        if old.name not in {body, "kept.json"}:
            old.unlink()
    return kept


def _load(folder: Path) -> _Kept | None:
    try:
        kept = _Kept(**json.loads((folder / "kept.json").read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return kept if (folder / kept.body).is_file() else None


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SourceError(f"{_shown(url)}: only http and https addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise SourceError(f"{_shown(url)}: an address with a user name or password in it is not fetched")


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}" + ("?.." if parts.query else "")


def _name(url: str, content_type: str | None) -> str:
    parts = urlsplit(url)
    path = parts.path.strip("/") or "index"
    stem, dot, ending = path.rpartition(".")
    if not dot or "/" in ending:
        stem, ending = path, _ENDINGS_BY_TYPE.get(content_type or "", "").lstrip(".")
    mark = "~" + sha256(parts.query.encode("utf-8")).hexdigest()[:8] if parts.query else ""
    host = f"{parts.hostname}_{parts.port}" if parts.port else str(parts.hostname)
    return f"{host}/{stem}{mark}" + (f".{ending}" if ending else "")


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return f"the server cannot be reached ({error.reason})"
    return str(error) or type(error).__name__
