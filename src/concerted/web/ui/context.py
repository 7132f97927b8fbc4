"""What every page shows around its content: language, direction, edition, marking, where the reader is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_bidi, gettext_noop

from concerted.web.ui.formats import language

#: Each language is named in itself, in full and by a few letters.
_NAMES = {"fr": ("Français", "FR"), "en": ("English", "EN"), "ar": ("العربية", "ع")}
#: Name of each page of the menu, and what it is called.
MENU = (
    ("overview", gettext_noop("Overview")),
    ("coverage", gettext_noop("Coverage")),
    ("activities", gettext_noop("Activities")),
    ("partners", gettext_noop("Partners")),
    ("money", gettext_noop("Money chain")),
    ("quality", gettext_noop("Data quality")),
    ("method", gettext_noop("Method")),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every template."""
    scope = getattr(request, "scope", None)
    lang = language()
    edition = scope.edition if scope else None
    match = getattr(request, "resolver_match", None)
    return {
        "lang": lang,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "languages": [(code, *_NAMES[code], _in_language(request, code, lang)) for code, _ in settings.LANGUAGES],
        "menu": MENU,
        "section": match.view_name.split("-")[0] if match and match.view_name else "",
        "edition": edition,
        "edition_id": scope.edition_id if scope else "",
        # HTMX swaps a part into the page that is there: it gets the main part alone, by the same view.
        "base": "ui/part.html" if request.headers.get("HX-Request") == "true" else "ui/base.html",
        "strategy": next(iter(edition.frameworks.values()), None) if edition else None,
        "is_old_copy": getattr(request, "is_old_copy", False),
    }


def _in_language(request: HttpRequest, code: str, current: str) -> str:
    """The same page in another language. A page that is not there leads home: its address is echoed nowhere."""
    if getattr(request, "resolver_match", None) is None or not request.path.startswith(f"/{current}/"):
        return f"/{code}/"
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return f"/{code}/{request.path[len(current) + 2 :]}{query}"
