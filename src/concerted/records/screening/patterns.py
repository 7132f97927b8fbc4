"""The patterns by which free text is screened: an exact one per sort of trace, and quick ones that sort out.

Place on the way: below `texts`. `words.yml` enters; patterns leave. Of each exact pattern one of `triggers` has the
beginning, so change both, and the beginnings of that in `beginnings`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from concerted.model.yaml import load_yaml

#: What a trace is: of a person (the first three), of an exact site, or of a label on a religion or people.
Trace = Literal["email", "phone", "name", "site", "label"]

_DIGIT = "0-9٠-٩۰-۹"
_GAP = "[ \u00a0]"
#: The lists of words for terrorism.
_TERROR = ("terror", "terror_of_peoples", "terror_of_religions")
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
#: A word as names are written (`Traoré`, `Mlambo-Ngcuka`, `N'Diaye`), but not `MoF` and `EfD`.
_NAME = rf"(?:{_CAPITAL}['’])?{_CAPITAL}[a-zà-öø-ÿğışţ]+(?:['’-]{_CAPITAL}?[a-zà-öø-ÿ]+)*(?![\w])"


@cache
def words() -> dict[str, list[str]]:
    """The lists of `words.yml`."""
    found: dict[str, list[str]] = load_yaml(files(__package__).joinpath("words.yml").read_text("utf-8"))
    return {name: [str(word) for word in listed] for name, listed in found.items()}


@cache
def patterns() -> dict[Trace, re.Pattern[str]]:
    """The exact patterns in the order in which they are applied. `name` has the name itself in a group `name`."""
    return {
        "email": re.compile(_EMAIL),
        "phone": re.compile(
            r"(?<!\w)\(?\+\d{1,3}\)?[ .\-]?\(?\d[\d ().\-]{5,}\d"
            rf"|(?i:(?<!\w)(?:{_any(words()['phone'])})(?!\w)[ .:°n]*)\(?(?:\+|00)?\d[\d ().\-]{{5,}}\d"
        ),
        "site": re.compile(_SITE, re.IGNORECASE),
        "name": re.compile(
            "|".join(rf"(?<![\w&]){lead}(?P<name{i}>{name})" for i, (lead, name) in enumerate(_names()))
        ),
        "label": re.compile("|".join(rf"(?<!\w){phrase}(?!\w)" for phrase in _labels()), re.IGNORECASE),
    }


@dataclass(frozen=True)
class Trigger:
    """A quick look for some traces: where they are, each of `stages` matches. Good for RE2 and for `re`."""

    traces: tuple[Trace, ...]
    stages: tuple[str, ...]


@cache
def triggers() -> tuple[Trigger, ...]:
    """What finds every text in which an exact pattern finds something, and not many more.

    They are matched where `beginnings` finds one: so some letters stand for a word, and case is spelled out.
    """
    listed = words()
    office = _spelled(word for name in ("offices", "offices_of_two_names") for word in listed[name])
    contact = "|".join(dict.fromkeys(end for word in contact_ends() for end in (word, word.upper())))
    groups = "|".join(group_stems())
    terror = "|".join(terror_stems())
    between = f"(?:{_GAP}|-)+(?:[a-zà-ÿ]+{_GAP}+)?"
    arabic = "|".join(arabic_stems())
    traces_of_persons = (
        f"@|[\\[(](?:at|AT)[\\])]|\\+[{_DIGIT}]|(?i:{_any(listed['phone'])})[ .:°nN]*[(+]*[{_DIGIT}]",
        f"°{_GAP}?[0-9]|[0-9]{_GAP}?°|[0-9][.,][0-9]{{4}}",
        rf"(?:{_any(listed['honorifics'])})\.?{_GAP}+{_CAPITAL}|(?:{_any(listed['honorifics_dotted'])})\.{_GAP}+{_CAPITAL}",
        rf"(?:{office}),?{_GAP}+{_CAPITAL}",
        rf"(?:{contact}){_GAP}*[:–—-]{_GAP}*(?:{_CAPITAL}[a-z]+\.?{_GAP}+)?{_CAPITAL}",
        arabic,
    )
    labels = f"(?i:(?:{groups})[a-zà-ÿ]*{between}(?:{terror})|(?:{terror})[a-zà-ÿ]*{between}(?:{groups}))"
    return (
        Trigger(("email", "phone", "site", "name"), ("|".join(traces_of_persons),)),
        Trigger(("label",), (f"(?i:{terror})|{arabic}", f"{labels}|{arabic}")),
    )


def contact_ends() -> list[str]:
    """How the words end behind which a name is given."""
    return list(dict.fromkeys(word[-3:] for word in words()["contact"]))


def group_stems() -> list[str]:
    """How the names of religions and peoples begin."""
    return sorted({word[:4] for word in words()["religions"] + words()["peoples"]})


def arabic_stems() -> list[str]:
    """What stands in every Arabic trace, without the article."""
    return [word.removeprefix("ال") for name in ("honorifics_ar", "terror_ar") for word in words()[name]]


def terror_stems() -> list[str]:
    """How the words for terrorism begin."""
    return sorted({word.removesuffix("*")[:6] for name in _TERROR for word in words()[name]})


@cache
def no_names() -> frozenset[str]:
    """Words, in lower case, that are never part of a name."""
    return frozenset(words()["no_names"])


@cache
def name_ends() -> frozenset[str]:
    """Words, in lower case, before which a name ends."""
    return frozenset(words()["name_ends"])


_EMAIL = r"[\w.+-]+ ?(?:@|[\[(]at[\])]) ?[\w-]+(?: ?(?:\.|[\[(]dot[\])]) ?[\w-]+)+(?<![.-])"
_DEGREES = r"-?\d{1,3}[.,]\d{4,}"
_MINUTES = r"\d{1,3} ?° ?\d{1,2}(?:[.,]\d+)? ?['’′](?: ?\d{1,2}(?:[.,]\d+)? ?(?:\"|''|”|″|’’))?"
#: Two coordinates beside each other, as decimal degrees of 11 m or less, or in minutes.
_SITE = (
    rf"(?<![\d.,]){_DEGREES} ?°? ?[NS]? ?[,;/ ] ?(?:et |and )?(?:lon\w*[ :=]*)?"
    rf"{_DEGREES} ?°?(?: ?[EWO](?!\w))?(?![\d%])"
    rf"|(?<!\d){_MINUTES} ?[NS]?[,;/ ]{{0,3}}(?:et |and )?{_MINUTES} ?(?:[EWO](?!\w))?"
)


def _names() -> list[tuple[str, str]]:
    """What leads to a name, and the name; both are good for RE2 too."""
    listed = words()
    rest = (
        rf"(?:{_GAP}(?:{_NAME}|{_CAPITAL}\.|{_CAPITAL}{{2,}}|(?:al|el|ag|ould|de|van|von|bin|ben){_GAP}{_NAME})){{0,3}}"
    )
    title = f"(?:{_any(listed['honorifics'])})"
    dotted = rf"(?:{_any(listed['honorifics_dotted'])})\."
    contact = rf"(?i:{_any(listed['contact'])}){_GAP}*[:–—-]{_GAP}*(?:{title}\.?{_GAP}+)?"
    office = rf"(?:{_spelled(listed['offices'])})"
    two_names = rf"{_NAME}{_GAP}{_NAME}{rest}"
    arabic = rf"(?:{_any(listed['honorifics_ar'])})/?{_GAP}+"
    of_arabic = rf"[ء-ي]{{2,}}(?:{_GAP}[ء-ي]{{2,}})?"
    return [
        (rf"(?:{title}\.?|{dotted}){_GAP}+", rf"(?:{_CAPITAL}\.{_GAP}?)*{_NAME}{rest}"),
        (contact, rf"{_NAME}{rest}"),
        # Behind a comma one word alone is more often a place: `the President, Liberia`.
        (rf"{office},?{_GAP}+", rf"(?:(?<!,{_GAP}){_NAME}{rest}|{two_names})"),
        (rf"(?:{_spelled(listed['offices_of_two_names'])}),?{_GAP}+", two_names),
        (arabic, of_arabic),
    ]


def _labels() -> list[str]:
    """Phrases that tie terrorism to a religion or people: the one beside the other, in either order."""
    listed = words()
    between = rf"(?:{_GAP}|-)+(?:(?:{_any(listed['between'])}){_GAP}+)?"
    pairs = (
        (listed["terror"], listed["religions"] + listed["peoples"]),
        (listed["terror_of_peoples"], listed["peoples"]),
        (listed["terror_of_religions"], listed["religions"]),
    )
    phrases = [
        phrase
        for terror, groups in pairs
        for phrase in (
            f"(?:{_any(groups)}){between}(?:{_any(terror)})",
            f"(?:{_any(terror)}){between}(?:{_any(groups)})",
        )
    ]
    return [*phrases, f"(?:{_any(listed['terror_ar'])}) (?:{_any(listed['groups_ar'])})"]


def _any(listed: Iterable[str]) -> str:
    """One of these words, the longest first; `*` at the end stands for any more letters."""
    ordered = sorted(listed, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word.removesuffix("*")) + ("[a-zà-ÿ]*" if word.endswith("*") else "") for word in ordered)


def _spelled(listed: Iterable[str]) -> str:
    """One of these words, the longest first, with small letters or capitals at the beginning of their parts."""
    ordered = sorted(listed, key=lambda word: (-len(word), word))
    return "|".join(
        re.sub(r"(?<!\w)\w", lambda m: f"[{m[0].upper()}{m[0]}]", word.replace("-", r"\-")) for word in ordered
    )
