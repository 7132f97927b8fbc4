"""Keep a version, lead it through its life, say where old lines go and how nodes relate. For the secretariat.

Every write says who may, writes to the log in the same transaction, and asks for the picture after it where the build
reads what changed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from concerted.codelists.frameworks import RELATIONS, Framework
from concerted.codelists.strategy import load_strategy
from concerted.model.errors import ConcertedError, NotAllowedError
from concerted.rebuild import STRATEGY, kept_request
from concerted.records.screening.screen import screen
from concerted.strategies.remap import Problem, composed, problems
from concerted.strategies.remap import Remap as Shares
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import User
from concerted.web.accounts.queries import name_of
from concerted.web.accounts.roles import Duty, Role
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.strategy import queries
from concerted.web.strategy.models import Related, Remap, Status, Step, Upload, Version
from concerted.web.strategy.texts import framework_of, text_of, without_status
from concerted.web.workspace.tasks import ask_for_picture

#: Duties with which the secretariat writes.
WRITERS = (Duty.EDITOR, Duty.SIGNER, Duty.ADMINISTRATOR)
#: Who keeps the strategy: the secretariat's people who write.
KEEPS = tuple(frozenset({str(Role.SECRETARIAT), str(duty)}) for duty in WRITERS)
#: What may follow; that a version is superseded by a newer one follows by itself when that is adopted.
NEXT: Mapping[str, tuple[str, ...]] = {
    Status.DRAFT: (Status.CONSULTATION, Status.SUPERSEDED),
    Status.CONSULTATION: (Status.ADOPTED, Status.SUPERSEDED),
    Status.ADOPTED: (Status.REVIEW,),
    Status.REVIEW: (Status.ADOPTED,),
    Status.SUPERSEDED: (),
}


class StepError(ConcertedError):
    """A step cannot be taken.

    Attributes:
        code: `meanwhile` (another step was taken since), `order`, `act`, `future`, `remap` (old lines go nowhere yet),
            `id` (another strategy is kept here), `version` (that version is kept already), `words` (not stored here).
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"strategy: {code}")
        self.code = code


@dataclass(frozen=True)
class Wanted:
    """A step that somebody wants to take.

    Attributes:
        began: number of the newest step that he has before him.
    """

    to: str
    began: int
    act: str = ""
    day: date | None = None


def check_may(actor: Actor) -> None:
    """Whether he keeps the strategy.

    Raises:
        NotAllowedError: he does not.
    """
    if actor.person is not None and not may(actor.person):
        raise NotAllowedError("the secretariat keeps the strategy")


def may(person: User) -> bool:
    """Whether somebody keeps the strategy, for pages that offer it."""
    return Role.SECRETARIAT in person.held and not person.held.isdisjoint(map(str, WRITERS))


def hold(actor: Actor, framework: Framework, *, is_in_force: bool = False) -> Upload:
    """Hold a file that was read until it is kept, in the place of what he read before.

    Raises:
        NotAllowedError: he does not keep the strategy.
    """
    check_may(actor)
    assert actor.person is not None  # noqa: S101 (pages only)
    with transaction.atomic():
        Upload.objects.filter(person=actor.person).delete()
        return Upload.objects.create(person=actor.person, text=text_of(framework), is_in_force=is_in_force)


def built_with() -> Framework | None:
    """The strategy of the file with which the picture is built, as long as none is in force here.

    Raises:
        ConfigError: the file cannot be read any more.
    """
    asked = kept_request(settings.CONCERTED_DATA)
    path: Path | None = asked.request.strategy if asked else None
    ours = (Path(settings.CONCERTED_DATA) / STRATEGY).absolute()
    return None if path is None or path == ours or queries.in_force() else load_strategy(path)


def keep(actor: Actor, upload: Upload) -> Version:
    """Keep what was read as a version: a draft, or, taken over from the file of the picture, as adopted as that is.

    Raises:
        NotAllowedError: he does not keep the strategy.
        StepError: `id`, `version` or `meanwhile`.
    """
    check_may(actor)
    framework = framework_of(upload.text)
    kept = queries.lives()
    if any(each.version.framework_id != framework.id for each in kept):
        raise StepError("id")
    if any(each.version.name == framework.version for each in kept):
        raise StepError("version")
    version = Version(
        framework_id=framework.id, name=framework.version, text=text_of(without_status(framework)), **_made(actor)
    )
    steps = [Wanted(Status.DRAFT, queries.last_sequence())]
    is_adopted = upload.is_in_force and framework.adopted_by is not None and framework.adopted_date is not None
    if is_adopted:
        if queries.in_force():
            raise StepError("meanwhile")
        steps.append(Wanted(Status.ADOPTED, steps[0].began + 1, framework.adopted_by or "", framework.adopted_date))
    with _unless_meanwhile(), transaction.atomic():
        version.save(force_insert=True)
        for wanted in steps:
            _put(actor, version, wanted)
        Upload.objects.filter(pk=upload.pk).delete()
        _tell(actor, "added", version, enters=is_adopted)
    return version


