"""A person with an account, and what that person holds."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from concerted.web.accounts.holding import PAST, held, people
from concerted.web.accounts.models.partner import Partner
from concerted.web.accounts.roles import DUTIES, ROLES, needs_second_factor


class UserManager(BaseUserManager["User"]):
    """Finds accounts by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of an address."""
        return self.get(email=normal_email(username or ""))


def normal_email(address: str) -> str:
    """An address as accounts keep it: in lower case, so that one mailbox is one account."""
    return address.strip().lower()


class User(AbstractBaseUser):
    """A person of exactly one organisation.

    Who works for two organisations has two accounts: what a person sees and signs is then always for one of them, and
    never by mistake for the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="fr")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="people")
    is_active = models.BooleanField(default=True)
    created_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="addresses_in_lower_case"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep the address in its one form."""
        super().clean()
        self.email = normal_email(self.email)

    @property
    def held(self) -> frozenset[str]:
        """Roles and duties. Loaded with the account when it signs in or asks for a page; else by a query of its own."""
        if not hasattr(self, "_held"):
            self._held = frozenset(self.assignments.values_list("held", flat=True))
        return self._held

    @held.setter
    def held(self, value: frozenset[str]) -> None:
        self._held = value

    @property
    def organisation_id(self) -> uuid.UUID:
        """The organisation for which this person acts."""
        return self.partner.organisation_id

    @property
    def duties(self) -> frozenset[str]:
        """What of `held` are duties."""
        return self.held & DUTIES

    @property
    def roles(self) -> frozenset[str]:
        """What of `held` are roles."""
        return self.held & ROLES

    @property
    def needs_second_factor(self) -> bool:
        """Whether this account writes or releases anything."""
        return settings.CONCERTED_SECOND_FACTOR and needs_second_factor(self.held)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Forget what was held, too."""
        self.__dict__.pop("_held", None)
        super().refresh_from_db(*args, **kwargs)


def _move_assignments(rows: "models.QuerySet[Assignment]", to: User) -> int:
    """Each role once: what the other holds already is dropped, the rest moves. A role of somebody else's stays none."""
    has = set(to.assignments.values_list("held", flat=True))
    rows.filter(held__in=has).delete()
    return rows.update(holder=to, since=timezone.now())


@people(holder=held(move=_move_assignments), given_by=PAST)
class Assignment(models.Model):
    """A role or duty, held by a person in an organisation."""

    holder = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    held = models.CharField(max_length=20, choices=[(each, each) for each in sorted(ROLES | DUTIES)])
    since = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["holder", "held"], name="a_role_once_per_person"),
            models.CheckConstraint(condition=models.Q(held__in=sorted(ROLES | DUTIES)), name="a_known_role_or_duty"),
        )

    def __str__(self) -> str:
        return self.held
