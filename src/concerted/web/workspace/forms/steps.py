"""What a step asks: the day, why, and by what one sees it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerted.statements.document import Document
from concerted.statements.life import BACK, Step
from concerted.web.workspace.forms.placed import day_field


class StepForm(forms.Form):
    """Only the fields that this step needs."""

    day = day_field(_("Day"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=500,
        help_text=_("The address of a page or report, or which organisation saw it."),
    )

    def __init__(self, *args: Any, to: Any, document: Document, **kwargs: Any) -> None:
        self.to = to
        super().__init__(*args, **kwargs)
        stated = document["activity"]
        if to == "cancelled" or (stated.get("state"), to) in BACK:
            kept = {"reason"}
        elif to == "completed":
            kept = {"day", "evidence"}
        elif to in ("planned", "ongoing"):
            kept = {"day"}
        else:
            kept = set()
        for name in set(self.fields) - kept:
            del self.fields[name]
        column = {"planned": "start_planned_date", "completed": "end_actual_date"}.get(to, "start_actual_date")
        if "day" in self.fields and stated.get(column):
            self.initial["day"] = stated[column]

    @property
    def wanted(self) -> Step:
        """The step as it was asked for."""
        values = self.cleaned_data
        return Step(self.to, values.get("day"), values.get("reason") or None, values.get("evidence") or None)

    @property
    def wrong(self) -> list[str]:
        """What is wrong with what was typed."""
        return [str(message) for found in self.errors.values() for message in found]
