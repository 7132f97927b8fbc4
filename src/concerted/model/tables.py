"""The field dictionary as Arrow schemas.

Place on the way: below everything. `fields.yml` is the one list of tables and columns; readers make `rec_` tables
(columns of step `read`), steps add the others and make `core_` and `out_` tables.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from concerted.model.errors import SchemaError
from concerted.model.yaml import load_yaml

TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "binary": pa.binary(),
    "amount": pa.decimal128(18, 4),
    "usd": pa.decimal128(18, 2),
    "eur": pa.decimal128(18, 2),
    "ppb": pa.int64(),
}

#: Rows of a row group; fixed, because the bytes of an edition must not depend on the machine.
ROW_GROUP = 122_880
#: Shares are integers in parts per billion, so that they add up exactly on every engine.
ONE = 1_000_000_000
#: `transaction_seq` of what is stated on the activity itself and not on one transaction.
ON_ACTIVITY = -1
#: Places and nodes that are not in any list: kept apart, never folded into a gap or into zero.
REGIONAL, UNKNOWN, UNCLASSIFIED, ALL = "REGIONAL", "UNKNOWN", "UNCLASSIFIED", "ALL"
#: Kinds of statements by which is counted first where several sources tell of one activity.
KIND_ORDER = {"iati": 0, "project": 1, "presence": 2}


#: The layer that stands before a table's name, by the step that makes it.
LAYERS = {
    "read": "core",
    "resolve": "core",
    "chain": "core",
    "locate": "core",
    "classify": "core",
    "allocate": "out",
    "unshown": "out",
    "picture": "out",
}


@dataclass(frozen=True)
class Column:
    """One column of a table: its type word in fields.yml, the step that fills it, its meaning."""

    name: str
    type: str
    step: str
    doc: str


@dataclass(frozen=True)
class TableSpec:
    """One table of the field dictionary; `rows` are those of a row group of its file."""

    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: int = ROW_GROUP

    @property
    def full_name(self) -> str:
        """Name in an edition: `core_activity`, `out_cell`; issues are `out_issue`."""
        return "out_issue" if self.name == "issue" else f"{LAYERS[self.columns[0].step]}_{self.name}"

    @property
    def is_record(self) -> bool:
        """Whether readers make this table (it then exists as `rec_<name>` and as `core_<name>`)."""
        return self.columns[0].step == "read"

    def schema(self, *, upto_read: bool = False) -> pa.Schema:
        """Arrow schema of the `core_`/`out_` table, or of its `rec_` form with `upto_read`."""
        return pa.schema([(c.name, TYPES[c.type]) for c in self.columns if not upto_read or c.step == "read"])


@cache
def tables() -> dict[str, TableSpec]:
    """Every table of fields.yml by its bare name, in the order of the file."""
    raw: dict[str, Any] = load_yaml(files("concerted.model").joinpath("fields.yml").read_text("utf-8"))
    return {
        name: TableSpec(
            name,
            t["doc"],
            tuple(t["key"]),
            tuple(Column(c, *parts) for c, parts in t["columns"].items()),
            t.get("rows", ROW_GROUP),
        )
        for name, t in raw.items()
    }


@cache
def record_tables() -> tuple[str, ...]:
    """Bare names of the tables that readers make."""
    return tuple(name for name, spec in tables().items() if spec.is_record)


@cache
def rec_schema(name: str) -> pa.Schema:
    """Schema of `rec_<name>`: what a reader must deliver, in this column order."""
    return tables()[name].schema(upto_read=True)


@cache
def full_schema(name: str) -> pa.Schema:
    """Schema of the finished table `name` (without layer prefix)."""
    return tables()[name].schema()


def conform(table: pa.Table, schema: pa.Schema, what: str) -> pa.Table:
    """`table` with exactly the columns of `schema`, in order; missing ones become null.

    Raises:
        SchemaError: a column is not in the schema, or cannot be cast.
    """
    extra = set(table.column_names) - set(schema.names)
    if extra:
        raise SchemaError(f"{what}: columns {sorted(extra)} are not in the field dictionary (model/fields.yml)")
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        column = table[field.name]
        try:
            columns.append(column if column.type == field.type else column.cast(field.type))
        except pa.ArrowInvalid as error:
            raise SchemaError(f"{what}.{field.name}: {column.type} does not fit {field.type}: {error}") from error
    return pa.table(columns, schema=schema)
