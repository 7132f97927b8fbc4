"""Addresses: cached, asked again only for what changed, limited. Against a server on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from concerted.model.errors import SourceError
from concerted.sources.open import Limits, find_inputs
from concerted.sources.opening.fetch import fetch

HXL = b"Org,Where\n#org,#adm1\nA,Mopti\n"


class Server(ThreadingHTTPServer):
    """Counts what it was asked; `mode` says how it behaves."""

    mode = "good"
    asked: list[dict[str, str]]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.server.asked.append({"path": self.path, **self.headers})
        if self.path.startswith("/loop"):
            self._answer(302, {"Location": "/loop"})
        elif self.path == "/moved.csv":
            self._answer(301, {"Location": "/a.csv"})
        elif self.path == "/to-file":
            self._answer(302, {"Location": "file:///etc/hostname"})
        elif self.server.mode == "gone" or self.path == "/missing.csv":
            self._answer(404, {})
        elif self.server.mode == "odd":
            self._answer(200, {"Content-Length": "many"}, HXL)
        elif self.server.mode == "cut":
            self._answer(200, {"Content-Length": "1000"}, HXL)
        elif self.headers.get("If-None-Match") == '"1"':
            self._answer(304, {"ETag": '"1"'})
        else:
            self._answer(200, {"ETag": '"1"', "Content-Type": "text/csv", "Content-Length": str(len(HXL))}, HXL)

    def _answer(self, code: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_unchanged_file_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    first = fetch(f"{server.address}/a.csv", tmp_path, Limits())
    second = fetch(f"{server.address}/a.csv", tmp_path, Limits())
    assert first == second
    assert first.path.read_bytes() == HXL
    assert [a.get("If-None-Match") for a in server.asked] == [None, '"1"']


def test_a_fetched_file_is_an_input_named_by_its_address(server: Server, tmp_path: Path) -> None:
    inputs, issues = find_inputs([f"{server.address}/data?key=secret"], tmp_path)
    (source,) = inputs
    assert not issues
    assert source.kind == "hxl-3w"
    assert "secret" not in source.name
    assert source.name.startswith(f"127.0.0.1_{server.server_port}/data~")


def test_an_older_copy_serves_while_the_server_does_not(server: Server, tmp_path: Path) -> None:
    address = f"{server.address}/a.csv"
    find_inputs([address], tmp_path)
    server.mode = "gone"
    inputs, issues = find_inputs([address], tmp_path)
    assert [i.kind for i in inputs] == ["hxl-3w"]
    assert [(i.severity, i.code) for i in issues] == [("warning", "fetch_failed_used_cached")]


@pytest.mark.parametrize("path", ["/missing.csv", "/loop", "/to-file"])
def test_what_cannot_be_had_is_an_error_with_the_reason(server: Server, tmp_path: Path, path: str) -> None:
    inputs, issues = find_inputs([server.address + path], tmp_path)
    assert not inputs
    assert [(i.severity, i.code) for i in issues] == [("error", "fetch_failed")]


def test_redirects_are_followed_a_few_times(server: Server, tmp_path: Path) -> None:
    assert fetch(f"{server.address}/moved.csv", tmp_path, Limits()).path.read_bytes() == HXL
    with pytest.raises(SourceError, match="too often"):
        fetch(f"{server.address}/loop", tmp_path, Limits())
    assert sum(a["path"] == "/loop" for a in server.asked) == Limits().max_redirects + 1


def test_a_body_that_breaks_off_is_not_kept(server: Server, tmp_path: Path) -> None:
    server.mode = "cut"
    with pytest.raises(SourceError, match="broke off after"):
        fetch(f"{server.address}/a.csv", tmp_path, Limits())
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_file_over_the_limit_is_not_downloaded(server: Server, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the limit is 5"):
        fetch(f"{server.address}/a.csv", tmp_path, Limits(max_download_bytes=5))


@pytest.mark.parametrize("url", ["ftp://host/a.csv", "file:///etc/passwd", "http://user:word@host/a.csv"])
def test_other_schemes_and_credentials_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        fetch(url, tmp_path, Limits())
    assert "word" not in str(error.value).replace("password", "")


def test_a_length_that_is_no_number_is_refused_and_stops_nothing(server: Server, tmp_path: Path) -> None:
    server.mode = "odd"
    inputs, issues = find_inputs([f"{server.address}/a.csv"], tmp_path)
    assert inputs == []
    assert [issue.code for issue in issues] == ["fetch_failed"]
    assert "Content-Length is 'many'" in issues[0].values["reason"]
