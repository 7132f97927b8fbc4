"""That something in a need or offer is not right: said by whoever may read it, answered by its owner, both in words.

How it should read is not proposed as of activities: its amounts and places are its owner's to say.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from concerted.marking import Viewer
from concerted.model.errors import NotAllowedError
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.asks.models import Ask, AskRemark
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.workspace.actions.remarks import words_found
from concerted.web.workspace.actions.saving import refusal
from concerted.web.workspace.models import Outcome
from concerted.web.workspace.queries.remarks import versions_read


def say(actor: Actor, ask: Ask, about: int, text: str) -> AskRemark:
    """Say what is not right in a version. The caller has made sure that the actor may read both.

    Raises:
        NotAllowedError: nobody of an organisation says it.
        RefusedError: the words hold what must not be stored.
    """
    if actor.person is None:
        raise NotAllowedError("a remark is made by a person of an organisation")
    if refused := [each for each in words_found(ask.document, text, "text") if each.is_refused]:
        raise refusal(refused, actor.channel)
    with transaction.atomic():
        made = AskRemark.objects.create(
            record=ask,
            by=actor.person,
            organisation=Partner.objects.get(pk=actor.person.organisation_id),
            about=about,
            text=text,
        )
        log(actor.who, Act("added", "remark", str(ask.pk), ask.owner_id))
    return made


def said_of(viewer: Viewer, ask: Ask, lang: str) -> list[AskRemark]:
    """What was said of a need or offer that the viewer may read, newest first."""
    found = AskRemark.objects.filter(record=ask).select_related("organisation", "by", "record").order_by("-pk")
    readable = versions_read(viewer, ask, lang) if found else set()
    return [each for each in found if each.about in readable]


def find_said(ask: Ask, number: int) -> AskRemark | None:
    """One of them."""
    found = AskRemark.objects.filter(record=ask, pk=number)
    return found.select_related("record", "record__owner", "organisation").first()


def waiting_said(organisation: UUID) -> QuerySet[AskRemark]:
    """What is said of an organisation's needs and offers and waits for an answer."""
    return AskRemark.objects.filter(owner=organisation, outcome=Outcome.OPEN)
