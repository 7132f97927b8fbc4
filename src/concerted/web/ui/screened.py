"""Words typed outside of records: what must not be stored is shown to who typed it, and to nobody else."""

from django.core.exceptions import ValidationError

from concerted.records.screening.kinds import message
from concerted.records.screening.screen import screen
from concerted.web.ui.formats import language


def screened(text: str) -> None:
    """A validator of form fields.

    Raises:
        ValidationError: with the words that cannot be stored and what to write instead.
    """
    refused = [found for found in screen(text) if found.severity == "refuse"]
    if refused:
        lang = language()
        raise ValidationError([f"{text[each.start : each.end]}: {message(each, lang)}" for each in refused])
