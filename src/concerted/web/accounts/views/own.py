"""One's own account."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from concerted.web.accounts import actions
from concerted.web.accounts.forms import OwnForm
from concerted.web.accounts.queries import count_sessions, factors_of, name_of
from concerted.web.accounts.roles import explanation, in_order, label
from concerted.web.accounts.second_factor import SecondFactorAdapter
from concerted.web.config.policy import FORM, POST, Access, declares
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language


@declares(Access.OWN, FORM)
def account(request: SignedInRequest) -> HttpResponse:
    """Who I am here, for whom I act, what I may, and how I sign in."""
    person = request.person
    form = OwnForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("Saved."))
        with translation.override(person.language):
            return redirect("account")
    held = in_order(person.held)
    context = {
        "form": form,
        "organisation": name_of(person.partner, language()),
        "held": [(label(each), explanation(each)) for each in held],
        "factors": factors_of(person),
        "sessions": count_sessions(person),
    }
    return render(request, "accounts/account.html", context)


@declares(Access.OWN, POST)
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """End all my other sessions."""
    person = request.person
    actions.sign_out_everywhere(actions.actor_of(person), person, request.session.session_key)
    messages.success(request, gettext("Signed out everywhere else."))
    return redirect("account")


class RemoveKeyView(RemoveWebAuthnView):  # type: ignore[misc]  # (the library has no types)
    """Remove a security key, unless it is the last factor of who must have one: the library does not ask that here."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        key: Authenticator = self.get_object()
        adapter = SecondFactorAdapter()
        if not adapter.can_delete_authenticator(key):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        answer: HttpResponse = super().form_valid(form)
        return answer
