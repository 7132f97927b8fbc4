"""Organisations: the list that the secretariat keeps, and one of them, for it and for its own administrators."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concerted.model.errors import NotAllowedError
from concerted.web.accounts import actions, queries
from concerted.web.accounts.forms import AliasForm, NamesForm, PartnerForm
from concerted.web.accounts.models import Partner, PartnerName
from concerted.web.accounts.roles import KEEPS_LIST, Duty
from concerted.web.api.acting import DELETE, PUT, actor_in
from concerted.web.api.asked import Language, language_in_use
from concerted.web.api.operations.people import LinkShape, link
from concerted.web.api.scopes import PEOPLE_READ, PEOPLE_WRITE
from concerted.web.api.sent import Sent, checked
from concerted.web.config.policy import POST, READS, acts
from concerted.web.coverage.filters import NotThere

router = Router(tags=["organisations"])
#: What of an organisation is the secretariat's to say.
KEPT_BY_SECRETARIAT = ("reference", "kind", "country", "roles")


class OrganisationLine(Schema):
    """An organisation of the list."""

    organisation: UUID
    name: str
    reference: str
    roles: list[str]
    is_active: bool
    people: int
    units: int


class OtherName(Schema):
    """Another name under which sources know it."""

    number: int
    text: str


class UnitShape(Schema):
    """A unit."""

    organisation: UUID
    name: str


class OrganisationShape(Schema):
    """One organisation or unit."""

    organisation: UUID
    name: str
    names: dict[str, str]
    reference: str
    kind: str
    country: str
    roles: list[str]
    is_active: bool
    parent: UUID | None
    units: list[UnitShape]
    other_names: list[OtherName]


class Names(Sent):
    """A name in each language; one is enough."""

    fr: str = Field("", max_length=300)
    en: str = Field("", max_length=300)
    ar: str = Field("", max_length=300)


class NewOrganisation(Sent):
    """What the secretariat keeps of an organisation."""

    names: Names
    reference: str = Field("", max_length=100, description="identifier as in IATI, such as XM-DAC-41114")
    kind: str = Field("", max_length=10, description="code of OrganisationType")
    country: str = Field("", max_length=2, description="ISO 3166-1 alpha-2, of an organisation of one state")
    roles: list[str] = Field(default_factory=list, max_length=20)


class ChangedOrganisation(Sent):
    """The whole as it should be; all but names is the secretariat's to say, and null = as it is."""

    names: Names
    reference: str | None = Field(None, max_length=100)
    kind: str | None = Field(None, max_length=10)
    country: str | None = Field(None, max_length=2)
    roles: list[str] | None = Field(None, max_length=20)


class NewName(Sent):
    """Another name."""

    text: str = Field(min_length=1, max_length=300)


def _found(request: HttpRequest, partner: UUID) -> Partner:
    """The organisation, if the one who asks keeps it.

    Raises:
        NotThere: it is not there, or not his.
    """
    found, actor = queries.find_partner(partner), actor_in(request)
    if found is None or not (actor.is_secretariat or actor.administers(found.organisation_id)):
        raise NotThere("organisation")
    return found


def _told(found: Partner) -> dict[str, Any]:
    lang = language_in_use()
    return {
        "organisation": found.pk,
        "name": queries.name_of(found, lang),
        "names": dict(found.name),
        "reference": found.reference,
        "kind": found.kind,
        "country": found.country,
        "roles": list(found.roles),
        "is_active": found.is_active,
        "parent": found.parent_id,
        "units": [{"organisation": unit.pk, "name": unit.label(lang)} for unit in found.units.all()],
        "other_names": [{"number": each.pk, "text": each.text} for each in found.aliases.all()],
    }


def _names(names: Names) -> dict[str, Any]:
    return {f"name_{lang}": text for lang, text in names.dict().items()}


def _again(request: HttpRequest, partner: UUID) -> dict[str, Any]:
    return _told(_found(request, partner))


@router.get("/organisations", response=list[OrganisationLine], summary="All organisations")
@acts(KEEPS_LIST, methods=READS, scope=PEOPLE_READ)
def organisations(request: HttpRequest, query: Query[Language]) -> Any:
    """For the secretariat, by name."""
    lang = language_in_use()
    return [
        {
            "organisation": each.pk,
            "name": each.label(lang),
            "reference": each.reference,
            "roles": list(each.roles),
            "is_active": each.is_active,
            "people": each.people_count,  # type: ignore[attr-defined]
            "units": each.unit_count,  # type: ignore[attr-defined]
        }
        for each in queries.organisations()
    ]


