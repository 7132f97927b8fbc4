"""A text as the patterns read it, with the way back to the characters its author wrote.

Place on the way: first in screening. Digits of every script become 0 to 9, the many quotation marks, primes, dashes of
minus and blanks one each; invisible characters go and accents that stand apart join their letters, since they would
hide a name or a number from every pattern and from no reader.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from concerted.model.letters import ONE_LETTER

_TABLE: dict[int, str] = {
    **{ord("٠") + n: str(n) for n in range(10)},
    **{ord("۰") + n: str(n) for n in range(10)},
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u200a\u202f\u3000\t"), " "),
    **dict.fromkeys(map(ord, "‘’‛ʹʼ´`′"), "'"),
    **dict.fromkeys(map(ord, "“”„ʺ″"), '"'),
    **dict.fromkeys(map(ord, "º˚"), "°"),
    ord("٫"): ".",
    ord("٬"): ",",
    ord("،"): ",",
    ord("؛"): ";",
    ord("−"): "-",
}
#: Zero-width and direction marks, soft hyphens, the Arabic stroke that stretches a word, and its vowel signs.
INVISIBLE = "\u00ad\u061c\u0640\u064b-\u0652\u0670\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_ONE = {letter: one for letter, one in ONE_LETTER.items() if len(one) == 1}


class _Folded(dict[int, str]):
    """One letter for each character, in lower case and without accents; what has no such form stays."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        bare = self[code] = _ONE.get(sign) or unicodedata.normalize("NFD", sign.lower())[:1]
        return bare


_FOLDED = _Folded()


def folded(text: str) -> str:
    """`text` in lower case without accents, Arabic letters in one spelling, each character for itself."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


@dataclass(frozen=True)
class Plain:
    """A text to look through: `text` with its case, `folded` without, and `offsets` back (None: the same places)."""

    text: str
    offsets: tuple[int, ...] | None = None

    @cached_property
    def folded(self) -> str:
        """The text in lower case and without accents, each character in its place."""
        return folded(self.text)

    @classmethod
    def of(cls, written: str) -> "Plain":
        """What its author wrote, made plain."""
        if written.isascii():
            return cls(written.replace("\t", " ").replace("`", "'"))
        if not (_INVISIBLE.search(written) or not unicodedata.is_normalized("NFC", written)):
            return cls(written.translate(_TABLE))
        signs, offsets = list[str](), list[int]()
        for at, sign in enumerate(written):
            if _INVISIBLE.match(sign):
                continue
            joined = unicodedata.normalize("NFC", signs[-1] + sign) if signs and unicodedata.combining(sign) else ""
            if len(joined) == 1:
                signs[-1] = joined
            else:
                signs.append(sign)
                offsets.append(at)
        return cls("".join(signs).translate(_TABLE), (*offsets, len(written)))

    def back(self, start: int, end: int) -> tuple[int, int]:
        """A span of this text in the text as written; all marks of its last letter are in it."""
        return (start, end) if self.offsets is None else (self.offsets[start], self.offsets[end])
