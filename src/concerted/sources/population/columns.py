"""Columns of lists of places by the words in their headers.

Place on the way: inside the readers of population and place lists. A row of headers enters; the position of each thing
that is looked for leaves.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from concerted.codelists.sheet_words import fold
from concerted.records.cells import Cell, clean_text

Key = TypeVar("Key", bound=Hashable)


def bare(header: object) -> str:
    """A header without case, accents, blanks and marks: `ADM1_PCODE` and `Adm1 P-code` are the same."""
    return re.sub(r"[^a-z0-9]", "", fold(str(header)))


def find_columns(headers: Sequence[object], patterns: Mapping[str, str]) -> dict[str, int]:
    """Position of the first column that fits each pattern (over `bare` headers); those without one are left out."""
    names = [bare(header) for header in headers]
    found = {}
    for key, pattern in patterns.items():
        position = next((n for n, name in enumerate(names) if re.fullmatch(pattern, name)), None)
        if position is not None:
            found[key] = position
    return found


def find_levels(headers: Sequence[object], pattern: str) -> dict[int, int]:
    """Column by admin level for a pattern with `{n}` for the level."""
    return {n: p[str(n)] for n in (1, 2, 3) if (p := find_columns(headers, {str(n): pattern.replace("{n}", str(n))}))}


def text_at(row: Sequence[Cell], columns: Mapping[Key, int], key: Key) -> str | None:
    """The text in a column; None where there is no such column or it says nothing.

    Up to three letters may be a code, and no code is a word for nothing: "NA" is Namibia.
    """
    position = columns.get(key)
    if position is None or position >= len(row):
        return None
    cell = row[position]
    return (cell.strip() or None) if isinstance(cell, str) and len(cell.strip()) <= 3 else clean_text(cell)
