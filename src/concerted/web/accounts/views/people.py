"""The people of my organisation: who is there, who is invited, what each holds, and handing over."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from concerted.model.errors import NotAllowedError
from concerted.web.accounts import actions, queries
from concerted.web.accounts.forms import HandOverForm, HeldForm, InviteForm
from concerted.web.accounts.models import Invitation, User
from concerted.web.accounts.roles import ANY, Duty, explanation, in_order, label, outranks
from concerted.web.config.policy import POST, READS, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.fields import offered
from concerted.web.ui.formats import language


def _actor(request: SignedInRequest) -> actions.Actor:
    return actions.actor_of(request.person)


def _organisation(request: SignedInRequest) -> UUID:
    found: UUID = request.person.organisation_id
    return found


def with_target(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the account that the address names; another organisation's is as if it were not there."""

    @wraps(view)
    def wrapped(request: SignedInRequest, person: UUID, **kwargs: Any) -> HttpResponse:
        target = queries.person_in(_organisation(request), person)
        if target is None:
            raise Http404("person")
        return view(request, target, **kwargs)

    return wrapped


@acts(*ANY, methods=READS)
def people(request: SignedInRequest) -> HttpResponse:
    """Everybody of my organisation, and open invitations."""
    me, organisation = request.person, _organisation(request)
    found, lang = queries.people_of(organisation), language()
    secured = queries.with_second_factor(found)
    top = me.partner.parent or me.partner
    rows = [
        {
            "user": user,
            "unit": user.partner.label(lang) if user.partner.parent_id else "",
            "held": [label(each) for each in in_order(user.held)],
            "lacks_factor": user.is_active and user.needs_second_factor and user.pk not in secured,
            "is_me": user.pk == me.pk,
        }
        for user in found
    ]
    is_admin = Duty.ADMINISTRATOR in me.held
    context = {
        "organisation": top,
        "organisation_name": top.label(lang),
        "rows": rows,
        "is_admin": is_admin,
        "invitations": [
            (each, queries.name_of(each.partner, lang), [label(h) for h in in_order(each.held)])
            for each in (queries.open_invitations(organisation) if is_admin else ())
        ],
    }
    return render(request, "accounts/people.html", context)


@acts(Duty.ADMINISTRATOR)
def invite(request: SignedInRequest) -> HttpResponse:
    """Invite somebody; the link is shown once, to be passed on."""
    me = request.person
    form = InviteForm(request.POST or None, organisation=me.partner.parent or me.partner, highest=me.held)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.invite(_actor(request), values["partner"], form.held, values["email"])
        except NotAllowedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return show_link(request, made, "join", "people")
    return render(request, "accounts/invite.html", {"form": form, "explained": _explained(form)})


def _explained(form: InviteForm) -> dict[str, str]:
    choices = [*offered(form, "duty"), *offered(form, "roles")]
    return {held: explanation(held) for held, _ in choices}


def show_link(request: SignedInRequest, made: actions.Made, name: str, back: str) -> HttpResponse:
    """The page with a new link. It is never kept: the link stands nowhere else."""
    link = request.build_absolute_uri(reverse(name, args=[made.token]))
    context = {
        "link": link,
        "invitation": made.invitation,
        "is_password": name != "join",
        "back": back,
        "mail_link": _mail_link(made.invitation.email, link),
    }
    return render(request, "accounts/link.html", context)


def _mail_link(address: str, link: str) -> str:
    """A link that opens the reader's own mail program; the site sends nothing itself. Empty without an address."""
    return f"mailto:{quote(address)}?{urlencode({'body': link}, quote_via=quote)}" if address else ""


