"""Which phrases tie terrorism to a religion or people, which only may, and which do not."""

import pytest

from concerted.records.screening.kinds import Rules
from concerted.records.screening.screen import screen

NEITHER = [
    "prevention of violent extremism and Islamophobia",
    "attacks by the Islamic State terrorist group",
    "terrorism must not be associated with any religion",
    "Terrorism cannot and should not be associated with Islam",
    "le terrorisme ne saurait être associé à l'islam ni à une ethnie",
    "nous rejetons l'expression « terrorisme islamique »",
    "avoid the term “Islamic terrorism”",
    "no link between Islam and terrorism",
    "contre l'amalgame entre musulmans et terroristes",
    "لا يمكن ربط الإرهاب بالإسلام",
    "الإرهاب لا دين له",
    "نرفض مصطلح الإرهاب الإسلامي",
    "jihadist groups",
    "dialogue with Muslim leaders against violent extremism",
    "Islamic Development Bank support for counter-terrorism",
    "Organisation of Islamic Cooperation convention on combating terrorism",
    "Al-Qaeda in the Islamic Maghreb, a terrorist group",
    "Groupe de soutien à l'islam et aux musulmans (groupe terroriste)",
    "Arab Convention for the Suppression of Terrorism",
    "الاتفاقية العربية لمكافحة الإرهاب",
    "اتفاقية مكافحة الإرهاب العربية",
    "جامعة الدول العربية ومكافحة الإرهاب",
    "تنظيم الدولة الإسلامية الإرهابي",
    "Nigerian Terrorism Prevention Act",
    "Kenyan terrorism law",
    "victimes maliennes du terrorisme",
    "communautés maliennes face à l'extrémisme violent",
    "politique de lutte contre le terrorisme malienne",
    "imams musulmans engagés contre le terrorisme",
    "Fulani victims of terrorism",
    "the fight against terrorism. Muslim leaders met",
    "Prevention of violent extremism in Mali and Niger",
    "Islamic Republic of Mauritania: counter-terrorism",
    "white supremacist terrorism",
    "extreme poverty among Fulani herders",
]
ASKED = [
    "violent extremism in Muslim-majority countries",
    "extremism among Fulani herders",
    "Muslim youth at risk of radicalization",
    "jeunes musulmans exposés à la radicalisation",
    "Salafi-jihadist groups",
    "Islamic fundamentalism",
    "religious extremism",
    "extrémisme religieux",
    "Islam and terrorism",
    "Muslim militants",
    "التطرف بين الشباب المسلم",
    "الإسلام والإرهاب",
]
REFUSED = [
    "Islamist terrorism is not the only threat",
    "not only Muslim terrorists",
    "so-called Islamic terrorism",
    "Nigerian terrorists",
    "extrémisme violent à caractère islamiste",
    "terroristes de nationalité tchadienne",
    "les Touaregs sont tous des terroristes",
    "المسلمون هم الإرهابيون",
    "والإرهابيين الفلانيين",
    "Islamic State supporters and other Muslim terrorists",
]


def severities(text: str) -> set[str]:
    return {finding.severity for finding in screen(text, Rules.of(["label"]))}


@pytest.mark.parametrize("text", NEITHER)
def test_names_of_organisations_law_and_what_rejects_the_tie_stay(text: str) -> None:
    assert severities(text) == set()


@pytest.mark.parametrize("text", ASKED)
def test_what_names_a_group_near_extremism_is_asked_about(text: str) -> None:
    assert severities(text) == {"ask"}


@pytest.mark.parametrize("text", REFUSED)
def test_what_says_it_by_grammar_is_refused(text: str) -> None:
    assert severities(text) == {"refuse"}
