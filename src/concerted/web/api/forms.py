"""What a new token is for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from concerted.web.api.scopes import PICTURE_READ, SCOPES, scope_word
from concerted.web.api.tokens import LASTS
from concerted.web.ui.fields import choice


class TokenForm(forms.Form):
    """Its name, what it may do, how long."""

    name = forms.CharField(label=_("What for"), max_length=100, help_text=_("Such as the program that carries it."))
    scopes = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(label=_("Ends after"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "scopes").choices = [(scope, scope_word(scope)) for scope in SCOPES]
        self.fields["scopes"].initial = [PICTURE_READ]
        choice(self, "days").choices = [
            (str(days), ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in LASTS
        ]
        self.fields["days"].initial = str(LASTS[1])
