"""Take a step of an activity's life, or bring back what an earlier version said. Both make a new version."""

from dataclasses import replace
from datetime import date

from concerted.statements.life import Needs, Step, still_needed, take_step
from concerted.web.accounts.actions import Actor
from concerted.web.workspace.actions.bulk import kept_again
from concerted.web.workspace.actions.saving import Clash, R, Saved, save, version_document
from concerted.web.workspace.clearing import clearance
from concerted.web.workspace.models import Record


def step(actor: Actor, record: Record, began: int, wanted: Step, today: date) -> Saved | Clash | list[Needs]:
    """The record after a step; or what it still needs.

    Args:
        began: number of the version that whoever asks has before him.

    Raises:
        As `saving.save`.
    """
    document = version_document(record, began)
    if wanted.to in ("ongoing", "completed"):
        wanted = replace(wanted, is_cleared=clearance(record, document).is_cleared)
    if needed := still_needed(document, wanted, today):
        return needed
    return save(actor, record, began, take_step(document, wanted, today), note=f"step:{wanted.to}")


def restore(actor: Actor, record: R, began: int, number: int) -> Saved[R] | Clash[R]:
    """What version `number` said, as a new version. Who may see it stays as it is now: an old marking is not brought
    back, for it could open what was closed since.

    Raises:
        ObjectDoesNotExist: there is none of that number.
        As `saving.save`.
    """
    old = kept_again(version_document(record, number), version_document(record, began))
    return save(actor, record, began, old, note=f"restored:{number}")
