"""Why two names of organisations are alike, in the language of the page.

Enters: a reason as the edition keeps it, `+ the same words (3.2)`: a sign, one of the phrases of
`resolve.matching.comparison.LEVELS`, and its weight in bits. Leaves: sign and words. A test holds the phrases here
against those there.
"""

import re

from django.utils.translation import gettext, gettext_noop

from concerted.web.ui.formats import number

PHRASES = (
    gettext_noop("the same name"),
    gettext_noop("the same words"),
    gettext_noop("nearly all telling words shared"),
    gettext_noop("most telling words shared"),
    gettext_noop("some telling words shared"),
    gettext_noop("few telling words shared"),
    gettext_noop("no word shared"),
    gettext_noop("one name has no word of its own"),
    gettext_noop("each name has a common word of its own"),
    gettext_noop("each name has a word of its own"),
    gettext_noop("each name has telling words of its own"),
    gettext_noop("very rare words shared"),
    gettext_noop("rare words shared"),
    gettext_noop("usual words shared"),
    gettext_noop("only common words shared"),
    gettext_noop("no words to share"),
    gettext_noop("one name is the cut-off start of the other"),
    gettext_noop("same beginning"),
    gettext_noop("other beginning"),
    gettext_noop("the same acronym"),
    gettext_noop("one is the acronym of the other"),
    gettext_noop("no acronyms to compare"),
    gettext_noop("different acronyms"),
    gettext_noop("both are known names of one organisation"),
    gettext_noop("both contain known names of one organisation"),
    gettext_noop("neither is well known"),
    gettext_noop("one is well known"),
    gettext_noop("one is a unit of the other"),
    gettext_noop("known to be two organisations"),
    gettext_noop("the same country named"),
    gettext_noop("no country named"),
    gettext_noop("one names a country"),
    gettext_noop("nothing but a country is shared"),
    gettext_noop("different countries named"),
    gettext_noop("the same kind of unit"),
    gettext_noop("one is a unit, the other not"),
    gettext_noop("different kinds of units"),
    gettext_noop("no numbers differ"),
    gettext_noop("different numbers"),
    gettext_noop("the same type of organisation"),
    gettext_noop("related types"),
    gettext_noop("type not known"),
    gettext_noop("different types"),
    gettext_noop("work in the same countries"),
    gettext_noop("some common countries of work"),
    gettext_noop("countries not known"),
    gettext_noop("other countries"),
    gettext_noop("named by one publisher"),
    gettext_noop("named from the same country"),
    gettext_noop("not known"),
    gettext_noop("named from other countries"),
    gettext_noop("the same partners"),
    gettext_noop("some common partners"),
    gettext_noop("a common partner"),
    gettext_noop("no common partner"),
)
_REASON = re.compile(r"(?P<sign>[+-]) (?P<phrase>.+) \((?P<bits>\d+\.\d)\)")


def likeness_words(reason: str) -> tuple[str, str]:
    """(+ or −, why and how weighty); what an edition of another version says otherwise is shown as it says it."""
    found = _REASON.fullmatch(reason)
    if found is None:
        return "−" if reason.startswith("-") else "+", reason.lstrip("+- ")
    sign = "−" if found["sign"] == "-" else "+"
    phrase = gettext(found["phrase"]) if found["phrase"] in PHRASES else found["phrase"]
    return sign, f"{phrase} ({number(float(found['bits']), 1)})"
