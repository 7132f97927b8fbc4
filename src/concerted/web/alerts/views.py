"""Keep how often I want to be told. The choice itself stands on the account's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.web.alerts import actions
from concerted.web.alerts.forms import WishForm
from concerted.web.alerts.models import Every
from concerted.web.config.policy import POST, Access, declares
from concerted.web.config.requests import SignedInRequest


@declares(Access.OWN, POST)
@never_cache
def keep_wish(request: SignedInRequest) -> HttpResponse:
    """Keep it, and back to the account."""
    form = WishForm(request.POST)
    if form.is_valid():
        actions.keep_wish(request.person, Every(form.cleaned_data["every"]))
        messages.success(request, gettext("Saved."))
    else:
        messages.error(request, gettext("Nothing was chosen."))
    return redirect("account")
