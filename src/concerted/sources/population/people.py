"""How many people live in a place, by p-code.

Place on the way: a list of the place reader. Rows enter, records of `population` leave. Common Operational Datasets
write `ADM2_PCODE` and `T_TL`, others `P-code` and `Population`; the finest level with a code counts.
"""

from collections.abc import Sequence

from concerted.records.cells import Cell, parse_count
from concerted.records.countries import country_code
from concerted.sources.base import Input
from concerted.sources.grid.records import Record, RecordMaker
from concerted.sources.grid.tags import tags_of
from concerted.sources.population.columns import find_columns, find_levels, text_at

_AREAS = "(region|province|cercle|departement|commune)"
_HEADERS = {
    "population": "(population|totalpopulation|poptotal|ttl|pop\\d{4}|population\\d{4})",
    "year": "(year|annee|referenceyear)",
    "country": "(adm0pcode|iso3|iso2|alpha3|countrycode|location|adm0ref|country|pays)",
    "code": f"(admpcode|pcode|placecode|code|code{_AREAS})",
    "name": f"(admref|admname|name|placename|{_AREAS})",
}
_LEVEL_CODES, _LEVEL_NAMES = "(adm|admin){n}pcode?", "(adm|admin){n}(ref|name|fr|en)"
#: A table about work or hunger may have a column of people too.
_OTHER = {"other": ".*(organi[sz]ation|phase|cluster).*"}


def is_people(head: Sequence[Sequence[Cell]]) -> bool:
    """Whether the header names a population and the code of a place."""
    if not head or find_columns(head[0], _OTHER):
        return False
    at = find_columns(head[0], _HEADERS)
    return "population" in at and ("code" in at or bool(find_levels(head[0], _LEVEL_CODES)))


def plan_people(head: Sequence[Sequence[Cell]], source: Input) -> tuple[int, RecordMaker]:
    """Number of the first row of data, and what makes a population record of a row."""
    header = head[0] if head else []
    at = find_columns(header, _HEADERS)
    codes, names = find_levels(header, _LEVEL_CODES), find_levels(header, _LEVEL_NAMES)
    as_of = source.config.as_of
    default_year = source.config.mapping.get("year") or (as_of.year if as_of else None)

    def make(row: Sequence[Cell], line: int) -> Record:
        code, name = text_at(row, at, "code"), text_at(row, at, "name")
        for level in sorted(codes, reverse=True):
            code = code or text_at(row, codes, level)
            name = name or text_at(row, names, level)
        people = parse_count(row[at["population"]] if at["population"] < len(row) else None)
        if code is None or people is None:
            raise ValueError("no code" if code is None else "no population")
        return {
            "country_code": country_code(text_at(row, at, "country") or ""),
            "place_code": code,
            "place_name": name,
            "year": parse_count(text_at(row, at, "year")) or default_year,
            "population": people,
        }

    # A list may have a row of HXL tags below its header.
    return (3 if len(head) > 1 and tags_of(head[1]) is not None else 2), make
