"""Words of titles are read by what they mean, whatever the language."""

import pytest

from concerted.resolve.projects.meanings import code_forms, codes, title_tokens


@pytest.mark.parametrize(
    "title",
    [
        "Appui à l'autonomisation des femmes rurales",
        "Support to the empowerment of rural women",
        "SUPPORT for empowering Rural Women (project)",
        "دعم تمكين المرأة الريفية",
    ],
)
def test_a_title_says_the_same_in_each_language(title: str) -> None:
    assert set(title_tokens(title)) == {"=support", "=empowerment", "=rural", "=women"}


def test_a_country_is_its_code_by_any_of_its_names() -> None:
    assert [title_tokens(t)[-1] for t in ("Peace in Niger", "Paix au Niger", "السلام في النيجر")] == ["@NE"] * 3


@pytest.mark.parametrize("title", ["Water phase II", "Eau, phase 2", "Water II", "Water Phase two", "المياه المرحلة 2"])
def test_a_phase_is_its_number(title: str) -> None:
    assert title_tokens(title) == ["=water", "#2"]


def test_years_stand_apart_from_words_and_covid_19_is_no_phase() -> None:
    assert title_tokens("COVID-19 response 2020") == ["=covid", "=response", "'2020"]


def test_words_that_no_list_knows_go_by_their_beginning() -> None:
    assert title_tokens("gouvernorat") == title_tokens("governorate") or title_tokens("gouvernorat")[0][:3] == "gou"
    assert title_tokens("Radicalisation")[0] == title_tokens("radicalization")[0]


def test_codes_are_compared_without_their_separators_and_in_parts() -> None:
    assert code_forms("20-RR-HCR-033") == ["20RRHCR033"]
    assert code_forms("GB-CHC-1092236-BG207") == ["1092236", "BG207", "GBCHC1092236BG207"]
    assert codes("signed in 2020 as BG207") == ["BG207"]
