"""Insert many rows with one prepared statement.

On SQLite Django's `bulk_create` makes a statement for each few dozen rows, which takes longer than running it.
While many rows are written every other writer waits, so that time counts.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Model


def insert_rows(rows: Iterable[Model]) -> None:
    """Insert rows of one model, in their order; keys that the database makes are not read back."""
    found = list(rows)
    if not found:
        return
    statement, fields = _statement(type(found[0]), connection.vendor)
    with transaction.atomic(), connection.cursor() as cursor:  # else each row would be a transaction of its own
        cursor.executemany(statement, [[_value(row, field) for field in fields] for row in found])


def update_rows(rows: Iterable[Model], names: Sequence[str]) -> None:
    """Write these fields of rows that are there; the caller holds them locked."""
    found = list(rows)
    if not found:
        return
    model = type(found[0])
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote: Any = connection.ops.quote_name
    told = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key: Any = model._meta.pk
    statement = f"UPDATE {quote(model._meta.db_table)} SET {told} WHERE {quote(key.column)} = %s"
    with transaction.atomic(), connection.cursor() as cursor:  # else each row would be a transaction of its own
        cursor.executemany(statement, [[_value(row, field) for field in (*fields, key)] for row in found])


def _value(row: Model, field: Any) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


@cache
def _statement(model: type[Model], vendor: str) -> tuple[str, tuple[Any, ...]]:
    fields: tuple[Any, ...] = tuple(
        field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"
    )
    quote: Any = connection.ops.quote_name
    columns, places = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields
