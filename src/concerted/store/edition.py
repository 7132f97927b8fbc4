"""Editions: immutable folders `editions/<edition_id>/` of Parquet tables with a manifest, and the file `current`.

An edition appears by one rename, `current` changes by one rename: a killed build leaves the previous edition served and
no half edition. The id is a hash of inputs, parameters and code, so the same inputs are the same edition.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from concerted.model.errors import ConcertedError, ConfigError

MANIFEST = "manifest.json"


class BuildRunningError(ConcertedError):
    """Another build, or a reading, holds the data folder."""


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spare space: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def edition_id(identity: Mapping[str, Any]) -> str:
    """The id of the edition that `identity` (inputs, parameters, code) leads to: 32 hexadecimal digits."""
    return hashlib.sha256(canonical_json(identity).encode()).hexdigest()[:32]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, streamed."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def current_edition(data: Path) -> Path | None:
    """Folder of the edition that `current` names; None before the first build.

    Raises:
        ConfigError: `current` names an edition that is not there.
    """
    try:
        name = (data / "current").read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    folder = data / "editions" / name
    if not (folder / MANIFEST).is_file():
        raise ConfigError(f"{data / 'current'} names edition {name!r}, but {folder} holds no {MANIFEST}; build again")
    return folder


def find_edition(data: Path, name: str = "current") -> Path:
    """Folder of the edition whose id starts with `name`, or of the current one.

    Raises:
        ConfigError: none or several match.
    """
    if name == "current":
        folder = current_edition(data)
        if folder is None:
            raise ConfigError(f"{data} has no edition yet; run: concerted build SOURCE... --data {data}")
        return folder
    there = [p for p in sorted((data / "editions").glob("*")) if (p / MANIFEST).is_file()]
    found = [p for p in there if p.name.startswith(name)]
    if len(found) != 1:
        ids = ", ".join(p.name[:12] for p in (found or there)[:8]) or "none"
        raise ConfigError(f"{len(found)} editions in {data} have an id that starts with {name!r}; there are: {ids}")
    return found[0]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an edition."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return manifest


def make_current(data: Path, name: str) -> None:
    """Let `current` name the edition `name`, in one atomic step."""
    write_atomically(data / "current", name + "\n")


def write_atomically(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new content, never a part."""

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())

    write_file_atomically(path, write)


def write_where_new(path: Path, text: str) -> None:
    """Let a file say this, in one step; one that says it already stays untouched."""
    if path.is_file() and path.read_text("utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)


def write_file_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file under a passing name beside `path`, then rename it to `path`."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(descriptor)
    try:
        write(Path(temporary))
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def build_lock(data: Path) -> Iterator[None]:
    """Hold the data folder for one build or reading.

    Raises:
        BuildRunningError: another one holds it.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildRunningError(
                f"another build is running in {data}, or its sources are being read; wait for it or use another --data"
            ) from error
        yield


@contextmanager
def staging(parent: Path) -> Iterator[Path]:
    """A folder that is thrown away unless it was renamed; leftovers of killed builds are swept first."""
    parent.mkdir(parents=True, exist_ok=True)
    for leftover in parent.glob(".staging-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=".staging-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish_staged(folder: Path, data: Path, name: str, manifest: Mapping[str, Any]) -> Path:
    """Turn a staged folder into the edition `name`: manifest last, then one rename.

    An edition that is there stays; a folder of its name without a manifest is damaged and is replaced.
    """
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1, default=str) + "\n"
    write_atomically(folder / MANIFEST, text)
    target = data / "editions" / name
    if not (target / MANIFEST).is_file():
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
    return target
