"""The pages of sharing groups, and of looking through other eyes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions import actor_of
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import ANY
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.config.policy import FORM, POST, READS, Access, acts, declares
from concerted.web.config.requests import SignedInRequest
from concerted.web.sharing import actions, queries
from concerted.web.sharing.actions import KEEPERS, ChangedMeanwhileError
from concerted.web.sharing.forms import GroupForm
from concerted.web.sharing.looking import Eyes, put_on, take_off
from concerted.web.ui.formats import language

_KEEPERS = sorted(KEEPERS)


def may_keep(request: SignedInRequest) -> bool:
    """Whether who asks keeps the groups of his organisation."""
    return not KEEPERS.isdisjoint(request.person.held)


@acts(*ANY, methods=READS)
@never_cache
def groups(request: SignedInRequest) -> HttpResponse:
    """The groups that my organisation owns or is in."""
    organisation = request.person.organisation_id
    rows = [(each, each.owner == organisation) for each in queries.listed(organisation, language())]
    return render(request, "sharing/groups.html", {"rows": rows, "may_keep": may_keep(request)})


@acts(*_KEEPERS)
@never_cache
def new(request: SignedInRequest) -> HttpResponse:
    """A new group of my organisation."""
    form = GroupForm(request.POST or None, lang=language())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.make(
                actor_of(request.person),
                values["name"],
                form.chosen,
                purpose=values["purpose"],
                last_day=values["last_day"],
            )
        except NotAllowedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The group is made."))
            return redirect("sharing-one", made.group_id)
    return render(request, "sharing/form.html", {"form": form, "group": None})


@acts(*ANY, methods=READS)
@never_cache
def group(request: SignedInRequest, group: UUID) -> HttpResponse:
    """Who is in a group, since when, and how that came about."""
    found, organisation = _opened(request, group), request.person.organisation_id
    context = {
        "group": found,
        "is_own": found.now.owner == organisation,
        "is_in": organisation in found.now.members,
        "may_keep": may_keep(request),
    }
    return render(request, "sharing/group.html", context)


@acts(*_KEEPERS)
@never_cache
def change(request: SignedInRequest, group: UUID) -> HttpResponse:
    """Another name, other members, another last day; only of a group that my organisation owns."""
    found = _opened(request, group)
    if found.now.owner != request.person.organisation_id:
        raise Http404("group")
    form = GroupForm(request.POST or None, now=found.now, lang=language())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.change(
                actor_of(request.person),
                group,
                _number(request, found.now.number),
                values["name"],
                form.chosen,
                purpose=values["purpose"],
                last_day=values["last_day"],
            )
        except ChangedMeanwhileError:
            form.add_error(None, gettext("Somebody has changed the group meanwhile. Open it again and look."))
        except NotAllowedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Saved. It holds from the next page on that anybody opens."))
            return redirect("sharing-one", group)
    return render(request, "sharing/form.html", {"form": form, "group": found, "number": found.now.number})


@acts(*_KEEPERS, methods=POST)
@never_cache
def close(request: SignedInRequest, group: UUID) -> HttpResponse:
    """Take everybody out."""
    found = _opened(request, group)
    if found.now.owner != request.person.organisation_id:
        raise Http404("group")
    return _done(request, group, actions.close, gettext("The group is closed. It means nobody now."))


@acts(*_KEEPERS, methods=POST)
@never_cache
def leave(request: SignedInRequest, group: UUID) -> HttpResponse:
    """Take my organisation out."""
    found = _opened(request, group)
    if request.person.organisation_id not in found.now.members:
        raise Http404("group")
    return _done(request, group, actions.leave, gettext("Your organisation has left the group."))


@declares(Access.OWN, FORM, in_other_eyes=True)
@never_cache
def look(request: SignedInRequest) -> HttpResponse:
    """Choose through whose eyes to look; the page also says how to stop."""
    person = request.person
    if request.must_add_factor or not person.duties:
        raise Http404("look")
    offered = _offered(request)
    if request.method == "POST":
        eyes = offered.get(request.POST.get("as", ""))
        if eyes is None:
            raise Http404("eyes")
        put_on(request, eyes)
        who = actor_of(person).who
        log(who, Act("looked_as", f"eyes_{eyes.kind}", eyes.id, person.organisation_id))
        return redirect(_next(request))
    context = {"offered": list(offered.items()), "next": request.GET.get("next", ""), "eyes": request.eyes}
    return render(request, "sharing/look.html", context)


@declares(Access.OWN, POST, in_other_eyes=True)
@never_cache
def look_end(request: SignedInRequest) -> HttpResponse:
    """Look through one's own eyes again."""
    if request.eyes is not None:
        take_off(request)
        log(actor_of(request.person).who, Act("looked_as_oneself", "eyes", "", request.person.organisation_id))
    return redirect(_next(request))


def _offered(request: SignedInRequest) -> dict[str, Eyes]:
    """Whose eyes there are, by what the form sends."""
    mine, lang = request.person.organisation_id, language()
    found = {"public": Eyes("public"), "partner": Eyes("partner")}
    for each in queries.listed(mine, lang):
        found[f"group:{each.id}"] = Eyes("group", str(each.id), each.name)
    others = Partner.objects.filter(parent=None, is_active=True).exclude(pk=mine)
    for partner in sorted(others, key=lambda each: each.label(lang).casefold()):
        found[f"organisation:{partner.pk}"] = Eyes("organisation", str(partner.pk), partner.label(lang))
    return found


def _next(request: SignedInRequest) -> str:
    """Where to go on: a page of this site, or the overview."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
    return wanted if is_ours else "overview"


def _opened(request: SignedInRequest, group: UUID) -> queries.Opened:
    found = queries.opened(request.person.organisation_id, group, language())
    if found is None:
        raise Http404("group")
    return found


def _done(request: SignedInRequest, group: UUID, action: Any, said: str) -> HttpResponse:
    try:
        action(actor_of(request.person), group, _number(request, 0))
    except ChangedMeanwhileError:
        messages.error(request, gettext("Somebody has changed the group meanwhile. Open it again and look."))
        return redirect("sharing-one", group)
    messages.success(request, said)
    return redirect("sharing")


def _number(request: SignedInRequest, otherwise: int) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isdecimal() and len(text) < 9 else otherwise
