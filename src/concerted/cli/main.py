"""The `concerted` command: thin commands over the steps, one module each; this one puts them together.

Exit codes: 0 done; 1 done, and something was found (check, diff); 2 the command line is wrong; 3 a source, setting,
strategy, folder or disk is wrong and nothing was changed; 130 stopped by Ctrl-C, nothing half-written.
"""

import errno
import signal
import sys
from threading import Event

import typer

from concerted.cli import backup as backup_commands
from concerted.cli import build as build_command
from concerted.cli import (
    check,
    demo,
    diff,
    digest,
    doctor,
    explain,
    export,
    init,
    match,
    people,
    read,
    reconcile,
    release,
    serve,
    what_if,
)
from concerted.cli.console import say_error
from concerted.model.errors import ConcertedError

WRONG_INPUT, INTERRUPTED = 3, 130
_REMEDIES = {
    errno.EACCES: "Choose a folder that you may write to, or get the right to this one.",
    errno.EPERM: "Choose a folder that you may write to, or get the right to this one.",
    errno.EROFS: "Choose a folder that you may write to.",
    errno.ENOSPC: "Make room on the disk, or choose another --data.",
    errno.EDQUOT: "Make room on the disk, or choose another --data.",
    errno.EADDRINUSE: "Another program listens there: choose another --port.",
}
STOPPED = "stopped; nothing half-written was left"

app = typer.Typer(
    name="concerted",
    help="One picture of the help to a national strategy, from what partners publish to the page a ministry reads.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    epilog="Exit codes: 0 done, 1 findings, 2 wrong command line, 3 wrong source or setting, 130 stopped by Ctrl-C.",
)
app.command("init")(init.init)
app.command("read")(read.read)
app.command("build")(build_command.build)
app.command("check")(check.check)
app.command("explain")(explain.explain)
app.command("reconcile")(reconcile.reconcile)
app.command("diff")(diff.diff)
app.command("match")(match.match)
app.command("what-if")(what_if.what_if)
app.command("export")(export.export)
app.command("release")(release.release)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("digest")(digest.digest)
app.command("doctor")(doctor.doctor)
app.command("invite")(people.invite)
app.command("close")(people.close)
app.command("backup")(backup_commands.backup)
app.command("restore")(backup_commands.restore)
app.command("upgrade")(backup_commands.upgrade)

_A_MOMENT = 0.01  # seconds


def main() -> None:
    """Run the command line; errors made on purpose become one sentence and exit code 3.

    Typer itself answers a wrong command line (2) and Ctrl-C (130, without a word: the word is said here).
    """
    stopped = Event()

    def stop(*_: object) -> None:
        stopped.set()
        raise KeyboardInterrupt

    def not_lost(unraisable: "sys.UnraisableHookArgs") -> None:
        # What is raised while Python runs a hook of its own (before a fork, at the end of an object) is only told, and
        # the command would go on. The stop is asked for again, a moment later: raised here it would be lost here.
        if isinstance(unraisable.exc_value, KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, _A_MOMENT)
        else:
            sys.__unraisablehook__(unraisable)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGALRM, stop)
    sys.unraisablehook = not_lost
    try:
        app()
    except ConcertedError as error:
        say_error(str(error))
        sys.exit(WRONG_INPUT)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            say_error(STOPPED)
        raise
    except Exception as error:
        # An engine in the middle of a query wraps the interruption in an error of its own.
        if stopped.is_set():
            say_error(STOPPED)
            sys.exit(INTERRUPTED)
        reason = _of_the_machine(error)
        if reason is None:
            raise
        say_error(reason)
        sys.exit(WRONG_INPUT)


def _of_the_machine(error: Exception) -> str | None:
    """One sentence for what is no fault of the code: no right to a folder, a full disk, too little memory."""
    if isinstance(error, OSError) and error.errno is not None:
        where = f"{error.filename}: " if error.filename is not None else ""
        return (
            f"{where}{error.strerror}; nothing half-written was left. {_REMEDIES.get(error.errno, 'Check the path.')}"
        )
    if type(error).__module__ == "_duckdb" and type(error).__name__ in ("IOException", "OutOfMemoryException"):
        return f"{error}; nothing half-written was left. Give more --memory, or room on the disk of --data."
    return None
