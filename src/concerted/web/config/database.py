"""Where the registry lies: SQLite beside the editions by default, PostgreSQL where a server keeps it.

Enters: `CONCERTED_DATABASE` (a path or a `postgres://` address; empty = `DATA/registry.sqlite3`). Leaves: one entry of
Django's `DATABASES`. Docs: decisions/0007-one-registry-beside-editions.md.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from concerted.model.errors import ConfigError

#: Seconds a writer waits for another one before it gives up and says so. The longest that anybody writes is an upload
#: that is taken over: 100,000 records at once, some 20 seconds of processor time (`benchmarks.inbox`).
BUSY_SECONDS = 60
#: Seconds a worker's thread keeps its connection; it is looked at before it is used again.
KEPT_SECONDS = 60
SCHEMES = ("postgres", "postgresql")


def database(stated: str, data: Path) -> dict[str, Any]:
    """Django's settings for the registry.

    Raises:
        ConfigError: the address names neither a file nor a PostgreSQL database.
    """
    if not stated:
        return _sqlite(data / "registry.sqlite3")
    if "://" not in stated:
        return _sqlite(Path(stated).resolve())
    parts = urlsplit(stated)
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        # The address may hold a password: it is not repeated.
        raise ConfigError(
            "CONCERTED_DATABASE is neither a path nor postgres://USER:PASSWORD@HOST:PORT/NAME"
            f" (its scheme is {parts.scheme!r})"
        )
    options: dict[str, Any] = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    # A socket's folder cannot stand where a host stands: ?host=/run/postgresql
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **options},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            # A transaction that reads first and writes later would find the file changed under it and fail at once.
            "transaction_mode": "IMMEDIATE",
            # Readers do not wait for a writer; FULL: what was acknowledged outlives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
