"""Read people and partners. What is asked of an organisation's people is asked for the one who may: see `views`."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Q
from django.utils import timezone

from concerted.model.errors import NotAllowedError
from concerted.web.accounts.models import Invitation, Partner, Session, User
from concerted.web.accounts.roles import Duty


@dataclass(frozen=True)
class Factors:
    """The second factors of an account."""

    has_app: bool
    keys: int
    has_codes: bool

    @property
    def is_there(self) -> bool:
        """Whether there is one; recovery codes alone are none."""
        return self.has_app or self.keys > 0


def name_of(partner: Partner, lang: str) -> str:
    """An organisation's name; a unit's behind that of its organisation."""
    if partner.parent is None:
        return partner.label(lang)
    return f"{partner.parent.label(lang)} · {partner.label(lang)}"


def in_organisation(organisation: UUID) -> Q:
    """Which accounts and invitations are of an organisation: its own and its units'."""
    return Q(partner_id=organisation) | Q(partner__parent_id=organisation)


def people_of(organisation: UUID) -> list[User]:
    """Everybody of an organisation with what they hold, active ones first, by name."""
    found = list(
        User.objects.filter(in_organisation(organisation))
        .select_related("partner", "partner__parent")
        .prefetch_related("assignments")
        .order_by("-is_active", "name", "pk")
    )
    for user in found:
        user.held = frozenset(each.held for each in user.assignments.all())
    return found


def person_in(organisation: UUID, person: UUID) -> User | None:
    """An account, if it is of this organisation; else it is as if it were not there."""
    found = User.objects.filter(in_organisation(organisation), pk=person)
    return found.select_related("partner", "partner__parent").first()


def open_invitations(organisation: UUID) -> list[Invitation]:
    """Links that make accounts in an organisation and still work, newest first."""
    found = Invitation.objects.open().filter(in_organisation(organisation), account=None)
    return list(found.select_related("partner", "partner__parent", "holder").order_by("-created_at"))


def with_second_factor(people: Iterable[User]) -> set[UUID]:
    """Who of them has set one up."""
    found = Authenticator.objects.filter(user__in=list(people)).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(found.values_list("user_id", flat=True))


def factors_of(person: User) -> Factors:
    """The second factors of an account."""
    types = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    kinds = Authenticator.Type
    return Factors(kinds.TOTP in types, types.count(kinds.WEBAUTHN), kinds.RECOVERY_CODES in types)


def count_sessions(person: User) -> int:
    """Sessions of an account that are open now."""
    return Session.objects.filter(person=person.pk, expire_date__gt=timezone.now()).count()


def organisations() -> list[Partner]:
    """All organisations with `people_count` and `unit_count`, by name."""
    found = Partner.objects.filter(parent=None).annotate(
        unit_count=Count("units", distinct=True), people_count=Count("people", Q(people__is_active=True), distinct=True)
    )
    return sorted(found, key=lambda each: each.label("fr").casefold())


def find_partner(partner: UUID) -> Partner | None:
    """An organisation or unit."""
    return Partner.objects.select_related("parent").filter(pk=partner).first()


def partners_of_references(references: Iterable[str]) -> list[UUID]:
    """Organisations that an edition calls by one of these identifiers, each once, in a stable order."""
    found = Partner.objects.filter(reference__in={each for each in references if each}).select_related("parent")
    return sorted({each.organisation_id for each in found})


def names_of_partners(wanted: Iterable[UUID | None], lang: str) -> dict[UUID, str]:
    """Names of organisations by id."""
    found = Partner.objects.select_related("parent").filter(pk__in={each for each in wanted if each})
    return {each.pk: name_of(each, lang) for each in found}


def names_of_people(organisation: UUID, wanted: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of people by id, of this organisation only: who works for another one is not told."""
    found = User.objects.filter(in_organisation(organisation), pk__in={each for each in wanted if each})
    return dict(found.values_list("pk", "name"))


def count_administrators() -> tuple[int, list[str]]:
    """Organisations with people, and the names of those that no active administrator looks after."""
    looked_after: set[UUID] = set()
    with_people: dict[UUID, Partner] = {}
    for user in User.objects.select_related("partner", "partner__parent").prefetch_related("assignments"):
        top = user.partner.parent or user.partner
        with_people[top.pk] = top
        if user.is_active and any(each.held == Duty.ADMINISTRATOR for each in user.assignments.all()):
            looked_after.add(top.pk)
    left = [top.label("en") for key, top in with_people.items() if key not in looked_after and top.is_active]
    return len(with_people), sorted(left)


def find_organisation(named: str) -> Partner | None:
    """The organisation with this identifier, id, name or other name; names are compared without regard to case.

    Raises:
        NotAllowedError: several have the name.
    """
    wanted = named.strip().casefold()
    found = [
        each
        for each in Partner.objects.filter(parent=None).prefetch_related("aliases")
        if wanted in (each.reference.casefold(), str(each.pk))
        or wanted in {text.casefold() for text in each.name.values()}
        or wanted in {alias.text.casefold() for alias in each.aliases.all()}
    ]
    if len(found) > 1:
        raise NotAllowedError(f"{len(found)} organisations are called {named!r}; name one by its identifier")
    return found[0] if found else None
