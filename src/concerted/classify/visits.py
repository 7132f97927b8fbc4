"""What py3langid looks for in texts, counted in many texts at once.

Place on the way: step 5, below `language`. The detector walks over the bytes of a text, and walking is nearly all that
it costs. Here all texts of a batch take each step together; what is made of the counts is the library's own.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: Fewer texts than this walk faster one by one.
TOGETHER = 16


class Detector(LanguageIdentifier):  # type: ignore[misc]  # the library ships no types
    """The library's detector, which ranks many texts faster than one after the other."""

    __slots__ = ("_moves", "_outputs", "_rows", "_walked")

    @classmethod
    def of(cls, languages: Sequence[str]) -> "Detector":
        """The detector for a closed set of languages; its model is part of the package.

        Raises:
            ValueError: a language is unknown to the model.
        """
        detector: Detector = cls.from_model_file(MODEL_FILE, norm_probs=True)
        detector.set_languages(list(languages))
        detector._moves = np.asarray(detector.tk_nextmove)
        detector._rows = np.asarray(detector.tk_row).astype(np.int64) << 8
        detector._outputs = np.asarray(detector.tk_output, np.int32)
        detector._walked = {}
        return detector

    def ranks(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """`rank` of each text."""
        if len(texts) >= TOGETHER:
            distinct = [*dict.fromkeys(self._encode(text) for text in texts)]
            self._walked = dict(zip(distinct, self._visits(distinct), strict=True))
        try:
            return [self.rank(text) for text in texts]
        finally:
            self._walked = {}

    def _raw_score(self, text: bytes) -> Any:
        visits = self._walked.get(text)
        return self._sparse_score(visits, self.nb_ptc) if visits else super()._raw_score(text)

    def _visits(self, texts: Sequence[bytes]) -> list[Counter[int]]:
        """Counts of the features met in each text, in the order in which they are met first."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        order = np.argsort(-lengths, kind="stable")
        letters = _one_column_per_text([texts[number] for number in order], lengths[order])
        # So many texts are at least so long.
        walking = np.searchsorted(-lengths[order], -np.arange(1, len(letters) + 1), "right")
        state = np.zeros(len(texts), np.int64)
        met = np.full(letters.shape, -1, np.int32)
        for step, size in enumerate(walking.tolist()):
            state[:size] = self._moves[self._rows[state[:size]] + letters[step, :size]]
            met[step, :size] = self._outputs[state[:size]]
        found: list[Counter[int]] = [Counter()] * len(texts)
        for number, features in zip(order.tolist(), np.ascontiguousarray(met.T), strict=True):
            found[number] = Counter(features[features >= 0].tolist())
        return found


def _one_column_per_text(texts: Sequence[bytes], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Bytes of texts, a row for each place, a column for each text; zero behind its end."""
    longest = int(lengths.max(initial=0))
    rows = np.zeros((len(texts), longest), np.uint8)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = np.frombuffer(text, np.uint8)
    return np.ascontiguousarray(rows.T)
