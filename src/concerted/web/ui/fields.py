"""Fields of a form whose choices are known only when it is shown."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms


def choice(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """A field that offers words to choose from, one or several."""
    return cast(forms.ChoiceField, form.fields[name])


def offered(form: forms.BaseForm, name: str) -> list[tuple[str, str]]:
    """What such a field offers: (code, word)."""
    return list(cast(Iterable[tuple[str, str]], choice(form, name).choices))


def row_choice(form: forms.BaseForm, name: str) -> "forms.ModelChoiceField[Any]":
    """A field that offers rows of the registry."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])
