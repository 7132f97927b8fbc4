"""A name taken apart says the same in every language."""

import pytest

from concerted.resolve.matching.spelling import take_apart


@pytest.mark.parametrize(
    "names",
    [
        ("Ministry of Health of Mali", "Ministère de la Santé du Mali", "وزارة الصحة في مالي"),
        ("Malian Ministry of Health", "Ministère malien de la santé"),
        ("European Union", "Union européenne", "UNION EUROPEENNE"),
        ("World Food Programme", "Programme alimentaire mondial", "برنامج الأغذية العالمي"),
        ("Mali Red Cross", "Croix-Rouge malienne"),
    ],
)
def test_one_name_in_three_languages_has_the_same_words_and_countries(names: tuple[str, ...]) -> None:
    taken = {(take_apart(name).tokens, take_apart(name).countries) for name in names}
    assert len(taken) == 1


def test_acronyms_are_found_beside_a_name_and_alone() -> None:
    assert "dfid" in take_apart("UK - Department for International Development (DFID)").acronyms
    assert take_apart("WFP/World Food Programme").acronyms == {"wfp"}
    assert take_apart("Sida").acronyms == {"sida"}
    assert take_apart("SAVE THE CHILDREN").acronyms == frozenset()


def test_initials_are_those_that_people_form() -> None:
    assert "pnud" in take_apart("Programme des Nations Unies pour le développement").initials
    assert "mdm" in take_apart("Médecins du Monde").initials


def test_countries_and_units_are_no_words_of_the_name() -> None:
    embassy = take_apart("Embassy of the Kingdom of the Netherlands Kabul")
    assert (embassy.countries, embassy.units, embassy.tokens) == ({"NL"}, {"embassy"}, ("kabul",))


def test_a_country_code_is_no_acronym() -> None:
    assert take_apart("UK - Home Office").acronyms == frozenset()


def test_legal_forms_and_small_words_do_not_matter() -> None:
    assert take_apart("Tassaght SARL").tokens == take_apart("ONG Tassaght").tokens == ("tassaght",)


def test_a_name_of_punctuation_is_empty() -> None:
    assert take_apart(" ; - ").folded == ""
