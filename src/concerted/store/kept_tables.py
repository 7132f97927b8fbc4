"""Sets of tables that follow from what they followed from before, linked instead of made anew.

Place on the way: below the build. Enters: a key, which is a hash of all that a set follows from. Leaves: its Parquet
files, in the folder of the edition that is being made. A set is a folder `DIR/cache/tables/<kind>/<key>/` of hard
links, so that it costs no room while an edition holds the same files; the latest few of a kind stay.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from concerted.store.edition import file_sha256
from concerted.store.kept import LATEST

#: The hashes of a set's files, by name.
FILES = "files.json"
_PASSING = ".keeping-"


class KeptTables:
    """The sets in one folder; its lock must be held."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`; what a killed build left half-kept is swept."""
        self._folder = folder
        for leftover in folder.glob(f"*/{_PASSING}*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def take(self, kind: str, key: str, place: Callable[[str], Path]) -> list[Path] | None:
        """The files of a set, linked to where `place` wants each by its name; None = it is not kept.

        A file whose bytes are not what they were when it was kept makes the set be forgotten.
        """
        folder = self._folder / kind / key
        if not (folder / FILES).is_file():
            return None
        hashes: dict[str, str] = json.loads((folder / FILES).read_text("utf-8"))
        if any(not (folder / n).is_file() or file_sha256(folder / n) != found for n, found in hashes.items()):
            shutil.rmtree(folder)
            return None
        os.utime(folder)
        taken = [place(name) for name in hashes]
        for name, target in zip(hashes, taken, strict=True):
            _link(folder / name, target)
        return taken

    def keep(self, kind: str, key: str, files: Iterable[Path]) -> None:
        """Keep a set of finished files under `key`."""
        parent = self._folder / kind
        parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=parent, prefix=_PASSING))
        hashes = {}
        for path in files:
            _link(path, work / path.name)
            hashes[path.name] = file_sha256(path)
        (work / FILES).write_text(json.dumps(hashes), "utf-8")
        shutil.rmtree(parent / key, ignore_errors=True)
        work.rename(parent / key)
        sets = sorted((p for p in parent.iterdir() if p.name != key), key=lambda p: p.stat().st_mtime_ns, reverse=True)
        for old in sets[LATEST - 1 :]:
            shutil.rmtree(old)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, target)
