"""Languages: the words decide, the declared language is a hint only."""

import pytest

from concerted.classify.language import detector, language_candidates, little_words

from .frameworks import PARAMS
from .world import World

FRENCH = "Appui à la mise en œuvre de la politique nationale de la jeunesse dans les régions du centre et du nord"
ENGLISH = "Support to the implementation of the national youth policy in the central and northern regions"
ARABIC = "دعم تنفيذ السياسة الوطنية للشباب في مناطق الوسط والشمال من البلاد"


def languages(world: World) -> dict[int, str | None]:
    """record_id -> language as the step writes it."""
    return {r["record_id"]: r["lang"] for r in world.run(PARAMS).tables["text_language"]}


@pytest.mark.parametrize(("text", "lang"), [(FRENCH, "fr"), (ENGLISH, "en"), (ARABIC, "ar")])
def test_a_sentence_is_told_by_its_words(text: str, lang: str) -> None:
    assert language_candidates(text, PARAMS.languages) == [(lang, 0)]


def test_little_words_of_one_language_tell_it_and_the_detector_agrees() -> None:
    text = "Améliorer les soins dans des centres et une école, qui sont loin"
    assert language_candidates(text, PARAMS.languages) == [("fr", 0)]
    assert detector(PARAMS.languages).rank(text)[0][0] == "fr"


def test_little_words_of_two_languages_leave_it_to_the_detector() -> None:
    mixed = "Les écoles des régions et une santé. The schools of the regions and their health"
    assert {lang for lang, _ in language_candidates(mixed, PARAMS.languages)} & {"en", "fr"}
    assert little_words(("en", "fr")) != little_words(PARAMS.languages), "a word of two languages tells neither"


def test_french_declared_as_english_is_french() -> None:
    world = World().activity(1, title="Jeunesse", description=FRENCH, title_lang="en", description_lang="en")
    assert languages(world) == {1: "fr"}


def test_a_title_alone_is_too_short_to_tell() -> None:
    assert languages(World().activity(1, title="COVID-19 frame").activity(2)) == {1: None, 2: None}


def test_a_short_title_is_read_together_with_its_description() -> None:
    assert languages(World().activity(1, title="COVID-19 frame", description=ENGLISH)) == {1: "en"}


def test_the_publishers_habit_decides_a_doubtful_text() -> None:
    doubtful = "Programme regional G5 Sahel Mauritania Mali Niger"
    possible = {lang for lang, _ in language_candidates(f"{doubtful}. ", PARAMS.languages)}
    assert {"en", "fr"} <= possible, "the example must be doubtful for the test to mean anything"
    world = World()
    for first, text in ((1, FRENCH), (101, ENGLISH)):
        world.activity(first, title=doubtful, reporting_org_ref=f"XM-{first}")
        for record_id in range(first + 1, first + 30):
            world.activity(record_id, title=f"{text} {record_id}", reporting_org_ref=f"XM-{first}")
    found = languages(world)
    assert (found[1], found[101]) == ("fr", "en")
