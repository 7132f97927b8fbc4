"""A quick look for what readers refuse: an expression that matches where such a thing, or a word that leads to it, is.

Place on the way: between the detectors and `texts`. Word lists enter; two expressions leave, tried only where
`beginnings` says that one may match. They see a text in which a tab and a no-break space are a space, and match
wherever a detector finds something with the rules of readers, or a little before or behind, and not much oftener: so
change both, and the beginnings of these in `beginnings`. Tests write all that detectors know in many ways and compare.
"""

import re
from functools import cache

from concerted.records.screening.letters import INVISIBLE
from concerted.records.screening.lists import any_of, lists, spelled
from concerted.records.screening.persons import PHONE_MORE, TOP
from concerted.records.screening.sites import BETWEEN

DIGIT = "0-9٠-٩۰-۹"
#: Points and commas in a number.
POINT = ".,٫٬،"
#: No letter follows.
WORD_ENDS = r"(?![^\W\d_])"
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
#: The lists of words for terrorism in Latin script; `islamo` because of what is written as one word.
_TERROR = ("terror", "jihad", "radical")
#: What has to be taken out, joined or read as a blank before anything can be found: such a text is screened as a whole.
CLOAK = f"[{INVISIBLE}\u0300-\u036f\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\uff01-\uff5e\x1c-\x1f\x85]"


def words(name: str) -> list[str]:
    """A list of `words.yml`."""
    return lists("words")[name]


@cache
def person() -> re.Pattern[str]:
    """Where a trace of a person begins, or what leads to it."""
    office = spelled([*words("offices"), *words("offices_of_two_names")])
    alternatives = (
        r"@|[\[({<](?i:at|arobase)[\])}>]|[\[({<](?:[aAàÀ][\])}>][\w-]|\.[\])}>])|(?i:arobas)",
        rf".(?i:dot|point)[ \])}}>]+(?i:{TOP}|[\w-]+ ?[\[({{< ](?:dot|point))",
        rf"\+[{DIGIT}]|(?i:{any_of(words('phone'))})(?!\w)(?i:[ .:°no]|{PHONE_MORE})*[(+]*[{DIGIT}]",
        r"[0٠۰]{2}[ .\-]?[1-9١-٩۱-۹][\d .\-()]{7}",
        rf"(?:{any_of(words('honorifics'))})\.? +{_CAPITAL}|(?:{any_of(words('honorifics_dotted'))})\. +{_CAPITAL}",
        rf"(?:{office}),? +{_CAPITAL}",
        rf"(?i:{any_of(contact_ends())}) *[:–—-] *(?:{_CAPITAL}[a-z]+\.? +)?{_CAPITAL}",
        rf"(?:{'|'.join(arabic_titles())})|(?:{'|'.join(arabic_contacts())}) *:",
        CLOAK,
    )
    return re.compile("|".join(alternatives))


@cache
def site() -> re.Pattern[str]:
    """Where an exact site is, or what leads to it."""
    listed = lists("sites")
    digit, point, sign = f"[{DIGIT}]", f"[{POINT}]", "(?:[-+–−] ?)?"
    decimal = rf"{sign}{digit}{{1,3}}{point}{digit}{{2}}"
    way = rf"(?i:[nsewo]|(?:{any_of(listed['ways'])})(?:ا|ern)?){WORD_ENDS}"
    # Words of the lists, folded there, in the letters and spellings in which they are written.
    announced = (
        r"gps|wgs ?84|latlng|lat/long?|dinates?|rdonn[ée]es?|coords?|g[eé]olocali[sz]ation|g[eé]olocation|حداثيات"
    )
    axis = rf"(?i:{any_of(listed['axis'])}){WORD_ENDS}(?:\s?\([^)\n]{{1,12}}\))?"
    easting = rf"(?:{digit}{{6,7}}|{digit}{{3}} {digit}{{3,4}}(?=[\s{POINT};/mMeEش]))(?:{point}{digit}+)?"
    northing = rf"(?:{digit}{{6}}|{digit}{{1,2}} ?{digit}{{3}} ?{digit}{{3}})"
    alternatives = (
        # Decimal degrees: by their places, by which way they go, by what announces them.
        rf"{digit}{point}{digit}{{4}}|[-−]{digit}{{1,3}}{point}{digit}{{3}}",
        rf"{digit}\s{{0,2}}(?i:de\s)?{way}(?s:.){{0,60}}?{digit}{point}{digit}{{2}}",
        rf"[NSns]\s?{decimal}{digit}*\s?°?(?i:{BETWEEN})[EWOewo]\s?{sign}{digit}",
        rf"(?i:{announced}){WORD_ENDS}[^\n{DIGIT}]{{0,40}}{decimal}",
        rf"{axis}[^{DIGIT}]{{0,20}}{decimal}|(?i:point)\s*[zZ]?\s*\(",
        # Degrees and minutes.
        rf"{digit}\s?(?:[°º˚]|(?i:d[eé]g|d\s?{digit})|درج)",
        rf"{digit}\s?[NSns]\s?[,;/]?\s?{digit}{{1,3}}[: -]?{digit}{{2}}",
        # Grids, codes and links.
        rf"{easting}[^{DIGIT}]{{1,24}}{northing}",
        rf"{digit} ?[C-X] ?[A-Z][A-V] ?{digit}{{2}}|(?i:mgrs|geo-?hash)|[2-9C-Xc-x]{{4}}\+[2-9C-Xc-x]{{2}}",
        r"(?i:/maps|maps\.|waze\.|w3w\.|what3w|plus\.codes|osm\.org|openstreetmap|here\.com|earth\.goo|mapcarta|wikimapia|ge0\.me)"
        r"|///|(?i:geo):-?\d",
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
