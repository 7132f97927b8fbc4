"""Organisations: the list that the secretariat keeps, and the page of one, for it and for its own administrator."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from concerted.model.errors import NotAllowedError
from concerted.web.accounts import actions, queries
from concerted.web.accounts.forms import AliasForm, NamesForm, PartnerForm
from concerted.web.accounts.models import Partner, PartnerName
from concerted.web.accounts.roles import KEEPS_LIST, Duty, label
from concerted.web.accounts.views.people import show_link
from concerted.web.config.policy import POST, acts
from concerted.web.config.requests import SignedInRequest
from concerted.web.ui.formats import language


def _actor(request: SignedInRequest) -> actions.Actor:
    return actions.actor_of(request.person)


@acts(KEEPS_LIST)
def organisations(request: SignedInRequest) -> HttpResponse:
    """All organisations, and a form for one more."""
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            added = actions.add_partner(
                _actor(request),
                form.names,
                reference=values["reference"],
                kind=values["kind"],
                country=values["country"],
                roles=values["roles"],
            )
        except NotAllowedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Added. Now invite its first administrator."))
            return redirect("organisations-one", added.pk)
    lang = language()
    rows = [(each, each.label(lang), [label(r) for r in each.roles]) for each in queries.organisations()]
    return render(request, "accounts/organisations.html", {"rows": rows, "form": form})


def _found(request: SignedInRequest, partner: UUID) -> Partner:
    """The organisation, if the one who asks keeps it; else it is as if it were not there."""
    found = queries.find_partner(partner)
    actor = _actor(request)
    if found is None or not (actor.is_secretariat or actor.administers(found.organisation_id)):
        raise Http404("partner")
    return found


@acts(Duty.ADMINISTRATOR)
def organisation(request: SignedInRequest, partner: UUID) -> HttpResponse:
    """One organisation or unit: names, aliases, units; for the secretariat also identifier, kind and roles."""
    found, actor, lang = _found(request, partner), _actor(request), language()
    keeps_all = actor.is_secretariat and found.parent_id is None
    initial = {f"name_{code}": text for code, text in found.name.items()}
    if keeps_all:
        initial |= {"reference": found.reference, "kind": found.kind}
        initial |= {"country": found.country, "roles": found.roles}
        form: NamesForm = PartnerForm(request.POST or None, initial=initial, roles=found.roles)
    else:
        form = NamesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        kept = {name: values[name] for name in ("reference", "kind", "country", "roles")} if keeps_all else {}
        try:
            actions.change_partner(actor, found, form.names, **kept)
        except NotAllowedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("organisations-one", found.pk)
    context = {
        "partner": found,
        "name": queries.name_of(found, lang),
        "form": form,
        "units": [(unit, unit.label(lang)) for unit in found.units.all()],
        "aliases": found.aliases.all(),
        "unit_form": NamesForm(prefix="unit"),
        "alias_form": AliasForm(),
        "may_invite": keeps_all and not queries.people_of(found.pk) and not queries.open_invitations(found.pk),
        "keeps_list": actor.is_secretariat,
        "is_own": actor.administers(found.organisation_id),
        "roles": [label(each) for each in found.roles],
    }
    return render(request, "accounts/organisation.html", context)


@acts(KEEPS_LIST, methods=POST)
def invite_first(request: SignedInRequest, partner: UUID) -> HttpResponse:
    """Invite the first administrator of an organisation; from then on it looks after its people itself."""
    found = _found(request, partner)
    try:
        made = actions.invite(_actor(request), found, [Duty.ADMINISTRATOR, *found.roles])
    except NotAllowedError as refusal:
        return _back(request, found, refusal)
    return show_link(request, made, "join", "organisations")


@acts(Duty.ADMINISTRATOR, methods=POST)
def add_unit(request: SignedInRequest, partner: UUID) -> HttpResponse:
    """Add a unit."""
    found, form = _found(request, partner), NamesForm(request.POST, prefix="unit")
    if not form.is_valid():
        return _back(request, found, NotAllowedError(gettext("a name is needed, in one language at least")))
    try:
        actions.add_unit(_actor(request), found, form.names)
    except NotAllowedError as refusal:
        return _back(request, found, refusal)
    return _back(request, found)


@acts(Duty.ADMINISTRATOR, methods=POST)
def add_alias(request: SignedInRequest, partner: UUID) -> HttpResponse:
    """Add another name."""
    found, form = _found(request, partner), AliasForm(request.POST)
    if not form.is_valid():
        return _back(request, found, NotAllowedError(gettext("a name is needed")))
    actions.add_alias(_actor(request), found, form.cleaned_data["text"], language())
    return _back(request, found)


@acts(Duty.ADMINISTRATOR, methods=POST)
def remove_alias(request: SignedInRequest, partner: UUID, alias: int) -> HttpResponse:
    """Remove another name."""
    found = _found(request, partner)
    name = PartnerName.objects.filter(partner=found, pk=alias).select_related("partner").first()
    if name is None:
        raise Http404("alias")
    actions.remove_alias(_actor(request), name)
    return _back(request, found)


def _back(request: SignedInRequest, partner: Partner, refusal: NotAllowedError | None = None) -> HttpResponse:
    if refusal is None:
        messages.success(request, gettext("Saved."))
    else:
        messages.error(request, gettext("Nothing was changed: %(why)s.") % {"why": refusal})
    return redirect("organisations-one", partner.pk)
