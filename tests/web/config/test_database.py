"""Where the registry lies, and how it is opened."""

from pathlib import Path

import pytest

from concerted.model.errors import ConfigError
from concerted.web.config.database import database
from web.registry_database import use
from web.workspace import Workspace


def test_without_a_word_it_is_a_file_beside_the_editions(tmp_path: Path) -> None:
    entry = database("", tmp_path)
    assert entry["NAME"] == str(tmp_path / "registry.sqlite3")
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database(str(tmp_path / "other.db"), tmp_path)["NAME"] == str(tmp_path / "other.db")


def test_an_address_names_a_postgresql_database(tmp_path: Path) -> None:
    entry = database("postgres://ka%40ti:p%2Fw@db.example:5433/reg%20istry?sslmode=verify-full", tmp_path)
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("ka@ti", "p/w", "db.example", "5433")
    assert entry["NAME"] == "reg istry"
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert database("postgresql:///registry?host=/run/pg", tmp_path)["HOST"] == "/run/pg"


@pytest.mark.parametrize("stated", ["mysql://u:secret@h/n", "postgres://u:secret@h", "postgres://u:secret@h/"])
def test_anything_else_is_refused_without_repeating_a_password(tmp_path: Path, stated: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        database(stated, tmp_path)
    assert "secret" not in str(refusal.value)


def test_the_database_keeps_its_promises(both: Workspace) -> None:
    from django.db import IntegrityError, connection, transaction

    from concerted.web.accounts.models import Assignment, User

    both.person(both.partner("Alpha"), "reader")
    if both.kind == "sqlite":
        use(database(connection.settings_dict["NAME"], both.site.data))  # as a site has it, which waits for the disk
    with connection.cursor() as cursor:
        if both.kind == "sqlite":
            values = {}
            for name in ("journal_mode", "synchronous", "foreign_keys"):
                cursor.execute(f"PRAGMA {name}")
                values[name] = cursor.fetchone()[0]
            assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    for statement in (
        "UPDATE accounts_user SET email = 'UPPER@example.org'",
        "UPDATE accounts_assignment SET held = 'king'",
        "INSERT INTO accounts_assignment (held, since, holder_id)"
        " SELECT held, since, holder_id FROM accounts_assignment",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert (User.objects.count(), Assignment.objects.count()) == (1, 1)
