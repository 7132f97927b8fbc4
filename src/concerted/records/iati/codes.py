"""Codes of IATI on their codelists, with the words and letters of versions 1.0x as their 2.x codes.

Place on the way: step 2. Enters: a string column and the name of a list. Leaves: the column in 2.x codes; what is on no
list stays as it is and is reported. The lists are facts of the standard, dated in `codelists.yml`.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa

from concerted.model.yaml import load_yaml
from concerted.records.iati.typed import Typed


@dataclass(frozen=True)
class Codelist:
    """The codes of 2.x, and what else stands for them (lower case)."""

    codes: frozenset[str]
    words: dict[str, str]

    def normal(self, text: str) -> tuple[str, bool]:
        """The code that a text means and True, or the text itself and False."""
        if text in self.codes:
            return text, True
        lowered = text.lower()
        meant = self.words.get(lowered)
        if meant is None and (upper := text.upper()) in self.codes:
            meant = upper
        if meant is None and lowered.endswith(".0") and text[:-2] in self.codes:
            meant = text[:-2]  # codes that went through a spreadsheet
        return (text, False) if meant is None else (meant, True)


@cache
def codelists() -> dict[str, Codelist]:
    """Every list of codelists.yml by its IATI name."""
    raw = load_yaml(files("concerted.records.iati").joinpath("codelists.yml").read_text("utf-8"))
    return {
        name: Codelist(
            frozenset(str(code) for code in str(entry["codes"]).split()),
            {str(word).lower(): str(code) for word, code in entry.get("words", {}).items()},
        )
        for name, entry in raw.items()
    }


def codes(texts: pa.StringArray, codelist: str) -> Typed:
    """Codes of one list.

    Issues:
        code_unknown: on no list; the text is kept.
    Raises:
        KeyError: there is no such list.
    """
    known = codelists()[codelist]
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    normal = [known.normal(text) for text in distinct]
    meant = [code for code, _ in normal]
    array = texts if meant == distinct else pa.array(meant, pa.string()).take(encoded.indices)
    if all(is_known for _, is_known in normal):
        return Typed(array)
    is_unknown = np.array([not is_known for _, is_known in normal] + [False])
    rows = np.flatnonzero(is_unknown[np.asarray(encoded.indices.fill_null(len(normal)))])
    return Typed(array, {"code_unknown": rows} if len(rows) else {})
