"""Controls that are drawn the short way say what Django's own templates say."""

from datetime import date
from typing import Any

import pytest

from web.site import Site

VALUES: list[Any] = [None, "", "a", 'ما <b> & "x"', 0, 1.5, True, False, date(2026, 2, 3), "line\nline"]
ATTRS: list[dict[str, Any]] = [
    {},
    {"id": "id_a", "required": True, "disabled": False, "data-n": 3, "aria-label": 'l\'eau & "x"'},
]
KINDS = [
    *("TextInput", "NumberInput", "EmailInput", "URLInput", "PasswordInput", "HiddenInput", "DateInput", "Textarea"),
    *("CheckboxInput", "Select", "RadioSelect", "CheckboxSelectMultiple", "ClearableFileInput", "SplitDateTimeWidget"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attrs", ATTRS)
def test_every_control_says_the_same(site: Site, kind: str, attrs: dict[str, Any]) -> None:
    from django import forms
    from django.forms.renderers import DjangoTemplates

    from concerted.web.ui.rendering import Renderer

    for value in VALUES:
        if kind == "SplitDateTimeWidget" and value is not None:
            continue
        widget = getattr(forms, kind)()
        if hasattr(widget, "choices"):
            widget.choices = [("a", "A <i>"), ("b", "B"), ("", "none")]
        ours, theirs = (widget.render("n[]", value, dict(attrs), each()) for each in (Renderer, DjangoTemplates))
        assert ours == theirs


def test_boxes_drawn_one_by_one_say_the_same(site: Site) -> None:
    """The label of such a box stands elsewhere; drawn with its label it is Django's."""
    from django import forms
    from django.forms.renderers import DjangoTemplates

    from concerted.web.ui.rendering import Renderer

    class Form(forms.Form):
        one = forms.ChoiceField(choices=[("a", "A"), ("b", "<B>")], widget=forms.RadioSelect)
        many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "<B>")], widget=forms.CheckboxSelectMultiple)

    ours, theirs = (Form({"one": "b", "many": ["a", "b"]}, renderer=each()) for each in (Renderer, DjangoTemplates))
    for name in ("one", "many"):
        assert [box.tag() for box in ours[name]] == [box.tag() for box in theirs[name]]
        assert [box.tag(wrap_label=True) for box in ours[name]] == [box.tag(wrap_label=True) for box in theirs[name]]
    assert "checked" in ours["many"][0].tag()
