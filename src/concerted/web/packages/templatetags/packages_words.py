"""Words of packages for templates."""

from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext

from concerted.web.accounts.models import Partner
from concerted.web.packages import words
from concerted.web.ui.formats import language

register = template.Library()
register.filter("condition_word", words.condition_word)
register.filter("part_kind_word", words.kind_word)
register.filter("standing_word", words.standing_word)
register.filter("missing_words", words.missing_words)


@register.filter
def answer_word(standing: str) -> str:
    """Where the reader's own consent stands."""
    return {
        "agreed": gettext("you agreed"),
        "declined": gettext("you declined"),
    }.get(standing, gettext("not answered yet"))


@register.filter
def partner_name(partner: Partner) -> str:
    """An organisation in the language of the page."""
    return partner.label(language())


@register.filter
def as_query(value: str, name: str) -> str:
    """A value as part of an address."""
    return urlencode({name: value})
