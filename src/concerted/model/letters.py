"""Letters that people write in more than one way: what every folding of names and words shares.

Place on the way: below everything that compares texts. What else is the same (articles, punctuation, blanks, words for
kinds of places) differs between names of places, of organisations, headers of sheets and words of a lexicon, and stands
with each of them.
"""

import unicodedata

#: Letters that Unicode does not decompose, and the Arabic letters with several written forms.
ONE_LETTER: dict[str, str] = {
    "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ŋ": "n", "ɓ": "b", "ɗ": "d",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "گ": "ك", "ک": "ك",
    "ـ": "",
}  # fmt: skip


def without_marks(text: str) -> str:
    """`text` without accents, Arabic vowel signs and other combining marks; ligatures and wide forms taken apart."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
