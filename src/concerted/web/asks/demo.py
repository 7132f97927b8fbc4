"""Needs and offers to look around in, of the invented world: made once by the demonstration's accounts, by the same
actions as on the pages, in states that show the life of one. They name no money that the picture counts.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from concerted.codelists.need_words import Ask as Which
from concerted.marking.keys import Label
from concerted.web.accounts.actions import Actor, actor_of
from concerted.web.accounts.models import User
from concerted.web.accounts.person import viewer_for
from concerted.web.asks import actions
from concerted.web.asks.models import Ask
from concerted.web.workspace.models import Condition


@dataclass(frozen=True)
class _Planned:
    """What an account states.

    Attributes:
        ends: days from today until it expires, or can be met no more.
        becomes: `draft`; `open`, as it is stated; `validated` by the secretariat; `withdrawn` by its owner.
    """

    by: str
    which: Which
    code: str
    title: str
    kind: str
    node: str
    place: str
    said: dict[str, Any]
    ends: int
    becomes: str = "open"
    terms: tuple[tuple[str, str], ...] = ()
    groups: dict[str, int] = field(default_factory=dict)


#: A need that an offer meets in part, and a need with the offer that waits to be accepted, as `matches.demo` puts them.
PART_NEED, PART_OFFER = "SITE-B1", "SITE-O1"
WAITING_NEED, WAITING_OFFER = "SITE-B2", "SITE-O2"
#: Needs that the demonstration's package holds.
JOBS_NEED, WOMEN_NEED = "SITE-B3", "SITE-B7"
#: The offer that ends in a few days.
SOON_OFFER, SOON_DAYS = "SITE-O3", 9
_YEAR = 365
_PLAN = (
    _Planned(
        "community", "need", PART_NEED, "Cantines scolaires dans la région de Ségou", "money", "P1.1.2", "ML04",
        {"low_value": "120000", "high_value": "180000", "least_value": "20000", "currency": "USD",
         "origin": "community", "urgency": 3, "met_pct": 90,
         "met_when": "Un repas par jour de classe dans les écoles des communes listées"},
        _YEAR, "validated", groups={"girls": 2100, "boys": 1900},
    ),
    _Planned(
        "implementer", "need", WAITING_NEED, "Centres d’écoute pour les victimes à Mopti", "money", "P4.1.3", "ML05",
        {"low_value": "60000", "high_value": "90000", "least_value": "15000", "currency": "USD",
         "origin": "assessment", "urgency": 2, "evidence": "Évaluation conjointe (données inventées)"},
        _YEAR, "validated", groups={"women": 600, "all": 900},
    ),
    _Planned(
        "implementer", "need", JOBS_NEED, "Premier emploi des jeunes à Tombouctou", "money", "P1.1.3", "ML06",
        {"low_value": "25000", "high_value": "40000", "currency": "USD", "origin": "assessment", "urgency": 2},
        _YEAR,
    ),
    _Planned(
        "community", "need", "SITE-B4", "Radio communautaire de la Boucle", "equipment", "P1.2.1", "ML07",
        {"low_quantity": 1, "high_quantity": 2, "unit": "émetteurs", "origin": "community"},
        _YEAR, "draft",
    ),
    _Planned(
        "ministry", "need", "SITE-B5", "Magistrats et enquêteurs formés au procès équitable", "training", "P3.1.2",
        "ML02",
        {"low_quantity": 40, "high_quantity": 60, "least_quantity": 10, "unit": "places", "origin": "government",
         "urgency": 3},
        _YEAR, "validated", terms=(("language", "fr"),),
    ),
    _Planned(
        "secretariat", "need", "SITE-B6", "Police de proximité : dialogue avec les quartiers", "expertise", "P3.3.1",
        "ML03",
        {"low_quantity": 20, "high_quantity": 30, "unit": "jours", "origin": "government", "urgency": 2,
         "due_diligence": "pending"},
        _YEAR, terms=(("language", "fr"),),
    ),
    _Planned(
        "community", "need", WOMEN_NEED, "Réseaux de femmes médiatrices à Tombouctou", "money", "P1.3.1", "ML06",
        {"low_value": "40000", "high_value": "60000", "least_value": "10000", "currency": "USD",
         "origin": "community", "urgency": 3},
        _YEAR, "validated", groups={"women": 350},
    ),
    _Planned(
        "donor", "offer", PART_OFFER, "Appui aux écoles du centre", "money", "P1.1", "ML04",
        {"most_value": "70000", "least_value": "20000", "currency": "USD", "conditions": "Rapport deux fois par an"},
        _YEAR,
    ),
    _Planned(
        "donor", "offer", WAITING_OFFER, "Fonds pour les victimes", "money", "P4.1", "ML05",
        {"most_value": "150000", "least_value": "15000", "currency": "USD"},
        _YEAR,
    ),
    _Planned(
        "rights", "offer", SOON_OFFER, "Places de formation aux droits de la défense", "training", "P3.1", "",
        {"most_quantity": 50, "least_quantity": 10, "unit": "places"},
        SOON_DAYS, terms=(("language", "fr"), ("language", "en")),
    ),
    _Planned(
        "coordination", "offer", "SITE-O4", "Expertise en suivi et évaluation", "expertise", "", "",
        {"most_quantity": 40, "unit": "jours"},
        _YEAR, terms=(("language", "fr"),),
    ),
    _Planned(
        "donor", "offer", "SITE-O5", "Matériel de bureau d’un programme qui s’achève", "equipment", "", "ML01",
        {"most_quantity": 12, "unit": "lots"},
        _YEAR, "withdrawn",
    ),
)  # fmt: skip


@transaction.atomic
def make_demo_asks(today: date) -> int:
    """Make them, where nobody keeps any yet; how many. Some of their accounts may be gone: theirs are left out."""
    if not settings.CONCERTED_DEMO or Ask.objects.exists():
        return 0
    people = {
        user.email.partition("@")[0]: user
        for user in User.objects.filter(email__endswith="@demo.example", is_active=True).select_related("partner")
    }
    planned = [each for each in _PLAN if each.by in people]
    for each in planned:
        _make(each, people[each.by], people.get("secretariat"), today)
    return len(planned)


def _make(each: _Planned, person: User, secretariat: User | None, today: date) -> None:
    actor, owner = actor_of(person, "job"), person.partner
    document = actions.begin(actor, owner, each.which)
    last = (today + timedelta(days=each.ends)).isoformat()
    document[each.which] |= {
        "title": f"{each.title} (démo)",
        "title_lang": "fr",
        "identifier": each.code,
        "kind": each.kind,
        "marking_key": str(Label.GREEN),
        "end_date" if each.which == "need" else "expiry_date": last,
        **each.said,
    }
    if each.which == "need":
        document["need"]["receiver_org_name"] = owner.label("fr")
        document["need"] |= {"receiver_org_ref": owner.reference, "receiver_type_code": owner.kind}
    named = (("node", each.node), ("place", each.place), *each.terms)
    terms: list[dict[str, Any]] = [{"kind": kind, "code": code} for kind, code in named if code]
    terms += [{"kind": "group", "code": code, "people": count} for code, count in each.groups.items()]
    condition = Condition.DRAFT if each.becomes == "draft" else Condition.KEPT
    ask = actions.create(actor, owner, document | {"term": terms}, condition, is_answered=True).record
    if each.becomes == "withdrawn":
        actions.close(actor, ask, ask.version, "withdrawn")
    elif each.becomes == "validated" and secretariat is not None:
        validator: Actor = actor_of(secretariat, "job")
        actions.validate(validator, viewer_for(secretariat, is_sure=True), ask, ask.version)
