"""Organisations as partners of the workspace: who they are, how else they are called, their units."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from concerted.web.accounts.roles import ROLES


def known_roles(value: Any) -> None:
    if not isinstance(value, list) or not set(value) <= ROLES:
        raise ValidationError("not a list of roles")


class Partner(models.Model):
    """An organisation, or a unit of one.

    The id is made at random and stays: markings name organisations by it, so neither a new name nor another reference
    changes who sees what. A unit belongs to its organisation and sees with it; it never moves to another one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="units", editable=False)
    #: Identifier of the organisation in IATI, by which editions know it; tells nothing of rights.
    reference = models.CharField(max_length=100, blank=True)
    #: DAC kind of organisation (code list OrganisationType); empty = not stated.
    kind = models.CharField(max_length=10, blank=True)
    #: ISO 3166-1 alpha-2, of an organisation that belongs to one state; empty = not stated. Like `kind` it is the
    #: secretariat's to say: with it a ministry asks in its government's name (`asks.origins`).
    country = models.CharField(max_length=2, blank=True)
    name = models.JSONField(default=dict)
    #: Roles that its administrator may give to its people.
    roles = models.JSONField(default=list, validators=[known_roles])
    is_active = models.BooleanField(default=True)
    #: Invented, with people whose passwords were printed: they come in while the site runs as a demonstration only.
    is_demonstration = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["reference"], condition=~models.Q(reference=""), name="one_partner_per_reference"
            ),
        )

    def __str__(self) -> str:
        return self.label("fr")

    @property
    def lets_in(self) -> bool:
        """Whether its people may come in: it takes part, and so does the organisation of which it is a unit."""
        whole = [self, self.parent] if self.parent else [self]
        return all(each.is_active and (settings.CONCERTED_DEMO or not each.is_demonstration) for each in whole)

    @property
    def organisation_id(self) -> uuid.UUID:
        """The organisation that this is, or of which it is a unit: what markings and viewers speak of."""
        return self.parent_id or self.id

    def label(self, lang: str) -> str:
        """The name in `lang`, else in another language, else the reference."""
        return self.name.get(lang) or next((n for n in self.name.values() if n), self.reference or str(self.id))


class PartnerName(models.Model):
    """Another name under which sources know a partner."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["partner", "text"], name="an_alias_once"),)
        ordering = ("text",)

    def __str__(self) -> str:
        return self.text
