"""`serve` and `demo` in a process of their own: an address is said, a page is answered, Ctrl-C ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-c", "from concerted.cli.main import main; main()")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving command and its address; killed with all its workers at the end."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process, f"http://127.0.0.1:{port}/"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def fetch(process: subprocess.Popen[str], address: str) -> str:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[0]
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310  (a local address of ours)
                assert answer.status == 200
                text: str = answer.read().decode("utf-8")
                return text
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer")


def test_serve_answers_with_the_edition_and_stops_on_ctrl_c(small_data: Path) -> None:
    with running("serve", "--data", small_data) as (process, address):
        assert "<html" in fetch(process, address)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=30)
        assert address in said
        assert "Traceback" not in said


def test_demo_builds_and_serves_from_nothing(tmp_path: Path) -> None:
    with running("demo", "--data", tmp_path / "data", "--jobs", 2) as (process, address):
        assert "<html" in fetch(process, address)
        assert (tmp_path / "data" / "current").is_file()
