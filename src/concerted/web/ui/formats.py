"""Numbers, money and dates as each language writes them.

Digits are Western in all three languages: that is what French and Arabic speakers of the Sahel read in official tables,
and it keeps a column of figures comparable across languages. A range stands in `bdi dir=ltr`, else 41 to 58 turns
into 58 to 41 in right-to-left text.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from babel.dates import format_date
from babel.numbers import format_percent, get_decimal_symbol, get_group_symbol
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from concerted.codelists.frameworks import LANGS, Lang
from concerted.web.edition.money import Money

_LANGUAGES: Mapping[str, Lang] = {lang: lang for lang in LANGS}
_LOCALES = {"fr": "fr", "en": "en_GB", "ar": "ar"}
_STEPS = (Decimal(1), Decimal("0.1"))
_SCALES = (
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
    (Decimal(10) ** 3, "thousand"),
    (Decimal(1), ""),
)


def language() -> Lang:
    """The language of the page being made; the settings name no other."""
    return _LANGUAGES[(get_language() or "fr")[:2]]


def locale() -> str:
    """Babel's locale for the language of the page; dates in English are day before month."""
    return _LOCALES[language()]


def number(value: float | Decimal | None, digits: int = 0, of_locale: str | None = None) -> str:
    """A number with its language's separators and at most so many decimals; a dash when unknown.

    `of_locale`: the page's, for callers that have a thousand numbers and ask for it once.

    Python's own formatting with CLDR's separators: a matrix has a thousand numbers, and Babel's pattern machine takes
    twenty times as long for the same text (held equal by a test).
    """
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_separators(of_locale or locale()))


def cents(value: Decimal | None) -> SafeString:
    """An amount with two decimals, whatever they are: for sums that are compared to the cent."""
    if value is None:
        return SafeString("–")
    return format_html('<bdi dir="ltr" class="num">{}</bdi>', f"{value:,.2f}".translate(_separators(locale())))


@cache
def _separators(of_locale: str) -> dict[int, str]:
    return {ord(","): get_group_symbol(of_locale), ord("."): get_decimal_symbol(of_locale)}


def percent(share: float | None) -> str:
    """A share of 0 to 1 in per cent, without decimals; a dash when unknown."""
    return "–" if share is None else format_percent(share, locale=locale())


def percentage(value: float | None) -> str:
    """A percentage of 0 to 100 as a source states it, with at most one decimal; a dash when unknown."""
    if value is None:
        return "–"
    return format_percent(round(value / 100, 3), locale=locale(), decimal_quantization=False)


def day(value: date | datetime | None) -> str:
    """A date in words, long enough to be unambiguous; a dash when unknown."""
    return "–" if value is None else format_date(value, "d MMMM y", locale=locale())


def day_span(start: date | None, end: date | None) -> str:
    """From a day to a day, either of which may be unknown."""
    if start is None:
        return gettext("not stated") if end is None else gettext("until %(day)s") % {"day": day(end)}
    return gettext("from %(day)s on") % {"day": day(start)} if end is None else f"{day(start)} – {day(end)}"


def moment(value: datetime) -> str:
    """A day and a time of day, in the time zone of the value."""
    return f"{format_date(value, 'd MMM y', locale=locale())} {value:%H:%M}"


def month(value: date | None) -> str:
    """Month and year in words."""
    return "–" if value is None else format_date(value, "MMMM y", locale=locale())


def month_short(value: date) -> str:
    """The month alone, abbreviated, for an axis."""
    return format_date(value, "LLL", locale=locale())


def currency_name(currency: str) -> str:
    """How a currency is written behind a number."""
    names = {
        "USD": pgettext("currency", "USD"),
        "EUR": pgettext("currency", "EUR"),
        "XOF": pgettext("currency", "XOF"),
    }
    return names.get(currency, currency)


def money_range(money: Money, currency: str) -> SafeString:
    """Low to high with scale and currency: `12.8–28.6 million USD`; one figure where both are equal."""
    if money.high is None:
        return format_html('<span class="unknown">{}</span>', gettext("amount unknown"))
    scale, word = _scale(money.high)
    return format_html('<bdi dir="ltr" class="num">{}</bdi> {}', _ends(money, scale), _unit(word, currency))


