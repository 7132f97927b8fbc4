"""Tables of an edition as files for others: CSV, XLSX, Parquet or JSON lines, filtered by the viewer's policy.

Formula injection is neutralised in CSV and XLSX: a text that a spreadsheet would run is written with a leading
apostrophe, as OWASP advises for CSV injection.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from concerted.marking import Viewer
from concerted.model.errors import ConfigError
from concerted.publish.about import About, describe
from concerted.publish.visible import visible_sql
from concerted.store.edition import canonical_json, write_atomically, write_file_atomically
from concerted.store.query import open_edition

FORMATS = ("csv", "xlsx", "parquet", "jsonl")
_DANGEROUS = r"^[=+\-@\t\r]"
_XLSX_ROWS = 1_048_575


def export_table(viewer: Viewer, folder: Path, table: str, target: Path, form: str) -> int:
    """Write the rows of `table` that `viewer` may see to `target`, with what they are; the number of rows.

    What they are (edition, day, marking, licences, notice, meaning of each column) stands in a second sheet of a
    workbook, in the metadata of a Parquet file, and beside a .csv or .jsonl in a file `<name>-metadata.json`, as W3C's
    CSV on the Web has it. A file appears whole or not at all.

    Raises:
        NotAllowedError: the table is not given out.
        ConfigError: the folder is not there, or there are more rows than a worksheet holds.
    """
    if form not in FORMATS:
        raise ConfigError(f"{target}: format {form!r} is not one of {', '.join(FORMATS)}")
    if not target.parent.is_dir():
        raise ConfigError(f"{target}: there is no folder {target.parent}; make it first")
    with open_edition(folder) as connection:
        sql, parameters = visible_sql(viewer, connection, table)
        about = describe(viewer, connection, folder, table)
        reader = connection.execute(sql, parameters).to_arrow_reader(100_000)
        binary = [f.name for f in reader.schema if pa.types.is_binary(f.type)]
        kept = [n for n in reader.schema.names if form == "parquet" or n not in binary]
        schema = pa.schema([reader.schema.field(n) for n in kept])
        batches = (batch.select(kept) for batch in reader)
        rows = 0

        def write(path: Path) -> None:
            nonlocal rows
            match form:
                case "parquet":
                    rows = _write_parquet(batches, schema.with_metadata(about.flat()), path)
                case "csv":
                    rows = _write_csv(batches, schema, path)
                case "jsonl":
                    rows = _write_jsonl(batches, path)
                case "xlsx":
                    rows = _write_xlsx(batches, schema, path, table, about)

        write_file_atomically(target, write)
    if form in ("csv", "jsonl"):
        beside = target.with_name(f"{target.name}-metadata.json")
        write_atomically(beside, json.dumps(about.csvw(target.name, kept), ensure_ascii=False, indent=1) + "\n")
    return rows


def neutral(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with every text that a spreadsheet would run as a formula made harmless."""
    columns = []
    for column in batch.columns:
        if pa.types.is_string(column.type):
            risky = pc.match_substring_regex(column, _DANGEROUS)
            column = pc.if_else(pc.fill_null(risky, False), pc.binary_join_element_wise("'", column, ""), column)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _write_parquet(batches: Iterator[pa.RecordBatch], schema: pa.Schema, target: Path) -> int:
    rows = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            rows += batch.num_rows
    return rows


def _write_csv(batches: Iterator[pa.RecordBatch], schema: pa.Schema, target: Path) -> int:
    rows = 0
    with pacsv.CSVWriter(target, schema) as writer:
        for batch in batches:
            writer.write_batch(neutral(batch))
            rows += batch.num_rows
    return rows


def _write_jsonl(batches: Iterator[pa.RecordBatch], target: Path) -> int:
    rows = 0
    with target.open("w", encoding="utf-8") as stream:
        for batch in batches:
            stream.writelines(canonical_json(row) + "\n" for row in batch.to_pylist())
            rows += batch.num_rows
    return rows


def _write_xlsx(batches: Iterator[pa.RecordBatch], schema: pa.Schema, target: Path, name: str, about: About) -> int:
    import xlsxwriter

    rows = 0
    options: dict[str, Any] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.write_row(0, 0, schema.names)
        for batch in batches:
            for row in neutral(batch).to_pylist():
                rows += 1
                if rows > _XLSX_ROWS:
                    raise ConfigError(f"{name} has more than {_XLSX_ROWS} rows; export it as csv or parquet")
                for column, value in enumerate(row.values()):
                    if value is not None:
                        sheet.write(rows, column, _cell(value))
        told = book.add_worksheet("about")
        for row, (key, value) in enumerate(about.flat().items()):
            told.write_string(row, 0, key)
            told.write_string(row, 1, value)
    return rows


def _cell(value: Any) -> Any:
    """A value as a worksheet can hold it exactly: 64-bit ids and dates as text, money as a number."""
    if isinstance(value, bool | float | str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 53 else str(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)
