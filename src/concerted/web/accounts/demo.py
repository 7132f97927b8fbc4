"""Accounts to look around with, for the invented world: one for each role, with a password made anew at each start.

The passwords are given back to be printed and stand nowhere else. The organisations are marked as a demonstration:
their people come in while the site runs as one, and never otherwise.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from concerted.demo.catalogue import partners
from concerted.model.errors import NotAllowedError
from concerted.web.accounts.models import Assignment, Partner, User
from concerted.web.accounts.roles import Duty, Role, label
from concerted.web.accounts.sessions import end_sessions
from concerted.web.audit.actions import Act, Who, record


@dataclass(frozen=True)
class DemoAccount:
    """What one signs in with."""

    role: str
    email: str
    password: str


@dataclass(frozen=True)
class _Planned:
    key: str
    person: str
    role: Role
    duties: tuple[Duty, ...]
    #: Key of an organisation of the invented world; else `names` are those of a new one.
    partner: str = ""
    names: tuple[str, str, str] = ("", "", "")
    #: Of an organisation of one state, see `asks.origins`.
    country: str = ""


_ALL = (Duty.ADMINISTRATOR, Duty.SIGNER, Duty.EDITOR)
_PLAN = (
    _Planned(
        "secretariat",
        "Awa Démonstration",
        Role.SECRETARIAT,
        _ALL,
        names=(
            "Secrétariat de la stratégie (démo)",
            "Secretariat of the strategy (demo)",
            "أمانة الاستراتيجية (تجريبي)",
        ),
    ),
    _Planned(
        "coordination",
        "Jean Démonstration",
        Role.COORDINATION,
        _ALL,
        names=("Bureau de coordination (démo)", "Coordination office (demo)", "مكتب التنسيق (تجريبي)"),
    ),
    _Planned(
        "ministry",
        "Modibo Démonstration",
        Role.IMPLEMENTER,
        _ALL,
        names=("Ministère de la Justice (démo)", "Ministry of Justice (demo)", "وزارة العدل (تجريبي)"),
        country="ML",
    ),
    _Planned("donor", "Ingrid Démonstration", Role.DONOR, _ALL, "NOR"),
    _Planned("implementer", "Moussa Démonstration", Role.IMPLEMENTER, _ALL, "PON"),
    _Planned("editor", "Salma Démonstration", Role.IMPLEMENTER, (Duty.EDITOR,), "PON"),
    _Planned("community", "Fatou Démonstration", Role.COMMUNITY, (Duty.ADMINISTRATOR, Duty.EDITOR), "AJB"),
    _Planned(
        "rights",
        "Amina Démonstration",
        Role.RIGHTS,
        _ALL,
        names=("Commission des droits humains (démo)", "Human rights commission (demo)", "لجنة حقوق الإنسان (تجريبي)"),
    ),
)


@transaction.atomic
def make_demo_accounts() -> list[DemoAccount]:
    """Make the accounts, or give those that are there a new password.

    Raises:
        NotAllowedError: the site does not run as a demonstration.
    """
    if not settings.CONCERTED_DEMO:
        raise NotAllowedError("demonstration accounts are made in a demonstration only")
    made = []
    for planned in _PLAN:
        organisation = _organisation(planned)
        address = f"{planned.key}@demo.example"
        known = User.objects.filter(email=address).first()
        user = known or User(email=address)
        user.name, user.partner, user.is_active = planned.person, organisation, True
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        user.set_password(password)
        user.save()
        end_sessions(user.pk)
        for held in (planned.role, *planned.duties):
            Assignment.objects.get_or_create(holder=user, held=str(held))
        record(Who(), Act("password_changed" if known else "joined", "account", str(user.pk), organisation.pk))
        made.append(DemoAccount(label(planned.role), address, password))
    return made


def _organisation(planned: _Planned) -> Partner:
    if planned.partner:
        known = partners()[planned.partner]
        reference, names, kind = known.ref, dict(known.name), known.type_code
    else:
        reference, kind = f"XI-DEMO-{planned.key.upper()}", "10"
        names = dict(zip(("fr", "en", "ar"), planned.names, strict=True))
    found, _ = Partner.objects.get_or_create(
        reference=reference,
        defaults={
            "name": names,
            "kind": kind,
            "country": planned.country,
            "roles": [str(planned.role)],
            "is_demonstration": True,
        },
    )
    if not found.is_demonstration:
        raise NotAllowedError(f"{reference} is no organisation of the demonstration")
    return found
