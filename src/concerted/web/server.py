"""Serve the pages of a data folder on a local port. Prints nothing; stops cleanly on Ctrl-C.

Static files are collected, compressed and named by their hash once, in a folder that goes away with the server.
"""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from concerted.model.errors import ConcertedError

if TYPE_CHECKING:
    from concerted.web.accounts.demo import DemoAccount

#: Workers are processes; two blocking threads each let one wait for DuckDB while the other writes its page.
WORKERS = min(2, os.cpu_count() or 1)
THREADS = 2
STOP_SECONDS = 5


def serve(
    data: Path,
    port: int,
    host: str = "127.0.0.1",
    on_ready: Callable[[str], None] | None = None,
    workers: int = WORKERS,
    on_problem: Callable[[str], None] | None = None,
    on_demo: "Callable[[list[DemoAccount]], None] | None" = None,
    on_still: Callable[[], None] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM, and make the picture anew when records are saved.

    Args:
        data: folder with `current` and `editions/`.
        port: local port.
        host: address to listen on; anything but this machine should stand behind a server that speaks TLS.
        on_ready: told the address once the port is taken.
        workers: processes.
        on_problem: told why the registry cannot be used; the pages are served then, and nobody can sign in.
        on_demo: told the accounts of a demonstration; with it the site runs as one.
        on_still: told that nothing notes how the picture was built, so that what is saved does not enter it.

    Raises:
        ConcertedError: the port is in use, or the address is not this machine's.
    """
    _check_free(host, port)
    with tempfile.TemporaryDirectory(prefix="concerted-static-") as static:
        os.environ["CONCERTED_STATIC"] = static
        if host not in ("127.0.0.1", "localhost", "::1"):
            os.environ.setdefault("CONCERTED_HOSTS", "*")
        # Whatever the environment says: only this command makes a demonstration, and no other one leaves it on.
        os.environ["CONCERTED_DEMO"] = "1" if on_demo else ""
        os.environ["CONCERTED_SECOND_FACTOR"] = "off" if on_demo else "on"
        problem = _prepare(data)
        if problem and on_problem:
            on_problem(problem)
        if on_demo and not problem:
            on_demo(_demo_accounts())
        from granian import Granian
        from granian.constants import Interfaces

        server = Granian(
            "concerted.web.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            log_enabled=False,
            # A worker that is told to stop while it still starts misses the signal: it is killed then.
            workers_kill_timeout=STOP_SECONDS,
        )
        if on_ready:
            threading.Thread(target=_tell_when_ready, args=(host, port, on_ready), daemon=True).start()
        with contextlib.ExitStack() as beside:
            if not problem:
                beside.enter_context(_worker(data))  # also where nothing is rebuilt: it reads what partners bring
            if not problem and on_still and not _is_rebuilt(data):
                on_still()
            server.serve()


def _is_rebuilt(data: Path) -> bool:
    from concerted.rebuild import kept_request

    return kept_request(data) is not None


@contextlib.contextmanager
def _worker(data: Path) -> Iterator[None]:
    """The worker beside the site. It ends when its input does: with this process, however that ends."""
    # Its own session: Ctrl-C in a terminal is for this process, which then ends the worker.
    command = [sys.executable, "-m", "concerted.web.worker", str(data)]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 (our own)
    try:
        yield
    finally:
        assert worker.stdin is not None  # noqa: S101 (a pipe, as asked above)
        worker.stdin.close()
        try:
            worker.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()


def _tell_when_ready(host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Call back once a worker answers: an address that is printed before then would be refused.

    It is asked as the server before it would ask: for a host that it answers to, and as if over TLS.
    """
    from django.conf import settings

    known = next((each for each in settings.ALLOWED_HOSTS if each != "*"), "localhost")
    headers = {"Host": known.lstrip("."), "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
    for _ in range(600):
        connection = http.client.HTTPConnection(host, port, timeout=2)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/robots.txt", headers=headers)
            connection.getresponse()
            on_ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
            return
        connection.close()
        time.sleep(0.1)


def _prepare(data: Path) -> str | None:
    """Compile translations where they are older than their text, collect static files, make the registry ready.

    Returns:
        Why the registry cannot be used; None where it can.
    """
    from concerted.web.config.standalone import set_up
    from concerted.web.ui.messages import compile_all

    compile_all()
    set_up(data)
    from django.conf import settings
    from django.core.management import call_command

    from concerted.web.config.prepare import prepare_registry

    # Where no key could be kept, the workers share this one; else each of them would sign with its own.
    if not (settings.CONCERTED_DATA / "secret_key").is_file():
        os.environ.setdefault("CONCERTED_SECRET_KEY", settings.SECRET_KEY)
    unused = ["*.map", "htmx-4*", "htmax*", "ext", "mfa", "account", "socialaccount"]
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=unused)
    return prepare_registry()


def _demo_accounts() -> "list[DemoAccount]":
    from django.db import connection
    from django.utils import timezone

    from concerted.web.accounts.demo import make_demo_accounts
    from concerted.web.asks.demo import make_demo_asks
    from concerted.web.packages.demo import wish_demo_package

    try:
        made = make_demo_accounts()
        wish_demo_package()
        make_demo_asks(timezone.now().date())
        return made
    finally:
        connection.close()  # workers are forked after this: they open their own


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConcertedError(
                f"cannot listen on {host}:{port} ({error.strerror}); choose another port with --port"
            ) from error
