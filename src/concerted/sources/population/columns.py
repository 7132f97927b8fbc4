"""Columns of lists of places by the words in their headers.

Place on the way: inside the readers of population and place lists. A row of headers enters; the position of each thing
that is looked for leaves.
"""

import re
from collections.abc import Mapping, Sequence

from concerted.codelists.sheet_words import fold


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
