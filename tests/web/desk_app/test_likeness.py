"""Why two names are alike is told in the language of the page."""

import pytest

from concerted.resolve.matching.comparison import LEVELS
from concerted.resolve.matching.scoring import load_weights
from web.site import Site


def test_the_phrases_are_those_by_which_names_are_compared(site: Site) -> None:
    from concerted.web.desk.likeness import PHRASES

    assert len(PHRASES) == len(set(PHRASES))
    assert set(PHRASES) == {phrase for phrases in LEVELS.values() for phrase in phrases}


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_reason_that_a_comparison_gives_is_translated(site: Site, lang: str) -> None:
    from django.utils.translation import override

    from concerted.web.desk.likeness import likeness_words

    weights = load_weights()
    deepest = max(map(len, LEVELS.values()))
    told = {
        reason
        for level in range(deepest)
        for reason in weights.reasons([min(level, len(each) - 1) for each in LEVELS.values()])
    }
    assert len(told) > 20
    for reason in told:
        with override("en"):
            sign, english = likeness_words(reason)
        with override(lang):
            same_sign, words = likeness_words(reason)
        assert sign == same_sign == reason[0].replace("-", "−")
        assert english.partition(" (")[0] == reason[2:].partition(" (")[0]
        assert words.partition(" (")[0] != english.partition(" (")[0]


def test_what_another_version_said_otherwise_is_shown_as_it_says_it(site: Site) -> None:
    from concerted.web.desk.likeness import likeness_words

    assert likeness_words("- known to be a unit of it") == ("−", "known to be a unit of it")
    assert likeness_words("+ some new phrase (1.5)") == ("+", "some new phrase (1.5)")
