"""Traces of persons are removed, figures and dates stay."""

import pytest

from concerted.records.screening import MASK, mask_persons


@pytest.mark.parametrize(
    "text",
    [
        "write to awa.diallo@example.org",
        "Tél : 76 12 34 56",
        "+223 76 12 34 56",
        "phone 0022376123456",
        "WhatsApp: +22376123456",
    ],
)
def test_addresses_and_telephone_numbers_are_removed(text: str) -> None:
    masked, found = mask_persons(text)
    assert found == 1
    assert MASK in masked
    assert "76" not in masked
    assert "@" not in masked


@pytest.mark.parametrize(
    "text", ["1 250 000 000 FCFA", "2021-01-01 - 2022-12-31", "ML05 06 07 08", "+15 % en 2021", "12 345 678 personnes"]
)
def test_figures_and_dates_stay(text: str) -> None:
    assert mask_persons(text) == (text, 0)
