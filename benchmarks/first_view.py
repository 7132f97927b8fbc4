"""The first view over the wire: bytes and requests of the overview with all that it links, as a browser asks for them.

`python -m benchmarks.first_view` makes the demonstration, serves it as `concerted serve` does, and counts. Outside
addresses among what the page loads are counted too.
"""

import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit

_LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')
_COMMAND = [sys.executable, "-c", "from concerted.cli.main import main; main()"]


def fetch(url: str) -> tuple[int, str]:
    """(bytes of the body over the wire, body as text where it is not compressed)."""
    size = 0
    for encoding in ("br, gzip", "identity"):
        request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})  # noqa: S310 (our own server)
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            body = answer.read()
        size = size or len(body)
    return size, body.decode("utf-8", "replace")


def main() -> dict[str, Any]:
    """Print kilobytes, requests and outside requests of the overview in each language."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        data = str(Path(scratch) / "data")
        subprocess.run([*_COMMAND, "demo", "--data", data, "--no-serve"], check=True, capture_output=True)
        server = subprocess.Popen([*_COMMAND, "serve", "--data", data, "--port", str(port)], stdout=subprocess.DEVNULL)
        try:
            for language in ("fr", "en", "ar"):
                figures |= _view(f"http://127.0.0.1:{port}/{language}/", language)
        finally:
            server.terminate()
            server.wait()
    for name, value in figures.items():
        print(f"{name:24} {value:8.1f}")
    return figures


def _view(address: str, language: str) -> dict[str, float]:
    for _ in range(120):
        try:
            size, page = fetch(address)
            break
        except (URLError, ConnectionError):
            time.sleep(0.5)
    else:
        raise TimeoutError(f"{address} does not answer")
    loaded = {urljoin(address, found) for found in _LOADED.findall(page)}
    outside = [url for url in loaded if urlsplit(url).hostname != "127.0.0.1"]
    size += sum(fetch(url)[0] for url in loaded if url not in outside)
    return {
        f"{language}_kb": size / 1000,
        f"{language}_requests": 1 + len(loaded),
        f"{language}_outside": len(outside),
    }


if __name__ == "__main__":
    main()
