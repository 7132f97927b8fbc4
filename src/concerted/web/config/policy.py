"""An endpoint declares its policy, or the site does not start.

`declares(Access.RECORDS)` marks a view whose answers pass through the viewer's filter; `declares(Access.OPEN)` one that
shows nothing of any record. `acts(..)` marks what only holders of a role or duty may do. Methods that are not declared
are refused. The check walks every address; `wsgi` runs it before the first request.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error, register
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.cache import add_never_cache_headers

View = TypeVar("View", bound=Callable[..., Any])

READS = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
POST = ("POST",)


class Access(Enum):
    """What a view may show, and to whom."""

    RECORDS = "what the viewer may see, by the marking filter in every query; the same for equal permitted keys"
    OPEN = "nothing of any record; the same for everybody"
    LIVE = "what the registry says to everybody; the same for everybody, and made anew for each answer"
    ENTRANCE = "how to come in; for who is not signed in yet, and never kept"
    OWN = "what is the signed-in person's own, before the second factor is set up too"
    ACTION = "what holders of a role or duty may do, with their second factor"


#: Answers that depend on the address and the permitted keys alone, so that they may be kept for the next reader.
SHARED = frozenset({Access.RECORDS, Access.OPEN})


@dataclass(frozen=True)
class Policy:
    """What a view declares.

    Attributes:
        who: roles and duties, of an action only: the viewer must hold all of one of these sets.
        methods: those that the view answers.
        in_other_eyes: also while somebody looks through another's eyes (`sharing.looking`). What shows records by their
            markings alone always may; of the rest only what asks the request's viewer, and not the person.
        scope: of the programs' interface only: what the token must have been made for, besides all else.
    """

    access: Access
    methods: tuple[str, ...]
    who: tuple[frozenset[str], ...] = ()
    in_other_eyes: bool = False
    scope: str = ""

    def is_open_to(self, request: HttpRequest) -> bool:
        """Whether the view may be used while one looks through another's eyes; always, while one does not."""
        if getattr(request, "eyes", None) is None:
            return True
        return self.in_other_eyes or self.access in SHARED or self.access is Access.ENTRANCE

    def admits(self, request: HttpRequest) -> bool:
        """Whether the one who asks may use the view at all; what of it he sees is the queries' matter."""
        if self.scope and self.scope not in request.token_scopes:  # type: ignore[attr-defined]
            return False
        if self.access is Access.OWN:
            return bool(request.user.is_authenticated)
        if self.access is Access.ACTION:
            return any(needed <= request.viewer.roles for needed in self.who)  # type: ignore[attr-defined]
        return True


def declares(
    access: Access, methods: tuple[str, ...] = READS, *, in_other_eyes: bool = False
) -> Callable[[View], View]:
    """Declare a view's policy. It is the outermost decorator, so that what the address names carries it."""
    if access is Access.ACTION:
        raise TypeError("an action says who may: use @acts(..)")
    return _carrying(Policy(access, methods, in_other_eyes=in_other_eyes))


def acts(
    *who: str | AbstractSet[str], methods: tuple[str, ...] = FORM, in_other_eyes: bool = False, scope: str = ""
) -> Callable[[View], View]:
    """Declare an action: each of `who` is a role or duty, or a set of which all must be held; one of them is enough.

    `scope` is what a token must have been made for; pages know no tokens and leave it empty.
    """
    needed = tuple(frozenset({str(each)} if isinstance(each, str) else map(str, each)) for each in who)
    if not needed or not all(needed):  # a set without members would be held by everybody
        raise TypeError("an action names the roles or duties that may take it")
    return _carrying(Policy(Access.ACTION, methods, needed, in_other_eyes, scope))


def policy_of(view: Any, method: str = "GET") -> Policy | None:
    """What a view declares; of one that has a policy for each method, the one of `method`."""
    found = getattr(view, "concerted_policy", None)
    if isinstance(found, Mapping):
        found = found.get("GET" if method == "HEAD" else method)
    return found if isinstance(found, Policy) else None


def _is_declared(view: Any) -> bool:
    found = getattr(view, "concerted_policy", None)
    if isinstance(found, Mapping):
        return bool(found) and all(isinstance(each, Policy) for each in found.values())
    return isinstance(found, Policy)


def _carrying(policy: Policy) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method not in policy.methods:
                return HttpResponseNotAllowed(policy.methods)
            if not policy.is_open_to(request):
                return redirect_to_look()
            return answer_under(policy, request, lambda: view(request, *args, **kwargs), _refusal)

        guarded.concerted_policy = policy  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def may_open(request: HttpRequest, name: str) -> bool:
    """Whether the one who asks may open the page of this name; what of it he sees is the queries' matter."""
    policy = policy_of(resolve(reverse(name)).func)
    return policy is not None and policy.admits(request)


def redirect_to_look() -> HttpResponse:
    """Where one learns through whose eyes he looks, and how to stop."""
    response: HttpResponse = redirect("sharing-look")
    add_never_cache_headers(response)
    return response


def answer_under(
    policy: Policy, request: HttpRequest, answer: Callable[[], Any], refuse: Callable[[HttpRequest], Any]
) -> Any:
    """The answer, where the policy lets the one who asks have it; else what `refuse` says."""
    if not policy.admits(request):
        return refuse(request)
    response = answer()
    if policy.access not in SHARED:
        add_never_cache_headers(response)  # nor may a browser keep it: devices are shared, and get stolen
    return response


def _refusal(request: HttpRequest) -> Any:
    """Who is not signed in is asked to; who lacks the second factor is led to it; for all others nothing is here."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    if request.must_add_factor:  # type: ignore[attr-defined]
        return redirect_to_login(request.get_full_path(), resolve_url("mfa_index"))
    raise Http404("not for this viewer")


def undeclared(patterns: list[Any] | None = None) -> list[str]:
    """Addresses whose view declares no policy; of `patterns`, else of the whole site."""
    return [str(p.pattern) for p in endpoints(patterns) if not _is_declared(p.callback)]


def endpoints(patterns: list[Any] | None = None) -> Iterator[URLPattern]:
    """Every address of `patterns`, else of the whole site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from endpoints(pattern.url_patterns)
        else:
            yield pattern


@register()
def every_endpoint_declares_its_policy(**_: Any) -> list[CheckMessage]:
    """Django's form of the check."""
    return [
        Error(
            f"The address {address!r} has a view without a declared policy.",
            hint="Put @declares(Access.RECORDS), @declares(Access.OPEN) or @acts(..) above it.",
            id="concerted.E001",
        )
        for address in undeclared()
    ]
