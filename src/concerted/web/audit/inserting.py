"""Insert many rows with one prepared statement, and make their values ready before anybody has to wait for them.

On SQLite Django's `bulk_create` makes a statement for each few dozen rows, which takes longer than running it.
While many rows are written every other writer waits, so that time counts: most of it goes into turning fields into
what a database takes, which needs no lock (`ready_to_insert`, `ready_to_update`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Model


@dataclass(frozen=True)
class Ready:
    """A statement, and for each row the values that a database takes."""

    statement: str
    values: list[list[Any]]


def insert_values(model: type[Model], rows: Sequence[Mapping[str, Any]], *, unless_there: bool = False) -> None:
    """Insert rows that are told as values by attribute, in their order: to make a model of each takes as long again.

    Args:
        rows: each with every column but a key that the database makes, defaults of the model too; hashable values.
        unless_there: as in `insert_rows`.
    """
    if not rows:
        return
    statement, fields = _insertion(model, connection.vendor)
    database = connections[DEFAULT_DB_ALIAS]
    columns = [_column(field, [row[field.attname] for row in rows], database) for field in fields]
    said = f"{statement} ON CONFLICT DO NOTHING" if unless_there else statement
    write(Ready(said, [list(values) for values in zip(*columns, strict=True)]))


def _column(field: Any, values: Sequence[Any], database: Any) -> list[Any]:
    """A column as the database takes it; most are of few values, each of which is turned once."""
    known: dict[Any, Any] = {}
    found = []
    for value in values:
        if value not in known:
            known[value] = field.get_db_prep_save(value, database)
        found.append(known[value])
    return found


def insert_rows(rows: Iterable[Model], *, unless_there: bool = False) -> None:
    """Insert rows of one model, in their order; keys that the database makes are not read back.

    Args:
        unless_there: a row that is there already, by any unique key, stays as it is.
    """
    found = list(rows)
    if found:
        ready = ready_to_insert(found)
        write(Ready(f"{ready.statement} ON CONFLICT DO NOTHING", ready.values) if unless_there else ready)


def ready_to_insert(rows: Sequence[Model]) -> Ready:
    """What `write` inserts: at least one row, all of one model."""
    statement, fields = _insertion(type(rows[0]), connection.vendor)
    return Ready(statement, _values(rows, fields))


def ready_to_update(rows: Sequence[Model], names: Sequence[str]) -> Ready:
    """What `write` writes of rows that are there: these fields; whoever writes holds the rows locked."""
    model = type(rows[0])
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote: Any = connection.ops.quote_name
    told = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key: Any = model._meta.pk
    statement = f"UPDATE {quote(model._meta.db_table)} SET {told} WHERE {quote(key.column)} = %s"
    return Ready(statement, _values(rows, (*fields, key)))


def write(ready: Ready) -> None:
    """Write what was made ready."""
    if ready.values:
        with transaction.atomic(), connection.cursor() as cursor:  # else each row would be a transaction of its own
            cursor.executemany(ready.statement, ready.values)


def _values(rows: Sequence[Model], fields: Sequence[Any]) -> list[list[Any]]:
    # The connection itself: `connection` looks it up anew for each attribute of each value.
    database = connections[DEFAULT_DB_ALIAS]
    taken: list[tuple[str, Callable[..., Any]]] = [(field.attname, field.get_db_prep_save) for field in fields]
    return [[prepare(getattr(row, name), database) for name, prepare in taken] for row in rows]


@cache
def _insertion(model: type[Model], vendor: str) -> tuple[str, tuple[Any, ...]]:
    fields: tuple[Any, ...] = tuple(
        field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"
    )
    quote: Any = connection.ops.quote_name
    columns, places = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields
