"""What a rebuild costs: first build, nothing changed, one record changed. `python -m benchmarks.rebuild [folder]`.

The sources are copied to a temporary folder. One title, one name of who reports and one amount are changed in turn,
each in the first file that has one: after a title little must be made anew, after a name organisations are compared
again, after an amount all money is.
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


#: What stands before the changed text, and what is put there: one more word, or one more digit.
CHANGES = {
    "title": (rb"(<title(?: [^>]*)?>\s*<narrative[^>]*>)(?=[A-Za-z])", rb"\1Changed "),
    "name": (rb"(<reporting-org(?: [^>]*)?>\s*<narrative[^>]*>)(?=[A-Za-z])", rb"\1Changed "),
    "amount": (rb"(<transaction(?: [^>]*)?>(?:(?!</transaction>).)*?<value(?: [^>]*)?>)(?=[1-9])", rb"\g<1>1"),
}


def change_one(sources: Path, what: str) -> None:
    """Change one record: the first title, name of who reports or amount that a file has.

    Raises:
        ValueError: no file has one.
    """
    before, after = CHANGES[what]
    for path in sorted(sources.glob("*.gz")):
        changed, count = re.subn(before, after, gzip.decompress(path.read_bytes()), count=1, flags=re.DOTALL)
        if count:
            path.write_bytes(gzip.compress(changed, mtime=0))
            return
    raise ValueError(f"no file in {sources} has a {what} to change")


def main() -> dict[str, Any]:
    """Print the times and the share of the first that an unchanged rebuild takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    arguments = parser.parse_args([] if __name__ != "__main__" else None)
    with tempfile.TemporaryDirectory() as scratch:
        sources, data = Path(scratch) / "sources", Path(scratch) / "data"
        shutil.copytree(arguments.folder, sources)
        for path in sources.iterdir():
            path.chmod(0o644)
        first, unchanged = build(sources, data), build(sources, data)
        figures = {"first_s": first, "unchanged_s": unchanged, "unchanged_share": unchanged / first}
        for what in CHANGES:
            change_one(sources, what)
            figures[f"changed_{what}_s"] = build(sources, data)
    for name, value in figures.items():
        print(f"{name:20} {value:8.3f}")
    return figures


if __name__ == "__main__":
    main()
