"""What is wrong with an installation, and what to do: the checks of `concerted doctor`.

Each check looks at one thing and gives one finding. A check that cannot be made because of another one says so; none
changes anything.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, InterfaceError, connection

from concerted.model.errors import ConcertedError
from concerted.store.edition import current_edition
from concerted.web.audit import guards, queries
from concerted.web.config.prepare import pending, where
from concerted.web.config.secret import FILE, is_open_to_others
from concerted.web.edition.opened import open_edition

State = Literal["ok", "warning", "error"]
#: Bytes of free disk below which a build or a backup may fail.
LEAST_FREE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """What one check found. `do` says what to do; empty where nothing is to be done."""

    check: str
    state: State
    says: str
    do: str = ""


def examine(data: Path) -> list[Finding]:
    """Every finding, in a fixed order."""
    return list(_examine(data))


def _examine(data: Path) -> Iterator[Finding]:
    yield _settings()
    yield _secret(data)
    reached = _reached()
    yield reached
    for name, check in (("migrations", _migrations), ("log", _log), ("people", _people)):
        yield check() if reached.state == "ok" else Finding(name, "warning", "not looked at: no registry")
    yield _edition(data)
    yield from _disk(data)


def _settings() -> Finding:
    wrong = [str(each.msg) for each in run_checks(include_deployment_checks=False) if each.level >= ERROR]
    if wrong:
        return Finding("settings", "error", "; ".join(wrong), "mend what is named; the site does not start like this")
    if settings.CONCERTED_DEMO:
        says = "runs as a demonstration: accounts with printed passwords come in"
        return Finding("settings", "warning", says, "unset CONCERTED_DEMO before anything true is entered")
    if not settings.CONCERTED_TLS:
        says = "cookies are sent without TLS too"
        do = "set CONCERTED_TLS=1 once a server that speaks TLS stands before this one; on one's own machine leave it"
        return Finding("settings", "warning", says, do)
    return Finding("settings", "ok", "complete")


def _secret(data: Path) -> Finding:
    path = data / FILE
    if not path.is_file():
        says = "no file in the data folder; the key is given by the environment, or differs with each start"
        return Finding(
            "secret key", "warning", says, "set CONCERTED_SECRET_KEY_FILE, or let the folder be written once"
        )
    if is_open_to_others(path):
        return Finding("secret key", "error", f"{path} can be read by others", f"chmod 600 {path}")
    return Finding("secret key", "ok", f"{path}; keep a copy apart from the registry's backup")


def _reached() -> Finding:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError, OSError) as error:
        do = "see that it runs and that CONCERTED_DATABASE is right; the public pages are served without it"
        return Finding("registry", "error", f"{where()}: {' '.join(str(error).split())}", do)
    return Finding("registry", "ok", where())


def _guarded(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (DatabaseError, InterfaceError) as error:
        do = "concerted upgrade: it brings the tables up to date"
        return Finding(name, "error", " ".join(str(error).split()), do)


def _migrations() -> Finding:
    def look() -> Finding:
        lacking = pending()
        if lacking:
            do = "concerted upgrade: it brings the tables up to date, and keeps a backup of what they were"
            return Finding("migrations", "error", f"{len(lacking)} not applied, the first is {lacking[0]}", do)
        return Finding("migrations", "ok", "up to date")

    return _guarded("migrations", look)


def _log() -> Finding:
    def look() -> Finding:
        gone = guards.missing(connection)
        if gone:
            do = "somebody took the log's protection away: find out who; restore it from a backup"
            return Finding("log", "error", f"triggers are missing: {', '.join(gone)}", do)
        broken = queries.broken_at()
        if broken:
            do = "keep this registry as it is, compare it with a backup, and tell the partners"
            return Finding("log", "error", f"the chain is broken: entry {broken.sequence} {broken.why}", do)
        number, digest = queries.head()
        return Finding("log", "ok", f"{number} entries, unbroken; the newest is {digest[:16]} (note it elsewhere)")

    return _guarded("log", look)


def _people() -> Finding:
    def look() -> Finding:
        from concerted.web.accounts.queries import count_administrators

        organisations, without = count_administrators()
        if not organisations:
            do = 'concerted invite --organisation "NAME" --role secretariat makes the first link'
            return Finding("people", "warning", "nobody has an account yet", do)
        if without:
            do = "concerted invite --organisation NAME makes a link for a new administrator"
            return Finding("people", "warning", f"without an active administrator: {', '.join(without)}", do)
        return Finding("people", "ok", f"{organisations} organisations, each with an administrator")

    return _guarded("people", look)


def _edition(data: Path) -> Finding:
    try:
        folder = current_edition(data)
        if folder is None:
            return Finding("edition", "warning", "none yet", f"concerted build SOURCE... --data {data}")
        edition = open_edition(folder)
    except (ConcertedError, OSError, ValueError, duckdb.Error) as error:
        return Finding("edition", "error", str(error), "build again; pages show the edition before it meanwhile")
    return Finding("edition", "ok", f"{edition.id[:12]}, as of {edition.as_of or 'an unknown day'}")


def _disk(data: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(data).free
    says = f"{free / (1 << 30):.1f} GiB free"
    if free < LEAST_FREE:
        yield Finding("disk", "warning", says, "make room: a build that finds none stops and changes nothing")
    else:
        yield Finding("disk", "ok", says)
