"""Make the edition again, as it was last asked for, with what the registry holds now.

Place on the way: above `build`, for a site whose records change while it runs. `DATA/request.json` (kept by whoever
built) enters, with what the site writes: records (`DATA/registry/`), decisions (`DATA/decisions/`) and the strategy in
force (`DATA/strategy/`); an edition leaves. `python -m concerted.rebuild DATA` does it
in a process of its own, so that what a build holds is given back when it ends.
"""

import json
import os
import shutil
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from concerted.build import Built, Watcher, build
from concerted.model.errors import ConcertedError, ConfigError
from concerted.steps import BuildRequest
from concerted.store.edition import BuildRunningError, build_lock, current_edition, write_atomically
from concerted.store.released import pin, released_ids, released_lock

REQUEST = "request.json"
REGISTRY = "registry"
#: Folder of the needs and offers that the site keeps.
ASKS = "asks"
#: Folder of what was decided on the site; each kind of decision has a file of its own in it.
DECIDED = "decisions"
#: The version of the strategy that is in force, where the site keeps it.
STRATEGY = "strategy/strategy.yml"
#: Paths of a request.
_PATHS = ("strategy", "decisions", "decided")
#: Editions that rebuilds made, oldest first; those that a person asked for are never among them.
MADE = "rebuilt"
#: Of them so many newest stay, and all that are younger than so many seconds: a server that nobody has asked for
#: anything meanwhile still reads one, and notices at its next request.
NEWEST, SECONDS = 5, 24 * 60 * 60
#: Seconds to wait for another build to end before giving up, and between two looks.
PATIENCE, PAUSE = 30 * 60, 0.5


@dataclass(frozen=True)
class Asked:
    """What the last build was asked for. Paths are absolute: a rebuild runs elsewhere."""

    sources: tuple[str, ...]
    request: BuildRequest
    jobs: int = 1


def keep_request(data: Path, asked: Asked) -> None:
    """Note in the data folder what a build was asked for."""
    request = asdict(asked.request)
    for name in _PATHS:
        request[name] = str(Path(request[name]).absolute()) if request[name] else None
    sources = [source if "://" in source else str(Path(source).absolute()) for source in asked.sources]
    told = {"sources": sources, "request": request, "jobs": asked.jobs}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    write_atomically(data / REQUEST, text + "\n")


def kept_request(data: Path) -> Asked | None:
    """What the last build of a data folder was asked for; None where nobody noted it.

    Raises:
        ConfigError: the note cannot be read.
    """
    path = data / REQUEST
    try:
        told = json.loads(path.read_text("utf-8"))
        request = told["request"]
        day, frameworks = request["as_of"], request["frameworks"]
        request |= {
            "as_of": date.fromisoformat(day) if day else None,
            "frameworks": None if frameworks is None else tuple(frameworks),
            **{name: Path(request[name]) if request.get(name) else None for name in _PATHS},
        }
        return Asked(tuple(told["sources"]), BuildRequest(**request), int(told["jobs"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: not what a build notes ({error}); run `concerted build` again") from error


def with_registry(data: Path, sources: tuple[str, ...]) -> tuple[str, ...]:
    """The sources of a build with the records, needs and offers that the site keeps, where there are any."""
    named = {Path(source).absolute() for source in sources}
    folders = [(data / name).absolute() for name in (REGISTRY, ASKS)]
    return (*sources, *(str(each) for each in folders if any(each.glob("*.jsonl")) and each not in named))


def with_decided(data: Path, request: BuildRequest) -> BuildRequest:
    """What a build is asked for, with what was decided on the site; its strategy goes before a file's."""
    folder, strategy = (data / DECIDED).absolute(), (data / STRATEGY).absolute()
    return replace(
        request,
        decided=folder if folder.is_dir() else request.decided,
        strategy=strategy if strategy.is_file() else request.strategy,
    )


def rebuild(data: Path, watcher: Watcher | None = None) -> Built:
    """The edition as last asked for, with the registry; another build that is running is waited for.

    It becomes the current one and is not released.

    Raises:
        ConfigError: nothing notes what to build.
        ConcertedError: as `build`.
    """
    asked = kept_request(data)
    if asked is None:
        raise ConfigError(
            f"{data / REQUEST} is not there: run `concerted build` once, so that it is known what to build"
        )
    pin(data)  # the public goes on seeing what it sees: who saves a record releases nothing
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            sources, request = with_registry(data, asked.sources), with_decided(data, asked.request)
            built = build(sources, data, request, jobs=asked.jobs, watcher=watcher)
            if built.is_new:
                forget_older(data, built.folder.name, time.time())
            return built
        except BuildRunningError:
            if time.monotonic() > ends:
                raise
            time.sleep(PAUSE)


def forget_older(data: Path, made: str, now: float) -> list[str]:
    """Note an edition that a rebuild made, and remove those made so long before: each saved record makes one.

    What is current stays, and whatever was released: a release can be read, compared with and gone back to.

    Args:
        made: the new edition's id.
        now: seconds since 1970.
    Returns:
        Ids of the editions that were removed.
    """
    with build_lock(data), released_lock(data):
        note, current, released = data / MADE, current_edition(data), set(released_ids(data))
        told = note.read_text("utf-8").split() if note.is_file() else []
        known = [*(name for name in told if name != made), made]
        removed = []
        for name in known[:-NEWEST]:
            folder = data / "editions" / name
            if folder == current or name in released or (folder.is_dir() and now - folder.stat().st_mtime < SECONDS):
                continue
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(name)
        write_atomically(note, "".join(f"{name}\n" for name in known if name not in removed))
    return removed


def follow_parent() -> None:
    """End when the process that started this one does: its end of our standard input is closed then."""

    def wait() -> None:
        # Not through `sys.stdin`: forked workers close that, and would wait for ever for a lock that this thread holds.
        while os.read(0, 4096):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main(arguments: list[str]) -> int:
    """Rebuild one data folder; the id of the edition goes to standard output, what went wrong to standard error."""
    follow_parent()
    os.nice(5)  # the pages go before
    try:
        built = rebuild(Path(arguments[0]))
    except (ConcertedError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{built.manifest['edition_id']}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
