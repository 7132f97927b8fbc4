"""Words for what is found in a file: why it or a row of it is refused, what became of it."""

from django.utils.translation import gettext, npgettext, pgettext

from concerted.codelists.frameworks import Lang
from concerted.codelists.need_words import ASKS, ask_columns, ask_word
from concerted.intake.templates import column_names, header
from concerted.web.workspace.words import needs_word


def why_word(why: str) -> str:
    """Why a file is refused, and what to do."""
    return {
        "empty": gettext("It is empty."),
        "large": gettext("It is larger than 64 MB. Cut it into several files."),
        "bomb": gettext("It unpacks to far more than a sheet holds. Copy the rows into a new workbook."),
        "span": gettext("A sheet in it spans millions of cells. Delete the empty rows and columns at its end."),
        "archive": gettext("It is an archive of files. Unpack it and bring one file at a time."),
        "damaged": gettext("It is damaged, or protected by a password. Save it anew as XLSX without one."),
        "unknown": gettext("It is no file that is read here. Bring XLSX, CSV, IATI XML or HXL."),
        "no_activities": gettext("It holds neither activities nor needs and offers."),
        "cut": gettext("It is damaged further down. Save it anew and bring it again."),
        "gone": gettext("The file is not kept any more. Bring it again."),
    }.get(why, gettext("It could not be read; whoever keeps this site finds the reason in its log."))


def outcome_word(outcome: str) -> str:
    """What a row would do."""
    return {
        "new": pgettext("row of a sheet", "new"),
        "changed": pgettext("row of a sheet", "changed"),
        "same": pgettext("row of a sheet", "the same"),
        "refused": pgettext("row of a sheet", "refused"),
        "double": pgettext("row of a sheet", "perhaps there already"),
        "moved": pgettext("row of a sheet", "changed meanwhile"),
    }[outcome]


def outcome_count(outcome: str, count: int) -> str:
    """What so many rows would do; behind their number."""
    return {
        "new": npgettext("rows of a sheet", "new", "new", count),
        "changed": npgettext("rows of a sheet", "changed", "changed", count),
        "same": npgettext("rows of a sheet", "the same", "the same", count),
        "refused": npgettext("rows of a sheet", "refused", "refused", count),
        "double": pgettext("row of a sheet", "perhaps there already"),
        "moved": npgettext("rows of a sheet", "changed meanwhile", "changed meanwhile", count),
    }[outcome]


def fault_word(code: str) -> str:
    """Why a cell is refused."""
    kind, _sign, rest = code.partition("_")
    if kind == "text":
        return text_word(rest)
    if kind == "needs":
        return gettext("this step still needs: %(what)s") % {"what": needs_word(rest)}
    if kind == "word":
        return {
            "word_places": gettext("no place of this name is known"),
            "word_nodes": gettext("no line of the strategy is called so"),
            "word_state": gettext("no state is called so"),
            "word_kind": gettext("no kind of money is called so"),
            "word_currency": gettext("no currency is called so"),
        }.get(code, gettext("none of the words that may stand here"))
    return {
        "day_wrong": gettext("this is no day; write it as 2026-05-31"),
        "number_wrong": gettext("this is no amount; write digits alone"),
        "people_wrong": gettext("this is no number of people"),
        "cell_long": gettext("this is longer than any field may be"),
        "code_removed": gettext("a code cannot be taken back"),
        "code_unknown": gettext("none of our activities has this code"),
        "state_removed": gettext("a state cannot be taken back, only changed"),
        "money_not_there": gettext("there is no such amount to take back"),
        "money_lacks": gettext("an amount needs its kind, day and number"),
        "other_reporter": gettext("another organisation reports this"),
        "document_wrong": gettext("this cannot be kept"),
        "marking_elsewhere": gettext("who may see it is chosen with the file, or on its page"),
        "origin_not_yours": gettext("you do not speak for where this need would come from"),
    }.get(code, gettext("this cannot be read"))


def text_word(kind: str) -> str:
    """What a text holds, or may hold."""
    return {
        "name": gettext("the name of a person"),
        "email": gettext("an e-mail address"),
        "phone": gettext("a telephone number"),
        "site": gettext("an exact place"),
        "pcode": gettext("a place that is too exact"),
        "place": gettext("an exact place"),
        "label": gettext("words that tie terrorism to a religion or a people"),
    }.get(kind, gettext("what must not be stored"))


def cell_word(name: str, lang: Lang) -> str:
    """What a column is called that a fault is about; empty where it is about the whole row."""
    if name in column_names():
        return header(name, lang)
    return next((ask_word(ask, name, lang) for ask in ASKS if name in ask_columns(ask)), "")


def kind_word(kind: str) -> str:
    """What a file is."""
    return {
        "iati-activities": gettext("IATI file"),
        "hxl-3w": gettext("table with HXL tags"),
        "sheet": gettext("sheet"),
        "needs": gettext("sheet of needs and offers"),
    }.get(kind, "")
