"""Running the command line inside a test."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from concerted.cli.main import main


@dataclass(frozen=True)
class Answer:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its answer to `--json`."""
        return json.loads(self.out)


class Commands:
    """The command line as a user meets it: arguments in, exit code and words out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, *arguments: object) -> Answer:
        """Run `concerted ARGUMENTS`."""
        self._monkeypatch.setattr("sys.argv", ["concerted", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = self._capsys.readouterr()
        return Answer(code, said.out, said.err)
