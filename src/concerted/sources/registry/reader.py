"""Statements of the workspace's registry, one JSON document in each line.

Place on the way: step 1 and 2. Lines enter; `rec_` tables leave, in which each statement has the marking that its owner
gave it. A line with a fault is set aside whole: what is wrong in it was written by software, not by a hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from concerted.codelists.sheet_words import sheet_words
from concerted.marking.keys import Label
from concerted.model.ids import hash_id
from concerted.model.issues import Issue
from concerted.model.tables import rec_schema
from concerted.records.money import add_values
from concerted.records.screening.texts import SEVERITIES, codes_of, screen_texts
from concerted.sources.base import Batch, Input, Part
from concerted.sources.open import open_stream
from concerted.statements.document import (
    FORMAT,
    MAX_BYTES,
    Document,
    DocumentError,
    Fault,
    decode,
    statement_tables,
)
from concerted.statements.texts import FREE

#: Statements of a batch: enough for columns to pay, few enough to hold a few MB.
BATCH = 2_000
_DEFAULT_KINDS = ("aid_type", "flow_type", "finance_type", "tied_status")


class RegistryReader:
    """Reads kind `registry`."""

    kind = "registry"

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether its first line is a statement."""
        line = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
        return line.startswith(b"{") and f'"{FORMAT}"'.encode() in line

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One: a registry writes many small files, so that a saved record makes only one of them anew."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The statements.

        Issues:
            statement_wrong (error): a line that is no statement, or has a fault; it is set aside.
            identifier_duplicate (warning): a record that is there twice; the later line is set aside.
            text_masked (info), label_refused (warning): what was taken out of free texts.
        """
        met: set[str] = set()
        batch, found = Batch(), list[tuple[int, Document]]()
        for line, text in _lines(source):
            batch.seen += 1
            try:
                document = decode(text)
            except DocumentError as error:
                batch.issues += [_wrong(source, line, fault) for fault in error.faults]
                continue
            if document["record"] in met:
                batch.issues.append(_issue(source, "warning", "identifier_duplicate", line, document))
                continue
            met.add(document["record"])
            found.append((line, document))
            if len(found) == BATCH:
                yield _finished(batch, source, found)
                batch, found = Batch(), []
        yield _finished(batch, source, found)


def _lines(source: Input) -> Iterator[tuple[int, bytes]]:
    """(number, bytes) of the lines that are not blank; of a line that is too long no more than shows that it is."""
    with open_stream(source) as stream:
        number, is_rest = 0, False
        while text := stream.readline(MAX_BYTES + 2):
            begins, is_rest = not is_rest, not text.endswith(b"\n")
            if begins:
                number += 1
                if text.strip():
                    yield number, text.rstrip(b"\r\n")


def _finished(batch: Batch, source: Input, found: Sequence[tuple[int, Document]]) -> Batch:
    batch.read, batch.set_aside = len(found), batch.seen - len(found)
    ids = [hash_id(source.config.source_id, document["record"]) for _, document in found]
    rows: dict[str, list[dict[str, Any]]] = {}
    for record_id, (line, document) in zip(ids, found, strict=True):
        for name in statement_tables():
            if name == "activity":
                rows.setdefault(name, []).append(_activity(source, record_id, line, document))
                continue
            defaults = _defaults(name, document["activity"])
            for seq, row in enumerate(document[name]):
                own = {"value_date": row.get("transaction_date")} if name == "transaction" else {}
                rows.setdefault(name, []).append(
                    {"record_id": record_id, "seq": seq, "line": line, **defaults, **own, **row}
                )
    keys = {record_id: document["activity"]["marking_key"] for record_id, (_, document) in zip(ids, found, strict=True)}
    for name, of_table in rows.items():
        table = _table(name, of_table)
        for column in FREE.get(name, ()):
            table = _screened(table, column, batch, source, keys)
        batch.tables[name] = add_values(table) if name in ("budget", "transaction") else table
    if "activity" in batch.tables:
        batch.tables["activity"] = _with_first_texts(batch.tables["activity"], batch.tables.get("narrative"))
    return batch


def _activity(source: Input, record_id: int, line: int, document: Document) -> dict[str, Any]:
    stated: dict[str, Any] = document["activity"]
    config = source.config
    return {
        "is_supply": config.is_supply,
        "is_partner_hidden": False,
        "default_lang": config.lang,
        "activity_status_code": _status(stated.get("state")),
        **stated,
        "record_id": record_id,
        "source_id": config.source_id,
        "input_path": source.name,
        "line": line,
        "kind": "project",
        "identifier": stated.get("identifier") or document["record"],
    }


def _defaults(table: str, activity: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for the money of a statement where a row does not say otherwise."""
    if table == "budget":
        return {"currency": activity.get("default_currency")}
    if table != "transaction":
        return {}
    kinds = {f"{kind}_code": activity.get(f"default_{kind}_code") for kind in _DEFAULT_KINDS}
    return {"currency": activity.get("default_currency"), **kinds}


