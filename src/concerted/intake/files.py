"""Files of any kind that is read, as statements of the workspace.

Place on the way: the inbox, for what is not one of our small sheets. An input of IATI, HXL or a mapped sheet enters and
takes its reader's way; documents leave, so that all that follows (preview, merging, history) is the same for every
kind.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from concerted.model.ids import id_text
from concerted.model.issues import Issue
from concerted.sources.base import Batch, Input
from concerted.sources.detect import readers
from concerted.statements.document import (
    FORMAT,
    Document,
    DocumentError,
    Fault,
    check,
    plain,
    plain_value,
    stated_columns,
    statement_tables,
)
from concerted.statements.rows import PARENTS, remove_row


@dataclass(frozen=True)
class Incoming:
    """A statement that a file holds.

    Attributes:
        line: where it begins in the file.
        document: what it says; `record` is its own identifier where it has one that can be an id, else one of ours.
        faults: parts that a statement of the workspace cannot say; they are left out of the document.
    """

    line: int | None
    document: Document
    faults: tuple[Fault, ...] = ()


@dataclass
class FileStatements:
    """What a file holds: statements, and the issues of its reader."""

    found: list[Incoming] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    seen: int = 0
    set_aside: int = 0


def read_file(source: Input) -> FileStatements:
    """Every statement of an input, all at once.

    Raises:
        SourceError: it is refused as a whole.
    """
    found = FileStatements()
    found.found += stream_file(source, found)
    return found


def stream_file(source: Input, told: FileStatements) -> Iterator[Incoming]:
    """Every statement of an input, one after the other; `told` learns the issues and the counts.

    Raises:
        SourceError: it is refused as a whole, or damaged further down.
    """
    reader = readers()[source.kind]
    for part in reader.parts(source, 1):
        for batch in reader.read(source, part):
            told.issues += batch.issues
            told.seen += batch.seen
            told.set_aside += batch.set_aside
            yield from incoming_of(batch)


def incoming_of(batch: Batch) -> Iterator[Incoming]:
    """The statements of a batch, in its order."""
    if "activity" not in batch.tables:
        return
    below = {name: _rows_of(batch.tables[name]) for name in statement_tables()[1:] if name in batch.tables}
    for stated in batch.tables["activity"].to_pylist():
        record_id = stated["record_id"]
        raw: Document = {"format": FORMAT, "record": id_text(record_id), "version": 1}
        raw["activity"] = _stated("activity", stated)
        rows = {name: found[record_id] for name, found in below.items() if record_id in found}
        # Readers number the rows of a statement; what belongs to one says its number.
        places = {name: {row.get("seq"): at for at, row in enumerate(found)} for name, found in rows.items()}
        for name, found in rows.items():
            raw[name] = [_stated(name, row) for row in found]
            column, above = PARENTS.get(name, ("", ""))
            for row in raw[name] if above else ():
                row[column] = places.get(above, {}).get(row[column], row[column])
        lost = tuple(_keep_own_texts(raw, stated))
        document, faults = _admitted(raw)
        yield Incoming(stated["line"], document, (*lost, *faults))


def _keep_own_texts(raw: Document, stated: Mapping[str, Any]) -> Iterator[Fault]:
    """Keep titles and descriptions of the activity; what is below it stands in its own rows, in one language.

    Yields:
        a fault for each text that is in none of those.
    """
    texts = raw.get("narrative") or list(_first_texts(stated))
    raw["narrative"] = [row for row in texts if row["field"] in ("title", "description")]
    said = {value for rows in raw.values() if isinstance(rows, list) for row in rows for value in row.values()}
    said |= set(raw["activity"].values())
    for at, row in enumerate(texts):
        if row["field"] not in ("title", "description") and row["text"] not in said:
            yield Fault(f"narrative[{at}].{row['field']}", "one language")


def _rows_of(table: pa.Table) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["record_id"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.get("seq") or 0)
    return found


def _stated(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row states, as JSON holds it; blanks within texts become one."""
    stated = {column: row[column] for column in stated_columns(name) if row.get(column) is not None}
    texts = {column: " ".join(value.split()) for column, value in stated.items() if isinstance(value, str)}
    return {column: texts.get(column, plain_value(value)) for column, value in stated.items()}


def _first_texts(stated: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("title", "description"):
        if stated.get(kind):
            lang = stated.get(f"{kind}_lang")
            yield {"field": kind, "text": " ".join(stated[kind].split()), **({"lang": lang} if lang else {})}


def _admitted(raw: Document) -> tuple[Document, tuple[Fault, ...]]:
    """The document without what no statement may say; readers keep codes that are on no list, statements do not."""
    faults: list[Fault] = []
    for _ in range(1 + sum(len(rows) for rows in raw.values() if isinstance(rows, list))):
        try:
            return plain(check(raw)), tuple(faults)
        except DocumentError as error:
            faults += [fault for fault in error.faults if fault not in faults]
            _drop(raw, error.faults)
    raise AssertionError("what is wrong with a statement cannot be dropped from it")


def _drop(raw: Document, faults: list[Fault]) -> None:
    """Leave out the fields that are at fault, and rows that say too little without them."""
    rows: dict[tuple[str, int], bool] = {}
    for fault in faults:
        where, _, column = fault.path.partition(".")
        table, _, number = where.rstrip("]").partition("[")
        if not number:
            raw[table].pop(column, None)
        elif column and column in raw[table][int(number)] and column != PARENTS.get(table, ("",))[0]:
            del raw[table][int(number)][column]
            rows.setdefault((table, int(number)), False)
        else:
            rows[table, int(number)] = True
    for (table, at), is_gone in sorted(rows.items(), reverse=True):
        if is_gone or not raw[table][at]:
            remove_row(raw, table, at)
