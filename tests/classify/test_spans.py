"""Places in the folded text lead back to the words as they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.classify.spans import word_places
from concerted.codelists.lexicon import fold


@pytest.mark.parametrize(
    "text",
    [
        "L'extrémisme violent – prévention",
        "Œuvre de cœur, naïve",
        "e\u0301cole et collège\u0301s",
        "مُكافحة التطرّف، والوقاية",
        "Trade™ mark ½ price №5",
        "a_b  c--d",
    ],
)
def test_each_folded_word_folds_from_its_place(text: str) -> None:
    words = fold(text).split(" ")
    places = word_places(text, fold(text))
    assert len(places) == len(words)
    assert all(word in fold(text[begin:end]).split(" ") for word, (begin, end) in zip(words, places, strict=True))


@given(st.text(alphabet=st.characters(codec="utf-8", max_codepoint=0x2FFF), max_size=40))
def test_there_is_a_place_for_every_folded_word_in_order(text: str) -> None:
    folded = fold(text)
    places = word_places(text, folded)
    assert len(places) == (len(folded.split(" ")) if folded else 0)
    assert all(begin < end for begin, end in places)
    assert [begin for begin, _ in places] == sorted(begin for begin, _ in places)
