"""Traces of persons: e-mail addresses, telephone numbers, and names behind a word that says that a name follows.

Place on the way: a detector of `screen`. A plain text enters; findings leave. A name without such a word is found only
where its family name is one of a short list, and then its author is asked.
"""

import re
from collections.abc import Iterator
from functools import cache

from concerted.records.screening.kinds import Finding
from concerted.records.screening.letters import Plain
from concerted.records.screening.lists import GAP, any_of, lists, spelled

CAPITAL = "[A-ZÀ-ÖØ-Þ]"
#: A word as names are written (`Traoré`, `Mlambo-Ngcuka`, `N'Diaye`), but not `MoF` and `EfD`.
_NAME = rf"(?:{CAPITAL}['’])?{CAPITAL}[a-zà-öø-ÿğışţ]+(?:['’-]{CAPITAL}?[a-zà-öø-ÿ]+)*(?![\w])"
_SAID_DOT = r"(?: ?[\[({<](?:dot|point|\.)[\])}>] ?| (?:dot|point) )"
#: How addresses end that are written in words.
TOP = r"(?:com|org|net|gov|int|edu|info|ml|ne|bf|sn|mr|td|fr|ci|ng|uk|eu|ch|be|ca)(?!\w)"
#: Written out; `(a)` only where an address ends as addresses do; in words (`awa at example dot org`) likewise, because
#: people are `at school` and files `at example.org`.
_EMAIL = (
    r"(?i:(?<![\w.+-])(?:"
    rf"[\w.+-]+ ?(?:@|[\[({{<](?:at|arobase|@)[\])}}>]) ?[\w-]+(?:(?: ?\.|{_SAID_DOT}) ?[\w-]+)+(?<![.-])"
    rf"|[\w.+-]+(?:[\[({{<][aà][\])}}>]| arobas[e]? )[\w-]+(?:(?:\.|{_SAID_DOT})[\w-]+)*(?:\.|{_SAID_DOT}){TOP}"
    rf"|[\w.+-]+(?:{_SAID_DOT}[\w-]+)* at [\w-]+(?:{_SAID_DOT}[\w-]+)*{_SAID_DOT}{TOP}))"
)
#: What may stand between `tél` and the number.
PHONE_MORE = "numbers?|num[ée]ro|mobile|portable|المحمول|الجوال"
_WORD = re.compile(r"[\w'’-]+")
#: The word behind a name, which may say what is called by it: `Denis Mukwege Foundation`.
#: In small letters it may as well be a verb: `Mme Barry est là` is not in the east.
_BEHIND = re.compile(rf"\s(?:(?:for|pour)\s)?({CAPITAL}[\w'’-]+)")
_DIGITS = re.compile(r"\d[\d ().\-]{5}")


def find_emails(plain: Plain) -> Iterator[Finding]:
    """E-mail addresses, written out or in words."""
    if "@" in plain.text or _AT_SIGN.search(plain.text):
        for match in _email().finditer(plain.text):
            yield Finding(*match.span(), "email", "refuse", "screen_email")


def find_phones(plain: Plain, with_asks: bool) -> Iterator[Finding]:
    """Telephone numbers: with a country's number, or behind a word that says so; asked: digits in pairs."""
    if not _DIGITS.search(plain.text):
        return
    for match in _phone().finditer(plain.text):
        yield Finding(*match.span(), "phone", "refuse", "screen_phone")
    if with_asks:
        for match in _PAIRS.finditer(plain.text):
            if not _MONEY.match(plain.folded, match.end()):
                yield Finding(*match.span(), "phone", "ask", "screen_phone_ask")


def find_names(plain: Plain, with_asks: bool) -> Iterator[Finding]:
    """Names behind a title, an office or a contact's role; asked: behind words that often stand before other things."""
    for pattern, severity in ((_names(), "refuse"), (_names_to_ask(), "ask"))[: 1 + with_asks]:
        for match in pattern.finditer(plain.text):
            if span := _name_in(match):
                message = "screen_name" if severity == "refuse" else "screen_name_ask"
                yield Finding(*span, "name", "refuse" if severity == "refuse" else "ask", message)


#: What stands in every address that has no `@`.
_AT_SIGN = re.compile(r"(?i:[\[({<](?:at|a|à|arobase)[\])}>]|arobase?\b| at [^\n]{1,60}(?:dot|point))")
#: `76 12 34 56` and `06 12 34 56 78`, as people of the Sahel and of France write theirs, and `(202) 555-0123`.
_PAIRS = re.compile(
    r"(?<![\d.,+])(?<!\d )22[0-9][ .-]\d\d(?:[ .-]\d\d){3}(?![\d%])|"
    r"(?<![\d.,+§])(?<!\d )(?<!\d-)(?:(?:0[1-9]|[2-9]\d)(?P<sep>[ .-])\d\d(?:(?P=sep)\d\d){2}(?:(?P=sep)\d\d)?"
    r"|\(\d{3}\) ?\d{3}-\d{4})"
    r"(?![\d%])(?![ .,-]\d)"
)
_MONEY = re.compile(
    r" ?(?:f ?cfa|cfa|xof|xaf|euro|eur|usd|dollar|€|\$|%|million|milliard|franc|personnes|people|personen)"
)


