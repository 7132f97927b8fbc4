"""From what the user named to documents that a reader can open.

Place on the way: before step 1. Files, folders, globs and addresses enter; `Input`s leave, each with name, hash, kind
and what its `source.yml` says; whatever is not read has an issue. `open_stream` gives a reader the bytes, decompressed
and within limits.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

from concerted.model.errors import ConfigError, SourceError
from concerted.model.issues import Issue, Severity
from concerted.sources.base import Input, SourceConfig
from concerted.sources.config import FILE_NAMES, Entry, config_of, entry_for, load_entries
from concerted.sources.detect import HEAD_BYTES, describe, detect, readers
from concerted.sources.opening.fetch import fetch, is_address
from concerted.sources.opening.kinds import KnownKinds
from concerted.sources.opening.limits import MIB, ZIP_FAULTS, LimitedStream, Limits, unpacked
from concerted.sources.opening.walk import walk
from concerted.sources.opening.workbook import COMPOUND, ZIP, is_workbook_archive, workbook_head

__all__ = ["Limits", "find_inputs", "open_stream", "read_bytes"]

#: Names and endings of files that lie beside data and are no data.
_BESIDE = ("readme", "license", "licence", "changelog", "notice", "contributing")
_NO_DATA = re.compile(
    r"\.(md|rst|py|r|ipynb|sh|js|css|html?|ya?ml|toml|ini|cfg|pdf|docx?|pptx?|png|jpe?g|gif|svg|log|lock|tmp|bak|prj|cpg)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Document:
    """A file or a member of a zip, with the entries of source.yml that may speak of it, nearest first."""

    path: Path
    name: str
    member: str | None
    entries: list[Entry]


def find_inputs(
    sources: Sequence[str], cache_dir: Path, limits: Limits | None = None
) -> tuple[list[Input], list[Issue]]:
    """Every readable document among `sources`, sorted by name, and an issue for everything that is not.

    Args:
        sources: files, folders (walked), globs, http(s) addresses.
        cache_dir: where downloads and the kinds of documents are kept.
        limits: bounds on size, compression, downloads.

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
    documents = [*_on_disk(sources, limits, issues), *_fetched(sources, cache_dir, limits, issues)]
    issues += _unused_entries(documents)
    inputs: list[Input] = []
    kinds = KnownKinds(cache_dir)
    for document in sorted(documents, key=lambda d: d.name):
        try:
            found = _as_input(document, limits, issues, kinds)
        except SourceError as error:
            issues.append(_issue("error", "input_refused", document.name, reason=str(error)))
        except OSError as error:
            issues.append(_issue("error", "input_refused", document.name, reason=f"cannot be read: {error.strerror}"))
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
    return _open(source.path, source.member, source.name, limits or Limits())


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


def _on_disk(sources: Sequence[str], limits: Limits, issues: list[Issue]) -> Iterator[_Document]:
    found, skipped = walk([s for s in sources if not is_address(s)])
    issues += [_issue("info", "input_ignored", s.name, reason=s.reason) for s in skipped]
    loaded: dict[Path, list[Entry]] = {}
    for file in found:
        entries = _entries(file.path, file.root, loaded)
        yield from _members(file.path, file.name, entries, limits, issues)


def _fetched(sources: Sequence[str], cache_dir: Path, limits: Limits, issues: list[Issue]) -> Iterator[_Document]:
    for url in sorted({s for s in sources if is_address(s)}):
        try:
            got = fetch(url, cache_dir, limits)
        except SourceError as error:
            issues.append(_issue("error", "fetch_failed", url.split("?")[0], reason=str(error)))
            continue
        if got.stale_reason is not None:
            issues.append(_issue("warning", "fetch_failed_used_cached", got.name, reason=got.stale_reason))
        yield from _members(got.path, got.name, [], limits, issues)


def _unused_entries(documents: Sequence[_Document]) -> Iterator[Issue]:
    """A misspelt `files:` would silently leave a file without its mapping or marking."""
    known = {id(entry): entry for document in documents for entry in document.entries}
    used = {id(entry_for(document.entries, document.path, document.member)) for document in documents}
    for key, entry in known.items():
        if key not in used and entry.files:
            yield _issue("warning", "source_unmatched", f"{entry.folder.name}/source.yml", files=", ".join(entry.files))


def _entries(path: Path, root: Path, loaded: dict[Path, list[Entry]]) -> list[Entry]:
    entries: list[Entry] = []
    for folder in path.parents:
        if folder not in loaded:
            files = [folder / name for name in FILE_NAMES if (folder / name).is_file()]
            loaded[folder] = [entry for file in files for entry in load_entries(file)]
        entries += loaded[folder]
        if folder == root:
            break
    return entries


