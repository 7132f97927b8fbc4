"""From what the user named to documents that a reader can open.

Place on the way: before step 1. Files, folders, globs and addresses enter; `Input`s leave, each with name, hash, kind
and what its `source.yml` says; whatever is not read has an issue. `open_stream` gives a reader the bytes, decompressed
and within limits.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from concerted.model.errors import ConfigError, SourceError
from concerted.model.issues import Issue
from concerted.sources.base import Input, SourceConfig
from concerted.sources.config import config_of, entry_for
from concerted.sources.detect import HEAD_BYTES, describe, detect, readers
from concerted.sources.opening.documents import Document, fetched, issue_of, on_disk, unused_entries
from concerted.sources.opening.kinds import KnownKinds
from concerted.sources.opening.limits import MIB, ZIP_FAULTS, Limits
from concerted.sources.opening.streams import open_raw, open_unpacked
from concerted.sources.opening.workbook import COMPOUND, ZIP, is_workbook_archive, workbook_head

__all__ = ["Limits", "find_inputs", "open_stream", "read_bytes"]


def find_inputs(
    sources: Sequence[str], cache_dir: Path, limits: Limits | None = None, jobs: int = 1
) -> tuple[list[Input], list[Issue]]:
    """Every readable document among `sources`, sorted by name, and an issue for everything that is not.

    Args:
        sources: files, folders (walked), globs, http(s) addresses.
        cache_dir: where downloads and the kinds of documents are kept.
        limits: bounds on size, compression, downloads.
        jobs: how many documents are hashed at the same time.

    Issues:
        input_ignored (info): not data by its name, hidden, or a link to a folder.
        input_unknown (warning): no reader knows this kind of document.
        input_refused (error): damaged, too large, a nested archive, or a member that points outside its archive.
        source_unmatched (warning): an entry of a source.yml whose `files:` fit no file.
        fetch_failed (error), fetch_failed_used_cached (warning): an address could not be fetched.
    Raises:
        SourceError: a path does not exist or a glob matches nothing.
        ConfigError: a source.yml is wrong.
    """
    limits = limits or Limits()
    issues: list[Issue] = []
    documents = [*on_disk(sources, limits, issues), *fetched(sources, cache_dir, limits, issues)]
    issues += unused_entries(documents)
    inputs: list[Input] = []
    kinds = KnownKinds(cache_dir)
    documents.sort(key=lambda d: d.name)
    for document, fingerprint in zip(documents, _fingerprints(documents, limits, jobs), strict=True):
        try:
            found = _as_input(document, *fingerprint(), limits, issues, kinds)
        except SourceError as error:
            issues.append(issue_of("error", "input_refused", document.name, reason=str(error)))
        except OSError as error:
            issues.append(issue_of("error", "input_refused", document.name, reason=f"cannot be read: {error.strerror}"))
        else:
            if found is not None:
                inputs.append(found)
    kinds.save()
    return inputs, issues


def open_stream(source: Input, limits: Limits | None = None) -> BinaryIO:
    """The document's bytes, out of its zip and its gzip; a workbook comes as the file it is.

    Raises:
        SourceError: on opening or while reading: the document is damaged, cut, or unpacks to more than allowed; what
            was read before the fault is valid.
    """
    return open_unpacked(source.path, source.member, source.name, limits or Limits())


def read_bytes(source: Input, limit: int = 512 * MIB, limits: Limits | None = None) -> bytes:
    """The whole document, for formats that cannot be streamed.

    Raises:
        SourceError: it is larger than `limit`, damaged or cut.
    """
    with open_stream(source, limits) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise SourceError(f"{source.name}: refused, more than {limit} bytes of a format that must be held in memory")
    return data


def _fingerprints(documents: Sequence[Document], limits: Limits, jobs: int) -> Iterator[Callable[[], tuple[str, int]]]:
    """For each document what gives its hash and size, or raises; in threads, as hashing leaves Python to others."""
    if jobs <= 1:
        yield from (partial(_fingerprint, document, limits) for document in documents)
        return
    with ThreadPoolExecutor(jobs) as pool:  # gone before workers are forked
        yield from [pool.submit(_fingerprint, document, limits).result for document in documents]


def _fingerprint(document: Document, limits: Limits) -> tuple[str, int]:
    digest, size = sha256(), 0
    with open_raw(document.path, document.member, document.name, limits) as raw:
        while chunk := raw.read(MIB):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _as_input(
    document: Document, sha: str, size: int, limits: Limits, issues: list[Issue], kinds: KnownKinds
) -> Input | None:
    config = config_of(entry_for(document.entries, document.path, document.member), document.name)
    name = document.name
    kind = kinds.get(name, sha, config)
    if kind is None:
        kind = _kind(document, config, limits, issues)
        if kind is None:
            return None
        kinds.learn(name, sha, config, kind)
    return Input(document.path, name, sha, size, kind, config, document.member)


def _kind(document: Document, config: SourceConfig, limits: Limits, issues: list[Issue]) -> str | None:
    """What kind a document is, its description checked by the reader; None when no reader knows it."""
    head = _head(document, limits)
    # A person who maps columns of a sheet has said what it is, tags or not.
    kind = config.kind or ("sheet" if "columns" in config.mapping else detect(document.name, head))
    if kind is None:
        issues.append(issue_of("warning", "input_unknown", document.name, found=describe(document.name, head)))
        return None
    if kind not in readers():
        raise ConfigError(f"{config.source_id}: kind: found {kind!r}, expected one of {', '.join(sorted(readers()))}")
    check = getattr(readers()[kind], "check", None)
    if check is not None:
        check(config)
    return kind


def _head(document: Document, limits: Limits) -> bytes:
    """The first decompressed bytes; of a damaged document, those before the damage (its reader will report it)."""
    with open_unpacked(document.path, document.member, document.name, limits) as stream:
        head = b""
        try:
            while len(head) < HEAD_BYTES and (more := stream.read(HEAD_BYTES - len(head))):
                head += more
        except SourceError:
            if not head:
                raise
    if not head.startswith((ZIP, COMPOUND)):
        return head
    with open_unpacked(document.path, document.member, document.name, limits) as stream:
        data = io.BytesIO(stream.read(limits.max_workbook_bytes + 1))
        if data.getbuffer().nbytes > limits.max_workbook_bytes:
            raise SourceError(f"{document.name}: refused, a workbook of more than {limits.max_workbook_bytes} bytes")
        if head.startswith(ZIP) and not _is_workbook(data):
            raise SourceError(f"{document.name}: a zip inside an archive is not opened; unpack it first")
        return workbook_head(data, document.name, limits)


def _is_workbook(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return is_workbook_archive(archive.namelist())
    except ZIP_FAULTS:
        return True  # let the workbook's own message say it
    finally:
        file.seek(0)
