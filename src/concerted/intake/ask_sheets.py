"""Own needs and offers as a workbook of two small sheets, to be filled in or changed and sent back.

Place on the way: what the download button gives. Documents enter; the bytes of an XLSX leave, the same for the same
documents. The sheets have the few columns that a match needs; every other column of `need_words.yml` may be added.
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from concerted.codelists import lists
from concerted.codelists.frameworks import Lang
from concerted.codelists.need_words import ASKS, Ask, ask_columns, ask_header, ask_help, ask_sheet, value_list
from concerted.intake.cells import SEPARATOR, CellValue
from concerted.intake.templates import sheet_title
from concerted.intake.vocabulary import Vocabulary
from concerted.intake.writing import (
    FIXED_DAY,
    SPARE_ROWS,
    book_formats,
    offer_list,
    write_cell,
    write_help,
    write_lists,
)
from concerted.statements.document import Document, main_table

COLUMNS: Mapping[Ask, tuple[str, ...]] = {
    "need": (
        "identifier", "title", "kind", "node", "place", "high_value", "currency", "high_quantity", "end_date",
    ),
    "offer": (
        "identifier", "title", "kind", "node", "place", "most_value", "currency", "most_quantity", "expiry_date",
    ),
}  # fmt: skip
_WIDTHS = {"title": 48, "node": 40, "place": 28}
_SEVERAL = ("node", "place")


def write_ask_sheets(documents: Iterable[Document], lang: Lang, vocabulary: Vocabulary) -> bytes:
    """A workbook with a sheet of needs and one of offers, a help sheet and the lists."""
    import xlsxwriter

    found = list(documents)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": FIXED_DAY})
        formats = book_formats(book)
        sheets = [(ask, book.add_worksheet(ask_sheet(ask, lang))) for ask in ASKS]
        choices = _choices(lang, vocabulary)
        # By the bare header of the kind a sheet of needs is known, and this is none.
        beside = sheet_title("lists", lang)
        named = write_lists(book, {f"{head} ({beside})": words for head, words in choices.items()}, lang)
        ranges = {head: source for head in choices if (source := named.get(f"{head} ({beside})"))}
        write_help(book, [*ask_help(lang), *_other_columns(lang)], lang)
        for ask, sheet in sheets:
            rows = [_cells(ask, each, lang, vocabulary) for each in found if main_table(each) == ask]
            _write(sheet, ask, rows, lang, formats, ranges)
    return target.getvalue()


def _choices(lang: Lang, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Words to choose from, by the header of the column that has them in the sheet of needs."""
    words = {
        "kind": list(lists.labels("ask_kind", lang).values()),
        "node": vocabulary.node_words(lang),
        "place": [vocabulary.place_word(place.place_id, lang) or "" for place in vocabulary.places],
        "currency": ["XOF", "EUR", "USD", "GBP", "XAF"],
    }
    return {ask_header("need", name, lang): of_it for name, of_it in words.items()}


def _other_columns(lang: Lang) -> list[str]:
    """The headers that may be added, with the words that may stand below them."""
    found = []
    for ask in ASKS:
        for name in ask_columns(ask):
            if name in COLUMNS[ask] or name == "marking_key":
                continue
            listed = value_list(ask, name)
            words = ", ".join(lists.labels(listed, lang).values()) if listed and listed != "Language" else ""
            found.append(f"{ask_sheet(ask, lang)}: {ask_header(ask, name, lang)}" + (f" ({words})" if words else ""))
    return found


def _cells(ask: Ask, document: Document, lang: Lang, vocabulary: Vocabulary) -> dict[str, CellValue]:
    stated = document[ask]
    found: dict[str, CellValue | None] = {"identifier": str(stated.get("identifier") or document["record"])}
    for name in COLUMNS[ask][1:]:
        value = stated.get(name)
        if name in _SEVERAL:
            codes = [term["code"] for term in document.get("term") or () if term["kind"] == name]
            word = vocabulary.place_word if name == "place" else vocabulary.node_word
            found[name] = SEPARATOR.join(word(code, lang) or code for code in codes) or None
        elif value is not None:
            found[name] = _cell(ask, name, value, lang)
    return {name: value for name, value in found.items() if value is not None}


def _cell(ask: Ask, name: str, value: Any, lang: Lang) -> CellValue:
    if name.endswith("_date"):
        return dt.date.fromisoformat(value)
    if name.endswith("_value"):
        return Decimal(value)
    if name.endswith("_quantity"):
        return int(value)
    listed = value_list(ask, name)
    return (lists.label(listed, str(value), lang) if listed else None) or str(value)


def _write(
    sheet: Any,
    ask: Ask,
    rows: Sequence[Mapping[str, CellValue]],
    lang: Lang,
    formats: Mapping[str, Any],
    ranges: Mapping[str, str],
) -> None:
    if lang == "ar":
        sheet.right_to_left()
    sheet.freeze_panes(1, 2)
    last = len(rows) + SPARE_ROWS
    for at, name in enumerate(COLUMNS[ask]):
        form = formats["day" if name.endswith("_date") else "text"]
        is_number = name.endswith(("_value", "_quantity"))
        sheet.set_column(at, at, _WIDTHS.get(name, 16), None if is_number else form)
        sheet.write_string(0, at, ask_header(ask, name, lang), formats["header"])
        for number, row in enumerate(rows, start=1):
            write_cell(sheet, number, at, row.get(name), formats, form)
        in_needs = ask_header("need", name, lang) if name in ask_columns("need") else ""
        if (source := ranges.get(in_needs)) is not None:
            offer_list(sheet, at, last, source, is_several=name in _SEVERAL)
