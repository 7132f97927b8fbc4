"""From what the user named to files with stable names.

Place on the way: first of all. Files, folders and globs enter; files with names relative to their root leave, the same
whatever the order in which they were named.
"""

import glob
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from concerted.model.errors import SourceError

_MAGIC = ("*", "?", "[")


@dataclass(frozen=True)
class Found:
    """A file on disk, the root it was found under, and its name relative to that root."""

    path: Path
    root: Path
    name: str


@dataclass(frozen=True)
class Skipped:
    """An entry that was met and not followed, and why (`hidden`, `link to a folder`, `not a file`)."""

    name: str
    reason: str


def walk(sources: Sequence[str]) -> tuple[list[Found], list[Skipped]]:
    """Every file below `sources`, sorted by name, each file once.

    Two roots that hold the same relative name get their folder's name before it, and more of its parents where that is
    the same too, so that names never collide and do not depend on the order of `sources`.

    Raises:
        SourceError: a source does not exist, or a glob matches nothing.
    """
    found: list[Found] = []
    skipped: list[Skipped] = []
    for source in dict.fromkeys(sources):
        _walk_one(source, found, skipped)
    once: dict[Path, Found] = {}
    for item in sorted(found, key=lambda f: (len(f.name), f.name, str(f.root))):
        # The same file named twice (folder and file): the shortest root would hide its folder's source.yml,
        # so the longest name, seen from the widest root, wins.
        once[item.path] = item
    return sorted(_without_collisions(list(once.values())), key=lambda f: f.name), skipped


def _walk_one(source: str, found: list[Found], skipped: list[Skipped]) -> None:
    path = Path(source)
    if path.is_dir():
        _walk_folder(path.absolute(), path.absolute(), found, skipped)
    elif path.is_file():
        _take(path.absolute(), path.absolute().parent, found)
    elif any(mark in source for mark in _MAGIC):
        root = _fixed_folder(path)
        matches = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 (Path.glob takes no absolute pattern)
        if not matches:
            raise SourceError(f"{source}: no file matches; check the folder and the pattern")
        for match in map(Path, matches):
            if match.is_dir():
                if "**" not in source:
                    _walk_folder(match.absolute(), root, found, skipped)
            else:
                _take(match.absolute(), root, found)
    else:
        raise SourceError(f"{source}: no such file or folder; check the path")


def _walk_folder(folder: Path, root: Path, found: list[Found], skipped: list[Skipped]) -> None:
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError as error:
        raise SourceError(f"{folder}: the folder cannot be read ({error.strerror})") from error
    for entry in entries:
        path = folder / entry.name
        name = path.relative_to(root).as_posix()
        if entry.name.startswith((".", "~$")):
            skipped.append(Skipped(name, "hidden"))
        elif entry.is_dir(follow_symlinks=False):
            _walk_folder(path, root, found, skipped)
        elif entry.is_file():
            _take(path, root, found)
        else:
            skipped.append(Skipped(name, "link to a folder" if entry.is_dir() else "not a file"))


def _take(path: Path, root: Path, found: list[Found]) -> None:
    found.append(Found(path, root, path.relative_to(root).as_posix()))


def _fixed_folder(pattern: Path) -> Path:
    """The folder before the first part with a wildcard."""
    fixed: list[str] = []
    for part in pattern.parts[:-1]:
        if any(mark in part for mark in _MAGIC):
            break
        fixed.append(part)
    return Path(*fixed).absolute() if fixed else Path.cwd()


def _without_collisions(found: list[Found]) -> list[Found]:
    """Names with as many of their root's folders before them as it takes to tell colliding roots apart."""
    depth = 0
    crowded: set[Path] = set()
    names = {f.path: f.name for f in found}
    while True:
        counts = Counter(names.values())
        crowded |= {f.root for f in found if counts[names[f.path]] > 1}
        if max(counts.values(), default=1) == 1:
            return [Found(f.path, f.root, names[f.path]) for f in found]
        depth += 1
        for f in found:
            if f.root in crowded:
                names[f.path] = "/".join([*f.root.parts[1:][-depth:], f.name])
