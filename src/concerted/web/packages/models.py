"""A package, its parts, and what the partners of the parts said to being shown in it.

A part names what it stands for by the id of its statement in the picture, or by the id of a match, and holds nothing of
it: what a reader sees of a part is what he sees of that record anyway.
"""

import hashlib
import json
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from concerted.marking.keys import Label, marking_key
from concerted.web.accounts.holding import PAST, people
from concerted.web.accounts.models import Partner, User
from concerted.web.audit.append_only import AppendOnly


class Condition(models.TextChoices):
    """How far a package has come. A draft, and one that has ended, is its owner's alone."""

    DRAFT = "draft"
    OPEN = "open"
    ENDED = "ended"


#: Who reads an open package besides its owner and those who have a part in it: nobody, or every organisation that signs
#: in. Else the id of a sharing group.
PARTNERS, SIGNED_IN = "partners", "signed_in"

KINDS = ("activity", "need", "match")


@people(changed_by=PAST)
class Package(models.Model):
    """A bundle towards one objective.

    Attributes:
        nodes: the lines that it serves, each as `framework/node`.
        places: ids of places; empty = the whole country.
        template, template_version: of the shipped template that it was made of; empty = of none.
        audience: `PARTNERS`, `SIGNED_IN`, or the id of a sharing group.
        version: grows with each change of the package or of its parts; whoever changes it says which he has seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Partner, models.PROTECT, related_name="packages")
    title = models.CharField(max_length=200)
    aim = models.TextField(blank=True)
    nodes = models.JSONField(default=list)
    places = models.JSONField(default=list)
    template = models.CharField(max_length=40, blank=True)
    template_version = models.CharField(max_length=20, blank=True)
    audience = models.CharField(max_length=40, default=PARTNERS)
    condition = models.CharField(max_length=10, choices=Condition.choices, default=Condition.DRAFT)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="a_known_condition_of_a_package"),
            models.CheckConstraint(condition=Q(version__gte=1), name="packages_from_one"),
        )
        ordering = ("-changed_at", "pk")

    def __str__(self) -> str:
        return self.title

    @property
    def marking(self) -> str | None:
        """The marking by which others read it; null = only who takes part in it does."""
        if self.audience == PARTNERS:
            return None
        return "GREEN" if self.audience == SIGNED_IN else marking_key(Label.AMBER, [self.audience])

    @property
    def heading(self) -> dict[str, Any]:
        """What a partner agrees to stand under."""
        return {
            "title": self.title,
            "aim": self.aim,
            "nodes": sorted(self.nodes),
            "places": sorted(self.places),
            "template": self.template,
            "audience": self.audience,
        }


@people(added_by=PAST)
class PackagePart(models.Model):
    """What one partner does, asks for or has agreed to, within a package.

    Attributes:
        kind: one of `KINDS`.
        statement: of an activity or a need, the id of its statement in the picture.
        match: of a match, its id.
        partner: who answers for it; null = an organisation that does not take part here, so nobody can agree.
        beside: of a match, who answers for the other side.
        component: of the template, or the line of the package that it serves; empty = none.
        days: how long it takes, where its own record does not say.
        removed_at: when it was taken out; what was said of it stays.
    """

    package = models.ForeignKey(Package, models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=10)
    statement = models.BigIntegerField(null=True)
    match = models.UUIDField(null=True)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    beside = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    component = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(null=True)
    waits_for = models.ManyToManyField("self", symmetrical=False, related_name="waited_for_by")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="a_known_kind_of_part"),
            models.CheckConstraint(
                condition=Q(kind="match", match__isnull=False, statement=None)
                | (~Q(kind="match") & Q(match=None, statement__isnull=False)),
                name="a_part_stands_for_one_thing",
            ),
            models.UniqueConstraint(
                fields=["package", "statement"], condition=Q(removed_at=None), name="a_statement_once_in_a_package"
            ),
            models.UniqueConstraint(
                fields=["package", "match"], condition=Q(removed_at=None), name="a_match_once_in_a_package"
            ),
        )
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.package_id} {self.kind} {self.pk}"

    @property
    def partners(self) -> frozenset[uuid.UUID]:
        """Who answers for it."""
        return frozenset(each for each in (self.partner_id, self.beside_id) if each is not None)

    @property
    def terms(self) -> dict[str, Any]:
        """What a partner agrees to: the package's heading, and where in it this part stands."""
        return {**self.package.heading, "component": self.component}

    @property
    def about(self) -> str:
        """A name for the terms. What was agreed to holds while they are these."""
        text = json.dumps(self.terms, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class Consent(AppendOnly):
    """What a partner said to being shown with a part: the database itself refuses to change or delete it.

    Attributes:
        number: 1 for the first that this partner said of this part; the largest holds.
        is_given: false = declined, or taken back.
        about, terms: the terms that were looked at, by name and in words.
    """

    part = models.ForeignKey(PackagePart, models.PROTECT, related_name="consents")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    is_given = models.BooleanField()
    about = models.CharField(max_length=64)
    terms = models.JSONField()
    channel = models.CharField(max_length=10)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["part", "partner", "number"], name="each_consent_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="consents_from_one"),
        )
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.part_id} {self.partner_id} {self.number}"
