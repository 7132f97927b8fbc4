"""Runs and matches that a viewer may read, what waits for him, the rules in force. The viewer is the first argument.

A run is read with the same eyes alone. A match is read by the organisations that take part in it, and by a secretariat
that may see both the need and the offer.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from concerted.marking import Viewer, may_see
from concerted.matching.asks import MatchParams
from concerted.matching.files import rules_from
from concerted.matching.life import TAKEN, Side
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.roles import Role
from concerted.web.matches.models import UNDER_WAY, Match, MatchStep, Progress, Rules, Run
from concerted.web.matches.sides import BINDERS

#: Until a secretariat keeps rules.
SILENT_DAYS, DECLINED_DAYS = 14, 180


def rules_in_force() -> Rules:
    """The newest rules; those of the beginning where nobody has kept any, with the number 0."""
    return Rules.objects.last() or Rules(
        number=0, document={}, silent_days=SILENT_DAYS, declined_days=DECLINED_DAYS, made_at=timezone.now()
    )


def params_of(rules: Rules) -> MatchParams:
    """The parameters that rules say."""
    return rules_from(rules.document)


def may_read_run(viewer: Viewer, run: Run) -> bool:
    """Whether the viewer sees all that a run rests on, and is of the organisation for which it was made."""
    return viewer.is_of(str(run.organisation_id)) and all(may_see(viewer, key) for key in run.keys)


def find_run(viewer: Viewer, pk: UUID) -> Run | None:
    """A run, if the viewer may read it; else it is as if it were not there."""
    found = Run.objects.filter(pk=pk).first()
    return found if found is not None and may_read_run(viewer, found) else None


def runs_of(viewer: Viewer, most: int = 10) -> list[Run]:
    """The newest runs that the viewer may read, without what they found."""
    if viewer.organisation is None or viewer.is_public:
        return []
    found = Run.objects.filter(organisation_id=UUID(viewer.organisation)).defer("document")[: 5 * most]
    return [run for run in found if may_read_run(viewer, run)][:most]


def last_run(viewer: Viewer) -> Run | None:
    """The newest run that found something, of those that the viewer may read."""
    done = next((run for run in runs_of(viewer, 50) if run.progress == Progress.DONE), None)
    return done and Run.objects.get(pk=done.pk)


def open_run(organisation: UUID) -> Run | None:
    """The run of an organisation that is under way."""
    return Run.objects.filter(organisation=organisation, progress__in=UNDER_WAY).defer("document").first()


def may_read(viewer: Viewer, match: Match) -> bool:
    """Whether the viewer reads a match."""
    return readable(viewer).filter(pk=match.pk).exists()


def readable(viewer: Viewer) -> QuerySet[Match]:
    """The matches that a viewer may read."""
    if not _is_somebody(viewer):
        return Match.objects.none()
    mine = _takes_part(viewer.organisation)
    if Role.SECRETARIAT in viewer.roles:
        # Unordered: the order of matches would make each of them distinct.
        pairs = Match.objects.order_by().values_list("need_key", "offer_key").distinct()
        seen = [key for key in {key for pair in pairs for key in pair} if may_see(viewer, key)]
        mine |= Q(need_key__in=seen, offer_key__in=seen)
    return Match.objects.filter(mine).select_related("giver", "receiver", "proposer")


def _is_somebody(viewer: Viewer) -> bool:
    """Whether it is an organisation's own viewer: whoever looks through other eyes takes part in nothing."""
    return not viewer.is_public and viewer.organisation is not None and viewer.is_of(viewer.organisation)


def _takes_part(organisation: str | UUID | None) -> Q:
    return Q(giver=organisation) | Q(receiver=organisation) | Q(proposer=organisation)


def find_match(viewer: Viewer, pk: UUID) -> Match | None:
    """A match, if the viewer may read it; else it is as if it were not there."""
    return readable(viewer).select_related("record").filter(pk=pk).first()


def sides_of(actor: Actor, viewer: Viewer, match: Match) -> frozenset[Side]:
    """The sides for which somebody acts in a match that he may read."""
    if actor.person is None or BINDERS.isdisjoint(actor.held):
        return frozenset()
    own = actor.person.organisation_id
    is_secretariat = Role.SECRETARIAT in actor.held and _sees_both(viewer, match)
    found: set[Side] = set()
    if match.giver_id == own or (match.giver_id is None and is_secretariat):
        found.add("giver")
    if match.receiver_id == own or (match.receiver_id is None and is_secretariat):
        found.add("receiver")
    if match.asks_secretariat and is_secretariat:
        found.add("secretariat")
    if match.proposer_id == own:
        found.add("proposer")
    return frozenset(found)


def waiting_for(actor: Actor, viewer: Viewer, today: date) -> list[Match]:
    """Matches in which a step of this person is waited for, longest waiting first. That something was delivered is not
    asked before the activity was to begin."""
    if actor.person is None or BINDERS.isdisjoint(actor.held) or not _is_somebody(viewer):
        return []
    waiting = Match.objects.filter(state__in=("proposed", "accepted", "committed"))
    if Role.SECRETARIAT not in viewer.roles:  # a secretariat's sides are looked at one by one below
        waiting = waiting.filter(_takes_part(viewer.organisation))
    waiting = waiting.select_related("giver", "receiver", "proposer", "record")
    return [
        match
        for match in waiting.order_by("changed_at", "pk")
        if match.stands.waits_for & sides_of(actor, viewer, match) and _is_time(match, today)
    ]


def moved(viewer: Viewer, own: UUID, since: datetime) -> QuerySet[MatchStep]:
    """Steps that others took in matches of an organisation, oldest first; what the clock did, too."""
    mine = readable(viewer).filter(_takes_part(own))
    found = MatchStep.objects.filter(match__in=mine.values("pk"), made_at__gte=since, number__gt=1)
    return found.exclude(made_for=own).order_by("made_at", "pk")


def silent_since(days: int, now: datetime) -> QuerySet[Match]:
    """Matches that wait and in which nobody took a step for so many days."""
    return Match.objects.filter(state__in=("proposed", "accepted"), changed_at__lte=now - timedelta(days=days))


def taken() -> QuerySet[Match]:
    """Matches whose amounts are taken: for the file of who holds the machine, and for nobody's page."""
    return Match.objects.filter(state__in=TAKEN)


def steps_of(match: Match) -> list[MatchStep]:
    """What happened, in order."""
    return list(match.steps.all())


def states_of(viewer: Viewer, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Match]:
    """The newest match of each pair, as far as the viewer may read it."""
    wanted = set(pairs)
    found = readable(viewer).filter(need__in={need for need, _ in wanted}).order_by("made_at", "pk")
    return {(match.need, match.offer): match for match in found if (match.need, match.offer) in wanted}


def _is_time(match: Match, today: date) -> bool:
    if match.state != "committed" or match.record is None:
        return True
    starts = match.record.document["activity"].get("start_planned_date")
    return starts is None or bool(starts <= today.isoformat())


def _sees_both(viewer: Viewer, match: Match) -> bool:
    return may_see(viewer, match.need_key) and may_see(viewer, match.offer_key)