def money_short(money: Money) -> SafeString:
    """Low to high with a letter for the scale, for small cells; empty when unknown."""
    if money.high is None:
        return SafeString("")
    scale, word = _scale(money.high)
    of_locale = locale()
    letter = _letters(of_locale)[word]
    # Digits, separators and letters are ours: nothing here needs escaping, and a matrix has a thousand of them.
    return mark_safe(f'<bdi dir="ltr" class="num">{_ends(money, scale, of_locale)}</bdi>&nbsp;{letter}')  # noqa: S308


def plain_short(money: Money) -> str:
    """The same without markup, for drawings; empty when unknown."""
    if money.high is None:
        return ""
    scale, word = _scale(money.high)
    return f"{_ends(money, scale)} {_letters(locale())[word]}".strip()


@cache
def _letters(of_locale: str) -> dict[str, str]:
    """The letter of each scale; `of_locale` is the active one, so that each language is looked up once."""
    return {
        "billion": pgettext("letter for thousand millions", "bn"),
        "million": pgettext("letter for millions", "M"),
        "thousand": pgettext("letter for thousands", "k"),
        "": "",
    }


def amount(value: Decimal | None, currency: str) -> SafeString:
    """One full amount, to the unit: for records, where a rounded figure would hide the source's own."""
    if value is None:
        return format_html('<span class="unknown">{}</span>', gettext("amount unknown"))
    text = number(value, 0 if value == value.to_integral_value() else 2)
    return format_html('<bdi dir="ltr" class="num">{}</bdi>&nbsp;{}', text, currency_name(currency))


def amount_short(value: Decimal | None, currency: str) -> SafeString:
    """One amount with scale and currency."""
    return money_range(Money(value, value, value), currency)


def net_note(money: Money, currency: str) -> SafeString:
    """What stands beside a net range: all that is told, and how much of it is told twice; empty where nothing is."""
    if not money.is_net or money.gross is None or money.certain is None:
        return SafeString("")
    gross = amount_short(money.gross, currency)
    if money.most is None:  # of a stored cell only what is certain is known
        text = gettext("of {gross} told, at least {twice} is told twice")
        return format_html(
            f'<small class="src">{text}</small>', gross=gross, twice=amount_short(money.certain, currency)
        )
    twice = money_range(Money(money.certain, money.likely, money.most), currency)
    text = gettext("of {gross} told, {twice} is told twice and left out")
    return format_html(f'<small class="src">{text}</small>', gross=gross, twice=twice)


def plain_range(money: Money, currency: str) -> str:
    """The range as text without markup, for accessible names and tooltips."""
    if money.high is None:
        return gettext("amount unknown")
    scale, word = _scale(money.high)
    return f"{_ends(money, scale)} {_unit(word, currency)}"


def _scale(value: Decimal) -> tuple[Decimal, str]:
    size = abs(value)
    return next(((scale, word) for scale, word in _SCALES if size >= scale), (Decimal(1), ""))


def _ends(money: Money, scale: Decimal, of_locale: str | None = None) -> str:
    low, high = _rounded(money.low, scale, of_locale), _rounded(money.high, scale, of_locale)
    return high if low == high else f"{low}–{high}"


def _rounded(value: Decimal | None, scale: Decimal, of_locale: str | None) -> str:
    """Three figures at most: more would pretend a precision that a range does not have."""
    if value is None:
        return "?"
    scaled = value / scale
    digits = 0 if scale == 1 or abs(scaled) >= 100 else 1
    return number(scaled.quantize(_STEPS[digits], ROUND_HALF_EVEN), digits, of_locale)


def _unit(word: str, currency: str) -> str:
    values = {"currency": currency_name(currency)}
    match word:
        case "billion":
            return gettext("billion %(currency)s") % values
        case "million":
            return gettext("million %(currency)s") % values
        case "thousand":
            return gettext("thousand %(currency)s") % values
        case _:
            return currency_name(currency)
