"""An edition to measure: one that is there, or one of real files that is gone afterwards."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def built(given: Path | None, files: Path) -> Iterator[Path]:
    """An edition: the given one, or one of these files that is gone afterwards."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-c", "from concerted.cli.main import main; main()", "build"]
        subprocess.run([*command, str(files), "--data", scratch], check=True, capture_output=True)
        yield Path(scratch) / "editions" / (Path(scratch) / "current").read_text().strip()
