"""Lists of places (p-codes, gazetteer points) and of population.

Place on the way: step 1 and 2. Delimited lists enter; rows of `place` or `population` leave. One row is one place.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from concerted.model.errors import ConfigError
from concerted.records.cells import Cell
from concerted.sources.base import Batch, Input, Part, SourceConfig
from concerted.sources.grid.delimited import read_head
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.records import Record, RecordMaker, read_records
from concerted.sources.grid.tables import open_tables
from concerted.sources.opening.workbook import WORKBOOK_MARK
from concerted.sources.population.pcodes import is_pcodes, plan_pcodes
from concerted.sources.population.people import is_people, plan_people
from concerted.sources.population.points import is_points, plan_points

Head = Sequence[Sequence[Cell]]
_HEAD_ROWS = 25


class PlaceListReader:
    """Reads one of the kinds `pcodes`, `gazetteer`, `population`: how to know it and how to read it are given."""

    def __init__(
        self,
        kind: str,
        table: str,
        is_kind: Callable[[Head], bool],
        plan: Callable[[Head, Input], tuple[int, RecordMaker]],
    ) -> None:
        self.kind = kind
        self._table = table
        self._is_kind = is_kind
        self._plan = plan

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether the header (or the tags) are those of such a list."""
        if head.startswith(WORKBOOK_MARK) or head.lstrip()[:1] in (b"<", b"{", b"["):
            return False
        return self._is_kind(read_head(head, _HEAD_ROWS))

    def check(self, config: SourceConfig) -> None:
        """Population takes `mapping: {year: ..}`; the others take none.

        Raises:
            ConfigError: anything else is there.
        """
        allowed = {"year"} if self.kind == "population" else set()
        for key, value in config.mapping.items():
            if key not in allowed or not isinstance(value, int) or not 1950 <= value <= 2100:
                expected = "year: a year" if allowed else "nothing"
                raise ConfigError(f"{config.source_id}: mapping.{key}: found {value!r}, expected {expected}")

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The places of the list.

        Issues:
            place_unreadable (warning): a row without code, name, point or number; set aside.
            place_repeated (info): the same place (and year) again; the first row stays, the others are set aside.
            input_cut (error): the document ends or cannot be read from some row on.
        """
        findings = Findings(source)
        met: set[tuple[Any, ...]] = set()
        for table in open_tables(source, findings):
            first_row, make = self._plan(table.head(_HEAD_ROWS), source)

            def make_once(row: Sequence[Cell], line: int, make: RecordMaker = make) -> Record | None:
                record = make(row, line) or {}
                key = (record.get("place_id") or record.get("place_code"), record.get("year"))
                if key in met:
                    findings.note("info", "place_repeated", line, None, found=key[0])
                    return None
                met.add(key)
                return {"source_id": source.config.source_id, **record}

            yield from read_records(self._table, table, first_row, make_once, findings, "place_unreadable")
        yield Batch(issues=findings.take())


READERS = (
    PlaceListReader("pcodes", "place", is_pcodes, plan_pcodes),
    PlaceListReader("gazetteer", "place", is_points, plan_points),
    PlaceListReader("population", "population", is_people, plan_people),
)
