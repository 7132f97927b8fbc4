"""Follow `current`: the newest edition that opens, without a restart.

Enters: the data folder. Leaves: an open `Edition`. A request keeps the edition it began with; when `current` names
something that cannot be opened, the previous edition stays served and says that it is an old copy.
"""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import duckdb

from concerted.model.errors import ConcertedError
from concerted.store.edition import current_edition
from concerted.web.edition.opened import Edition, open_edition

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """What a request works on; `is_old_copy` = `current` names another edition, which could not be opened."""

    edition: Edition
    is_old_copy: bool = False


class CurrentEdition:
    """Keeps the open edition of one data folder. The only state of the site that outlives a request."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._lock = threading.Lock()
        self._served: Served | None = None
        self._stamp: tuple[int, int] | None = None

    def get(self) -> Served | None:
        """The edition to serve now; None before the first build. Costs one `stat` while `current` does not change."""
        stamp = self._read_stamp()
        if stamp == self._stamp:
            return self._served
        with self._lock:
            if stamp != self._stamp:
                self._served = self._open_or_keep()
                self._stamp = stamp
        return self._served

    def _read_stamp(self) -> tuple[int, int] | None:
        try:
            found = (self.data / "current").stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _open_or_keep(self) -> Served | None:
        before = self._served
        try:
            folder = current_edition(self.data)
            if folder is None:
                return before and Served(before.edition, is_old_copy=True)
            if before and before.edition.folder == folder:
                return Served(before.edition)
            return Served(open_edition(folder))
        except (ConcertedError, OSError, ValueError, duckdb.Error) as error:
            log.error("the edition that `current` names cannot be opened, the previous one stays served: %s", error)
            return before and Served(before.edition, is_old_copy=True)
