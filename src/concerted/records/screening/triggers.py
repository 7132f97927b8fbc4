"""A quick look for what readers refuse: an expression that matches where such a thing, or a word that leads to it, is.

Place on the way: between the detectors and `texts`. Word lists enter; two expressions leave, tried only where
`beginnings` says that one may match. They match wherever a detector finds something with the rules of readers, or a
little before or behind, and not much oftener: so change both, and the beginnings of these in `beginnings`.
"""

import re
from functools import cache

from concerted.records.screening.letters import INVISIBLE
from concerted.records.screening.lists import GAP, any_of, lists, spelled
from concerted.records.screening.persons import PHONE_MORE, TOP

DIGIT = "0-9٠-٩۰-۹"
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
#: The lists of words for terrorism in Latin script; `islamo` because of what is written as one word.
_TERROR = ("terror", "jihad", "radical")
#: What has to be taken out or joined before anything can be found: such a text is screened as a whole.
CLOAK = f"[{INVISIBLE}\u0300-\u036f\u2007-\u200a\u202f\uff01-\uff5e]"


def words(name: str) -> list[str]:
    """A list of `words.yml`."""
    return lists("words")[name]


@cache
def person() -> re.Pattern[str]:
    """Where a trace of a person begins, or what leads to it."""
    office = spelled([*words("offices"), *words("offices_of_two_names")])
    contact = "|".join(dict.fromkeys(end for word in contact_ends() for end in (word, word.upper())))
    alternatives = (
        r"@|[\[({<](?i:at|arobase)[\])}>]|[\[({<][aAàÀ][\])}>][\w-]|(?i:arobas)",
        rf".(?i:dot|point)[ \])}}>]+(?i:{TOP}|[\w-]+ ?[\[({{< ](?:dot|point))",
        rf"\+[{DIGIT}]|(?i:{any_of(words('phone'))})(?i:[ \u00a0.:°no]|{PHONE_MORE})*[(+]*[{DIGIT}]",
        r"00[ .\-]?[1-9][\d .\-()]{7}",
        rf"(?:{any_of(words('honorifics'))})\.?{GAP}+{_CAPITAL}|(?:{any_of(words('honorifics_dotted'))})\.{GAP}+{_CAPITAL}",
        rf"(?:{office}),?{GAP}+{_CAPITAL}",
        rf"(?:{contact}){GAP}*[:–—-]{GAP}*(?:{_CAPITAL}[a-z]+\.?{GAP}+)?{_CAPITAL}",
        rf"(?:{'|'.join(arabic_titles())})|(?:{'|'.join(arabic_contacts())}){GAP}*:",
        CLOAK,
    )
    return re.compile("|".join(alternatives))


@cache
def site() -> re.Pattern[str]:
    """Where an exact site is, or what leads to it."""
    number = rf"[-+–−]? ?[{DIGIT}]{{1,3}}[.,٫][{DIGIT}]{{2}}"
    axis = r"(?:latitude?s?|longitude?s?|lat|long?|lng|خط (?:ال)?(?:عرض|طول))"
    metres = rf"[^\n]{{0,30}}?[{DIGIT}]{{3}} ?[{DIGIT}]{{3}}"
    ways = any_of(lists("sites")["ways"])
    alternatives = (
        # Decimal degrees: by their places, by which way they go, by what announces them.
        rf"[{DIGIT}][.,٫][{DIGIT}]{{4}}|[-−][{DIGIT}]{{1,3}}[.,][{DIGIT}]{{3}}",
        rf"[0-9]{GAP}?[NSEWOnsewo](?:[ ,;/]{{1,3}}[NSEWO0-9]|[0-9])",
        rf"[{DIGIT}]{GAP}(?i:{ways})[^\n{DIGIT}]{{1,25}}[{DIGIT}]",
        rf"[NSns]{GAP}?{number}[{DIGIT}]*[^\w\n]{{0,4}}(?:(?:et|and|و){GAP})?[EWOewo]{GAP}?[-+–−]?{GAP}?[{DIGIT}]",
        rf"(?i:gps|wgs|latlng|lat/lon|dinates?|rdonn[ée]es?|coords?\b|geoloc|géoloc|حداثيات)[^\n{DIGIT}]{{0,40}}{number}",
        rf"(?i:{axis})[^\n{DIGIT}]{{0,24}}{number}|(?i:point) ?[zZ]? ?\(",
        # Degrees and minutes.
        rf"[{DIGIT}]{GAP}?[°º˚]|[{DIGIT}]{GAP}?(?i:deg|d{GAP}?[{DIGIT}])|[{DIGIT}]{GAP}?درج",
        # Grids, codes and links.
        rf"[{DIGIT}]{GAP}?[C-Xc-x]{GAP}[^\n{DIGIT}]{{0,9}}{metres}",
        r"[0-9]{6}[ mMeE,;/][ eEmMnNxXyY,;/0-9][^\n0-9]{0,14}[0-9]{5}|[٠-٩۰-۹]{6}[^\n٠-٩۰-۹]{1,16}[٠-٩۰-۹]{6}",
        rf"(?i:utm|zone|fuseau|منطق|نطاق){metres}",
        rf"[{DIGIT}]{GAP}?[C-X]{GAP}?[A-Z][A-V]{GAP}?[{DIGIT}]{{2}}|(?i:mgrs|geo-?hash)|[2-9C-Xc-x]{{4}}\+[2-9C-Xc-x]{{2}}",
        r"(?i:maps[./?@]|waze\.|w3w\.|what3w|plus\.codes|osm\.org|openstreetmap|here\.com|earth\.goo|mapcarta|wikimapia|ge0\.me|omaps)|///|(?i:geo):-?\d",
        CLOAK,
    )
    return re.compile("|".join(alternatives))


@cache
def terror() -> re.Pattern[str]:
    """How a word for terrorism begins."""
    return re.compile("|".join([f"(?i:{'|'.join(terror_stems())})", *arabic_terror()]))


@cache
def group() -> re.Pattern[str]:
    """How the names of religions and peoples begin, in a folded text."""
    listed = lists("labels")
    latin = {word[:4] for name in ("religions", "currents", "peoples", "nationalities") for word in listed[name]}
    arabic = {
        word[:4]
        for name in ("religions_ar", "religion_nouns_ar", "peoples_ar", "people_nouns_ar")
        for word in listed[name]
    }
    return re.compile("|".join(map(re.escape, sorted(latin | arabic))))


def contact_ends() -> list[str]:
    """How the words end behind which a name is given."""
    return list(dict.fromkeys(word[-4:] for word in words("contact")))


def arabic_titles() -> list[str]:
    """The titles in Arabic, without the article."""
    return [word.removeprefix("ال") for word in words("honorifics_ar")]


def arabic_contacts() -> list[str]:
    """The last words of roles in Arabic behind which a name is given, without article and preposition."""
    return list(dict.fromkeys(re.sub("^(?:لل|ال)", "", word.split()[-1]) for word in words("contact_ar")))


def terror_stems() -> list[str]:
    """How the words for terrorism begin in Latin script."""
    return sorted({*(word[:6] for name in _TERROR for word in lists("labels")[name]), "extrém", "islamo"})


def arabic_terror() -> list[str]:
    """What stands in every word for terrorism in Arabic, in every spelling of its first letter."""
    listed = lists("labels")
    found = [word for name in ("terror_ar", "terror_people_ar", "radical_ar") for word in listed[name]]
    return list(dict.fromkeys(word.removeprefix("ا")[:4] for word in found))
