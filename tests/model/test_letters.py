"""Spellings of one word become one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.codelists.lexicon import fold
from concerted.locate.fold import fold_name
from concerted.model.letters import without_marks


@given(st.text())
def test_no_mark_stays_and_doing_it_again_changes_nothing(text: str) -> None:
    plain = without_marks(text)
    assert not any(map(unicodedata.combining, plain))
    assert without_marks(plain) == plain


@pytest.mark.parametrize(
    ("one", "other"), [("Ségou", "Segou"), ("Œuvre", "Oeuvre"), ("الأمن", "الامن"), ("مدرسة", "مدرسه")]
)
def test_words_and_places_agree_on_letters(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold_name(one).key == fold_name(other).key
