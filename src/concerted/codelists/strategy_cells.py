"""One row of a strategy file, cell by cell, as typed values; what does not fit is noted with place and remedy."""

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from concerted.codelists import lists
from concerted.codelists.frameworks import LANGS
from concerted.codelists.lexicon import fold
from concerted.codelists.strategy_problems import Choice, Names, Problem
from concerted.codelists.strategy_rows import Document, Row, fields, header

#: Money is decimal(18,4) in the tables: fourteen digits before the point.
LARGEST_AMOUNT = Decimal(10) ** 14
YEARS = range(1990, 2101)


class Cells:
    """The cells of one row. Each method gives null for an empty cell, and for a wrong one after noting the problem."""

    def __init__(self, document: Document, table: str, row: Row) -> None:
        self.where, self._table = row.where, table
        self._cells = {name: value for name, value in row.cells.items() if not isinstance(value, (dict, list))}
        self._problems = document.problems
        for name, value in row.cells.items():
            if name not in fields(table):
                code = "unknown_field_of_texts" if f"{name}_fr" in fields(table) else "unknown_field"
                self.problem(code, found=name, expected=", ".join(fields(table)))
            elif isinstance(value, list) and all(isinstance(part, str) for part in value):
                self._cells[name] = ", ".join(value)
            elif isinstance(value, (dict, list)):
                self.problem("not_one", name)

    def problem(self, code: str, name: str | None = None, **values: Any) -> None:
        """Note what is wrong with a cell, or with the row.

        Args:
            code: as in `strategy_problems.yml`.
            name: of the field; of a text that stands once per language, without the language.
            values: for the placeholders of the sentence.
        """
        self._problems.append(Problem(code, self.where, self._column(name), values))

    def _column(self, name: str | None) -> str | Names | None:
        """A field as it is called in this file: by the headers of a workbook, or as YAML has it."""
        if name is None or self.where.sheet is None or name not in fields(self._table):
            return name
        return Names({lang: [header(self._table, name, lang)] for lang in LANGS})

    def text(self, name: str, *, required: bool = False) -> str | None:
        """Text without blanks around it; numbers as a person would write them (`1` for the 1.0 of a spreadsheet)."""
        value = self._cells.get(name)
        if isinstance(value, bool):  # YAML reads yes and no so, and spreadsheets their TRUE and FALSE
            value = "yes" if value else "no"
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        text = " ".join(str(value).split()) if value is not None else ""
        if required and not text:
            self.problem("empty", name)
        return text or None

    def texts(self, base: str) -> dict[str, str]:
        """Text by language, only those that are filled in."""
        return {lang: text for lang in LANGS if (text := self.text(f"{base}_{lang}"))}

    def terms(self, base: str) -> dict[str, tuple[str, ...]]:
        """Lists of words by language, folded as a lexicon needs them; `*` and `$` at the end of words stay."""
        found: dict[str, tuple[str, ...]] = {}
        for lang in LANGS:
            parts = re.split(r"[,;،؛\n]", str(self._cells.get(f"{base}_{lang}", "")))
            terms = tuple(dict.fromkeys(term for part in parts if (term := _folded_term(part))))
            if terms:
                found[lang] = terms
        return found

    def amount(self, name: str) -> Decimal | None:
        """Money, zero or more."""
        return self._number(name, Decimal(0), LARGEST_AMOUNT)

    def share(self, name: str) -> Decimal | None:
        """A share from 0 to 1."""
        return self._number(name, Decimal(0), Decimal(1))

    def percent(self, name: str) -> Decimal | None:
        """A share above 0 and up to 100, with four decimals at most."""
        number = self._number(name, Decimal("0.0001"), Decimal(100), required=True)
        if number is None or number == round(number, 4):
            return number
        self.problem("four_decimals", name, found=f"{number:f}")
        return None

    def whole(self, name: str, allowed: range, *, required: bool = False) -> int | None:
        """A whole number inside a range, such as a calendar year."""
        number = self._number(name, Decimal(allowed.start), Decimal(allowed.stop - 1), required=required)
        if number is None or number == number.to_integral_value():
            return None if number is None else int(number)
        self.problem("not_whole", name, found=number)
        return None

    def day(self, name: str) -> dt.date | None:
        """A date: of a spreadsheet, ISO (2026-01-31), or day/month/year."""
        value = self._cells.get(name)
        if isinstance(value, dt.datetime):
            return value.date()
        if value is None or isinstance(value, dt.date):
            return value
        text = str(value).strip()
        match = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
        try:
            return dt.date(*(int(part) for part in reversed(match.groups()))) if match else dt.date.fromisoformat(text)
        except ValueError:
            self.problem("no_day", name, found=text)
            return None

    def word(self, name: str, list_id: str, allowed: Collection[str] = ()) -> str | None:
        """A code of one of our lists, or its label in any language."""
        text = self.text(name)
        if text is None:
            return None
        code = lists.find_code(list_id, text)
        choices = [c for c in lists.labels(list_id, "en") if not allowed or c in allowed]
        if code in choices:
            return code
        self.problem("no_word", name, found=text, expected=Choice(list_id, tuple(choices)))
        return None

    def currency(self, name: str) -> str | None:
        """An ISO 4217 code."""
        text = self.text(name, required=True)
        if text is None or text.upper() in lists.codes("Currency"):
            return text and text.upper()
        self.problem("no_currency", name, found=text)
        return None

    def place(self, name: str, known: Collection[str]) -> str | None:
        """A place id that is known: a country in two letters or a place code."""
        text = self.text(name)
        if text is None or text in known:
            return text
        near = next((place for place in sorted(known) if place.upper() == text.upper()), None)
        self.problem("no_place" if near is None else "near_place", name, found=text, near=near)
        return None

    def _number(self, name: str, low: Decimal, high: Decimal, *, required: bool = False) -> Decimal | None:
        value = self._cells.get(name)
        if value is None:
            if required:
                self.problem("empty", name)
            return None
        ends = {"low": f"{low:f}", "high": f"{high:f}"}
        try:
            number = Decimal(_plain_number(value))
        except InvalidOperation:
            self.problem("no_number", name, found=str(value)[:60], **ends)
            return None
        if low <= number <= high:
            return number
        self.problem("out_of_range", name, found=f"{number:f}", **ends)
        return None


def _plain_number(value: Any) -> str:
    """`375 600 000,5` and `375,600,000.5` as Python writes numbers; a lone comma is a decimal comma."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return "not a number"
    text = re.sub(r"[\s\u00a0\u202f'_]", "", str(value))
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+|-?\d{1,3}(,\d{3}){2,}", text):
        return text.replace(",", "")
    return text.replace(",", ".") if re.fullmatch(r"-?\d+([.,]\d+)?(e[+-]?\d+)?", text, re.I) else "not a number"


def _folded_term(text: str) -> str:
    """A term as `lexicon.TermIndex` reads it, from what a person wrote."""
    parts = [(fold(word), "*" if word.endswith("*") else "$" if word.endswith("$") else "") for word in text.split()]
    return " ".join(word + mark for word, mark in parts if word)
