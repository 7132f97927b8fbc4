"""Make and change packages, and say yes or no to a part. Each function checks who may, and writes to the log last.

A package is kept by the secretariat, who owns the strategy, or by the UN's coordination. Each change says which version
it was made of: of two at the same moment one is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from concerted.marking import Viewer
from concerted.matching.packages.order import LoopError, in_order
from concerted.matching.packages.parts import Part
from concerted.model.errors import ConcertedError, NotAllowedError
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Duty, Role
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.packages import queries
from concerted.web.packages.models import Condition, Consent, Package, PackagePart

_WRITERS = (Duty.EDITOR, Duty.SIGNER, Duty.ADMINISTRATOR)
#: Who makes and keeps packages: people who write, of the secretariat or of the UN's coordination.
MAKERS = tuple(frozenset({str(role), str(duty)}) for role in (Role.SECRETARIAT, Role.COORDINATION) for duty in _WRITERS)
#: Who says yes or no for his organisation.
BINDERS = frozenset(map(str, (Duty.SIGNER, Duty.ADMINISTRATOR)))
#: More parts than this are no package that somebody could read.
MOST_PARTS = 200


class MovedOnError(ConcertedError):
    """Somebody changed the package, or its terms, since it was looked at; nothing was changed."""


class RefusedPartError(ConcertedError):
    """A part cannot stand there. `code` says why, see `words.refusal_word`; `found` the parts that it is about."""

    def __init__(self, code: str, found: Sequence[int] = ()) -> None:
        super().__init__(f"refused: {code}")
        self.code, self.found = code, tuple(found)


@dataclass(frozen=True)
class Heading:
    """What a package is about, as its form says it."""

    title: str
    aim: str = ""
    nodes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    audience: str = "partners"


@dataclass(frozen=True)
class Stands:
    """What a part stands for, and who answers for it, as `facts` finds them."""

    kind: str
    statement: int | None = None
    match: UUID | None = None
    partner: UUID | None = None
    beside: UUID | None = None


def may_make(actor: Actor) -> bool:
    """Whether he makes and keeps packages."""
    return actor.person is not None and any(needed <= actor.held for needed in MAKERS)


def make(actor: Actor, heading: Heading, template: str = "", template_version: str = "") -> Package:
    """A new package of the actor's organisation: a draft, that nobody else knows of.

    Raises:
        NotAllowedError: he makes none.
    """
    person = _maker(actor)
    with transaction.atomic():
        made = Package.objects.create(
            owner_id=person.organisation_id,
            **_columns(heading),
            template=template,
            template_version=template_version,
            changed_by=person,
        )
        log(actor.who, Act("added", "package", str(made.pk), made.owner_id))
    return made


def change(actor: Actor, package: Package, version: int, heading: Heading) -> Package:
    """Say otherwise what a package is about. Who agreed to what it said before is asked again.

    Raises:
        NotAllowedError: not of his organisation, or he keeps none.
        MovedOnError: it was changed meanwhile.
    """
    return _changed(actor, package, version, **_columns(heading))


def put_forward(actor: Actor, package: Package, version: int) -> Package:
    """Ask the partners of its parts, and let those read it whom it is for.

    Raises:
        As `change`.
    """
    if package.condition != Condition.DRAFT:
        raise MovedOnError("it was put forward already")
    with transaction.atomic():
        found = _step(actor, package, version, condition=Condition.OPEN)
        asked = {each for placed in queries.placed_in(found) for each in placed.row.partners}
        acts = [Act("changed", "package", str(found.pk), found.owner_id)]
        acts += [Act("asked", "package", str(found.pk), each) for each in sorted(asked - {found.owner_id})]
        log(actor.who, *acts)
    return found


def end(actor: Actor, package: Package, version: int) -> Package:
    """Close a package: it is its owner's alone from now on, and nobody is asked any more.

    Raises:
        As `change`.
    """
    return _changed(actor, package, version, condition=Condition.ENDED)


def add_part(actor: Actor, package: Package, version: int, stands: Stands, component: str = "") -> PackagePart:
    """Take an activity, a need or a match into a package.

    Args:
        stands: as `facts.stands_for` found it for the actor's own viewer, so that he sees what he takes in.

    Raises:
        As `change`; RefusedPartError: it stands there already, or there are too many.
    """
    person = _maker(actor)
    try:
        with transaction.atomic():
            found = _step(actor, package, version)
            there = list(found.parts.filter(removed_at=None).values_list("position", flat=True))
            if len(there) >= MOST_PARTS:
                raise RefusedPartError("many")
            part = PackagePart.objects.create(
                package=found,
                kind=stands.kind,
                statement=stands.statement,
                match=stands.match,
                partner_id=stands.partner,
                beside_id=stands.beside,
                component=component,
                position=max(there, default=0) + 1,
                added_by=person,
            )
            acts = [Act("added", "package_part", str(part.pk), found.owner_id)]
            if found.condition == Condition.OPEN:
                others = sorted(part.partners - {found.owner_id})
                acts += [Act("asked", "package", str(found.pk), each) for each in others]
            log(actor.who, *acts)
    except IntegrityError as error:
        raise RefusedPartError("there") from error
    return part


@dataclass(frozen=True)
class Order:
    """Where a part stands: its component, its place in the list, what it waits for, and how long it takes."""

    component: str
    position: int
    waits_for: frozenset[int]
    days: int | None = None


def arrange(actor: Actor, package: Package, version: int, part: int, order: Order) -> PackagePart:
    """Say where a part stands. In another component its partner is asked again.

    Raises:
        As `change`; RefusedPartError: no such part, or parts would wait for each other in a ring (`loop`).
    """
    _maker(actor)
    with transaction.atomic():
        found = _step(actor, package, version)
        rows = {placed.row.pk: placed.row for placed in queries.placed_in(found)}
        if part not in rows or not order.waits_for <= rows.keys():
            raise RefusedPartError("gone")
        _check_order(rows, part, order.waits_for)
        row = rows[part]
        row.component, row.days = order.component, order.days
        row.save(update_fields=["component", "days"])
        row.waits_for.set(order.waits_for)
        _put_at(rows, part, order.position)
        log(actor.who, Act("changed", "package_part", str(part), found.owner_id))
    return row


def remove_part(actor: Actor, package: Package, version: int, part: int) -> Package:
    """Take a part out. What its partner said of it is kept.

    Raises:
        As `change`; RefusedPartError: no such part.
    """
    _maker(actor)
    with transaction.atomic():
        found = _step(actor, package, version)
        row = found.parts.filter(pk=part, removed_at=None).first()
        if row is None:
            raise RefusedPartError("gone")
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
        row.waited_for_by.clear()
        row.waits_for.clear()
        log(actor.who, Act("removed", "package_part", str(part), found.owner_id))
    return found


def answer(actor: Actor, viewer: Viewer, package: Package, part: int, about: str, *, is_given: bool) -> Consent:
    """Agree that a part of one's own is shown to who may see it and reads the package; or decline, or take that back.

    Args:
        about: name of the terms that were looked at.

    Raises:
        NotAllowedError: he does not answer for his organisation, or the part is not its own.
        MovedOnError: the terms are others by now, or a colleague has answered meanwhile.
    """
    if actor.person is None or BINDERS.isdisjoint(actor.held):
        raise NotAllowedError("who signs for an organisation answers for it")
    organisation = actor.person.organisation_id
    placed = queries.find_part(viewer, package, part)
    is_asked = placed is not None and organisation in placed.row.partners and organisation != package.owner_id
    if placed is None or not is_asked or package.condition != Condition.OPEN:
        raise NotAllowedError("there is no such part of your organisation")
    if is_given and placed.row.about != about:
        raise MovedOnError("the package says something else by now")
    last = Consent.objects.filter(part=part, partner=organisation).order_by("-number").first()
    if last is not None and last.is_given == is_given and last.about == placed.row.about:
        return last  # the same, sent twice
    who = actor.who
    try:
        with transaction.atomic():
            made = Consent.objects.create(
                part=placed.row,
                partner_id=organisation,
                number=last.number + 1 if last else 1,
                is_given=is_given,
                about=placed.row.about,
                terms=placed.row.terms,
                channel=who.channel,
                made_by=who.person,
                made_for=who.organisation,
            )
            action = "consented" if is_given else "consent_refused"
            owners = dict.fromkeys((organisation, package.owner_id))
            log(who, *(Act(action, "package", str(package.pk), owner) for owner in owners))
    except IntegrityError as error:
        raise MovedOnError("a colleague has answered meanwhile") from error
    return made


def _maker(actor: Actor) -> Any:
    if not may_make(actor):
        raise NotAllowedError("the secretariat and the UN's coordination keep packages")
    return actor.person


def _columns(heading: Heading) -> dict[str, Any]:
    return {
        "title": " ".join(heading.title.split()),
        "aim": heading.aim.strip(),
        "nodes": list(heading.nodes),
        "places": list(heading.places),
        "audience": heading.audience,
    }


def _changed(actor: Actor, package: Package, version: int, **values: Any) -> Package:
    with transaction.atomic():
        found = _step(actor, package, version, **values)
        log(actor.who, Act("changed", "package", str(found.pk), found.owner_id))
    return found


def _step(actor: Actor, package: Package, version: int, **values: Any) -> Package:
    """The package in its next version, in the caller's transaction.

    Raises:
        NotAllowedError, MovedOnError: as `change`; MovedOnError also where it has ended.
    """
    person = _maker(actor)
    if package.owner_id != person.organisation_id:
        raise NotAllowedError("a package is changed by the organisation that keeps it")
    new: Mapping[str, Any] = {
        **values, "version": version + 1, "changed_at": timezone.now(), "changed_by": person
    }  # fmt: skip
    wanted = Package.objects.filter(pk=package.pk, version=version).exclude(condition=Condition.ENDED)
    if not wanted.update(**new):
        raise MovedOnError("it was changed meanwhile")
    return Package.objects.select_related("owner").get(pk=package.pk)


def _check_order(rows: Mapping[int, PackagePart], part: int, waits_for: Iterable[int]) -> None:
    """That no ring comes of it.

    Raises:
        RefusedPartError: one does; its parts in order of waiting, the first last again.
    """
    after = {key: frozenset(str(each.pk) for each in row.waits_for.all()) for key, row in rows.items()}
    after[part] = frozenset(map(str, waits_for))
    try:
        in_order([Part(str(key), after=after[key]) for key in rows])
    except LoopError as error:
        raise RefusedPartError("loop", [int(key) for key in error.loop]) from error


def _put_at(rows: Mapping[int, PackagePart], part: int, position: int) -> None:
    """Number all parts anew, with one of them at `position`, from 1."""
    others = [row for row in sorted(rows.values(), key=lambda r: (r.position, r.pk)) if row.pk != part]
    others.insert(max(position, 1) - 1, rows[part])
    for at, row in enumerate(others, 1):
        if row.position != at:
            PackagePart.objects.filter(pk=row.pk).update(position=at)


def answering_for(reference: str | None) -> Partner | None:
    """The organisation with that very reference, if it takes part here and somebody there answers for it."""
    found = Partner.objects.filter(reference=reference, parent=None).first() if reference else None
    return found if found is not None and found.lets_in else None
