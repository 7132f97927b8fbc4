"""Lists of p-codes with HXL tags: code, name, level and parent of administrative areas.

Place on the way: a list of the place reader. Rows enter, records of `place` leave.
"""

from collections.abc import Sequence

from concerted.records.cells import Cell, parse_count, parse_date
from concerted.records.countries import country_code
from concerted.sources.base import Input
from concerted.sources.grid.records import Record, RecordMaker
from concerted.sources.grid.tags import Tag, find_tags, is_activities
from concerted.sources.population.columns import text_at

_TAGS = {
    "#country+code": "country",
    "#geo+admin_level": "level",
    "#adm+code": "code",
    "#adm+name": "name",
    "#adm+code+parent": "parent",
    "#date+start": "since",
    "#date+end": "until",
}


def is_pcodes(head: Sequence[Sequence[Cell]]) -> bool:
    """Whether there is a row of tags with a code and a name of any admin level, and nobody who does something."""
    found = find_tags(head)
    return found is not None and _columns(found[1]).keys() >= {"code", "name"} and not is_activities(found[1])


def plan_pcodes(head: Sequence[Sequence[Cell]], source: Input) -> tuple[int, RecordMaker]:
    """Number of the first row of data, and what makes a place of a row."""
    found = find_tags(head)
    at = _columns(found[1]) if found else {}

    def make(row: Sequence[Cell], line: int) -> Record:
        code, name = text_at(row, at, "code"), text_at(row, at, "name")
        if code is None or name is None:
            raise ValueError("no code" if code is None else "no name")
        country = country_code(text_at(row, at, "country") or "")
        level = parse_count(text_at(row, at, "level"))
        return {
            "place_id": code,
            "level": level,
            # The parent of a first-level area is its country, here by its three letters.
            "parent_id": country if level == 1 else text_at(row, at, "parent"),
            "country_code": country,
            "name": name,
            "valid_from": parse_date(text_at(row, at, "since")) or source.config.as_of,
            "valid_to": parse_date(text_at(row, at, "until")),
        }

    return (found[0] if found else 0) + 2, make


def _columns(tags: Sequence[Tag | None]) -> dict[str, int]:
    return {_TAGS[str(tag)]: position for position, tag in enumerate(tags) if str(tag) in _TAGS}
