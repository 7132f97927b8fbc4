"""Keep an assessment: by a human-rights focal point who may read the record."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext

from concerted.marking import Viewer
from concerted.model.errors import NotAllowedError
from concerted.records.screening.screen import screen
from concerted.web.accounts.actions import Actor
from concerted.web.accounts.models import Partner
from concerted.web.accounts.roles import Role
from concerted.web.audit.actions import Act
from concerted.web.audit.actions import record as log
from concerted.web.safeguards.models import Assessment, Outcome
from concerted.web.safeguards.need import need_of
from concerted.web.sharing.queries import today
from concerted.web.workspace.models import Record
from concerted.web.workspace.queries.records import may_read


def assess(
    actor: Actor, viewer: Viewer, record: Record, outcome: Outcome, assessed_on: date, valid_until: date, measures: str
) -> Assessment:
    """Keep what a focal point found of a record, as it stands now.

    Raises:
        NotAllowedError: without the role or the right to read it, days that cannot be, measures that are missing, or
            words that are not stored here.
    """
    if actor.person is None or Role.RIGHTS not in actor.held or not may_read(viewer, record):
        raise NotAllowedError(gettext("due diligence is kept by a human-rights focal point who may read the activity"))
    if assessed_on > today():
        raise NotAllowedError(gettext("an assessment is not made in the future"))
    if valid_until < assessed_on:
        raise NotAllowedError(gettext("it cannot end before it was made"))
    if outcome == Outcome.MEASURES and not measures.strip():
        raise NotAllowedError(gettext("say which measures"))
    if any(found.severity == "refuse" for found in screen(measures)):
        raise NotAllowedError(gettext("these words are not stored here"))
    with transaction.atomic():
        made = Assessment.objects.create(
            record=record,
            assessed_by=Partner.objects.get(pk=actor.person.organisation_id),
            assessed_on=assessed_on,
            outcome=outcome,
            measures=measures.strip(),
            valid_until=valid_until,
            facts=need_of(record.document).facts,
            version=record.version,
            made_by=actor.person.pk,
            made_for=actor.person.organisation_id,
        )
        log(actor.who, Act("added", "due_diligence", str(record.pk), record.owner_id))
    return made
