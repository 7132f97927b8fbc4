"""The form of a sharing group."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from concerted.web.accounts.models import Partner
from concerted.web.sharing.queries import Listed, today
from concerted.web.ui.fields import choice
from concerted.web.ui.screened import screened


class GroupForm(forms.Form):
    """What a group is called, what for, who is in it and until when."""

    name = forms.CharField(label=_("Name"), max_length=200, validators=[screened])
    purpose = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=1000,
        validators=[screened],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For people to read; it decides nothing."),
    )
    last_day = forms.DateField(
        label=_("Last day of the agreement"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("From the next day on the group means nobody. Empty: until it is changed."),
    )
    members = forms.MultipleChoiceField(
        label=_("Who is in it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who is put in sees everything that is shared with the group, also by its other members."),
    )

    def __init__(self, data: Any = None, *, now: Listed | None = None, lang: str) -> None:
        """`now`: the group as it is; null = a new one."""
        initial: dict[str, Any] = {}
        if now is not None:
            initial = {"name": now.name, "purpose": now.purpose, "last_day": now.last_day}
            initial["members"] = [str(each) for each in now.members]
        self._was = now.last_day if now else None
        super().__init__(data, initial=initial)
        known = Partner.objects.filter(parent=None, is_active=True)
        names = {str(each.pk): each.label(lang) for each in known}
        known_before = {str(each): name for each, name in (now.members if now else {}).items()}
        offered = list((known_before | names).items())
        offered.sort(key=lambda pair: pair[1].casefold())
        choice(self, "members").choices = offered

    def clean_last_day(self) -> Any:
        """An agreement that is made now does not end before today."""
        day = self.cleaned_data["last_day"]
        if day is not None and day < today() and day != self._was:
            raise ValidationError(gettext("This day has passed."))
        return day

    @property
    def chosen(self) -> list[UUID]:
        """The members that were ticked."""
        return [UUID(each) for each in self.cleaned_data["members"]]
