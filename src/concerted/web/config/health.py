"""What is wrong with an installation, and what to do: the checks of `concerted doctor`.

Each check looks at one thing and gives one finding. A check that cannot be made because of another one says so; none
changes anything.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from concerted.model.errors import ConcertedError
from concerted.store.edition import current_edition
from concerted.store.released import is_decided, is_told, released_edition
from concerted.web.alerts.posting import problem
from concerted.web.audit import guards, queries
from concerted.web.audit.triggers import guarded
from concerted.web.backup.making import bytes_of_backup
from concerted.web.config.beating import SILENT, silent_for
from concerted.web.config.finding import Finding, looks
from concerted.web.config.prepare import pending, where
from concerted.web.config.queues import QUEUES
from concerted.web.config.secret import FILE, is_open_to_others
from concerted.web.edition.opened import open_edition

#: Bytes of free disk below which a build or a backup may fail.
LEAST_FREE = 1 << 30
#: How long a task may wait for its turn, how long a failed one is told of, and how old the newest backup may be.
LONGEST_WAIT, TOLD_FOR, BACKUP_AGE = timedelta(minutes=15), timedelta(days=7), timedelta(days=8)


def examine(data: Path) -> list[Finding]:
    """Every finding, in a fixed order."""
    return list(_examine(data))


def _examine(data: Path) -> Iterator[Finding]:
    yield _settings()
    yield _secret(data)
    reached = _reached()
    yield reached
    asked: dict[str, Callable[[], Finding]] = {
        "migrations": _migrations,
        "log": _log,
        "kept rows": _kept_rows,
        "people": _people,
        "tasks": _tasks,
        "backup": _backup,
        **looks(),
    }
    for name, look in asked.items():
        is_there = reached.state == "ok"
        yield _guarded(name, look) if is_there else Finding(name, "warning", "not looked at: no registry")
    yield _worker(data)
    yield _edition(data)
    yield _released(data)
    yield _mail()
    yield _disk(data)


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
    lacking = pending()
    if lacking:
        do = "concerted upgrade: it brings the tables up to date, and keeps a backup of what they were"
        return Finding("migrations", "error", f"{len(lacking)} not applied, the first is {lacking[0]}", do)
    return Finding("migrations", "ok", "up to date")


def _log() -> Finding:
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


def _kept_rows() -> Finding:
    tables = [triggers for triggers in guarded() if triggers is not guards.GUARDS]
    gone = {triggers.table: missing for triggers in tables if (missing := triggers.missing(connection))}
    if gone:
        named = "; ".join(f"{table}: {', '.join(missing)}" for table, missing in gone.items())
        do = "somebody took away what keeps decisions and versions as they were made: find out who; restore a backup"
        return Finding("kept rows", "error", f"triggers are missing: {named}", do)
    return Finding("kept rows", "ok", f"{len(tables)} tables can only be added to")


def _people() -> Finding:
    from concerted.web.accounts.queries import count_administrators

    organisations, without = count_administrators()
    if not organisations:
        do = 'concerted invite --organisation "NAME" --role secretariat makes the first link'
        return Finding("people", "warning", "nobody has an account yet", do)
    if without:
        do = "concerted invite --organisation NAME makes a link for a new administrator"
        return Finding("people", "warning", f"without an active administrator: {', '.join(without)}", do)
    return Finding("people", "ok", f"{organisations} organisations, each with an administrator")


def _tasks() -> Finding:
    """Whether what waits for the worker is done, and what went wrong the last time that it was tried."""
    now = timezone.now()
    at_once = Q(run_after=get_date_max(), enqueued_at__lt=now - LONGEST_WAIT)
    due = at_once | Q(run_after__lt=now - LONGEST_WAIT)
    waiting = DBTaskResult.objects.filter(due, status=TaskResultStatus.READY).count()
    newest: dict[str, tuple[str, str]] = {}
    ended = DBTaskResult.objects.filter(finished_at__gt=now - TOLD_FOR).order_by("finished_at")
    for path, status, error in ended.values_list("task_path", "status", "exception_class_path").iterator():
        newest[path] = status, error
    # Neither what it was about nor the words of its error: they may hold what only an owner sees.
    failed = [
        f"{path.rpartition('.')[2]} ({error.rpartition('.')[2]})"
        for path, (status, error) in sorted(newest.items())
        if status == TaskResultStatus.FAILED
    ]
    if failed:
        do = "what its worker wrote to standard error says why; it is tried again with the next saving, or the next day"
        return Finding("tasks", "warning", f"failed when last tried: {', '.join(failed)}", do)
    if waiting:
        says = f"{waiting} have waited for more than {LONGEST_WAIT.seconds // 60} minutes"
        return Finding("tasks", "error", says, "see that the worker runs (`worker` below says when it was last heard)")
    return Finding("tasks", "ok", "nothing waits for long, nothing failed when last tried")


def _backup() -> Finding:
    last = queries.last_time("backed_up")
    do = "concerted backup FILE, each night, to another machine"
    if last is None:
        return Finding("backup", "warning", "none was ever made", do)
    age = timezone.now() - last
    says = f"the newest was made {last:%Y-%m-%d}"
    return Finding("backup", "warning", says, do) if age > BACKUP_AGE else Finding("backup", "ok", says)


def _worker(data: Path) -> Finding:
    """Only where something is kept does somebody have to work beside the site; a folder of editions needs nobody."""
    silent = {queue: silent_for(data, queue) for queue in QUEUES}
    gone = [queue for queue, seconds in silent.items() if seconds is None or seconds > SILENT]
    if not gone:
        return Finding("worker", "ok", f"heard of within {SILENT} seconds")
    known = [f"{queue}: {'never' if (s := silent[queue]) is None else f'{s / 60:.0f} minutes ago'}" for queue in gone]
    do = "start `concerted serve`, or `python -m concerted.web.worker DATA` beside another server"
    return Finding("worker", "warning", f"not heard of ({', '.join(known)}): nothing that is saved is built", do)


def _edition(data: Path) -> Finding:
    try:
        folder = current_edition(data)
        if folder is None:
            return Finding("edition", "warning", "none yet", f"concerted build SOURCE... --data {data}")
        edition = open_edition(folder)
    except (ConcertedError, OSError, ValueError, duckdb.Error) as error:
        return Finding("edition", "error", str(error), "build again; pages show the edition before it meanwhile")
    return Finding("edition", "ok", f"{edition.id[:12]}, as of {edition.as_of or 'an unknown day'}")


def _released(data: Path) -> Finding:
    """The public's edition opens too: it may be older than this version of the code."""
    try:
        folder = released_edition(data)
        if folder is None:
            says = "nothing: the public is shown no picture"
            do = "release one on the site, or by `concerted release`" if is_decided(data) else ""
            return Finding("released", "warning" if do else "ok", says, do)
        if not is_told(data):
            return Finding("released", "ok", "whatever is current: nobody has decided otherwise")
        edition = open_edition(folder)
    except (ConcertedError, OSError, ValueError, duckdb.Error) as error:
        do = "restore the edition from a backup, or release another one; the public sees what was opened before"
        return Finding("released", "error", str(error), do)
    says = f"{edition.id[:12]}, as of {edition.as_of or 'an unknown day'}"
    if edition.lacking:
        says += f"; made by another version, so unknown there: {', '.join(edition.lacking)}"
    return Finding("released", "ok", says)


