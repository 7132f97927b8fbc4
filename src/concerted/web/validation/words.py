"""Words for how far a record has come."""

from django.utils.translation import gettext, pgettext

from concerted.web.ui.labels import validation_word
from concerted.web.validation.standing import Stands, State


def standing_word(stands: Stands) -> str:
    """Where a record stands, in a few words."""
    if stands.is_late:
        return validation_word("unvalidated")
    match stands.state:
        case State.DRAFT:
            return gettext("a draft")
        case State.RETURNED:
            return pgettext("standing of a record", "sent back")
    return validation_word(str(stands.state))
