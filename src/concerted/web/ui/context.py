"""What every page shows around its content: language, direction, edition, marking, where the reader is."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_bidi, gettext_noop

from concerted.store.released import is_told
from concerted.web.config.policy import SHARED, may_open, policy_of
from concerted.web.ui.formats import language

#: Each language is named in itself, in full and by a few letters.
_NAMES = {"fr": ("Français", "FR"), "en": ("English", "EN"), "ar": ("العربية", "ع")}
#: Name of each page of the menu, and what it is called.
MENU = (
    ("overview", gettext_noop("Overview")),
    ("coverage", gettext_noop("Coverage")),
    ("activities", gettext_noop("Activities")),
    ("needs", gettext_noop("Needs")),
    ("partners", gettext_noop("Partners")),
    ("money", gettext_noop("Money chain")),
    ("quality", gettext_noop("Data quality")),
    ("method", gettext_noop("Method")),
)

#: Pages of the workspace: a person's menu has those that its policy lets that person open.
WORKSPACE = (
    ("home", gettext_noop("My work")),
    ("records", gettext_noop("Our activities")),
    ("asks", gettext_noop("Needs and offers")),
    ("inbox", gettext_noop("Inbox")),
    ("signoff", gettext_noop("To sign off")),
    ("validation", gettext_noop("To validate")),
    ("release", gettext_noop("Release")),
    ("sharing", gettext_noop("Sharing groups")),
    ("scenarios", gettext_noop("What-ifs")),
    ("strategy", gettext_noop("Strategy")),
    ("packages", gettext_noop("Packages")),
    ("safeguards", gettext_noop("Safeguards")),
    ("desk", gettext_noop("Same or not?")),
    ("matches", gettext_noop("Matches")),
    ("people", gettext_noop("People")),
    ("organisations", gettext_noop("Organisations")),
    ("audit", gettext_noop("Who saw our data")),
)
#: Pages of the workspace that stand in the head themselves, where there is room; all are in its list.
DAILY = ("home", "records", "inbox", "signoff", "validation")
#: Stands in a kept page where the head names who is signed in. Nobody outside can write it: it is made at the start.
PERSON_MARK = f"<!--{secrets.token_hex(16)}-->"


def asks_for_part(request: HttpRequest) -> bool:
    """Whether HTMX asks for the main part alone."""
    return request.headers.get("HX-Request") == "true"


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every template."""
    scope = getattr(request, "scope", None)
    lang = language()
    edition = scope.edition if scope else None
    match = getattr(request, "resolver_match", None)
    person, eyes = getattr(request, "person", None), getattr(request, "eyes", None)
    section = match.view_name.split("-")[0] if match and match.view_name else ""
    workspace = _workspace(request) if person and eyes is None else []
    return {
        "lang": lang,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "languages": [(code, *_NAMES[code], _in_language(request, code, lang)) for code, _ in settings.LANGUAGES],
        "menu": MENU,
        "section": section,
        "edition": edition,
        "edition_id": scope.edition_id if scope else "",
        # HTMX swaps a part into the page that is there: it gets the main part alone, by the same view.
        "base": "ui/part.html" if asks_for_part(request) else "ui/base.html",
        "person": person,
        "person_mark": mark_safe(PERSON_MARK) if person and _is_kept(request) else "",  # noqa: S308
        # A kept page is everybody's, so what is told to one person waits for a page that is not.
        "notices": () if match is None or _is_kept(request) else get_messages(request),
        "must_add_factor": getattr(request, "must_add_factor", False),
        "eyes": eyes,
        "workspace": workspace,
        "daily": [(name, label) for name, label in workspace if name in DAILY],
        "is_in_list": section in dict(workspace) and section not in DAILY,
        "is_demo": settings.CONCERTED_DEMO,
        "sees_more": scope is not None and scope.filter.permitted - {"CLEAR"},
        "strategy": next(iter(edition.frameworks.values()), None) if edition else None,
        "is_old_copy": getattr(request, "is_old_copy", False),
        "is_withheld": scope is None and is_told(settings.CONCERTED_DATA),
        "is_unreleased": getattr(request, "is_unreleased", False),
    }


def _in_language(request: HttpRequest, code: str, current: str) -> str:
    """The same page in another language. A page that is not there leads home: its address is echoed nowhere."""
    if getattr(request, "resolver_match", None) is None or not request.path.startswith(f"/{current}/"):
        return f"/{code}/"
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return f"/{code}/{request.path[len(current) + 2 :]}{query}"


def _is_kept(request: HttpRequest) -> bool:
    """Whether the answer may be kept for others, so that it must not name who asks."""
    match = getattr(request, "resolver_match", None)
    policy = policy_of(match.func) if match else None
    return getattr(request, "may_be_kept", False) and policy is not None and policy.access in SHARED


def _workspace(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, label) for name, label in WORKSPACE if may_open(request, name)]
