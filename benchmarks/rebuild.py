"""What a rebuild costs: first build, nothing changed, one record changed. `python -m benchmarks.rebuild [folder]`.

The sources are copied to a temporary folder. The changed record is one title in the first file that has it plain; a
changed name of who reports is measured beside it, because names of organisations are then compared anew.
"""

import argparse
import gzip
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

DEFAULT = Path(__file__).parents[1].parent / "shared" / "data" / "iati" / "publishers"


def build(sources: Path, data: Path) -> float:
    """Seconds of one `concerted build` in a process of its own, start-up included."""
    command = [sys.executable, "-c", "from concerted.cli.main import main; main()", "build", str(sources)]
    began = time.perf_counter()
    subprocess.run([*command, "--data", str(data), "--as-of", "2021-06-15"], check=True, capture_output=True)
    return time.perf_counter() - began


def change_one(sources: Path, element: bytes) -> None:
    """Change one narrative, the first in an `element`, of one file.

    Raises:
        ValueError: no file has one.
    """
    first = re.compile(rb"(<%b(?: [^>]*)?>\s*<narrative[^>]*>)([A-Za-z])" % element)
    for path in sorted(sources.glob("*.gz")):
        changed, count = first.subn(rb"\1Changed \2", gzip.decompress(path.read_bytes()), count=1)
        if count:
            path.write_bytes(gzip.compress(changed, mtime=0))
            return
    raise ValueError(f"no file in {sources} has a narrative in <{element.decode()}>")


def main() -> dict[str, Any]:
    """Print the four times and the share of the first that an unchanged rebuild takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    arguments = parser.parse_args([] if __name__ != "__main__" else None)
    with tempfile.TemporaryDirectory() as scratch:
        sources, data = Path(scratch) / "sources", Path(scratch) / "data"
        shutil.copytree(arguments.folder, sources)
        for path in sources.iterdir():
            path.chmod(0o644)
        first, unchanged = build(sources, data), build(sources, data)
        change_one(sources, b"title")
        changed = build(sources, data)
        change_one(sources, b"reporting-org")
        renamed = build(sources, data)
    figures = {
        "first_s": first,
        "unchanged_s": unchanged,
        "changed_record_s": changed,
        "changed_name_s": renamed,
        "unchanged_share": unchanged / first,
    }
    for name, value in figures.items():
        print(f"{name:20} {value:8.3f}")
    return figures


if __name__ == "__main__":
    main()
