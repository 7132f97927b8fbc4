"""A strategy's rows as a workbook in French, English or Arabic, with notes on the headers and lists to choose from."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from concerted.codelists import lists
from concerted.codelists.frameworks import LANGS, SUPPLY_KINDS, Lang
from concerted.codelists.strategy_rows import TABLES, fields, header, sheet_name, words

#: A workbook says when it was made; a fixed day keeps two writings of the same strategy equal byte by byte.
FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
#: Rows that get a list to choose from; more may be filled in without.
PREPARED_ROWS = 500
#: Cells with a closed list of words: the list, and which of its codes fit (none named: all).
CHOICES: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("strategy", "status"): ("strategy_status", ()),
    ("strategy", "supply_kind"): ("finance_kind", SUPPLY_KINDS),
    ("nodes", "pve_specific"): ("yes_no", ()),
    ("codes", "relation"): ("relation", ("exact", "narrower")),
    ("crosswalks", "relation"): ("relation", ()),
}


def write_xlsx(path: Path, tables: Mapping[str, list[dict[str, Any]]], lang: Lang) -> None:
    """Rows as a workbook whose headers and words are in `lang`; `strategy_rows.read_document` reads it back.

    Cells are formatted as text where a spreadsheet would change a number (an id `1.10` becomes 1.1).
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": FIXED_DAY})
        formats = {
            "header": workbook.add_format({"bold": True, "bg_color": "#E8EEF2", "border": 1, "text_wrap": True}),
            "text": workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "money": workbook.add_format({"num_format": "#,##0", "valign": "top"}),
            "number": workbook.add_format({"num_format": "0", "valign": "top"}),
        }
        for table in TABLES:
            if table == "former" and not tables[table]:
                continue  # nobody fills in what became of a version that never was
            sheet = workbook.add_worksheet(sheet_name(table, lang))
            if lang == "ar":
                sheet.right_to_left()
            if table == "strategy":
                sheet.set_column(0, 0, 28)
                sheet.set_column(1, 1, 80, formats["text"])
            else:
                sheet.set_column(0, len(fields(table)) - 1, 22, formats["text"])
                sheet.freeze_panes(1, 1)
            for position, name in enumerate(fields(table)):
                _write_field(sheet, table, name, position, tables[table], lang, formats)


def _write_field(
    sheet: Any,
    table: str,
    name: str,
    position: int,
    rows: list[dict[str, Any]],
    lang: Lang,
    formats: Mapping[str, Any],
) -> None:
    """The header of a field and its cells: down a column, or along a row on the strategy's own sheet."""

    def place(number: int) -> tuple[int, int]:
        return (position, number) if table == "strategy" else (number, position)

    sheet.write_string(*place(0), header(table, name, lang), formats["header"])
    if hint := _hint(table, name, lang):
        sheet.write_comment(*place(0), hint)
    list_id, allowed = CHOICES.get((table, name), ("", ()))
    words_of = {code: word for code, word in lists.labels(list_id, lang).items() if not allowed or code in allowed}
    for number, row in enumerate(rows, start=1):
        value = row.get(name)
        if isinstance(value, int):
            sheet.write_number(*place(number), value, formats["money" if name in ("low", "high") else "number"])
        elif value is not None:
            sheet.write_string(*place(number), words_of.get(value, value), formats["text"])
    if words_of:
        last = 1 if table == "strategy" else max(PREPARED_ROWS, len(rows))
        sheet.data_validation(*place(1), *place(last), {"validate": "list", "source": list(words_of.values())})


def _hint(table: str, name: str, lang: Lang) -> str | None:
    """What the note on a header says."""
    base = name if name in words()["fields"][table] else name.rpartition("_")[0]
    hint = words()["hints"].get(base)
    return str(hint[LANGS.index(lang)]) if hint else None
