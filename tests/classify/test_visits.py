"""Texts that walk through the detector together are ranked exactly as the library ranks each."""

from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from concerted.classify.language import all_candidates, detector, language_candidates
from concerted.classify.visits import TOGETHER, Detector

from .frameworks import PARAMS

LANGUAGES = PARAMS.languages
PLAIN = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
PLAIN.set_languages(list(LANGUAGES))
WORDS = ("دعم", "السلام", "paix", "peace", "ÉCOLE", "e\u0301", "και", "🕊", "Förderung", "\ud800", " ", "12")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), min_size=TOGETHER, max_size=TOGETHER + 9)


@given(TEXTS)
def test_many_texts_are_ranked_as_the_library_ranks_each(texts: list[str]) -> None:
    assert detector(LANGUAGES).ranks(texts) == [PLAIN.rank(text) for text in texts]


def test_what_is_overridden_is_what_the_library_calls() -> None:
    """Were its inside renamed, every text would walk alone again: right, but slow."""
    walked: list[bytes] = []

    class Watched(Detector):
        __slots__ = ()

        def _raw_score(self, text: bytes) -> object:
            walked.append(text)
            assert text in self._walked
            return super()._raw_score(text)

    Watched.of(LANGUAGES).ranks(["paix et sécurité"] * TOGETHER)
    assert len(walked) == TOGETHER


def test_candidates_of_many_are_those_of_each() -> None:
    texts = [f"{word} {other} programme régional {n}" for n, word in enumerate(WORDS) for other in WORDS[:3]]
    assert all_candidates(texts, LANGUAGES) == [language_candidates(text, LANGUAGES) for text in texts]
