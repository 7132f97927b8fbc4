"""Pages of the interface: one's tokens, and what programs can ask; and its description for programs."""

import json
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.person import has_second_factor
from concerted.web.api import tokens as kept
from concerted.web.api.forms import TokenForm
from concerted.web.api.interface import ROOT, description
from concerted.web.api.problems import not_there
from concerted.web.api.reference import chapters
from concerted.web.api.scopes import in_order, scope_word
from concerted.web.config.policy import FORM, POST, Access, declares
from concerted.web.config.requests import SignedInRequest

_ANY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@declares(Access.OWN, FORM)
def tokens(request: SignedInRequest) -> HttpResponse:
    """One's tokens; a new one is shown in the answer that makes it and never again."""
    person = request.person
    may_make = not settings.CONCERTED_SECOND_FACTOR or has_second_factor(request, person)
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            _, text = kept.make(
                person, values["name"], values["scopes"], int(values["days"]), has_second_factor=may_make
            )
        except NotAllowedError:
            messages.error(request, gettext("No token was made: set up your second factor, or revoke one of many."))
            return redirect("tokens")
        form = TokenForm()
    now = timezone.now()
    context = {
        "form": form,
        "text": text,
        "may_make": may_make,
        "rows": [
            {"token": each, "is_over": each.expires_at <= now, "scopes": [scope_word(s) for s in in_order(each.scopes)]}
            for each in kept.tokens_of(person)
        ],
    }
    return render(request, "api/tokens.html", context)


@declares(Access.OWN, POST)
def revoke(request: SignedInRequest, token: UUID) -> HttpResponse:
    """End one of one's own tokens."""
    if not kept.revoke(request.person, token):
        raise Http404("token")
    messages.success(request, gettext("Revoked: it opens nothing any more."))
    return redirect("tokens")


@declares(Access.OPEN)
def reference(request: HttpRequest) -> HttpResponse:
    """What programs can ask, from the description that they read too."""
    context = {"chapters": chapters(description()), "root": ROOT, "about": description()["info"]["description"]}
    return render(request, "api/reference.html", context)


@declares(Access.OPEN)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programs (OpenAPI 3.1)."""
    return HttpResponse(_described(), content_type="application/json")


@cache
def _described() -> str:
    return json.dumps(description(), ensure_ascii=False, indent=1, default=_text)


def _text(value: Any) -> str:
    return str(value)


@csrf_exempt
@declares(Access.OPEN, _ANY_METHOD)
def nothing(request: HttpRequest) -> HttpResponse:
    """An address of the interface that there is not."""
    return not_there()
