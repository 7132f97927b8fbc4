"""A long list says what Django's own says, however it is drawn."""

import re
from typing import Any

import pytest

from web.site import Site

CHOICES = [("XOF", "Franc <b>CFA</b> & co"), ("EUR", "euro"), ('"', "quoted"), ("", "not stated")]


def _said(html: str) -> tuple[dict[str, str], list[tuple[str, bool, str]]]:
    """Attributes of the list, and its options: value, whether it is chosen, word."""
    head = re.match(r"\s*<select([^>]*)>", html)
    assert head
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', html)
    return dict(re.findall(r'([\w-]+)="([^"]*)"', head[1])), [(v, bool(c), w) for v, c, w in options]


@pytest.mark.parametrize("value", ["XOF", "EUR", "", None, '"', "GONE", 7])
def test_a_long_list_says_what_a_plain_one_says(site: Site, value: Any) -> None:
    from django import forms

    from concerted.web.ui.fields import LongSelect

    attrs = {"id": "id_money", "aria-describedby": "help & more"}
    ours = LongSelect(choices=CHOICES).render("money", value, attrs)
    theirs = forms.Select(choices=CHOICES).render("money", value, attrs)
    assert _said(ours) == _said(theirs)
    assert len(_said(ours)[1]) == len(CHOICES)
    assert "<b>" not in ours
