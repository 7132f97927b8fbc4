"""The forms of the inbox: what is brought, what is taken away."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.intake.templates import Template
from concerted.marking.keys import Label, marking_key
from concerted.web.accounts.models import Partner
from concerted.web.ui.labels import activity_state

OWN, PARTNERS, ANYONE = "own", "partners", "anyone"
TEMPLATES: tuple[Template, ...] = ("activities", "money", "progress")
STATES = ("requested", "planned", "ongoing", "completed", "cancelled")


def states() -> list[tuple[str, str]]:
    """States of which records can be taken, with their words."""
    return [("", gettext("all")), *((each, activity_state(each)) for each in STATES)]


class BringForm(forms.Form):
    """A file, and who may see what is new in it."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.xml,.txt,.tsv"}),
        allow_empty_file=True,
        max_length=None,
    )
    sharing = forms.ChoiceField(
        label=_("Who may see what is new"),
        choices=[
            (OWN, _("our organisation only")),
            (PARTNERS, _("everybody who signs in")),
            (ANYONE, _("everybody")),
        ],
        initial=OWN,
    )

    def marking_key(self, owner: Partner) -> str:
        """The marking of new records."""
        match self.cleaned_data["sharing"]:
            case "anyone":
                return marking_key(Label.CLEAR)
            case "partners":
                return marking_key(Label.GREEN)
            case _:
                return marking_key(Label.AMBER_STRICT, [str(owner.pk)])


class TakeForm(forms.Form):
    """Which of our records, as which sheets."""

    sheets = forms.MultipleChoiceField(
        label=_("Sheets"),
        choices=[("activities", _("Activities")), ("money", _("Money only")), ("progress", _("Progress only"))],
        widget=forms.CheckboxSelectMultiple,
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    q = forms.CharField(label=_("With these words"), required=False, max_length=100)

    def __init__(self, data: Any, states: list[tuple[str, str]]) -> None:
        """`states` with their words, in the language of the page."""
        super().__init__(data, initial={"sheets": list(TEMPLATES)})
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        field.choices = states
