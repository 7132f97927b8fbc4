"""Rules and runs of the matching, and matches with their steps. Rules and steps only grow; a run is worked out, and can
be worked out again. Ids of people in what grows are plain values: a step outlives the account that took it.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from concerted.matching.life import KINDS, OPEN, STATES, Stands, needed_sides
from concerted.web.accounts.holding import PAST, people
from concerted.web.accounts.models import Partner, User
from concerted.web.audit.append_only import AppendOnly
from concerted.web.workspace.models import Record

_SIDES = ("giver", "receiver", "secretariat", "proposer", "")


class Rules(AppendOnly):
    """The secretariat's rules from a moment on; the newest are in force.

    Attributes:
        document: values of `matching.asks.MatchParams` by name.
        silent_days: after so many days without a step a match returns to the pool.
        declined_days: for so many days a declined match is not proposed again.
    """

    number = models.PositiveIntegerField(unique=True)
    document = models.JSONField()
    silent_days = models.PositiveSmallIntegerField()
    declined_days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"rules {self.number}"


class Progress(models.TextChoices):
    """How far a run has come."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


UNDER_WAY = (Progress.WAITING, Progress.WORKING)


@people(by=PAST)
class Run(models.Model):
    """A run that somebody asked for, and what it found. It rests on all that its viewer could see, so it is read with
    the same eyes alone: by people of that organisation who may see every marking in it.

    Attributes:
        organisation: for which it was made.
        keys: the marking keys of the edition that the viewer was permitted.
        edition: name of the edition's folder.
        rules: number of the secretariat's rules that were in force; 0 = none had been kept.
        last: the run before, from which its proposals should not stray without need.
        document: as `matching.run.as_document` gives it, with `codes`; null until it is there.
        gap: how far from the best the plan can be at most, 0 to 1.
        why: a word for why it failed, see `words.failure_word`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    progress = models.CharField(max_length=10, choices=Progress.choices, default=Progress.WAITING)
    keys = models.JSONField(default=list)
    edition = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(null=True)
    rules = models.PositiveIntegerField(default=0)
    last = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    document = models.JSONField(null=True)
    gap = models.FloatField(null=True)
    why = models.CharField(max_length=20, blank=True)
    beat_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(progress__in=Progress.values), name="a_known_progress_of_a_run"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(progress__in=UNDER_WAY), name="one_run_at_a_time"
            ),
        )
        ordering = ("-made_at", "pk")

    def __str__(self) -> str:
        return f"run {self.pk}"


class Match(models.Model):
    """A need and an offer that somebody put forward to both sides, as the steps have left it.

    Attributes:
        need, offer: ids of the statements in the picture.
        need_code, offer_code: what they are called in files; empty = nothing.
        need_key, offer_key: their markings when it was put forward.
        giver, receiver: who acts for each side; null = no organisation that takes part could be found, so the
            secretariat does.
        asks_secretariat: it has to accept too, because the need was not validated.
        proposer: the organisation that put it forward.
        amount: dollars, or units of what is no money; what was put forward, then what was promised.
        version: number of the newest step. Whoever takes the next one says which he has seen.
        record: the planned activity that it became.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.BigIntegerField()
    offer = models.BigIntegerField()
    need_code = models.CharField(max_length=200, blank=True)
    offer_code = models.CharField(max_length=200, blank=True)
    need_key = models.TextField()
    offer_key = models.TextField()
    kind = models.CharField(max_length=20)
    giver = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    proposer = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    asks_secretariat = models.BooleanField(default=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    state = models.CharField(max_length=10, default="proposed")
    agreed = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    record = models.OneToOneField(Record, models.SET_NULL, null=True, related_name="match")
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["state", "changed_at"], name="matches_by_state"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="a_known_state_of_a_match"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_match_gives_something"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="nobody_gives_to_himself"),
            # Two who put the same forward at once: one of them finds it there.
            models.UniqueConstraint(fields=["need", "offer"], condition=Q(state__in=OPEN), name="one_open_match"),
        )
        ordering = ("-changed_at", "pk")

    def __str__(self) -> str:
        return f"match {self.pk}"

    @property
    def stands(self) -> Stands:
        """Where it stands, as the rules of a match's life know it."""
        return Stands(self.state, needed_sides(is_secretariat=self.asks_secretariat), frozenset(self.agreed))  # type: ignore[arg-type]  # a constraint of the table


class MatchStep(AppendOnly):
    """A step of a match's life. The database itself refuses to change or delete one, and takes each number once.

    Attributes:
        side: for whom it was taken; empty for `returned`, which the days did.
        reason: why it was declined or withdrawn.
        amount, day: what was promised and when; when it was delivered.
        is_followed: of a promise: the receiver's confirmation moves the giver's activity.
    """

    match = models.ForeignKey(Match, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    side = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    day = models.DateField(null=True)
    is_followed = models.BooleanField(default=False)
    channel = models.CharField(max_length=10)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["match", "number"], name="each_step_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="a_known_step_of_a_match"),
            models.CheckConstraint(condition=Q(side__in=_SIDES), name="a_known_side_of_a_match"),
        )
        ordering = ("match", "number")

    def __str__(self) -> str:
        return f"{self.match_id} {self.number} {self.kind}"
