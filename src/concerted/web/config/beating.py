"""Signs of life of the workers beside the site: a file for each of them, touched while it lives.

A file and no row: whoever looks after an installation wants to know of a worker also where the registry is locked.
"""

import contextlib
import threading
import time
from pathlib import Path

#: Folder of the signs, below the data folder.
FOLDER = "worker"
#: Seconds between two signs, and after how many without one a worker is taken for dead.
EVERY, SILENT = 10, 60


def beat(data: Path, queue: str) -> None:
    """Leave a sign now."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / queue).touch()


def keep_beating(data: Path, queue: str) -> None:
    """Leave a sign again and again, as long as this process lives."""

    def go_on() -> None:
        while True:
            with contextlib.suppress(OSError):  # a full disk stops no work; that no sign comes the doctor finds
                beat(data, queue)
            time.sleep(EVERY)

    threading.Thread(target=go_on, daemon=True).start()


def silent_for(data: Path, queue: str) -> float | None:
    """Seconds since the last sign; null = there never was one."""
    try:
        return time.time() - (data / FOLDER / queue).stat().st_mtime
    except FileNotFoundError:
        return None
