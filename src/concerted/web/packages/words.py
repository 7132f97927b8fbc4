"""Words for what packages hold as codes."""

from django.utils.translation import gettext, pgettext

from concerted.matching.packages.parts import Missing
from concerted.web.edition.money import Money
from concerted.web.ui.formats import money_range, number


def condition_word(condition: str) -> str:
    """How far a package has come."""
    return {
        "draft": pgettext("package", "draft"),
        "open": pgettext("package", "open"),
        "ended": pgettext("package", "ended"),
    }[condition]


def audience_word(audience: str) -> str:
    """Who may read a package."""
    return {
        "partners": gettext("who keeps it and the partners that have a part in it"),
        "signed_in": gettext("every organisation that signs in here"),
        "group": gettext("the sharing group %(name)s, and the partners that have a part in it"),
        "a_group": gettext("a sharing group of who keeps it, and the partners that have a part in it"),
    }[audience]


def kind_word(kind: str) -> str:
    """What a part is."""
    return {
        "activity": pgettext("part of a package", "activity"),
        "need": pgettext("part of a package", "need"),
        "match": pgettext("part of a package", "match"),
    }[kind]


def filling_word(filling: str) -> str:
    """What fills a component."""
    return {
        "at_work": gettext("somebody is at work"),
        "agreed": gettext("agreed, not begun"),
        "asked": gettext("asked for only"),
        "nothing": gettext("nothing is there"),
    }[filling]


def standing_word(standing: str) -> str:
    """Where the consent to a part stands."""
    return {
        "own": gettext("ours"),
        "agreed": gettext("agreed to be shown"),
        "asked": gettext("waits for its partner’s answer"),
        "declined": gettext("declined: shown to nobody else"),
        "nobody": gettext("nobody here can agree: shown to nobody else"),
        "": "",
    }[standing]


def refusal_word(code: str) -> str:
    """Why a part cannot stand so."""
    return {
        "there": gettext("This is in the package already."),
        "many": gettext("A package has at most 200 parts."),
        "gone": gettext("This part is not in the package any more."),
        "loop": gettext("These parts would wait for each other: %(loop)s."),
    }[code]


def missing_words(missing: Missing) -> str:
    """What is missing, as far as its ends are known."""
    if missing.low is None and missing.high is None:
        return gettext("amount unknown")
    if missing.unit != "USD":
        low, high = (None if end is None else number(end) for end in (missing.low, missing.high))
        said = low if high is None else high if low is None else low if low == high else f"\u2066{low}–{high}\u2069"
        said = f"{said} {missing.unit}"
    else:
        ends = missing.low, missing.high
        known = [end for end in ends if end is not None]
        said = str(money_range(Money(known[0], known[0], known[-1]), "USD"))
    if missing.high is None:
        return gettext("at least %(amount)s") % {"amount": said}
    if missing.low is None:
        return gettext("at most %(amount)s") % {"amount": said}
    return said
