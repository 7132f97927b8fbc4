"""The file of a backup: a zip with a manifest that names every part with its size and hash.

manifest.json               what it is, of which version, in which state the tables were, and its parts
registry/<app.model>.jsonl  the rows of one model
data/...                    files of the data folder
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from concerted.model.errors import ConfigError
from concerted.web.backup.rows import Migration

KIND = "concerted backup"
FORMAT = 1
MANIFEST = "manifest.json"
ROWS, FILES = "registry/", "data/"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Part:
    """One part of a backup: bytes and SHA-256 as they are when unpacked; rows, of a part of the registry."""

    name: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Backup:
    """What the manifest of a backup says."""

    version: str
    made_at: str
    migrations: tuple[Migration, ...]
    edition: str | None
    left_out: tuple[str, ...]
    parts: tuple[Part, ...] = field(default=(), repr=False)

    @property
    def rows(self) -> int:
        """Rows of the registry."""
        return sum(part.rows or 0 for part in self.parts)

    @property
    def files(self) -> list[Part]:
        """Files of the data folder."""
        return [part for part in self.parts if part.name.startswith(FILES)]


class Writer:
    """Adds parts to a backup that is being made."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.parts: list[Part] = []

    def add_lines(self, name: str, lines: Iterable[str]) -> None:
        """A part of text lines; each is a row."""
        count = 0

        def counted() -> Iterator[bytes]:
            nonlocal count
            for line in lines:
                count += 1
                yield line.encode()

        size, digest = self._write(name, counted(), zipfile.ZIP_DEFLATED)
        self.parts.append(Part(name, size, digest, count))

    def add_file(self, name: str, path: Path) -> None:
        """A part with the bytes of a file; Parquet is packed already."""
        with path.open("rb") as stream:
            method = zipfile.ZIP_STORED if path.suffix == ".parquet" else zipfile.ZIP_DEFLATED
            size, digest = self._write(name, iter(lambda: stream.read(_CHUNK), b""), method)
        self.parts.append(Part(name, size, digest))

    def finish(self, told: dict[str, Any]) -> Backup:
        """Write the manifest, last: a file without one was not finished."""
        backup = Backup(**told, parts=tuple(self.parts))
        text = json.dumps({"kind": KIND, "format": FORMAT, **asdict(backup)}, ensure_ascii=False, indent=1)
        self._archive.writestr(MANIFEST, text, zipfile.ZIP_DEFLATED)
        return backup

    def _write(self, name: str, chunks: Iterable[bytes], method: int) -> tuple[int, str]:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = method
        entry.external_attr = 0o600 << 16
        size, digest = 0, hashlib.sha256()
        with self._archive.open(entry, "w", force_zip64=True) as stream:
            for chunk in chunks:
                size += len(chunk)
                digest.update(chunk)
                stream.write(chunk)
        return size, digest.hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Make a backup at `path`: readable by this account alone, and there only when it is whole."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # of mode 0600
    try:
        with os.fdopen(descriptor, "wb") as stream:
            with zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A backup's archive.

    Raises:
        ConfigError: no such file, or no archive.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise ConfigError(f"{path}: not a backup that can be read ({error})") from error
    with archive:
        yield archive


def read_backup(path: Path, *, check: bool = True) -> Backup:
    """What a backup holds; with `check`, every part is read and compared with its hash.

    Raises:
        ConfigError: it is no backup, was not finished, was changed, or is of a later format.
    """
    with opened(path) as archive:
        try:
            told = json.loads(archive.read(MANIFEST))
            if told.pop("kind") != KIND:
                raise KeyError("kind")
            form = told.pop("format")
            if form != FORMAT:
                raise ConfigError(f"{path}: format {form}; this version reads {FORMAT}: install a newer one")
            parts = tuple(Part(**part) for part in told.pop("parts"))
            migrations = tuple((app, name) for app, name in told.pop("migrations"))
            backup = Backup(**{**told, "left_out": tuple(told["left_out"])}, migrations=migrations, parts=parts)
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"{path}: its {MANIFEST} is missing or not a backup's") from error
        for part in backup.parts:
            _refuse_bad_name(path, part)
        if check:
            for part in backup.parts:
                _compare(path, archive, part)
    return backup


def part_lines(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """The lines of a part."""
    with archive.open(name) as stream:
        yield from io.TextIOWrapper(stream, "utf-8", newline="\n")


def unpack(archive: zipfile.ZipFile, part: Part, target: Path) -> None:
    """Write a part to a file that is not there yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(part.name) as source, target.open("xb") as stream:
        while chunk := source.read(_CHUNK):
            stream.write(chunk)


def _refuse_bad_name(path: Path, part: Part) -> None:
    """A name must stay below the folder that it is unpacked to."""
    pure = PurePosixPath(part.name)
    if pure.is_absolute() or ".." in pure.parts or "\\" in part.name or not part.name.startswith((ROWS, FILES)):
        raise ConfigError(f"{path}: a part with the name {part.name!r} is not a backup's")


def _compare(path: Path, archive: zipfile.ZipFile, part: Part) -> None:
    try:
        with archive.open(part.name) as stream:
            size, digest = _measure(stream, part.bytes)
    except (KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise ConfigError(f"{path}: {part.name} cannot be read ({error}); use another backup") from error
    if (size, digest) != (part.bytes, part.sha256):
        raise ConfigError(f"{path}: {part.name} is not what was written; use another backup")


def _measure(stream: IO[bytes], most: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while size <= most and (chunk := stream.read(_CHUNK)):  # no more than was said: a bomb is not unpacked
        size += len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()
