"""Own records as a workbook to be changed and sent back, with lists to choose from.

Place on the way: what the download button gives. Documents enter; the bytes of an XLSX leave, the same for the same
records. Every cell is typed, and nothing in it is a formula.
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from concerted.codelists import lists
from concerted.codelists.frameworks import Lang
from concerted.intake.cells import cells_of
from concerted.intake.templates import Template, columns, header, help_lines, sheet_title
from concerted.intake.vocabulary import Vocabulary, money_words
from concerted.statements.document import Document

#: A workbook says when it was made; a fixed day keeps two writings of the same records equal byte by byte.
FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
#: Rows below the last record that have lists to choose from.
SPARE_ROWS = 200
_WIDTHS = {"title": 48, "nodes": 40, "places": 28, "doer": 32, "evidence": 36, "note": 36, "other_side": 28}
_DAYS = frozenset(("start", "end", "date", "started", "ended"))
#: Columns that tell which record a row is about, and are not read.
_SHOWN_ONLY = {"money": ("title",), "progress": ("title",), "activities": ()}


def write_sheets(
    documents: Iterable[Document], templates: Sequence[Template], lang: Lang, vocabulary: Vocabulary
) -> bytes:
    """A workbook with a sheet for each template, a help sheet and the lists."""
    import xlsxwriter

    found = list(documents)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": FIXED_DAY})
        formats = book_formats(book)
        choices = {header(column, lang): words for column, words in _choices(lang, vocabulary).items()}
        sheets = [(template, book.add_worksheet(sheet_title(template, lang))) for template in templates]
        ranges = write_lists(book, choices, lang)
        write_help(book, help_lines(lang), lang)
        for template, sheet in sheets:
            rows = [row for document in found for row in cells_of(document, template, lang, vocabulary)]
            _write_template(sheet, template, rows, lang, formats, ranges)
    return target.getvalue()


def _choices(lang: Lang, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Words to choose from, by column."""
    return {
        "state": list(lists.labels("state", lang).values()),
        "kind": money_words(lang),
        "currency": ["XOF", "EUR", "USD", "GBP", "XAF"],
        "places": [vocabulary.place_word(place.place_id, lang) or "" for place in vocabulary.places],
        "nodes": vocabulary.node_words(lang),
    }


def book_formats(book: Any) -> dict[str, Any]:
    """How cells of our sheets look."""
    return {
        "header": book.add_format({"bold": True, "bg_color": "#E8EEF2", "border": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.####", "valign": "top"}),
        "shown": book.add_format({"font_color": "#5A6670", "text_wrap": True, "valign": "top"}),
    }


def write_lists(book: Any, choices: Mapping[str, Sequence[str]], lang: Lang) -> dict[str, str]:
    """Words to choose from in a sheet of their own, by header; and the range of each."""
    from xlsxwriter.utility import xl_range_abs

    sheet, ranges = book.add_worksheet(sheet_title("lists", lang)), {}
    for at, (head, words) in enumerate(choices.items()):
        sheet.write_string(0, at, head)
        for number, word in enumerate(words, start=1):
            sheet.write_string(number, at, word)
        if words:
            ranges[head] = f"='{sheet_title('lists', lang)}'!{xl_range_abs(1, at, len(words), at)}"
    sheet.set_column(0, len(choices) - 1, 30)
    if lang == "ar":
        sheet.right_to_left()
    return ranges


def write_help(book: Any, lines: Sequence[str], lang: Lang) -> None:
    """A sheet with lines of help."""
    sheet = book.add_worksheet(sheet_title("notes", lang))
    sheet.set_column(0, 0, 110)
    if lang == "ar":
        sheet.right_to_left()
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)


def _write_template(
    sheet: Any,
    template: Template,
    rows: Sequence[Mapping[str, Any]],
    lang: Lang,
    formats: Mapping[str, Any],
    ranges: Mapping[str, str],
) -> None:
    if lang == "ar":
        sheet.right_to_left()
    sheet.freeze_panes(1, 2)
    last = len(rows) + SPARE_ROWS
    for at, column in enumerate(columns(template)):
        is_shown_only = column in _SHOWN_ONLY[template]
        form = formats["shown" if is_shown_only else "day" if column in _DAYS else "text"]
        sheet.set_column(at, at, _WIDTHS.get(column, 16), form if column not in ("amount", "reached") else None)
        sheet.write_string(0, at, header(column, lang), formats["header"])
        for number, row in enumerate(rows, start=1):
            write_cell(sheet, number, at, row.get(column), formats, form)
        if header(column, lang) in ranges:
            offer_list(sheet, at, last, ranges[header(column, lang)], is_several=column in ("places", "nodes"))


def offer_list(sheet: Any, column: int, last: int, source: str, *, is_several: bool) -> None:
    """Let the cells of a column be chosen from a list; where several words may stand in one, it refuses nothing."""
    rule = {"validate": "list", "source": source, "ignore_blank": True, "show_error": not is_several}
    sheet.data_validation(1, column, last, column, rule)


def write_cell(sheet: Any, row: int, column: int, value: Any, formats: Mapping[str, Any], form: Any) -> None:
    """A value in its cell. A number that a spreadsheet would change in its last digits is written as text."""
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
    elif isinstance(value, int | Decimal) and Decimal(repr(float(value))) == value:
        sheet.write_number(row, column, float(value), formats["number"])
    elif value is not None:
        sheet.write_string(row, column, str(value), form)
