"""Traces of persons in free text: e-mail addresses and telephone numbers.

Place on the way: step 2, at the door. A text enters; the same text with such traces replaced leaves, and how many there
were. The replaced text is kept nowhere (design, law 10).
"""

import re

MASK = "[…]"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: A number is a telephone number when it begins with + and a country code, or follows a word for telephone.
_PHONE = re.compile(
    r"\+\d{1,3}[ .\-]?\(?\d[\d ().\-]{5,}\d"
    r"|(?i:\b(?:t[ée]l(?:[ée]phone)?|phone|mobile|gsm|whatsapp|cell|هاتف)\b[ .:°n]*)(?:\+|00)?\d[\d ().\-]{5,}\d"
)


def mask_persons(text: str) -> tuple[str, int]:
    """`text` without e-mail addresses and telephone numbers, and how many were replaced."""
    found = 0
    if "@" in text:
        text, found = _EMAIL.subn(MASK, text)
    if any(c.isdecimal() for c in text):
        text, phones = _PHONE.subn(MASK, text)
        found += phones
    return text, found
