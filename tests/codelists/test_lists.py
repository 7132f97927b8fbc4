"""Small codelists: codes that exist and their labels."""

import re

import pytest

from concerted.allocate.kinds import BUDGET, KIND_OF_TYPE, PLANNED, PRESENCE, UNKNOWN_KIND
from concerted.codelists.lists import codes, find_code, label, labels, list_ids

LABELLED = (
    *("ActivityStatus", "ActivityDateType", "OrganisationType", "OrganisationRole", "TransactionType", "PolicyMarker"),
    *("PolicySignificance", "SectorVocabulary", "Sector", "SectorCategory", "state", "finance_kind", "precision"),
    *("cell_state", "strategy_status", "relation", "pve_level", "label_method", "gain"),
    *("exclusion_reason", "exclusion_extent", "due_diligence"),
)


@pytest.mark.parametrize("list_id", LABELLED)
@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_every_code_people_meet_has_a_label_in_every_language(list_id: str, lang: str) -> None:
    assert set(labels(list_id, lang)) == codes(list_id)


@pytest.mark.parametrize("list_id", [name for name in list_ids() if name not in ("Country", "Currency", "Language")])
def test_every_label_belongs_to_a_code_that_exists(list_id: str) -> None:
    assert set(labels(list_id, "fr")) == set(labels(list_id, "en")) == set(labels(list_id, "ar")) <= codes(list_id)


def test_arabic_labels_are_written_in_arabic() -> None:
    for list_id in LABELLED:
        assert all(re.search("[\u0621-\u064a]|AidData", text) for text in labels(list_id, "ar").values())


@pytest.mark.parametrize(
    ("list_id", "count"),
    [("TransactionType", 13), ("ActivityStatus", 6), ("OrganisationType", 16), ("SDGTargets", 169), ("Region", 26)],
)
def test_lists_are_as_long_as_the_standard_says(list_id: str, count: int) -> None:
    assert len(codes(list_id)) == count


def test_withdrawn_codes_count_as_known() -> None:
    assert {"74010", "92010", "15140"} <= codes("Sector")
    assert "700" in codes("FinanceType")


def test_categories_and_purposes_are_two_lists() -> None:
    assert "152" in codes("SectorCategory")
    assert "152" not in codes("Sector")
    assert {"15220", "1520020"} <= codes("Sector")


@pytest.mark.parametrize(("lang", "name"), [("fr", "Mali"), ("en", "Mali"), ("ar", "مالي")])
def test_countries_have_names_in_three_languages(lang: str, name: str) -> None:
    assert label("Country", "ML", lang) == name


@pytest.mark.parametrize(
    "country", ["ML", "NE", "BF", "TD", "MR", "SN", "CI", "GN", "DZ", "NG", "CM", "GH", "TG", "BJ"]
)
def test_the_sahel_and_its_neighbours_are_named_in_arabic(country: str) -> None:
    assert re.search("[\u0621-\u064a]", label("Country", country, "ar") or "")


def test_an_unknown_code_has_no_label_and_an_unknown_list_no_codes() -> None:
    assert label("TransactionType", "99", "fr") is None
    assert codes("NoSuchList") == frozenset()
    assert labels("NoSuchList", "fr") == {}


@pytest.mark.parametrize("text", ["adopted", "Adopté", "ADOPTE", "معتمد", " adopted "])
def test_a_word_in_any_language_finds_its_code(text: str) -> None:
    assert find_code("strategy_status", text) == "adopted"


def test_a_word_that_no_list_has_finds_nothing() -> None:
    assert find_code("strategy_status", "perhaps") is None


@pytest.mark.parametrize("list_id", ["strategy_status", "relation", "finance_kind", "state", "yes_no"])
def test_no_word_means_two_codes(list_id: str) -> None:
    for lang in ("fr", "en", "ar"):
        for code, text in labels(list_id, lang).items():
            assert find_code(list_id, text) == code


def test_every_kind_of_money_in_an_allocation_has_its_words() -> None:
    kinds = {*KIND_OF_TYPE.values(), PRESENCE, BUDGET, PLANNED, UNKNOWN_KIND}
    assert set(labels("finance_kind", "fr")) == kinds
