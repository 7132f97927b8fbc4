"""Come in by a link: accept an invitation, or set a new password."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from concerted.model.errors import NotAllowedError
from concerted.web.accounts import actions
from concerted.web.accounts.forms import JoinForm, NewPasswordForm
from concerted.web.accounts.queries import name_of
from concerted.web.accounts.roles import in_order, label
from concerted.web.config.policy import FORM, Access, declares
from concerted.web.ui.formats import language


@declares(Access.ENTRANCE, FORM)
@sensitive_post_parameters("password", "again")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: the account is made, its owner is signed in and led to the second factor."""
    invitation = actions.find_invitation(token, for_password=False)
    if invitation is None:
        return render(request, "accounts/link_over.html", status=404)
    lang = language()
    form = JoinForm(request.POST or None, email=invitation.email, initial={"language": lang})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = actions.accept(
                invitation,
                email=values["email"],
                name=values["name"],
                password=values["password"],
                language=values["language"],
            )
        except NotAllowedError as refusal:
            form.add_error(None, str(refusal))
        else:
            get_adapter().login(request, user)
            record_authentication(request, user, "password", email=user.email)
            with translation.override(user.language):
                return redirect("mfa_index" if user.needs_second_factor else "home")
    context = {
        "form": form,
        "organisation": name_of(invitation.partner, lang),
        "held": [label(each) for each in in_order(invitation.held)],
        "until": invitation.expires_at,
    }
    return render(request, "accounts/join.html", context)


@declares(Access.ENTRANCE, FORM)
@sensitive_post_parameters("password", "again")
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by a link; signing in comes after, with the second factor."""
    link = actions.find_invitation(token, for_password=True)
    if link is None or link.account is None:
        return render(request, "accounts/link_over.html", status=404)
    form = NewPasswordForm(request.POST or None, user=link.account)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(link, form.cleaned_data["password"])
        except NotAllowedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Your password is set. Sign in with it."))
            return redirect("account_login")
    return render(request, "accounts/new_password.html", {"form": form, "account": link.account})
