"""Countries as sheets write them: ISO codes of two or three letters, or names in French, English, Arabic, Spanish.

Place on the way: step 2. A text enters; ISO 3166-1 alpha-2 leaves, or None. Names come from the CLDR through Babel.
"""

from functools import cache

from babel import Locale
from babel.core import get_global

from concerted.codelists.sheet_words import fold

#: How reports name some countries, beside the CLDR's names.
_ALSO = {
    "drc": "CD",
    "rdc": "CD",
    "rd congo": "CD",
    "dr congo": "CD",
    "democratic republic of the congo": "CD",
    "republique democratique du congo": "CD",
    "car": "CF",
    "rca": "CF",
    "ivory coast": "CI",
    "cote d'ivoire": "CI",
    "the gambia": "GM",
    "gambie": "GM",
    "cabo verde": "CV",
    "syrian arab republic": "SY",
    "occupied palestinian territory": "PS",
    "sao tome": "ST",
    "congo": "CG",
    "myanmar": "MM",
    "burma": "MM",
    "united republic of tanzania": "TZ",
    "republic of moldova": "MD",
    "lao people's democratic republic": "LA",
    "venezuela (bolivarian republic of)": "VE",
    "bolivia (plurinational state of)": "BO",
    "iran (islamic republic of)": "IR",
    "netherlands (kingdom of the)": "NL",
    "viet nam": "VN",
    "united states of america": "US",
    "republic of korea": "KR",
    "russian federation": "RU",
}
_LANGUAGES = ("fr", "en", "ar", "es")


def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a code or name; None when it is no country we know."""
    return _by_word().get(fold(text))


@cache
def _by_word() -> dict[str, str]:
    names: list[dict[str, str]] = [dict(Locale(language).territories.items()) for language in _LANGUAGES]
    aliases: dict[str, list[str]] = get_global("territory_aliases")  # type: ignore[assignment]  # untyped data of babel
    codes = {code for code in names[0] if len(code) == 2 and code.isalpha() and code not in _GROUPS}
    words = {fold(name): code for by_code in names for code, name in by_code.items() if code in codes}
    words |= {alias.casefold(): found[0] for alias, found in aliases.items() if found[0] in codes}
    return words | _ALSO | {code.casefold(): code for code in codes}


#: Codes of the CLDR that stand for groups, not countries.
_GROUPS = frozenset(("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"))
