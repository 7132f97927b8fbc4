"""Serve the pages of a data folder on a local port. Prints nothing; stops cleanly on Ctrl-C.

Static files are collected, compressed and named by their hash once, in a folder that goes away with the server.
"""

import contextlib
import os
import socket
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from concerted.model.errors import ConcertedError

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
) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        data: folder with `current` and `editions/`.
        port: local port.
        host: address to listen on; anything but this machine should stand behind a server that speaks TLS.
        on_ready: told the address once the port is taken.
        workers: processes.

    Raises:
        ConcertedError: the port is in use, or the address is not this machine's.
    """
    _check_free(host, port)
    with tempfile.TemporaryDirectory(prefix="concerted-static-") as static:
        os.environ["CONCERTED_DATA"] = str(data.resolve())
        os.environ["CONCERTED_STATIC"] = static
        os.environ["DJANGO_SETTINGS_MODULE"] = "concerted.web.config.settings"
        if host not in ("127.0.0.1", "localhost", "::1"):
            os.environ.setdefault("CONCERTED_HOSTS", "*")
        _prepare()
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
        server.serve()


def _tell_when_ready(host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Call back once a worker answers: an address that is printed before then would be refused."""
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/robots.txt"
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            on_ready(url.removesuffix("robots.txt"))
            return
        time.sleep(0.1)


def _prepare() -> None:
    """Compile translations where they are older than their text, and collect static files."""
    from concerted.web.ui.messages import compile_all

    compile_all()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["*.map", "htmx-4*", "htmax*", "ext"])


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
