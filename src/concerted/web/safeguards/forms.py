"""The form of an assessment."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.web.safeguards.models import Outcome
from concerted.web.safeguards.words import outcome_word
from concerted.web.sharing.queries import today
from concerted.web.ui.fields import choice
from concerted.web.ui.screened import screened

#: How long an assessment holds unless the focal point says otherwise.
_HOLDS = timedelta(days=365)


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **more)


class AssessmentForm(forms.Form):
    """What was found, when, and until when it holds."""

    outcome = forms.ChoiceField(label=_("What was found"), widget=forms.RadioSelect)
    assessed_on = _day(_("Assessed on"))
    valid_until = _day(_("Holds until"))
    measures = forms.CharField(
        label=_("Measures, or why not"),
        required=False,
        max_length=2000,
        validators=[screened],
        help_text=_("No names of persons. The owner of the activity reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None) -> None:
        day = today()
        super().__init__(data, initial={"assessed_on": day, "valid_until": day + _HOLDS})
        choice(self, "outcome").choices = [(str(each), outcome_word(each)) for each in Outcome]

    def clean_assessed_on(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["assessed_on"]
        if day > today():
            raise ValidationError(gettext("an assessment is not made in the future"))
        return day

    def clean(self) -> dict[str, Any]:
        """The days follow each other, and measures are named."""
        values = super().clean() or {}
        begins, ends = values.get("assessed_on"), values.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", gettext("it cannot end before it was made"))
        if values.get("outcome") == Outcome.MEASURES and not values.get("measures", "").strip():
            self.add_error("measures", gettext("say which measures"))
        return values
