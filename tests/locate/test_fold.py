"""Folding names: what must become one key, and what must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.locate.fold import fold_name, max_edits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ségou", "SEGOU"),
        ("Région de Ségou", "Segou region"),
        ("Mopti Cercle", "cercle de Mopti"),
        ("N'Djaména", "N’Djamena"),
        ("Gourma-Rharous", "Gourma Rharous"),
        ("Gourma-rharous", "gourma_rharous"),
        ("Hauts-Bassins", "Hauts Bassins"),
        ("تمبكتو", "تُمْبُكْتُو"),
        ("منطقة موبتي", "موبتي"),
        ("الحوض الشرقي", "حوض شرقي"),
        ("البطحة", "البطحه"),
        ("Bahr el-Ghazal", "Bahr Ghazal"),
        ("Œuvre", "oeuvre"),
    ],
)
def test_spellings_of_one_place_fold_alike(one: str, other: str) -> None:
    assert fold_name(one).key == fold_name(other).key


@pytest.mark.parametrize(
    ("one", "other"), [("Nord", "Sud"), ("Ennedi Est", "Ennedi Ouest"), ("Niger", "Nigeria"), ("Mali", "Malí Lola")]
)
def test_different_places_stay_different(one: str, other: str) -> None:
    assert fold_name(one).key != fold_name(other).key


def test_words_for_kinds_of_areas_hint_at_their_level() -> None:
    hints = [fold_name(n).hint for n in ("Région de Gao", "Cercle de Gao", "Commune de Gao", "Gao", "Province du Lac")]
    assert hints == [1, 2, 3, None, None]
    assert fold_name("Benin City").key == fold_name("Benin").key
    assert fold_name("Benin City").has_kind
    assert not fold_name("Benin").has_kind


def test_a_name_made_only_of_such_words_keeps_them() -> None:
    assert fold_name("Région").key == "region"
    assert fold_name("").key == ""


@given(st.text("aàâbcçdeéèêëfgiïîlmnoôrstuûü -'", max_size=40))
def test_case_spaces_and_hyphens_do_not_matter(text: str) -> None:
    key = fold_name(text).key
    assert key == fold_name(text.upper()).key
    assert key == fold_name(text.replace("-", " ")).key
    assert not set(key) - set("abcdefghijklmnopqrstuvwxyz")


def test_short_names_must_be_exact() -> None:
    assert [max_edits(k) for k in ("gao", "mopti", "niafunke", "gourmarharous")] == [0, 0, 1, 2]