@router.post("/organisations", response={201: OrganisationShape}, summary="Add an organisation")
@acts(KEEPS_LIST, methods=POST, scope=PEOPLE_WRITE)
def add_organisation(request: HttpRequest, query: Query[Language], body: NewOrganisation) -> Any:
    """Then invite its first administrator."""
    form = PartnerForm({**{name: getattr(body, name) for name in KEPT_BY_SECRETARIAT}, **_names(body.names)})
    values = checked(form)
    added = actions.add_partner(actor_in(request), form.names, **{name: values[name] for name in KEPT_BY_SECRETARIAT})
    return Status(201, _again(request, added.pk))


@router.get("/organisations/{uuid:partner}", response=OrganisationShape, summary="One organisation")
@acts(Duty.ADMINISTRATOR, methods=READS, scope=PEOPLE_READ)
def one_organisation(request: HttpRequest, partner: UUID, query: Query[Language]) -> Any:
    """Your own or one of its units; for the secretariat any."""
    return _again(request, partner)


@router.put("/organisations/{uuid:partner}", response=OrganisationShape, summary="Change an organisation")
@acts(Duty.ADMINISTRATOR, methods=PUT, scope=PEOPLE_WRITE)
def change_organisation(request: HttpRequest, partner: UUID, query: Query[Language], body: ChangedOrganisation) -> Any:
    """Names; the secretariat also what it keeps of it."""
    found, actor = _found(request, partner), actor_in(request)
    stated = {name: getattr(body, name) for name in KEPT_BY_SECRETARIAT if getattr(body, name) is not None}
    if stated and not (actor.is_secretariat and found.parent_id is None):
        raise NotAllowedError("reference, kind, country and roles of an organisation are kept by the secretariat")
    now = {name: getattr(found, name) for name in KEPT_BY_SECRETARIAT}
    form: forms.Form
    if stated:
        form = PartnerForm({**now, **stated, **_names(body.names)}, roles=found.roles)
    else:
        form = NamesForm(_names(body.names))
    values = checked(form)
    assert isinstance(form, NamesForm)  # noqa: S101 (either is one)
    actions.change_partner(actor, found, form.names, **{name: values[name] for name in stated})
    return _again(request, partner)


@router.post("/organisations/{uuid:partner}/invite", response={201: LinkShape}, summary="Invite its administrator")
@acts(KEEPS_LIST, methods=POST, scope=PEOPLE_WRITE)
def invite_first(request: HttpRequest, partner: UUID, query: Query[Language]) -> Any:
    """The first one, of an organisation that nobody is of yet; the link is told this once."""
    found = _found(request, partner)
    return Status(201, link(request, actions.invite(actor_in(request), found, [Duty.ADMINISTRATOR, *found.roles])))


@router.post("/organisations/{uuid:partner}/units", response={201: OrganisationShape}, summary="Add a unit")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def add_unit(request: HttpRequest, partner: UUID, query: Query[Language], body: Names) -> Any:
    """It stays there for good."""
    found, form = _found(request, partner), NamesForm(_names(body))
    checked(form)
    actions.add_unit(actor_in(request), found, form.names)
    return Status(201, _again(request, partner))


@router.post("/organisations/{uuid:partner}/names", response={201: OrganisationShape}, summary="Add another name")
@acts(Duty.ADMINISTRATOR, methods=POST, scope=PEOPLE_WRITE)
def add_name(request: HttpRequest, partner: UUID, query: Query[Language], body: NewName) -> Any:
    """Under which sources know it."""
    found = _found(request, partner)
    text = checked(AliasForm({"text": body.text}))["text"]
    actions.add_alias(actor_in(request), found, text, language_in_use())
    return Status(201, _again(request, partner))


@router.delete("/organisations/{uuid:partner}/names/{int:alias}", response=OrganisationShape, summary="Remove a name")
@acts(Duty.ADMINISTRATOR, methods=DELETE, scope=PEOPLE_WRITE)
def remove_name(request: HttpRequest, partner: UUID, alias: int, query: Query[Language]) -> Any:
    """By its number."""
    found = _found(request, partner)
    wanted = PartnerName.objects.filter(partner=found, pk=alias) if alias < 1 << 63 else PartnerName.objects.none()
    name = wanted.select_related("partner").first()
    if name is None:
        raise NotThere("name")
    actions.remove_alias(actor_in(request), name)
    return _again(request, partner)
