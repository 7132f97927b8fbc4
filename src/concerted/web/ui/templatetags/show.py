"""Template filters that show values. They only call `formats` and `labels`."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from concerted.model.ids import id_text as _id_text
from concerted.web.coverage.cells import STATE_COUNTS, Cell
from concerted.web.edition.money import Money
from concerted.web.ui import formats, labels

register = template.Library()
register.filter("number", formats.number)
register.filter("cents", formats.cents)
register.filter("percent", formats.percent)
register.filter("percentage", formats.percentage)
register.filter("day", formats.day)
register.filter("day_span", formats.day_span)
register.filter("moment", formats.moment)
register.filter("money", formats.money_range)
register.filter("net_note", formats.net_note)
register.filter("amount_short", formats.amount_short)
register.filter("currency_word", formats.currency_name)
register.filter("id_text", _id_text)
register.filter("state_word", labels.activity_state)
register.filter("kind_word", labels.kind_of_money)
register.filter("subject_word", labels.subject_word)
register.filter("input_kind", labels.input_kind)
register.filter("validation_word", labels.validation_word)


class Named(Protocol):
    """What has a name per language."""

    def label(self, lang: str) -> str:
        """The name in `lang`."""


class Ranged(Protocol):
    """What has a least and a most."""

    @property
    def low(self) -> Decimal | None:
        """The least."""

    @property
    def high(self) -> Decimal | None:
        """The most."""


@register.filter
def in_lang(value: Named, lang: str) -> str:
    """The name of a framework or node in the page's language."""
    return value.label(lang)


@register.filter
def amount(value: Decimal | None, currency: str | None) -> SafeString:
    """One full amount with its currency, which a source may have left out."""
    return formats.amount(value, currency or gettext("currency not stated"))


@register.filter
def code(value: str | None, list_id: str) -> str:
    """The name of a code of a list."""
    return labels.code_label(list_id, value)


@register.filter
def state_label(state: str | None) -> str:
    """The word for a cell's state; empty where a cell has none."""
    return labels.cell_state(state) if state else ""


@register.filter
def state_class(state: str | None) -> str:
    """The colour class of a cell's state, or of a cell without one."""
    return labels.STATE_CLASS[state] if state else "x"


@register.filter
def state_glyph(state: str | None) -> str:
    """The sign of a cell's state; empty where a cell has none."""
    return labels.GLYPHS[state] if state else ""


@register.filter
def strategy_status(value: str | None) -> str:
    """The word for a framework's status."""
    return labels.code_label("strategy_status", value)


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key)


@register.filter
def need_range(need: Ranged) -> SafeString:
    """What a cell should cost, in USD; an end that nobody knows is said in words."""
    if need.high is None and need.low is not None:
        low = formats.amount_short(need.low, "USD")
        return format_html(gettext("at least {low}; the rest is not stated"), low=low)
    return formats.money_range(Money(need.low, None, need.high), "USD")


@register.filter
def end_range(end: Any) -> SafeString:
    """Told twice at least to at most, of one end of a link, in USD."""
    return formats.money_range(Money(end.low_usd, end.best_usd, end.high_usd), "USD")


@register.filter
def told_twice(total: Any) -> SafeString:
    """What gross holds more than net: at least to at most, in USD."""
    parts = (total.gross - total.high, total.gross - total.best, total.gross - total.low)
    return formats.money_range(Money(*parts), "USD")


@register.filter
def gap_range(gap: Any) -> SafeString:
    """Least to most that is missing, in USD."""
    return formats.money_range(Money(gap.least, None, gap.most), "USD")


@register.filter
def state_counts(cell: Cell) -> Iterable[tuple[str, int]]:
    """(word, count) of each state that occurs in a cell."""
    named = zip(STATE_COUNTS, cell.by_state, strict=True)
    return [(labels.activity_state(name.removeprefix("state_")), count) for name, count in named if count]


@register.filter
def people_word(kind: str) -> str:
    """The word for a kind of caseload."""
    return {
        "in_need": gettext("people in need"),
        "targeted": gettext("people targeted"),
        "reached": gettext("people reached"),
    }.get(kind, kind)


@register.filter
def people_range(bound: Any) -> SafeString:
    """How many different people, at least to at most; one figure where both are equal."""
    if bound.at_least == bound.at_most:
        return format_html('<bdi dir="ltr" class="num">{}</bdi>', formats.number(bound.at_most))
    least, most = formats.number(bound.at_least), formats.number(bound.at_most)
    both = format_html('<bdi dir="ltr" class="num">{}–{}</bdi>', least, most)
    if bound.at_least:
        return both
    return format_html(gettext("at most {count}"), count=format_html('<bdi dir="ltr" class="num">{}</bdi>', most))


@register.filter
def as_told(row: Mapping[str, Any], column: str) -> str:
    """A value as its source wrote it; a dash where it says nothing, and a word where it is not told to the reader."""
    if column in (row["suppressed"] or "").split(","):
        return gettext("suppressed")
    value = row[column]
    return formats.number(value) if isinstance(value, int) else value or "–"


@register.filter
def reason_text(reason: Mapping[str, Any]) -> str:
    """Why two activities stand together, in words."""
    match reason.get("id"):
        case "concentration.same_cell":
            return gettext("same priority, place and year")
        case "concentration.same_purpose":
            purpose = labels.code_label("Sector", str(reason.get("code")))
            return gettext("same purpose: %(purpose)s") % {"purpose": purpose}
        case "concentration.same_funder":
            return gettext("same funder")
        case "concentration.both_confirmed":
            return gettext("both confirmed")
        case other:
            return str(other)


@register.filter
def month_id(value: date | datetime) -> str:
    """The anchor of a month in the timeline."""
    return f"m{value:%Y-%m}"


@register.filter
def as_json(value: Any) -> str:
    """A value as JSON, for an attribute that a script reads; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)