@cache
def _email() -> re.Pattern[str]:
    return re.compile(_EMAIL)


@cache
def _phone() -> re.Pattern[str]:
    lead = rf"(?i:(?<!\w)(?:{any_of(lists('words')['phone'])})(?!\w)(?:[ .:°no]|{PHONE_MORE})*)"
    return re.compile(
        r"(?<!\w)\(?\+\d{1,3}\)?[ .\-]?\(?\d[\d ().\-]{5,}\d"
        rf"|{lead}\(?(?:\+|00)?\d[\d ().\-]{{5,}}\d"
        r"|(?<![\w.,])(?<!\d )\(?00[ .\-]?[1-9]\d{0,2}\)?[ .\-]?\d(?:[ .\-]?\d){6,9}(?!\d)"
    )


def _leads(words: dict[str, list[str]], suffix: str = "") -> list[tuple[str, str]]:
    """What leads to a name, and the name; both are good for RE2 too."""
    rest = rf"(?:{GAP}(?:{_NAME}|{CAPITAL}\.|{CAPITAL}{{2,}}|(?:al|el|ag|ould|de|van|von|bin|ben){GAP}{_NAME})){{0,3}}"
    two_names = rf"{_NAME}{GAP}{_NAME}{rest}"
    # Family names in capitals, as in official letters: `M. LY Boubacar`.
    capitals = rf"{CAPITAL}{{2,}}(?:-{CAPITAL}{{2,}})?{GAP}(?:{_NAME}|{CAPITAL}{{2,}}(?!\w)){rest}"
    title = f"(?:{any_of(words['honorifics'])})"
    dotted = rf"(?:{any_of(words['honorifics_dotted'])})\."
    titles_ar = any_of(words["honorifics_ar" + suffix])
    arabic = rf"(?:[وفبك]?(?:{titles_ar})|و?ل(?:{titles_ar.replace('ال', 'ل')}))/?{GAP}+"
    of_arabic = rf"[ء-ي]{{2,}}(?:{GAP}[ء-ي]{{2,}})?"
    if suffix:
        return [
            (rf"(?:{spelled(words['names_ask'])})[.,]?(?:{GAP}*:)?{GAP}+(?:{title}\.?{GAP}+)?", two_names),
            (rf"(?:{spelled(words['offices'])}) (?:de|du|des|of) [^,\n]{{2,40}}, ", two_names),
            (rf"(?:{any_of(words['honorifics_ask'])})\.?{GAP}+", rf"{_NAME}{rest}"),
            # Two words: one alone is more often what the word before it governs.
            (arabic, rf"(?!ال)[ء-ي]{{2,}}{GAP}[ء-ي]{{2,}}"),
            ("", rf"{_NAME}{GAP}(?:{any_of(words['family_names'])})(?![\w'’-])"),
        ]
    contact = rf"(?i:{any_of(words['contact'])}){GAP}*[:–—-]{GAP}*(?:{title}\.?{GAP}+)?"
    office = rf"(?:{spelled(words['offices'])})"
    return [
        (rf"(?:{title}\.?|{dotted}){GAP}+", rf"(?:{CAPITAL}\.{GAP}?)*{_NAME}{rest}|{capitals}"),
        (contact, rf"{_NAME}{rest}"),
        # Behind a comma one word alone is more often a place: `the President, Liberia`.
        (rf"{office},?{GAP}+", rf"(?:(?<!,{GAP}){_NAME}{rest}|{two_names})"),
        (rf"(?:{spelled(words['offices_of_two_names'])}),?{GAP}+", two_names),
        (arabic, of_arabic),
        (rf"(?:{any_of(words['contact_ar'])}){GAP}*:{GAP}*", of_arabic),
    ]


def _compiled(leads: list[tuple[str, str]]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![\w&]){lead}(?P<name{i}>{name})" for i, (lead, name) in enumerate(leads)))


@cache
def _names() -> re.Pattern[str]:
    return _compiled(_leads(lists("words")))


@cache
def _names_to_ask() -> re.Pattern[str]:
    return _compiled(_leads(lists("words"), "_ask"))


@cache
def _no_names() -> frozenset[str]:
    """Words, in lower case, that are never part of a name."""
    return frozenset(lists("words")["no_names"])


@cache
def _name_ends() -> frozenset[str]:
    """Words, in lower case, before which a name ends."""
    return frozenset(lists("words")["name_ends"])


def _name_in(match: re.Match[str]) -> tuple[int, int] | None:
    """The name of a match without what leads to it; an office, place or organisation is none."""
    name, begin = match[str(match.lastgroup)], match.start(str(match.lastgroup))
    words = list(_WORD.finditer(name))
    end = next((word.start() for word in words if word[0].lower() in _name_ends()), len(name))
    inside = [word[0] for word in words if word.start() < end]
    # What follows says what the name belongs to, unless another word has ended the name before; in Arabic it tells the
    # person's office.
    following = _BEHIND.match(match.string, match.end()) if end == len(name) and name[0] < "ء" else None
    near = [*inside, *([following[1]] if following else [])]
    # An article begins no name in Arabic (`the minister`), though it may begin its second part.
    if not end or inside[0].startswith("ال") or any(word.lower() in _no_names() for word in near):
        return None
    return begin, begin + len(name[:end].rstrip())
