"""Words for codes: states of cells and activities, kinds of money, codes of published lists.

All labels are data of `codelists.lists`, in three languages; only what is *not stated* is a word of the site.
"""

from django.utils.translation import gettext, pgettext

from concerted.codelists import lists
from concerted.model.subjects import DATES, PEOPLE, PLACES, TEXTS
from concerted.web.ui.formats import language

#: Sign and colour class of a cell's state, so that colour is never alone.
GLYPHS = {"covered": "●", "partly": "◐", "not_covered": "○", "no_information": "?"}
STATE_CLASS = {"covered": "c", "partly": "p", "not_covered": "n0", "no_information": "u"}


def cell_state(state: str) -> str:
    """The word for a cell's state."""
    return lists.label("cell_state", state, language()) or state


def activity_state(state: str | None) -> str:
    """The word for an activity's state."""
    if not state or state == "unknown":
        return pgettext("state of an activity", "state unknown")
    return lists.label("state", state, language()) or state


def kind_of_money(kind: str) -> str:
    """The word for a kind of money; kinds are never added together."""
    return lists.label("finance_kind", kind, language()) or kind


def subject_word(subject: str) -> str:
    """What two sources of an organisation can both tell: a kind of money, or a group of fields."""
    words = {
        TEXTS: gettext("title and description"),
        DATES: gettext("dates and state"),
        PLACES: gettext("places"),
        PEOPLE: gettext("people reached and targeted"),
    }
    return words.get(subject) or kind_of_money(subject)


def input_kind(kind: str | None) -> str:
    """What a kind of input is called; the kind itself where we have no word for it."""
    words = {
        "iati-activities": gettext("IATI activities"),
        "iati-organisations": gettext("IATI organisations"),
        "hxl-3w": gettext("who does what where (3W)"),
        "sheet": gettext("spreadsheet"),
        "boundaries": gettext("boundaries"),
        "pcodes": gettext("list of places"),
        "gazetteer": gettext("list of places"),
        "population": gettext("population"),
        "ucdp-ged": gettext("events"),
        "events": gettext("events"),
        "registry": gettext("kept on this site"),
    }
    return words.get(kind or "", kind or "")


def validation_word(word: str | None) -> str:
    """How far what is kept on this site has been validated; empty for what nobody here validates."""
    return {
        "validated": pgettext("standing of a record", "validated"),
        "signed": gettext("waits to be validated"),
        "waiting": gettext("waits to be signed off"),
        "unvalidated": gettext("unvalidated for more than ten days"),
    }.get(word or "", "")


def code_label(list_id: str, code: str | None) -> str:
    """The name of a code in the page's language; the code itself where the list has no name for it."""
    if not code:
        return gettext("not stated")
    return lists.label(list_id, code, language()) or code
