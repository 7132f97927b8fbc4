"""Rows of the registry as JSON lines, and back, by the models of the migrations that the rows belong to.

The models of today would not fit rows of yesterday. Django can say what its models were after any set of migrations:
rows are written and read by those, so a backup of an older version is restored as it was, and brought up to date then.
Values are those of the fields and not of one database, so what SQLite held PostgreSQL can take.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connections, models
from django.db.migrations.loader import MigrationLoader

#: App and name of a migration.
Migration = tuple[str, str]

#: Tables that are made anew wherever they are missed, or that hold what passes: sessions end with a restore, and what
#: waited to be done is asked for again at the next start.
PASSING = frozenset(
    {
        "accounts.session",
        "auth.permission",
        "auth.group",
        "auth.group_permissions",
        "contenttypes.contenttype",
        "django_tasks_database.dbtaskresult",
        "safeguards.knownneed",
        "sessions.session",
    }
)
#: Rows in memory at a time.
CHUNK = 1000


def applied_leaves(alias: str) -> list[Migration]:
    """The newest applied migrations of each app: together they say which state the tables are in."""
    loader = MigrationLoader(connections[alias])
    done = set(loader.applied_migrations)
    nodes = done & set(loader.graph.nodes)
    inner = {(p.key[0], p.key[1]) for node in nodes for p in loader.graph.node_map[node].parents if p.key[0] == node[0]}
    return sorted(node for node in nodes if node not in inner)


def unknown_migrations(leaves: Iterable[Migration]) -> list[Migration]:
    """Those that this version of the code does not have: it is older than what wrote them."""
    graph = MigrationLoader(None).graph
    return [leaf for leaf in leaves if leaf not in graph.nodes]


def kept_models(leaves: Iterable[Migration]) -> list[type[models.Model]]:
    """The models after these migrations whose rows a backup holds, in the order of their labels."""
    apps = MigrationLoader(None).project_state(list(leaves)).apps
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in PASSING
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def lines(model: type[models.Model], alias: str) -> Iterator[str]:
    """Every row of a model as one line of JSON, by column, in the order of the key."""
    fields = model._meta.concrete_fields
    for row in model._base_manager.using(alias).order_by("pk").iterator(chunk_size=CHUNK):
        told = {field.attname: _plain(field, row) for field in fields}
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_value) + "\n"


def load(model: type[models.Model], told: Iterable[str], alias: str) -> int:
    """Write rows that `lines` told; how many. Times of entry stay what they were.

    Raises:
        ValueError: a line is not a row of this model.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for field in fields.values():
        for name in ("auto_now", "auto_now_add"):  # would put the time of the restore in the place of what was
            if getattr(field, name, False):
                setattr(field, name, False)
    manager, count, batch = model._base_manager.using(alias), 0, []
    for line in told:
        values = json.loads(line)
        if set(values) != set(fields):
            differing = sorted(set(values) ^ set(fields))
            raise ValueError(f"{model._meta.label}: a row with other columns ({', '.join(differing)})")
        batch.append(model(**{name: fields[name].to_python(value) for name, value in values.items()}))
        count += 1
        if len(batch) == CHUNK:
            manager.bulk_create(batch)
            batch = []
    manager.bulk_create(batch)
    return count


def reset_sequences(kept: list[type[models.Model]], alias: str) -> None:
    """Let the next row get a number of its own: rows that came with theirs moved no sequence."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)


def _plain(field: Any, row: models.Model) -> Any:
    if isinstance(field, models.BinaryField):
        return field.value_to_string(row)
    return field.value_from_object(row)


def _value(value: Any) -> str:
    # Django's own encoder cuts microseconds, on which the digests of the log rest.
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"no way to tell a {type(value).__name__} in a backup")
