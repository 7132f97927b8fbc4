"""Needs and offers, from a sheet of ours or from what the workspace writes.

Place on the way: step 1 and 2. A CSV file, a workbook or lines of JSON enter; rows of `need`, `offer` and `term` leave,
valued in dollars and euros. Both ways end in the same check (`statements/asks.py`), so that a need means the same
however it came. One with a fault is set aside whole: half a need would be matched with the wrong help.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from concerted.codelists.need_words import Ask, is_ask_sheet, recognise_ask
from concerted.marking.keys import Label
from concerted.model.ids import hash_id
from concerted.model.issues import Issue
from concerted.model.tables import rec_schema
from concerted.records.money import add_values
from concerted.records.screening.texts import SEVERITIES, codes_of, screen_texts
from concerted.sources.base import Batch, Input, Part
from concerted.sources.grid.delimited import read_head
from concerted.sources.grid.findings import Findings
from concerted.sources.needs.documents import documents_of
from concerted.sources.needs.sheets import rows_of
from concerted.sources.opening.workbook import sheet_names
from concerted.statements.asks import FORMATS, check_ask
from concerted.statements.document import Document, DocumentError
from concerted.statements.texts import FREE, is_address

_HEAD_ROWS = 25
_ENDS: dict[Ask, tuple[str, ...]] = {"need": ("low", "high", "least"), "offer": ("least", "most")}


class NeedsReader:
    """Reads kind `needs`: needs, offers, or both in one workbook."""

    kind = "needs"

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether a row of headers, the name of a worksheet, or the first line says so."""
        if (sheets := sheet_names(head)) is not None:
            return any(map(is_ask_sheet, sheets))
        line = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
        if line.startswith(b"{"):
            return any(f'"{form}"'.encode() in line for form in FORMATS)
        if line.startswith((b"<", b"[")):
            return False
        return any(recognise_ask(row) is not None for row in read_head(head, _HEAD_ROWS))

    def parts(self, source: Input, wanted: int) -> list[Part]:
        """One."""
        return [Part(0, 0, source.bytes)]

    def read(self, source: Input, part: Part) -> Iterator[Batch]:
        """The needs and offers.

        Issues:
            need_unreadable (warning): a row that says too little or what cannot be; set aside.
            statement_wrong (error): a line of the workspace with a fault; set aside.
            need_repeated (warning): the same code again; the later one is set aside.
            text_masked (info), label_refused (warning): what was taken out of free texts.
            input_cut (error): the document ends or cannot be read from some row on.
        """
        findings = Findings(source)
        batch, rows = Batch(), dict[str, list[dict[str, Any]]]()
        is_json = source.name.lower().removesuffix(".gz").endswith(("json", "jsonl", "ndjson"))
        met: set[tuple[Ask, str]] = set()
        for line, sheet, raw in documents_of(source, batch) if is_json else rows_of(source, findings, batch.unread):
            batch.seen += 1
            try:
                ask, document = check_ask(raw)
            except DocumentError as error:
                for fault in error.faults:
                    if is_json:
                        batch.issues.append(_wrong(source, line, fault.path, fault.expected))
                    else:
                        findings.note("warning", "need_unreadable", line, fault.path, expected=fault.expected)
                continue
            # Of a sheet this is the code; what the site keeps stays the same need when its owner changes the code.
            key = document["record"]
            if (ask, key) in met:
                findings.note("warning", "need_repeated", line, None, found=key)
                continue
            met.add((ask, key))
            batch.read += 1
            _add(rows, source, ask, document, key, line, sheet)
        batch.set_aside = batch.seen - batch.read
        for name, found in rows.items():
            batch.tables[name] = _finished(name, found, batch, source)
        batch.issues += findings.take()
        yield batch


def _add(
    rows: dict[str, list[dict[str, Any]]],
    source: Input,
    ask: Ask,
    document: Document,
    key: str,
    line: int,
    sheet: str | None,
) -> None:
    record_id = hash_id(source.config.source_id, ask, key)
    stated = document[ask]
    rows.setdefault(ask, []).append(
        {
            **stated,
            "record_id": record_id,
            "source_id": source.config.source_id,
            "input_path": source.name,
            "line": line,
            "sheet": sheet,
            "identifier": stated.get("identifier") or key,
            "title_lang": stated.get("title_lang") or source.config.lang,
            "value_date": stated.get("value_date") or stated.get("reported_date") or source.config.as_of,
        }
    )
    numbers: dict[str, int] = {}
    for term in document["term"]:
        seq = numbers.get(term["kind"], 0)
        numbers[term["kind"]] = seq + 1
        rows.setdefault("term", []).append({**term, "record_id": record_id, "seq": seq})


def _finished(name: str, rows: Sequence[dict[str, Any]], batch: Batch, source: Input) -> pa.Table:
    if name == "term":
        return pa.Table.from_pylist(list(rows), schema=rec_schema(name))
    ask: Ask = "need" if name == "need" else "offer"
    for column in FREE[ask]:
        _screen(rows, column, batch, source)
    table = pa.Table.from_pylist(list(rows), schema=rec_schema(name))
    for end in _ENDS[ask]:
        valued = add_values(
            pa.table({"value": table[f"{end}_value"], "currency": table["currency"], "value_date": table["value_date"]})
        )
        for money in ("usd", "eur"):
            place = table.schema.get_field_index(f"{end}_{money}")
            table = table.set_column(place, table.schema.field(place), valued[f"value_{money}"])
    return table


def _screen(rows: Sequence[dict[str, Any]], column: str, batch: Batch, source: Input) -> None:
    """Take traces of persons and labels on peoples out of a column of free texts."""
    texts = [row.get(column) for row in rows]
    screened = screen_texts(pa.array([None if t and is_address(t) else t for t in texts], pa.string()))
    for at, text, traces in zip(screened.rows.tolist(), screened.texts, screened.traces, strict=True):
        rows[at][column] = text
        batch.issues += [
            Issue(
                SEVERITIES[code],
                code,
                "read",
                input_path=source.name,
                line=rows[at]["line"],
                field=column,
                source_id=source.config.source_id,
                marking_key=rows[at]["marking_key"],
            )
            for code in codes_of(traces)
        ]


def _wrong(source: Input, line: int, path: str, expected: str) -> Issue:
    """Who may know of a line with a fault cannot be told from it, so nobody may but who holds the files."""
    return Issue(
        "error",
        "statement_wrong",
        "read",
        input_path=source.name,
        line=line,
        field=path or None,
        source_id=source.config.source_id,
        values={"expected": expected},
        marking_key=str(Label.NOBODY),
    )


READERS = (NeedsReader(),)
