"""From operations to addresses: each operation is guarded by the policy that it declares, before anything of the
request is read.

django-ninja would run an operation whoever asks, and reads the body first. So its operations are not mounted by itself:
an address gets one view that knows the policy of each method, by the same declaration as pages, and the check that
keeps the site from starting looks at that. An address mounted in another way declares nothing, and is found too.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import unwrap
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import URLPattern, path
from django.utils import translation
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.utils import normalize_path, replace_path_param_notation

from concerted.web.api import limits
from concerted.web.api.problems import problem
from concerted.web.api.sent import is_writable
from concerted.web.config.policy import Policy, answer_under, policy_of
from concerted.web.config.watching import watch

_LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


@dataclass(frozen=True)
class Offered:
    """One operation as it is offered: where, by which method, and under which policy (null = none declared)."""

    route: str
    method: str
    operation: Operation
    policy: Policy | None

    @property
    def parameters(self) -> frozenset[str]:
        """Names that may stand behind the `?`."""
        found: set[str] = {"lang"}
        for model in self.operation.models:
            if getattr(model, "__ninja_param_source__", None) == "query":
                found |= {str(name) for name in model.__ninja_flatten_map__}
        return frozenset(found)


@cache
def offered(api: NinjaAPI) -> tuple[Offered, ...]:
    """Every operation, in the order in which routers were added."""
    return tuple(
        _taken(_route(router.prefix, template), method, operation)
        for router in api._get_bound_routers()
        for template, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    )


def _taken(route: str, method: str, operation: Operation) -> Offered:
    """The operation without the guard that its declaration put around it: that one speaks as pages do, and the address
    has a guard of its own."""
    policy = policy_of(operation.view_func, method)
    if policy is not None:
        operation.view_func = unwrap(operation.view_func, stop=lambda view: policy_of(view) is None)
    return Offered(route, method, operation, policy)


def mounted(api: NinjaAPI) -> list[URLPattern]:
    """An address for each route, with the policies of its operations."""
    by_route: dict[str, list[Offered]] = {}
    for each in offered(api):
        by_route.setdefault(each.route, []).append(each)
    return [
        path(route, _view(listed), name=f"api-{listed[0].operation.view_func.__name__}")
        for route, listed in by_route.items()
    ]


def _route(prefix: str, template: str) -> str:
    whole = "/".join(part for part in (prefix, template) if part)
    return str(normalize_path(replace_path_param_notation(whole))).lstrip("/")


def _view(operations: Sequence[Offered]) -> Callable[..., HttpResponse]:
    by_method = {each.method: each for each in operations}
    allowed = sorted([*by_method, *(["HEAD"] if "GET" in by_method else [])])

    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        chosen = by_method.get("GET" if request.method == "HEAD" else str(request.method))
        if chosen is None or chosen.policy is None:
            response = problem(405, "method", "This is not done here.", f"Methods here: {', '.join(allowed)}.")
            response["Allow"] = ", ".join(allowed)
            return response
        lang = request.GET.get("lang", settings.LANGUAGE_CODE)
        with translation.override(lang if lang in _LANGUAGES else settings.LANGUAGE_CODE):
            if wrong := _unknown(request.GET, chosen, lang):
                return wrong
            if wait := limits.seconds_to_wait(request, writes=chosen.method != "GET"):
                return _too_often(wait)
            operation = chosen.operation
            answer = answer_under(chosen.policy, request, lambda: operation.run(request, **kwargs), _refusal(chosen))
            answer["Content-Language"] = lang
            answer.headers.setdefault("Vary", "Authorization")
            return _finished(request, answer)

    # Nothing that a browser sends by itself gives any right here (`middleware`), so there is nothing to forge.
    view.csrf_exempt = True  # type: ignore[attr-defined]
    view.concerted_policy = {each.method: each.policy for each in operations}  # type: ignore[attr-defined]
    return view


def _finished(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """With what the log must know, and an ETag: also where no page is kept, so that asking again costs few bytes."""
    if watched := getattr(request, "concerted_watched", None):
        watch(answer, watched)
    if request.method not in ("GET", "HEAD") or answer.status_code != 200 or "ETag" in answer:
        return answer
    etag = f'"{hashlib.blake2b(answer.content, digest_size=12).hexdigest()}"'
    if etag in request.headers.get("If-None-Match", ""):
        unchanged = HttpResponseNotModified()
        for name in ("Cache-Control", "Vary", "Content-Language"):
            if name in answer:
                unchanged[name] = answer[name]
        answer = unchanged
    answer["ETag"] = etag
    return answer


def _unknown(query: Mapping[str, str], chosen: Offered, lang: str) -> HttpResponse | None:
    """A misspelt filter would give the figure of everything in silence; so a name that nobody knows is an error."""
    known = chosen.parameters
    errors = [
        {"where": f"query.{name}", "what": "unknown parameter", "do": f"use one of: {', '.join(sorted(known))}"}
        for name in query
        if name not in known
    ]
    errors += [
        {"where": f"query.{name}", "what": "text that cannot be written", "do": "leave out NUL"}
        for name, value in query.items()
        if not is_writable(value)
    ]
    if lang not in _LANGUAGES:
        errors.append({"where": "query.lang", "what": "unknown language", "do": f"use one of: {', '.join(_LANGUAGES)}"})
    if not errors:
        return None
    return problem(422, "request-invalid", "The request is not understood.", "See `errors`.", errors)


def _refusal(chosen: Offered) -> Callable[[HttpRequest], HttpResponse]:
    policy = chosen.policy

    def refuse(request: HttpRequest) -> HttpResponse:
        if request.person is None:  # type: ignore[attr-defined]
            response = problem(
                401,
                "token-missing",
                "This is done with a token only.",
                "Make one under Account > Tokens and send it as `Authorization: Bearer ...`. A session's cookie is not"
                " looked at here.",
            )
            response["WWW-Authenticate"] = "Bearer"
            return response
        if policy and policy.scope and policy.scope not in request.token_scopes:  # type: ignore[attr-defined]
            detail = f"Make a token for `{policy.scope}`."
            return problem(403, "scope-missing", "The token was not made for this.", detail, scope=policy.scope)
        needed = [sorted(each) for each in policy.who] if policy else []
        detail = "Its owner holds none of the duties that this needs; an administrator gives them."
        return problem(403, "duty-missing", "The token's owner may not do this.", detail, needed=needed)

    return refuse


def _too_often(wait: int) -> HttpResponse:
    detail = f"Wait {wait} seconds. Reads: {limits.READS} a minute, writes: {limits.WRITES}."
    response = problem(429, "too-often", "Too many requests.", detail)
    response["Retry-After"] = str(wait)
    return response
