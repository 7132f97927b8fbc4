"""Tables of an edition as files for others: CSV, XLSX, Parquet or JSON lines, filtered by the viewer's policy.

Formula injection is neutralised in CSV and XLSX: a text that a spreadsheet would run is written with a leading
apostrophe, as OWASP advises for CSV injection.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from concerted.marking import Viewer
from concerted.publish.visible import visible_sql
from concerted.store.query import open_edition

FORMATS = ("csv", "xlsx", "parquet", "jsonl")
_DANGEROUS = r"^[=+\-@\t\r]"
_XLSX_ROWS = 1_048_575


def export_table(viewer: Viewer, folder: Path, table: str, target: Path, form: str) -> int:
    """Write the rows of `table` that `viewer` may see to `target`; the number of rows.

    Raises:
        NotAllowedError: the table is not given out.
        ValueError: more rows than a worksheet holds.
    """
    with open_edition(folder) as connection:
        sql, parameters = visible_sql(viewer, connection, table)
        reader = connection.execute(sql, parameters).to_arrow_reader(100_000)
        binary = [f.name for f in reader.schema if pa.types.is_binary(f.type)]
        kept = [n for n in reader.schema.names if form == "parquet" or n not in binary]
        schema = pa.schema([reader.schema.field(n) for n in kept])
        batches = (batch.select(kept) for batch in reader)
        match form:
            case "parquet":
                return _write_parquet(batches, schema, target)
            case "csv":
                return _write_csv(batches, schema, target)
            case "jsonl":
                return _write_jsonl(batches, target)
            case "xlsx":
                return _write_xlsx(batches, schema, target, table)
            case _:
                raise ValueError(f"format {form!r} is not one of {FORMATS}")


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
            writer.write_batch(batch)
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
    from concerted.store.edition import canonical_json

    rows = 0
    with target.open("w", encoding="utf-8") as stream:
        for batch in batches:
            stream.writelines(canonical_json(row) + "\n" for row in batch.to_pylist())
            rows += batch.num_rows
    return rows


def _write_xlsx(batches: Iterator[pa.RecordBatch], schema: pa.Schema, target: Path, name: str) -> int:
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
                    raise ValueError(f"{name} has more than {_XLSX_ROWS} rows; export it as csv or parquet")
                for column, value in enumerate(row.values()):
                    if value is not None:
                        sheet.write(rows, column, _cell(value))
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
