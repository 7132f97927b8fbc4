"""The command line for the tests of this folder."""

import signal
from collections.abc import Iterator

import pytest

from .commands import Commands


@pytest.fixture
def concerted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    """Runs commands; wide output, so that tables are not folded. Ctrl-C goes to pytest again afterwards."""
    monkeypatch.setenv("COLUMNS", "200")
    before = signal.getsignal(signal.SIGINT)
    yield Commands(monkeypatch, capsys)
    signal.signal(signal.SIGINT, before)
