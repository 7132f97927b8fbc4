"""Text of references and names made comparable, and what only looks like a reference.

Place on the way: resolve, inner. Enters: refs and names as sources write them. Leaves: folded text, or None for what
identifies nobody (`N/A`, `EXCLUDED`, `10-GOVERNMENT`).
"""

import re
from functools import lru_cache

from concerted.model.letters import without_marks

#: What stands where a reference or name should be, folded.
_EMPTY = """
    0; 1; na; n a; nd; n d; no; nil; none; null; tbd; tba; test; xxx; unknown; inconnu; excluded; exclu; redacted;
    withheld; confidential; anonymous; anonyme; unspecified; various; multiple; divers; miscellaneous; other; others;
    autre; autres; not applicable; not available; not specified; to be confirmed; to be determined; non specifie;
    non communique; non renseigne; sans objet; no identifier; no ref; no id; xi bridge null; غير معروف; غير محدد
"""
_EMPTY_PHRASES = frozenset(phrase.strip() for phrase in _EMPTY.split(";"))
#: An OrganisationType code with its own name instead of an organisation: `10-GOVERNMENT`, `22 - NATIONAL NGO`.
_TYPE_AS_REF = re.compile(r"^\d\d\s*-\s*[A-Z][A-Z ,/()]*$")
#: DAC channel categories (`12000` recipient government, `21000` international NGO): a kind of organisation, not one.
_CHANNEL_CATEGORY = re.compile(r"^(XM-DAC-)?(1[0-3]|2[0-3]|3[0-2]|4[0167]|5[0-2]|6[0-3]|90)000$")
_NOT_IATI = re.compile(r"^NON[ _-]*IATI\b", re.IGNORECASE)
_NOTHING = re.compile(r"[0 x-]+")
_BETWEEN_WORDS = re.compile(r"[^\w]+|_")
_AROUND_DASH = re.compile(r"\s*-\s*")
#: Partners are named again and again: one name is folded once.
_REMEMBERED = 1 << 17


@lru_cache(_REMEMBERED)
def fold_name(name: str | None) -> str | None:
    """A name without case, accents, Arabic vowel signs and punctuation, blanks made single; None when nothing is left.

    Legal forms and "the" stay: leaving them out merges too much for a table of exact names.
    """
    if not name:
        return None
    kept = name.casefold().replace("œ", "oe")
    words = _BETWEEN_WORDS.sub(" ", without_marks(kept).replace("\u0640", "")).split()
    return " ".join(words) or None


@lru_cache(_REMEMBERED)
def is_placeholder(text: str) -> bool:
    """Whether a reference or name says in some words that there is none, or names a kind instead of an organisation."""
    folded = fold_name(text)
    return (
        folded is None
        or folded in _EMPTY_PHRASES
        or bool(_NOTHING.fullmatch(folded))
        or bool(_TYPE_AS_REF.match(text.strip().upper()))
        or bool(_CHANNEL_CATEGORY.match(text.strip().upper()))
        or bool(_NOT_IATI.match(text.strip()))
    )


@lru_cache(_REMEMBERED)
def clean_ref(ref: str | None) -> str | None:
    """A reference in upper case without blanks at its ends or around its dashes; None when it identifies nobody."""
    if ref is None or is_placeholder(ref):
        return None
    return _AROUND_DASH.sub("-", " ".join(ref.split())).upper()


@lru_cache(_REMEMBERED)
def clean_name(name: str | None) -> str | None:
    """A name as it stands, blanks made single; None when it names nobody."""
    if name is None or is_placeholder(name):
        return None
    return " ".join(name.split())
