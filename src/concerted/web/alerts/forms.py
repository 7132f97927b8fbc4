"""How often a person wants to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerted.web.alerts.models import Every
from concerted.web.alerts.words import every_word
from concerted.web.ui.fields import choice


class WishForm(forms.Form):
    """One choice."""

    every = forms.ChoiceField(label=_("E-mail about what is new for you"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "every").choices = [(str(each), every_word(str(each))) for each in Every]