def step(actor: Actor, version: Version, wanted: Wanted, today: date) -> None:
    """Take a step of a version's life. The one in force is superseded when another one is adopted.

    Raises:
        NotAllowedError: he does not keep the strategy.
        StepError: why it cannot be taken; `words` where the act or remark holds what must not be stored.
    """
    check_may(actor)
    lives = {each.version.pk: each for each in queries.lives()}
    if wanted.to not in NEXT[lives[version.pk].status]:
        raise StepError("order")
    before = next((each for each in lives.values() if each.is_in_force and each.version.pk != version.pk), None)
    puts = [(version, wanted)]
    if wanted.to == Status.ADOPTED:
        if not wanted.act.strip() or wanted.day is None:
            raise StepError("act")
        if wanted.day > today:
            raise StepError("future")
        if before is not None:
            if not _is_mapped(before.version, version):
                raise StepError("remap")
            ended = Wanted(Status.SUPERSEDED, wanted.began)
            following = Wanted(wanted.to, wanted.began + 1, wanted.act, wanted.day)
            puts = [(before.version, ended), (version, following)]
    with _unless_meanwhile(), transaction.atomic():
        for of, what in puts:
            _put(actor, of, what)
        _tell(actor, "changed", version, enters=wanted.to in queries.IN_FORCE)


def _is_mapped(old: Version, new: Version) -> bool:
    """Whether every line of every version before goes somewhere in the new one."""
    kept = queries.remap_between(old.pk, new.pk)
    return kept is not None and not faults(new, old, kept.shares)


def faults(new: Version, old: Version, shares: Shares) -> list[Problem]:
    """What is wrong with where lines go: those of the version before, and over it those of all before that."""
    to = framework_of(new.text)
    found = problems(framework_of(old.text), to, shares)
    onward: Shares = shares
    for earlier in [] if found else reversed(queries.steps_to(old)):
        onward = composed(earlier.remap, onward)
        found += problems(earlier.old, to, onward)
    return found


def keep_remap(actor: Actor, old: Version, new: Version, shares: Shares, today: date) -> Remap:
    """Say where the lines of a version go in a newer one.

    Raises:
        NotAllowedError: he does not keep the strategy.
        StepError: `remap` where a line goes nowhere, or not wholly.
    """
    check_may(actor)
    if faults(new, old, shares):
        raise StepError("remap")
    with transaction.atomic():
        kept = Remap.objects.create(
            old=old, new=new, shares=shares, said_by=_office(actor), said_on=today, **_made(actor)
        )
        lived = next(each for each in queries.lives() if each.version.pk == new.pk)
        _tell(actor, "changed", new, enters=lived.is_in_force)
    return kept


def relate(actor: Actor, wanted: Related, today: date) -> Related:
    """Say how two nodes relate, or, with an empty relation, take back what was said of them.

    Args:
        wanted: the two nodes with the versions of their frameworks, relation and note.

    Raises:
        NotAllowedError: he does not keep the strategy.
        StepError: `order`: no such relation; `words`: the note holds what must not be stored.
    """
    check_may(actor)
    if wanted.relation and wanted.relation not in RELATIONS:
        raise StepError("order")
    if any(finding.severity == "refuse" for finding in screen(wanted.note)):
        raise StepError("words")
    wanted.said_by, wanted.said_on = _office(actor), today
    for name, value in _made(actor).items():
        setattr(wanted, name, value)
    with transaction.atomic():
        wanted.save(force_insert=True)
        transaction.on_commit(ask_for_picture, robust=True)
        log(actor.who, Act("changed", "crosswalk", str(wanted.pk), actor.who.organisation))
    return wanted


def take_back(actor: Actor, row: Related, today: date) -> Related:
    """Take back what was said of a pair of nodes.

    Raises:
        NotAllowedError: he does not keep the strategy.
    """
    pair = ("from_framework", "from_version", "from_node", "to_framework", "to_version", "to_node")
    return relate(actor, Related(**{name: getattr(row, name) for name in pair}), today)


def _office(actor: Actor) -> str:
    """Who says it, as it enters editions: the organisation, never a person."""
    return name_of(actor.person.partner, "fr") if actor.person else "-"


def _made(actor: Actor) -> dict[str, object]:
    return {"made_by": actor.who.person, "made_for": actor.who.organisation}


def _put(actor: Actor, version: Version, wanted: Wanted) -> None:
    if any(finding.severity == "refuse" for finding in screen(wanted.act)):
        raise StepError("words")
    Step.objects.create(
        sequence=wanted.began + 1,
        version=version,
        status=wanted.to,
        act=wanted.act.strip(),
        day=wanted.day,
        **_made(actor),
    )


def _tell(actor: Actor, action: str, version: Version, *, enters: bool) -> None:
    if enters:
        transaction.on_commit(ask_for_picture, robust=True)
    log(actor.who, Act(action, "strategy", str(version.pk), actor.who.organisation))


@contextmanager
def _unless_meanwhile() -> Iterator[None]:
    """Two who step from the same place at once: the database keeps one, the other is told."""
    try:
        yield
    except IntegrityError as error:
        raise StepError("meanwhile") from error
