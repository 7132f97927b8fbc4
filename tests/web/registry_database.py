"""Registries for tests, on SQLite and on PostgreSQL: each test that asks for one gets a fresh one with every table.

SQLite: a copy of a migrated file. PostgreSQL: a private cluster on a Unix socket in a folder of its own, where each
registry is a copy of a migrated one. Transactions are real in both, so races are too.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

#: Without waiting for the disk, which is a quarter of what tests of pages take: what a test loses in a power cut is not
#: missed.
_HASTY = [
    argument
    for each in (
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "listen_addresses=",
        "max_connections=60",
    )
    for argument in ("-c", each)
]


@dataclass
class Databases:
    """Makes registries of one kind."""

    kind: str
    folder: Path
    count: int = 0
    template: dict[str, Any] = field(default_factory=dict)

    def fresh(self) -> dict[str, Any]:
        """Settings of a registry that holds every table and no row."""
        from concerted.web.config.database import database

        self.count += 1
        if self.kind == "sqlite":
            path = self.folder / f"registry{self.count}.sqlite3"
            if not self.template:
                self.template = _hasty(database(str(self.folder / "template.sqlite3"), self.folder))
                _migrate(self.template)
            shutil.copyfile(self.template["NAME"], path)
            return _hasty(database(str(path), self.folder))
        if not self.template:
            self._sql('CREATE DATABASE "template"')
            self.template = database(self._address("template"), self.folder)
            _migrate(self.template)
        self._sql(f'CREATE DATABASE "registry{self.count}" TEMPLATE "template" STRATEGY file_copy')
        return database(self._address(f"registry{self.count}"), self.folder)

    def empty(self) -> dict[str, Any]:
        """Settings of a registry without any table."""
        from concerted.web.config.database import database

        self.count += 1
        if self.kind == "sqlite":
            return database(str(self.folder / f"empty{self.count}.sqlite3"), self.folder)
        self._sql(f'CREATE DATABASE "empty{self.count}"')
        return database(self._address(f"empty{self.count}"), self.folder)

    def _address(self, name: str) -> str:
        return f"postgres://tester@/{name}?host={self.folder}"

    def _sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(host=str(self.folder), user="tester", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def _hasty(entry: dict[str, Any]) -> dict[str, Any]:
    options = dict(entry["OPTIONS"])
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    return entry | {"OPTIONS": options}


def use(entry: dict[str, Any]) -> None:
    """Let Django work on this registry from now on, in every thread."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    settings.DATABASES["default"] = entry
    connections.settings["default"] = connections.configure_settings({"default": dict(entry)})["default"]
    with contextlib.suppress(AttributeError):
        del connections["default"]


def _migrate(entry: dict[str, Any]) -> None:
    from concerted.web.config.prepare import prepare_registry

    use(entry)
    assert prepare_registry() is None
    if "sqlite" in entry["ENGINE"]:  # what is copied must be in the one file
        import sqlite3

        with sqlite3.connect(entry["NAME"]) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Registries on SQLite."""
    return Databases("sqlite", tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Databases]:
    """Registries on PostgreSQL; skipped with a word where it or its driver is not installed."""
    missing = [name for name in ("initdb", "pg_ctl", "postgres") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"no PostgreSQL here ({', '.join(missing)} not found); install it with: apt-get install postgresql")
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    folder = Path(tempfile.mkdtemp(prefix="concerted-pg-"))  # short: a socket's path has 107 characters at most
    owner = _unprivileged()
    if owner:
        shutil.chown(folder, owner, owner)

    # Not by `user=`, for which Python forks: that is refused to a process whose heap once grew beyond all memory.
    as_owner = ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--clear-groups"] if owner else []

    def run(*command: str) -> None:
        said = subprocess.run(
            [*as_owner, *command], cwd=folder, capture_output=True, text=True, check=False, timeout=120
        )
        assert said.returncode == 0, said.stdout + said.stderr

    data = str(folder / "data")
    run("initdb", "--no-sync", "--auth=trust", "--username=tester", "--encoding=UTF8", "--locale=C.UTF-8", data)
    # Not by pg_ctl: a server that is nobody's child stays a zombie here, and pg_ctl waits half a minute for it to go.
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [*as_owner, "postgres", "-D", data, "-k", str(folder), *_HASTY],
        cwd=folder,
        stdout=log,
        stderr=log,
    )
    try:
        databases = Databases("postgresql", folder)
        _wait_for(databases, folder / "log")
        yield databases
    finally:
        from django.db import connections

        connections.close_all()
        server.send_signal(signal.SIGINT)
        server.wait(30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(databases: Databases, log: Path) -> None:
    import psycopg

    for _ in range(300):
        with contextlib.suppress(psycopg.OperationalError):
            databases._sql("SELECT 1")
            return
        time.sleep(0.1)
    raise AssertionError(f"PostgreSQL does not start: {log.read_text('utf-8')}")


def _unprivileged() -> str | None:
    """Whom PostgreSQL runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    pytest.skip("PostgreSQL does not run as root, and there is no other account here")
