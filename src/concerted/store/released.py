"""Which edition the public is shown: `released`, a pointer beside `current`, and `releases`, what was ever released.

Place on the way: beside `edition`, for whoever builds, serves or releases. Each file is written in one step. As long as
nobody has decided (`releases` is not there), whoever builds by hand releases what he builds, and a folder without
`released` shows what is current. From the first decision on only a decision moves `released`.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from concerted.model.errors import ConfigError
from concerted.store.edition import MANIFEST, current_edition, write_atomically

RELEASED = "released"
RELEASES = "releases"


def released_edition(data: Path) -> Path | None:
    """Folder of the edition that the public is shown; None where nothing is released.

    Raises:
        ConfigError: `released`, or `current` where it stands in for it, names an edition that is not there.
    """
    if not is_told(data):
        return current_edition(data)
    name = _read(data / RELEASED)
    if not name:
        return None
    folder = data / "editions" / name
    if not (folder / MANIFEST).is_file():
        raise ConfigError(f"{data / RELEASED} names edition {name!r}, but {folder} holds no {MANIFEST}; release again")
    return folder


def is_told(data: Path) -> bool:
    """Whether the folder says what is released; else that is what is current."""
    return (data / RELEASED).is_file() or is_decided(data)


def is_decided(data: Path) -> bool:
    """Whether people decide here what is released, so that no build does."""
    return (data / RELEASES).is_file()


def released_ids(data: Path) -> list[str]:
    """Every edition that was released by a decision, oldest first, and the one that is released now: they are kept."""
    found = list(_decided(data))
    now = _read(data / RELEASED)
    return [*found, *([now] if now and now not in found else [])]


def is_withdrawn(data: Path, name: str) -> bool:
    """Whether an edition was taken back from the public."""
    return _decided(data).get(name, False)


def release(data: Path, name: str) -> None:
    """Let the public see an edition, by a decision; from now on nothing else moves `released`.

    Raises:
        ConfigError: there is no such edition.
    """
    with released_lock(data):
        _check_there(data, name)
        decided = _decided(data)
        decided.pop(name, None)
        _write(data, {**decided, name: False})
        write_atomically(data / RELEASED, name + "\n")


def withdraw(data: Path, name: str, before: str | None) -> None:
    """Take an edition back: the public is shown `before`, or nothing.

    Raises:
        ConfigError: `before` is not there any more.
    """
    with released_lock(data):
        if before:
            _check_there(data, before)
        _write(data, {**_decided(data), name: True})
        write_atomically(data / RELEASED, f"{before or ''}\n")


def withhold(data: Path) -> None:
    """Let nothing be released but by a decision. What the public is shown stays as it is."""
    with released_lock(data):
        _pin(data)
        if not is_decided(data):
            write_atomically(data / RELEASES, "")


def release_built(data: Path, name: str) -> bool:
    """Release what was built by hand, where nobody has decided yet; whether it is released now."""
    with released_lock(data):
        if is_decided(data):
            return _read(data / RELEASED) == name
        _check_there(data, name)
        write_atomically(data / RELEASED, name + "\n")
        return True


def pin(data: Path) -> None:
    """Before a build that releases nothing moves `current`: what the public is shown now is written down."""
    with released_lock(data):
        _pin(data)


def _pin(data: Path) -> None:
    if is_told(data):
        return
    folder = current_edition(data)
    if folder is None:
        write_atomically(data / RELEASES, "")  # nothing was ever shown: only a decision shows the first
    else:
        write_atomically(data / RELEASED, folder.name + "\n")


def _decided(data: Path) -> dict[str, bool]:
    """Editions that were released by a decision, oldest first, each with whether it was withdrawn."""
    lines = (line.split() for line in _read(data / RELEASES).splitlines())
    return {words[0]: len(words) > 1 for words in lines if words}


def _write(data: Path, decided: dict[str, bool]) -> None:
    lines = (f"{name} withdrawn\n" if is_back else f"{name}\n" for name, is_back in decided.items())
    write_atomically(data / RELEASES, "".join(lines))


def _check_there(data: Path, name: str) -> None:
    if not name or "/" in name or not (data / "editions" / name / MANIFEST).is_file():
        raise ConfigError(f"{data} holds no edition {name!r}")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


@contextmanager
def released_lock(data: Path) -> Iterator[None]:
    """Hold what is released still for a moment: so that nothing is removed while it is being released."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".released.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
