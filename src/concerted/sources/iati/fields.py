"""The notation of the mapping: where a column's value stands, and what it is.

Place on the way: below `mapping`, which is made of it. Sources are paths below the row's element in order of
preference: `value/@currency` an attribute, `name/narrative` the text of the first such element, `.` the text of the
row's element itself (how 1.x wrote what 2.x puts in narratives), `[path].` the same for rows of one path only,
`aid-type[1]/@code` of the first such element of vocabulary 1 (or none).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "code", "lang", "date", "time", "amount", "percent", "number", "whole", "flag"]


@dataclass(frozen=True)
class Field:
    """Where a column's value stands and what it is.

    Attributes:
        sources: paths in order of preference.
        kind: how the text is typed.
        codelist: for codes, the list in `records/iati/codelists.yml` that it should be on.
        default: column of `activity` that fills it where the row says nothing.
        otherwise: the value where neither says anything.
        of: for languages, the column whose language this is.
        says: "words" (free text, screened at the door), "address" (screened for e-mail addresses) or "" (all else).
    """

    sources: tuple[str, ...]
    kind: Kind = "string"
    codelist: str | None = None
    default: str | None = None
    otherwise: str | None = None
    of: str | None = None
    says: Literal["", "words", "address"] = ""


@dataclass(frozen=True, eq=False)
class Rows:
    """The elements that make the rows of a table (several paths where it holds several kinds), and its columns."""

    kinds: Mapping[str, str | None]
    fields: Mapping[str, Field]
    is_line_kept: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths below the activity; the empty one is the activity itself."""
        return tuple(self.kinds)


def text(*sources: str) -> Field:
    """A string as it stands."""
    return Field(sources)


def words(*sources: str) -> Field:
    """Free text."""
    return Field(sources, says="words")


def address(*sources: str) -> Field:
    """The address of a page."""
    return Field(sources, says="address")


def name(*elements: str) -> Field:
    """The first narrative of an element, or the element's own text."""
    return words(*(source for e in elements for source in (f"{e}/narrative" if e != "." else "narrative", e)))


def lang(of: str) -> Field:
    """The language of another column."""
    return Field((), "lang", of=of)


def code(codelist: str | None, *sources: str, default: str | None = None, otherwise: str | None = None) -> Field:
    """A code; words of 1.x become the code of 2.x."""
    return Field(sources, "code", codelist, default, otherwise)


def typed(kind: Kind, *sources: str) -> Field:
    """A date, a number or a flag."""
    return Field(sources, kind)


def day(element: str) -> Field:
    """The date of an element: its iso-date, else its text (1.x)."""
    return typed("date", f"{element}/@iso-date", element)