@acts(Duty.ADMINISTRATOR, methods=POST)
def revoke(request: SignedInRequest, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = Invitation.objects.filter(queries.in_organisation(_organisation(request)), pk=invitation, account=None)
    given = found.select_related("partner").first()
    if given is None:
        raise Http404("invitation")
    actions.revoke(_actor(request), given)
    messages.success(request, gettext("The invitation no longer works."))
    return redirect("people")


@acts(Duty.ADMINISTRATOR, methods=READS)
@with_target
def person(request: SignedInRequest, target: User) -> HttpResponse:
    """One person: what he holds, and what I may do with the account."""
    me = request.person
    may_act, is_me = outranks(me.held, target.held), target.pk == me.pk
    held_form = HeldForm(target=target, highest=me.held) if may_act and target.is_active else None
    context = {
        "target": target,
        "unit": target.partner.label(language()) if target.partner.parent_id else "",
        "held": [(label(each), explanation(each)) for each in in_order(target.held)],
        "factors": queries.factors_of(target),
        "may_act": may_act,
        "is_me": is_me,
        "held_form": held_form,
        "explained": {each: explanation(each) for each, _ in offered(held_form, "held")} if held_form else {},
        "hand_over_form": HandOverForm(giver=target, initial={"closes": True}) if may_act or is_me else None,
    }
    return render(request, "accounts/person.html", context)


def _back(request: SignedInRequest, target: User, done: str, refusal: NotAllowedError | None = None) -> HttpResponse:
    if refusal is None:
        messages.success(request, done)
    else:
        messages.error(request, gettext("Nothing was changed: %(why)s.") % {"why": refusal})
    return redirect("people-one", target.pk)


@acts(Duty.ADMINISTRATOR, methods=POST)
@with_target
def change_held(request: SignedInRequest, target: User) -> HttpResponse:
    """Give and take roles and duties, all that were ticked together or nothing."""
    form = HeldForm(request.POST, target=target, highest=request.person.held)
    if not form.is_valid():
        raise Http404("held")
    try:
        actions.set_held(_actor(request), target, form.cleaned_data["held"])
    except NotAllowedError as refusal:
        return _back(request, target, "", refusal)
    return _back(request, target, gettext("Saved."))


@acts(Duty.ADMINISTRATOR, methods=POST)
@with_target
def hand_over(request: SignedInRequest, target: User) -> HttpResponse:
    """Move all that a person holds to another one."""
    form = HandOverForm(request.POST, giver=target)
    if not form.is_valid():
        return _back(request, target, "", NotAllowedError(gettext("choose who takes over")))
    taker, closes = form.cleaned_data["taker"], form.cleaned_data["closes"]
    try:
        moved = actions.hand_over(_actor(request), target, taker, closes=closes)
    except NotAllowedError as refusal:
        return _back(request, target, "", refusal)
    if target.pk == request.person.pk:
        logout(request)  # the session that asks has ended with all others; what is said now is read at the entrance
    text = ngettext(
        "%(count)d thing is now held by %(name)s.", "%(count)d things are now held by %(name)s.", moved.total
    )
    messages.success(request, text % {"count": moved.total, "name": taker.name})
    return redirect("people")  # who has handed over is led to the entrance from there


def _act(action: Callable[..., Any], done: Callable[[], str]) -> Callable[..., HttpResponse]:
    """The view of an action on an account that needs no form."""

    @acts(Duty.ADMINISTRATOR, methods=POST)
    @with_target
    def view(request: SignedInRequest, target: User) -> HttpResponse:
        try:
            action(_actor(request), target)
        except NotAllowedError as refusal:
            return _back(request, target, "", refusal)
        return _back(request, target, done())

    return view


deactivate = _act(actions.deactivate, lambda: gettext("The account is closed."))
reactivate = _act(actions.reactivate, lambda: gettext("The account is open again."))
remove_second_factor = _act(actions.remove_second_factor, lambda: gettext("The second factor is removed."))


@acts(Duty.ADMINISTRATOR, methods=POST)
@with_target
def end_sessions(request: SignedInRequest, target: User) -> HttpResponse:
    """Sign a person out everywhere; oneself everywhere but here."""
    try:
        actions.sign_out_everywhere(_actor(request), target, request.session.session_key)
    except NotAllowedError as refusal:
        return _back(request, target, "", refusal)
    return _back(request, target, gettext("Signed out everywhere."))


@acts(Duty.ADMINISTRATOR, methods=POST)
@with_target
def password_link(request: SignedInRequest, target: User) -> HttpResponse:
    """A link with which a person sets a new password."""
    try:
        made = actions.make_password_link(_actor(request), target)
    except NotAllowedError as refusal:
        return _back(request, target, "", refusal)
    return show_link(request, made, "new-password", "people")
