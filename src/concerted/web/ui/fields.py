"""Fields of a form whose choices are known only when it is shown, and a list of many choices that is drawn fast."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def choice(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """A field that offers words to choose from, one or several."""
    return cast(forms.ChoiceField, form.fields[name])


def offered(form: forms.BaseForm, name: str) -> list[tuple[str, str]]:
    """What such a field offers: (code, word)."""
    return list(cast(Iterable[tuple[str, str]], choice(form, name).choices))


def row_choice(form: forms.BaseForm, name: str) -> "forms.ModelChoiceField[Any]":
    """A field that offers rows of the registry."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class LongSelect(forms.Select):
    """A list of one level, drawn without a template for each option: of 170 currencies that takes 20 ms a row."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The element, as Django's own would be."""
        options = tuple((str(code), str(word)) for code, word in cast(Iterable[tuple[Any, Any]], self.choices))
        chosen = frozenset(map(str, self.format_value(value)))
        given = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", given, _options(options, chosen))


@lru_cache(maxsize=64)
def _options(options: tuple[tuple[str, str], ...], chosen: frozenset[str]) -> SafeString:
    marked = ((code, SafeString(" selected") if code in chosen else "", word) for code, word in options)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)
