"""Numbers, money and dates as each language writes them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.site import Site


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fr", '<bdi dir="ltr" class="num">12,8–28,6</bdi> M USD'),
        ("en", '<bdi dir="ltr" class="num">12.8–28.6</bdi> million USD'),
        ("ar", '<bdi dir="ltr" class="num">12.8–28.6</bdi> مليون دولار'),
    ],
)
def test_a_range_keeps_its_order_in_every_direction(site: Site, lang: str, expected: str) -> None:
    from django.utils.translation import override

    from concerted.web.edition.money import Money
    from concerted.web.ui.formats import money_range

    with override(lang):
        assert money_range(Money(Decimal(12_818_294), None, Decimal(28_619_667)), "USD") == expected


def test_unknown_is_a_word_and_zero_is_a_number(site: Site) -> None:
    from django.utils.translation import override

    from concerted.web.edition.money import Money
    from concerted.web.ui.formats import money_range

    with override("en"):
        assert "amount unknown" in money_range(Money(), "USD")
        assert ">0<" in money_range(Money(Decimal(0), Decimal(0), Decimal(0)), "USD")


def test_dates_are_written_in_words(site: Site) -> None:
    from django.utils.translation import override

    from concerted.web.ui.formats import day

    shown = {}
    for lang in ("fr", "en", "ar"):
        with override(lang):
            shown[lang] = day(date(2026, 3, 5))
    assert shown == {"fr": "5 mars 2026", "en": "5 March 2026", "ar": "5 مارس 2026"}


def test_francs_are_euros_at_the_fixed_parity() -> None:
    from concerted.web.edition.money import in_currency

    assert in_currency(Decimal("100.00"), "XOF") == Decimal("65595.70000")
    assert in_currency(None, "XOF") is None


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2) | st.integers(min_value=-(10**15), max_value=10**15),
    st.sampled_from([0, 1, 2]),
    st.sampled_from(["fr", "en", "ar"]),
)
def test_numbers_are_written_as_babel_writes_them(value: Decimal | int, digits: int, lang: str) -> None:
    from babel.numbers import format_decimal

    from concerted.web.ui import formats

    pattern = f"#,##0.{'#' * digits}" if digits else "#,##0"
    expected = format_decimal(value, format=pattern, locale=formats._LOCALES[lang])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "get_language", lambda: lang)
        assert formats.number(value, digits).replace("-0", "0") == expected.replace("-0", "0").replace("\u200e", "")


@pytest.mark.parametrize(
    ("lang", "start", "end", "expected"),
    [
        ("fr", date(2027, 1, 1), date(2027, 12, 31), "1 janvier 2027 – 31 décembre 2027"),
        ("fr", date(2027, 1, 1), None, "à partir du 1 janvier 2027"),
        ("en", None, date(2027, 12, 31), "until 31 December 2027"),
        ("en", None, None, "not stated"),
    ],
)
def test_a_span_says_which_of_its_days_is_not_known(
    site: Site, lang: str, start: date | None, end: date | None, expected: str
) -> None:
    from django.utils.translation import override

    from concerted.web.ui.formats import day_span

    with override(lang):
        assert day_span(start, end) == expected
