"""Tables in which one row is one record of one table: lists of places, of population, of events.

Place on the way: below the readers of such lists. Rows and a function that makes a record of one enter; batches leave.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from concerted.model.tables import rec_schema
from concerted.records.cells import Cell
from concerted.sources.base import Batch
from concerted.sources.grid.findings import Findings
from concerted.sources.grid.tables import BATCH_ROWS, GridTable, is_blank, numbered_rows

Record = dict[str, Any]
#: Makes the record of a row with its number; raises `ValueError`, or gives None where it has told the fault itself.
RecordMaker = Callable[[Sequence[Cell], int], Record | None]


def read_records(
    name: str,
    table: GridTable,
    first_row: int,
    make: RecordMaker,
    findings: Findings,
    fault: str,
    unread: Mapping[str, int] | None = None,
) -> Iterator[Batch]:
    """Records of the table `name`, in batches.

    Args:
        name: bare name of the `rec_` table.
        table: where the rows are.
        first_row: 1-based number of the first row of data.
        make: a row that it refuses is set aside with an issue `fault` (warning) at its row.
        findings: collects the issues.
        fault: code of that issue.
        unread: columns that are not read by design, by name; their filled cells are counted.
    """
    found: list[Record] = []
    batch = Batch()
    for number, row in numbered_rows(table, first_row, findings):
        if is_blank(row):
            continue
        batch.seen += 1
        for column, position in (unread or {}).items():
            if position < len(row) and row[position]:
                batch.unread[column] = batch.unread.get(column, 0) + 1
        try:
            if (record := make(row, number)) is not None:
                found.append(record)
        except ValueError as error:
            findings.note("warning", fault, number, None, reason=str(error))
        if len(found) >= BATCH_ROWS:
            yield _finished(batch, name, found)
            batch, found = Batch(), []
    yield _finished(batch, name, found)


def _finished(batch: Batch, name: str, found: list[Record]) -> Batch:
    batch.tables = {name: pa.Table.from_pylist(found, schema=rec_schema(name))}
    batch.read, batch.set_aside = len(found), batch.seen - len(found)
    return batch
