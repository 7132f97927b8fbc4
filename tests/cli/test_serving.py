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
def running(*arguments: object, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving command and its address; killed with all its workers at the end."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=os.environ | environment,
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


def test_serve_makes_the_registry_and_says_its_address_behind_tls_too(small_data: Path, tmp_path: Path) -> None:
    set_by = {
        "CONCERTED_TLS": "1",
        "CONCERTED_HOSTS": "picture.example.org",
        "CONCERTED_DATABASE": str(tmp_path / "registry.sqlite3"),
    }
    with running("serve", "--data", small_data, **set_by) as (process, address):
        assert process.stdout
        # Before it may stand that a folder whose build is not noted is not built anew, over more than one line.
        assert any(address in process.stdout.readline() for _ in range(5))
        assert (tmp_path / "registry.sqlite3").is_file()
        from_outside = {"Host": "picture.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        asked = urllib.request.Request(f"{address}fr/sign-in/", headers=from_outside)  # noqa: S310  (of ours)
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310  (a local address of ours)
            cookie = answer.headers["Set-Cookie"]
            assert answer.headers["Strict-Transport-Security"]
        assert "Secure" in cookie
        assert "HttpOnly" in cookie


def test_serve_without_a_registry_says_so_and_serves_the_pages(small_data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    unreachable = {"CONCERTED_DATABASE": str(tmp_path / "file" / "registry.sqlite3")}
    with running("serve", "--data", small_data, **unreachable) as (process, address):
        assert "<html" in fetch(process, f"{address}fr/")
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=30)
        assert "the registry cannot be used" in said
        assert "concerted doctor" in said
        assert "Traceback" not in said


def test_demo_prints_an_account_for_each_role_and_one_signs_in(tmp_path: Path) -> None:
    import http.cookiejar
    import re
    import urllib.parse

    with running("demo", "--data", tmp_path / "data", "--jobs", 2) as (process, address):
        fetch(process, address)
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = browser.open(f"{address}en/sign-in/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        assert "Demonstration accounts" in page
        os.killpg(process.pid, 0)  # still there
        assert process.stdout
        accounts: dict[str, str] = {}
        for line in process.stdout:
            accounts |= dict(re.findall(r"(\w+)@demo\.example\s+([0-9a-f-]{19})", line))
            if "Concerted is at" in line:
                break
        assert len(accounts) == 8
        form = {"csrfmiddlewaretoken": token[1], "login": "rights@demo.example", "password": accounts["rights"]}
        answer = browser.open(f"{address}en/sign-in/", urllib.parse.urlencode(form).encode())
        assert answer.geturl() == f"{address}en/workspace/"
        assert "Human-rights focal point" in answer.read().decode()