def _status(state: str | None) -> str | None:
    """The ActivityStatus code of a state, where there is one: a request has none."""
    found = sheet_words().states.get(state or "")
    return None if found is None else found[1]


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = rec_schema(name)
    filled = {column for row in rows for column in row}
    arrays = [
        pa.array([row.get(field.name) for row in rows], field.type)
        if field.name in filled
        else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    if name == "narrative":  # its `seq` numbers descriptions of several types, of which the registry has one
        arrays[schema.get_field_index("seq")] = pa.array(np.zeros(len(rows), np.int32))
    return pa.table(arrays, schema=schema)


def _screened(table: pa.Table, column: str, batch: Batch, source: Input, keys: Mapping[int, str]) -> pa.Table:
    """The table without traces of persons and labels on peoples in a column of free texts."""
    texts = table[column].combine_chunks()
    found = screen_texts(pa.concat_arrays(texts.chunks) if isinstance(texts, pa.ChunkedArray) else texts)
    if not len(found.rows):
        return table
    values = texts.to_pylist()
    for row, text, traces in zip(found.rows.tolist(), found.texts, found.traces, strict=True):
        values[row] = text
        record_id = table["record_id"][row].as_py()
        batch.issues += [
            Issue(
                SEVERITIES[code],
                code,
                "read",
                input_path=source.name,
                line=table["line"][row].as_py() if "line" in table.column_names else None,
                field=column,
                record_id=record_id,
                source_id=source.config.source_id,
                marking_key=keys[record_id],
            )
            for code in codes_of(traces)
        ]
    place = table.schema.get_field_index(column)
    return table.set_column(place, table.schema.field(place), pa.array(values, table.schema.field(place).type))


def _with_first_texts(activity: pa.Table, narrative: pa.Table | None) -> pa.Table:
    """`title`, `description` and their languages are those of the first narrative of each, already screened."""
    first: dict[tuple[int, str], tuple[str, str | None]] = {}
    for row in narrative.to_pylist() if narrative is not None else ():
        first.setdefault((row["record_id"], row["field"]), (row["text"], row["lang"]))
    ids = activity["record_id"].to_pylist()
    for kind in ("title", "description"):
        said = [first.get((record_id, kind), (None, None)) for record_id in ids]
        for column, at in ((kind, 0), (f"{kind}_lang", 1)):
            place = activity.schema.get_field_index(column)
            values = pa.array([texts[at] for texts in said], pa.string())
            activity = activity.set_column(place, activity.schema.field(place), values)
    return activity


def _wrong(source: Input, line: int, fault: Fault) -> Issue:
    """Who may know of a line that is no statement cannot be told from it, so nobody may but who holds the files."""
    return Issue(
        "error",
        "statement_wrong",
        "read",
        input_path=source.name,
        line=line,
        field=fault.path or None,
        source_id=source.config.source_id,
        values={"expected": fault.expected},
        marking_key=str(Label.NOBODY),
    )


def _issue(source: Input, severity: Any, code: str, line: int, document: Document) -> Issue:
    return Issue(
        severity,
        code,
        "read",
        input_path=source.name,
        line=line,
        source_id=source.config.source_id,
        values={"found": document["record"]},
        marking_key=document["activity"]["marking_key"],
    )


READERS = (RegistryReader(),)