def _mail() -> Finding:
    mail = settings.CONCERTED_MAIL
    if not mail.is_on:
        says = "none is sent: people learn what waits for them when they sign in"
        return Finding("mail", "warning", says, "set CONCERTED_MAIL, CONCERTED_MAIL_FROM and CONCERTED_SITE")
    if mail.kind == "console":
        says = "digests are printed with the addresses of people, and reach nobody"
        return Finding("mail", "warning", says, "name a mail server in CONCERTED_MAIL")
    failed = problem(mail)
    if failed:
        do = "see that CONCERTED_MAIL is right; digests wait meanwhile, and nothing else does"
        return Finding("mail", "error", f"{mail.host}:{mail.port} cannot be used: {failed}", do)
    return Finding("mail", "ok", f"through {mail.host}:{mail.port}, from {mail.sender}")


def _disk(data: Path) -> Finding:
    """Room for a build and for a backup beside what is there: either stops where there is none, and changes nothing."""
    free, needed = shutil.disk_usage(data).free, LEAST_FREE
    try:
        needed = max(needed, bytes_of_backup(data))
    except (OSError, ConcertedError) as error:
        return Finding("disk", "warning", f"cannot be looked at: {error}", "see who may read the data folder")
    says = f"{free / (1 << 30):.1f} GiB free; a backup takes at most {needed / (1 << 30):.1f}"
    if free < needed:
        return Finding("disk", "warning", says, "make room, or write backups elsewhere: what finds no room stops")
    return Finding("disk", "ok", says)
