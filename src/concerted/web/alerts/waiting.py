"""What waits for one person, kind by kind, the most useful first. Each kind asks the same question as its own page.

Enters: an `Asker`. Leaves: for each kind the things that there are. What the person may not see, or may not do, is not
among them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from concerted.marking import Viewer
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import User
from concerted.web.accounts.queries import in_organisation
from concerted.web.accounts.roles import Role
from concerted.web.asks.actions import may_assess
from concerted.web.asks.actions import may_validate as may_validate_needs
from concerted.web.asks.queries import Waits, waiting
from concerted.web.asks.remarks import waiting_said
from concerted.web.inbox.models import KEPT, State, Upload
from concerted.web.matches.queries import moved, waiting_for
from concerted.web.packages.actions import BINDERS
from concerted.web.packages.queries import asked_of
from concerted.web.release.models import Kind as Decided
from concerted.web.release.models import Release
from concerted.web.safeguards.queries import open_ones
from concerted.web.strategy.models import Status, Step
from concerted.web.validation.actions import has_other_signers, may_sign, may_validate
from concerted.web.validation.queries import returned, to_be_signed, to_be_validated
from concerted.web.workspace.actions import may_write
from concerted.web.workspace.actions.saving import WRITERS
from concerted.web.workspace.models import Condition, Outcome, Record, Remark

#: An activity that ends within so long ends soon.
SOON = timedelta(days=90)
#: News are told for so long: who reads a digest every week misses none, and who joins later is not told old ones.
NEWS = timedelta(days=30)


@dataclass(frozen=True)
class Asker:
    """Who asks, as whom the policy knows him, and when."""

    person: User
    viewer: Viewer
    now: datetime

    @property
    def organisation(self) -> UUID:
        """The organisation for which he acts."""
        return self.person.organisation_id

    @cached_property
    def actor(self) -> Actor:
        """As whom actions know him."""
        return actor_of(self.person)

    @cached_property
    def writes(self) -> bool:
        """Whether he keeps records of his organisation."""
        return may_write(self.actor, self.organisation)

    @property
    def news_since(self) -> datetime:
        """From when on something is news to him."""
        return max(self.now - NEWS, self.person.created_at)


@dataclass(frozen=True)
class Thing:
    """One thing that waits.

    Attributes:
        key: which thing it is, in which state: with another key it is told again.
        record: the record that it is about, where its title may stand in an e-mail if anybody may know it.
    """

    key: str
    record: UUID | None = None


@dataclass(frozen=True)
class Found:
    """What there is of one kind, oldest first; `detail` is what the words need besides: a day, a status."""

    things: tuple[Thing, ...]
    detail: str = ""


NOTHING = Found(())


def _rows(rows: QuerySet[Any, Any], thing: Callable[..., Thing]) -> Found:
    return Found(tuple(thing(*row) for row in rows))


def _one(key: object, detail: str) -> Found:
    return Found((Thing(str(key)),), detail)


def to_sign(asker: Asker) -> Found:
    """Versions that he can sign off: what he saved himself another one signs, where there is one."""
    if not may_sign(asker.actor, asker.organisation):
        return NOTHING
    found = to_be_signed(asker.viewer)
    if has_other_signers(asker.actor):
        found = found.exclude(updated_by=asker.person)
    return _rows(found.order_by("updated_at", "pk").values_list("pk", "version"), _version)


def to_validate(asker: Asker) -> Found:
    """Versions that their owners signed off, of those that he may read."""
    if not may_validate(asker.actor):
        return NOTHING
    found = to_be_validated(asker.viewer)
    return _rows(found.order_by("updated_at", "pk").values_list("pk", "version"), _version)


def said(asker: Asker) -> Found:
    """Remarks and proposals on the records that he looks after, which nobody has answered."""
    if not asker.writes:
        return NOTHING
    found = Remark.objects.filter(_looked_after(asker, "record__"), record__owner=asker.organisation)
    rows = found.filter(outcome=Outcome.OPEN).exclude(by=asker.person)
    return _rows(rows.order_by("pk").values_list("pk", "record"), lambda pk, record: Thing(str(pk), record))


def said_of_asks(asker: Asker) -> Found:
    """Remarks on the needs and offers that he looks after, which nobody has answered."""
    if not asker.writes:
        return NOTHING
    found = waiting_said(asker.organisation).filter(_looked_after(asker, "record__")).exclude(by=asker.person)
    return _rows(found.order_by("pk").values_list("pk"), lambda pk: Thing(str(pk)))


def sent_back(asker: Asker) -> Found:
    """Records of his organisation that somebody else sent back, unless a newer version or a signature answered."""
    if not asker.writes:
        return NOTHING
    found = returned(asker.organisation).exclude(returned__made_by=asker.person.pk)
    if not may_sign(asker.actor, asker.organisation):
        found = found.filter(_looked_after(asker, "record__"))
    rows = found.order_by("returned").values_list("returned", "record")
    return _rows(rows, lambda decision, record: Thing(str(decision), record))


def ends(asker: Asker) -> Found:
    """Records that he looks after, of which the planned end is near, or past while they are said to go on."""
    if not asker.writes:
        return NOTHING
    today = asker.now.date()
    own = Record.objects.filter(_looked_after(asker, ""), owner=asker.organisation, condition=Condition.KEPT)
    # Days are texts of one form in a document, so their order is that of the texts, in both databases; uncast, Django
    # would take what a document is compared with for JSON.
    end = Cast(KT("document__activity__end_planned_date"), TextField())
    ending = own.filter(state__in=("ongoing", "planned")).annotate(end=end)
    rows = ending.filter(end__lte=(today + SOON).isoformat()).order_by("end", "pk").values_list("pk", "end")

    def thing(pk: UUID, end: str) -> Thing:
        return Thing(f"{pk} {end} {'over' if end < today.isoformat() else 'soon'}", pk)

    return _rows(rows, thing)


def released(asker: Asker) -> Found:
    """The newest edition that the public is shown, where somebody else released it lately."""
    newest = Release.objects.order_by("-pk").first()
    if newest is None or newest.kind != Decided.RELEASED or not _is_news(asker, newest):
        return NOTHING
    return _one(newest.pk, newest.as_of.isoformat() if newest.as_of else "")


def to_assess(asker: Asker) -> Found:
    """Activities that wait for due diligence, of those that a focal point may read. What the support is for is told in
    no e-mail, so no record is named."""
    if Role.RIGHTS not in asker.person.held:
        return NOTHING
    return Found(tuple(Thing(f"{pk} {standing}") for pk, standing in sorted(open_ones(asker.viewer).items())))


def brought(asker: Asker) -> Found:
    """Files that he brought and has not decided on."""
    if not asker.writes:
        return NOTHING
    found = Upload.objects.filter(holder=asker.person, owner=asker.organisation, made_at__gt=asker.now - KEPT)
    rows = found.filter(state__in=(State.READY, State.COLUMNS, State.REFUSED)).order_by("made_at", "pk")
    return _rows(rows.values_list("pk", "state"), lambda pk, state: Thing(f"{pk} {state}"))


def strategy(asker: Asker) -> Found:
    """The newest step of a strategy that partners are shown, where somebody else took it lately."""
    told = (Status.CONSULTATION, Status.ADOPTED, Status.REVIEW)
    newest = Step.objects.filter(status__in=told).order_by("-sequence").first()
    if newest is None or not _is_news(asker, newest):
        return NOTHING
    return _one(newest.sequence, newest.status)


def matches(asker: Asker) -> Found:
    """Matches in which his step is waited for. What they are about is told in no e-mail."""
    found = waiting_for(asker.actor, asker.viewer, asker.now.date())
    return Found(tuple(Thing(f"{match.pk} {match.version}") for match in found))


def packages(asker: Asker) -> Found:
    """Parts of his organisation in packages of others, on which its answer is waited for; asked again where the package
    says otherwise. What they are about is told in no e-mail."""
    if BINDERS.isdisjoint(asker.person.held):
        return NOTHING
    return Found(tuple(Thing(f"{each.row.pk} {each.row.about}") for each in asked_of(asker.viewer)))


def needs_to_validate(asker: Asker) -> Found:
    """Needs that wait for who keeps the strategy, of those that he may read."""
    if not may_validate_needs(asker.actor):
        return NOTHING
    return _needs(asker, "unvalidated")


def needs_to_assess(asker: Asker) -> Found:
    """Needs that wait for due diligence, of those that a focal point may read."""
    if not may_assess(asker.actor):
        return NOTHING
    return _needs(asker, "diligence")


def moved_matches(asker: Asker) -> Found:
    """Steps that others took lately in matches of his organisation."""
    if not asker.writes:
        return NOTHING
    rows = moved(asker.viewer, asker.organisation, asker.news_since)
    return _rows(rows.values_list("match", "number"), lambda match, number: Thing(f"{match} {number}"))


#: Name of each kind and what finds it; the order is that of the lines.
KINDS: dict[str, Callable[[Asker], Found]] = {
    "to_sign": to_sign,
    "to_validate": to_validate,
    "said": said,
    "said_of_asks": said_of_asks,
    "sent_back": sent_back,
    "matches": matches,
    "packages": packages,
    "needs_to_validate": needs_to_validate,
    "ends": ends,
    "released": released,
    "to_assess": to_assess,
    "needs_to_assess": needs_to_assess,
    "brought": brought,
    "moved_matches": moved_matches,
    "strategy": strategy,
}


def _needs(asker: Asker, state: Waits) -> Found:
    """No need is named in an e-mail: what is missing where may be more than its title."""
    found = waiting(asker.viewer, state, asker.now.date())
    return Found(tuple(Thing(f"{pk} {version}") for pk, version in found))


def _version(pk: UUID, number: int) -> Thing:
    return Thing(f"{pk} {number}", pk)


def _is_news(asker: Asker, made: Release | Step) -> bool:
    return made.made_at >= asker.news_since and made.made_by != asker.person.pk


def _looked_after(asker: Asker, prefix: str) -> Q:
    """Records that he holds, and those that no one holds who could act: else a whole organisation would be told each
    thing, and nobody would feel meant."""
    able = User.objects.filter(in_organisation(asker.organisation), is_active=True, assignments__held__in=WRITERS)
    holds, held = f"{prefix}holder", f"{prefix}holder__in"
    return Q(**{holds: asker.person}) | ~Q(**{held: list(able.values_list("pk", flat=True).distinct())})
