"""From what the user named to documents: files, members of archives and addresses, each with what speaks of it.

Place on the way: the first half of finding inputs. Files, folders, globs and addresses enter; `Document`s leave, with
the entries of `source.yml` around them, and an issue for whatever is no data or is refused before it is opened.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from concerted.model.errors import SourceError
from concerted.model.issues import Issue, Severity
from concerted.sources.config import FILE_NAMES, Entry, entry_for, load_entries
from concerted.sources.opening.fetch import fetch, is_address
from concerted.sources.opening.limits import ZIP_FAULTS, Limits
from concerted.sources.opening.walk import walk
from concerted.sources.opening.workbook import ZIP, is_workbook_archive

#: Names and endings of files that lie beside data and are no data.
_BESIDE = ("readme", "license", "licence", "changelog", "notice", "contributing")
_NO_DATA = re.compile(
    r"\.(md|rst|py|r|ipynb|sh|js|css|html?|ya?ml|toml|ini|cfg|pdf|docx?|pptx?|png|jpe?g|gif|svg|log|lock|tmp|bak|prj|cpg)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Document:
    """A file or a member of a zip, with the entries of source.yml that may speak of it, nearest first."""

    path: Path
    name: str
    member: str | None
    entries: list[Entry]


def on_disk(sources: Sequence[str], limits: Limits, issues: list[Issue]) -> Iterator[Document]:
    """The documents in files, folders and globs; what is no data or cannot be opened becomes an issue."""
    found, skipped = walk([s for s in sources if not is_address(s)])
    issues += [issue_of("info", "input_ignored", s.name, reason=s.reason) for s in skipped]
    loaded: dict[Path, list[Entry]] = {}
    for file in found:
        entries = _entries(file.path, file.root, loaded)
        yield from _members(file.path, file.name, entries, limits, issues)


def fetched(sources: Sequence[str], cache_dir: Path, limits: Limits, issues: list[Issue]) -> Iterator[Document]:
    """The documents behind addresses; one that cannot be fetched becomes an issue."""
    for url in sorted({s for s in sources if is_address(s)}):
        try:
            got = fetch(url, cache_dir, limits)
        except SourceError as error:
            issues.append(issue_of("error", "fetch_failed", url.split("?")[0], reason=str(error)))
            continue
        if got.stale_reason is not None:
            issues.append(issue_of("warning", "fetch_failed_used_cached", got.name, reason=got.stale_reason))
        yield from _members(got.path, got.name, [], limits, issues)


def unused_entries(documents: Sequence[Document]) -> Iterator[Issue]:
    """A misspelt `files:` would silently leave a file without its mapping or marking."""
    known = {id(entry): entry for document in documents for entry in document.entries}
    used = {id(entry_for(document.entries, document.path, document.member)) for document in documents}
    for key, entry in known.items():
        if key not in used and entry.files:
            yield issue_of(
                "warning", "source_unmatched", f"{entry.folder.name}/source.yml", files=", ".join(entry.files)
            )


def issue_of(severity: Severity, code: str, name: str, **values: str) -> Issue:
    """An issue of finding inputs."""
    return Issue(severity, code, "read", input_path=name, values=values)


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


def _members(path: Path, name: str, entries: list[Entry], limits: Limits, issues: list[Issue]) -> Iterator[Document]:
    """The document itself, or, for an archive, each of its members."""
    if Path(name).name in FILE_NAMES:
        return
    if _is_no_data(name):
        issues.append(issue_of("info", "input_ignored", name, reason="not data by its name"))
        return
    try:
        with path.open("rb") as file:
            is_zip = file.read(4) == ZIP
        if not is_zip:
            yield Document(path, name, None, entries)
            return
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except ZIP_FAULTS as error:
        issues.append(
            issue_of("error", "input_refused", name, reason=f"cannot be opened, or the zip is damaged: {error}")
        )
        return
    if is_workbook_archive([i.filename for i in infos]):
        yield Document(path, name, None, entries)
        return
    if len(infos) > limits.max_members:
        issues.append(
            issue_of("error", "input_refused", name, reason=f"{len(infos)} members, limit {limits.max_members}")
        )
        return
    total = 0
    for info in infos:
        member = f"{name}!{info.filename}"
        total += info.file_size
        if info.is_dir():
            continue
        if _is_no_data(info.filename):
            issues.append(issue_of("info", "input_ignored", member, reason="not data by its name"))
        elif (reason := _refusal(info, total, limits)) is not None:
            issues.append(issue_of("error", "input_refused", member, reason=reason))
        else:
            yield Document(path, member, info.filename, entries)


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


def _is_no_data(name: str) -> bool:
    last = name.rsplit("/", 1)[-1].lower()
    return last.startswith(_BESIDE) or _NO_DATA.search(last) is not None