def _members(path: Path, name: str, entries: list[Entry], limits: Limits, issues: list[Issue]) -> Iterator[_Document]:
    """The document itself, or, for an archive, each of its members."""
    if Path(name).name in FILE_NAMES:
        return
    if _is_no_data(name):
        issues.append(_issue("info", "input_ignored", name, reason="not data by its name"))
        return
    try:
        with path.open("rb") as file:
            is_zip = file.read(4) == ZIP
        if not is_zip:
            yield _Document(path, name, None, entries)
            return
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except ZIP_FAULTS as error:
        issues.append(
            _issue("error", "input_refused", name, reason=f"cannot be opened, or the zip is damaged: {error}")
        )
        return
    if is_workbook_archive([i.filename for i in infos]):
        yield _Document(path, name, None, entries)
        return
    if len(infos) > limits.max_members:
        issues.append(
            _issue("error", "input_refused", name, reason=f"{len(infos)} members, limit {limits.max_members}")
        )
        return
    total = 0
    for info in infos:
        member = f"{name}!{info.filename}"
        total += info.file_size
        if info.is_dir():
            continue
        if _is_no_data(info.filename):
            issues.append(_issue("info", "input_ignored", member, reason="not data by its name"))
        elif (reason := _refusal(info, total, limits)) is not None:
            issues.append(_issue("error", "input_refused", member, reason=reason))
        else:
            yield _Document(path, member, info.filename, entries)


def _refusal(info: zipfile.ZipInfo, total: int, limits: Limits) -> str | None:
    # We never write members to disk, but a name that climbs is a sign of an attack, and would enter names and reports.
    parts = info.filename.replace("\\", "/").split("/")
    if info.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return "its name points outside the archive"
    if info.flag_bits & 0x1:
        return "it is encrypted; give the file without a password"
    if total > limits.max_bytes:
        return f"the archive unpacks to more than {limits.max_bytes} bytes"
    if info.file_size > limits.output_limit(info.compress_size):
        return f"{info.compress_size} bytes that unpack to {info.file_size}: more than 1:{limits.max_ratio}"
    return None


def _as_input(document: _Document, limits: Limits, issues: list[Issue], kinds: KnownKinds) -> Input | None:
    digest, size = sha256(), 0
    with _raw(document.path, document.member, document.name, limits) as raw:
        while chunk := raw.read(MIB):
            digest.update(chunk)
            size += len(chunk)
    config = config_of(entry_for(document.entries, document.path, document.member), document.name)
    name, sha = document.name, digest.hexdigest()
    kind = kinds.get(name, sha, config)
    if kind is None:
        kind = _kind(document, config, limits, issues)
        if kind is None:
            return None
        kinds.learn(name, sha, config, kind)
    return Input(document.path, name, sha, size, kind, config, document.member)


def _kind(document: _Document, config: SourceConfig, limits: Limits, issues: list[Issue]) -> str | None:
    """What kind a document is, its description checked by the reader; None when no reader knows it."""
    head = _head(document, limits)
    # A person who maps columns of a sheet has said what it is, tags or not.
    kind = config.kind or ("sheet" if "columns" in config.mapping else detect(document.name, head))
    if kind is None:
        issues.append(_issue("warning", "input_unknown", document.name, found=describe(document.name, head)))
        return None
    if kind not in readers():
        raise ConfigError(f"{config.source_id}: kind: found {kind!r}, expected one of {', '.join(sorted(readers()))}")
    check = getattr(readers()[kind], "check", None)
    if check is not None:
        check(config)
    return kind


def _head(document: _Document, limits: Limits) -> bytes:
    """The first decompressed bytes; of a damaged document, those before the damage (its reader will report it)."""
    with _open(document.path, document.member, document.name, limits) as stream:
        head = b""
        try:
            while len(head) < HEAD_BYTES and (more := stream.read(HEAD_BYTES - len(head))):
                head += more
        except SourceError:
            if not head:
                raise
    if not head.startswith((ZIP, COMPOUND)):
        return head
    with _open(document.path, document.member, document.name, limits) as stream:
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


def _open(path: Path, member: str | None, name: str, limits: Limits) -> BinaryIO:
    size = path.stat().st_size
    if member is None:
        return unpacked(lambda: path.open("rb"), size, name, limits)
    return unpacked(lambda: _raw(path, member, name, limits), size, name, limits)


def _raw(path: Path, member: str | None, name: str, limits: Limits) -> BinaryIO:
    """The stored bytes of a file, or the unpacked bytes of a zip's member."""
    if member is None:
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    try:
        info = archive.getinfo(member)
        inner = cast(BinaryIO, archive.open(info))
    except (KeyError, *ZIP_FAULTS) as error:
        archive.close()
        raise SourceError(f"{name}: the member cannot be opened: {error}") from error
    limit = limits.output_limit(info.compress_size)
    return cast(BinaryIO, LimitedStream(inner, limit, name, (cast(BinaryIO, archive),)))


def _is_no_data(name: str) -> bool:
    last = name.rsplit("/", 1)[-1].lower()
    return last.startswith(_BESIDE) or _NO_DATA.search(last) is not None


def _issue(severity: Severity, code: str, name: str, **values: str) -> Issue:
    return Issue(severity, code, "read", input_path=name, values=values)
