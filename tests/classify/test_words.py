"""Texts cut together are cut as each would be alone, and places lead back to the words as they were written."""

import re
import unicodedata
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerted.classify.words import TextPart, Texts, Vocabulary
from concerted.codelists.lexicon import fold, folded_words

Places = list[tuple[int, int]]

#: Letters and signs that fold to one letter, to several, to a space or to nothing, and those that look around.
ODD = "aE\u0301Éœ™½²№Σσςİıß\u0640مُ\u064b ـ-_’\n\x85.\u00a0\ud800'ﬁaΣ"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters(max_codepoint=0x2FFF)), max_size=40)


def cut(*texts: str) -> list[tuple[list[str], Places]]:
    """Words and places of each text, all cut together."""
    found = Texts.of([[TextPart("title", text)] for text in texts], Vocabulary())
    words = [found.vocabulary.words[number] for number in found.words.tolist()]
    places = [*found.places()]
    bounds = [slice(*found.starts[number : number + 2].tolist()) for number in range(len(texts))]
    return [(words[own], places[own]) for own in bounds]


def as_defined(text: str) -> Places:
    """Places sign by sign; those of the words as written where both are as many and as long."""
    written = [m.span() for m in re.finditer(r"[^\W_]+", text)]
    words = folded_words(text)
    if [end - begin for begin, end in written] == [len(word) for word in words]:
        return written
    letters = [(letter, place) for place, sign in enumerate(text) for letter in fold(f"a{sign}a")[1:-1]]
    runs = [[place for _, place in run] for gap, run in groupby(letters, lambda pair: pair[0] == " ") if not gap]
    return [(run[0], run[-1] + 1) for run in runs]


@pytest.mark.parametrize(
    "text",
    [
        "L'extrémisme violent – prévention",
        "Œuvre de cœur, naïve",
        "e\u0301cole et collège\u0301s",
        "مُكافحة التطرّف، والوقاية",
        "Trade™ mark ½ price №5",
        "a_b  c--d",
        "ΟΔΟΣ, İΣ and Σ.Σ",
    ],
)
def test_each_folded_word_folds_from_its_place(text: str) -> None:
    [(words, places)] = cut(text)
    assert words == fold(text).split(" ")
    assert all(
        word.replace("ς", "σ") in fold(text[begin:end]).replace("ς", "σ").split(" ")
        for word, (begin, end) in zip(words, places, strict=True)
    )


@given(st.lists(TEXTS, max_size=5))
def test_texts_cut_together_are_cut_as_defined(texts: list[str]) -> None:
    assert cut(*texts) == [(folded_words(text), as_defined(text)) for text in texts]


def test_every_sign_folds_by_itself_as_it_does_in_a_text() -> None:
    """What the tables rest on; the capital sigma is seen to on its own."""
    signs = [chr(code) for code in range(0x30000) if chr(code) != "Σ"]
    assert [words for words, _ in cut(*(f"a{sign}b" for sign in signs))] == [folded_words(f"a{s}b") for s in signs]
    assert unicodedata.normalize("NFKD", "™") == "TM", "some fold to several letters"


def test_statements_without_texts_have_no_words() -> None:
    found = Texts.of([[], [TextPart("title", "peace")], []], Vocabulary())
    assert (found.statements, found.statement.tolist(), found.words.tolist()) == (3, [1], [0])
    assert len(Texts.of([], Vocabulary()).words) == 0
    assert found.span(0, 0) == ("title", 0, 5, "peace")
