"""Words for what safeguards hold as codes."""

from django.utils.translation import gettext, pgettext

from concerted.web.safeguards.models import Outcome


def outcome_word(outcome: str) -> str:
    """What an assessment found."""
    return {
        Outcome.CLEARED: gettext("the support may be given"),
        Outcome.MEASURES: gettext("it may be given with measures"),
        Outcome.REFUSED: gettext("it may not be given"),
        Outcome.OUTSIDE: gettext("it is no support to security forces outside the UN"),
    }[Outcome(outcome)]


def kind_word(kind: str) -> str:
    """What sort of words was refused."""
    return {
        "email": gettext("e-mail addresses"),
        "phone": gettext("telephone numbers"),
        "name": gettext("names of persons"),
        "site": gettext("exact places"),
        "pcode": gettext("codes of places finer than the view"),
        "place": gettext("names of places that are not told"),
        "label": pgettext("words that tie violence to a people", "labels on a people"),
    }.get(kind, kind)
