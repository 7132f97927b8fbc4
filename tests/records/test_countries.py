"""Countries by code and name."""

import pytest

from concerted.records.countries import country_code


@pytest.mark.parametrize("text", ["ML", "ml", "MLI", "Mali", "MALI", "مالي", "Malí"])
def test_a_country_is_known_by_codes_and_names(text: str) -> None:
    assert country_code(text) == "ML"


@pytest.mark.parametrize(
    ("text", "code"), [("Tchad", "TD"), ("Côte d’Ivoire", "CI"), ("NA", "NA"), ("Guinée", "GN"), ("RDC", "CD")]
)
def test_names_in_french_reports(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "XX", "Sahel", "EU", "Afrique de l'Ouest"])
def test_what_is_no_country_is_none(text: str) -> None:
    assert country_code(text) is None
