"""The list of partners: kept by the secretariat, and by each organisation for itself where only it knows."""

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions.actor import Actor, check_roles_of_organisation
from concerted.web.accounts.models import Partner, PartnerName
from concerted.web.accounts.roles import ROLES
from concerted.web.audit.actions import Act, record

LANGUAGES = ("fr", "en", "ar")


@transaction.atomic
def add_partner(
    actor: Actor,
    name: Mapping[str, str],
    *,
    reference: str = "",
    kind: str = "",
    country: str = "",
    roles: Iterable[str] = (),
) -> Partner:
    """Add an organisation.

    Raises:
        NotAllowedError: not the secretariat, no name, an unknown role, or the reference is another partner's.
    """
    if not actor.is_secretariat:
        raise NotAllowedError(gettext("partners are added by the secretariat"))
    given = _roles(actor, frozenset(), roles)
    partner = _saved(Partner(name=_names(name), reference=reference.strip(), kind=kind, country=country, roles=given))
    record(actor.who, Act("added", "partner", str(partner.pk), partner.pk))
    return partner


@transaction.atomic
def add_unit(actor: Actor, parent: Partner, name: Mapping[str, str]) -> Partner:
    """Add a unit to an organisation; it stays there for good.

    Raises:
        NotAllowedError: not its administrator nor the secretariat, no name, or the parent is a unit itself.
    """
    _check_keeps(actor, parent)
    if parent.parent_id:
        raise NotAllowedError(gettext("a unit has no units of its own"))
    unit = _saved(Partner(name=_names(name), parent=parent))
    record(actor.who, Act("added", "partner", str(unit.pk), parent.pk))
    return unit


@transaction.atomic
def change_partner(
    actor: Actor,
    partner: Partner,
    name: Mapping[str, str],
    *,
    reference: str | None = None,
    kind: str | None = None,
    country: str | None = None,
    roles: Iterable[str] | None = None,
    is_active: bool | None = None,
) -> Partner:
    """Change names; the secretariat also reference, kind, country, roles and whether it takes part. None = as is.

    Raises:
        NotAllowedError: as for `add_partner`.
    """
    _check_keeps(actor, partner)
    if not actor.is_secretariat and (reference, kind, country, roles, is_active) != (None,) * 5:
        raise NotAllowedError(
            gettext("reference, kind, country and roles of an organisation are kept by the secretariat")
        )
    partner.name = _names(name)
    if reference is not None:
        partner.reference = reference.strip()
    if kind is not None:
        partner.kind = kind
    if country is not None:
        partner.country = country
    if roles is not None:
        partner.roles = _roles(actor, frozenset(partner.roles), roles)
    if is_active is not None:
        own = actor.person is not None and actor.person.organisation_id == partner.organisation_id
        if own and not is_active:
            raise NotAllowedError(gettext("nobody ends the part of his own organisation"))
        partner.is_active = is_active
    _saved(partner)
    record(actor.who, Act("changed", "partner", str(partner.pk), partner.organisation_id))
    return partner


@transaction.atomic
def add_alias(actor: Actor, partner: Partner, text: str, language: str = "") -> None:
    """Add another name under which sources know the partner.

    Raises:
        NotAllowedError: not its administrator nor the secretariat, or no name.
    """
    _check_keeps(actor, partner)
    if not text.strip():
        raise NotAllowedError(gettext("a name is needed"))
    PartnerName.objects.get_or_create(partner=partner, text=text.strip(), defaults={"language": language})
    record(actor.who, Act("changed", "partner", str(partner.pk), partner.organisation_id))


@transaction.atomic
def remove_alias(actor: Actor, alias: PartnerName) -> None:
    """Remove another name.

    Raises:
        NotAllowedError: not its administrator nor the secretariat.
    """
    _check_keeps(actor, alias.partner)
    owner = alias.partner.organisation_id
    alias.delete()
    record(actor.who, Act("changed", "partner", str(alias.partner_id), owner))


def _check_keeps(actor: Actor, partner: Partner) -> None:
    if not (actor.is_secretariat or actor.administers(partner.organisation_id)):
        raise NotAllowedError(gettext("a partner is kept by the secretariat and by its own administrators"))


def _names(name: Mapping[str, str]) -> dict[str, str]:
    names = {lang: text.strip() for lang in LANGUAGES if (text := name.get(lang, "")).strip()}
    if not names:
        raise NotAllowedError(gettext("a name is needed, in one language at least"))
    return names


def _roles(actor: Actor, before: frozenset[str], roles: Iterable[str]) -> list[str]:
    after = frozenset(map(str, roles))
    if not after <= ROLES:
        raise NotAllowedError(gettext("an unknown role"))
    check_roles_of_organisation(actor, before, after)
    return sorted(after)


def _saved(partner: Partner) -> Partner:
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as error:
        raise NotAllowedError(gettext("another partner has this reference")) from error
    return partner
