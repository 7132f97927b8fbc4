"""HXL hashtags: how they are written, and which row of a table holds them.

Place on the way: below the readers of sheets. Source: HXL 1.1, hashtag and tagging conventions (hxlstandard.org),
"Syntax"; the row of tags is found as libhxl does: among the first 25 rows, at least half of the filled cells are tags.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from concerted.records.cells import Cell

TAG_ROWS = 25
#: How tags of flat IATI files begin: `#transaction`, `#x_transaction_type`.
_TRANSACTION = ("#transaction", "#x_transaction")
_WORD = r"[A-Za-z][_0-9A-Za-z]*"
_TAG = re.compile(rf"\s*(#{_WORD})((?:\s*\+{_WORD})*)\s*")


@dataclass(frozen=True)
class Tag:
    """A hashtag in lower case with its attributes: `#org+name`."""

    name: str
    attributes: frozenset[str]

    def __str__(self) -> str:
        return self.name + "".join(f"+{a}" for a in sorted(self.attributes))


def parse_tag(cell: Cell) -> Tag | None:
    """The tag in a cell, or None. Case and blanks before `+` do not matter."""
    match = _TAG.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        return None
    attributes = frozenset(a.lower() for a in re.findall(_WORD, match[2]))
    return Tag(match[1].lower(), attributes)


def tags_of(row: Sequence[Cell]) -> list[Tag | None] | None:
    """The tags of a row, None for cells without one; None when the row is no row of tags."""
    filled = sum(1 for cell in row if cell is not None and (not isinstance(cell, str) or cell.strip()))
    tags = [parse_tag(cell) for cell in row]
    found = sum(tag is not None for tag in tags)
    return tags if found and found / filled >= 0.5 else None


def find_tags(rows: Sequence[Sequence[Cell]]) -> tuple[int, list[Tag | None]] | None:
    """Position and tags of the first row of tags among the first 25 rows."""
    for position, row in enumerate(rows[:TAG_ROWS]):
        if (tags := tags_of(row)) is not None:
            return position, tags
    return None


def is_activities(tags: Sequence[Tag | None]) -> bool:
    """Whether a table with these tags says who does what where: somebody or something done, and one thing more.

    A table of transactions does not, whatever else it names: its rows are sums of money and nobody's presence.
    """
    names = {tag.name for tag in tags if tag is not None}
    if any(name.startswith(_TRANSACTION) for name in names):
        return False
    who = bool(names & {"#org", "#activity", "#project"})
    more = names & {"#sector", "#subsector", "#cluster", "#activity", "#project"}
    where = names & {"#country", "#adm0", "#adm1", "#adm2", "#adm3", "#adm4", "#loc", "#geo"}
    return who and bool(more | where)
