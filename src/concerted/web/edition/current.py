"""Follow `current`: the newest edition that opens, without a restart.

Enters: the data folder. Leaves: an open `Edition`. A request keeps the edition it began with; when `current` names
something that cannot be opened, the previous edition stays served and says that it is an old copy.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from concerted.model.errors import ConcertedError
from concerted.store.edition import current_edition
from concerted.web.edition.opened import Edition, open_edition

log = logging.getLogger(__name__)

#: Time of change and number of the file `current`; None = there is none.
Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class Served:
    """What a request works on; `is_old_copy` = `current` names another edition, which could not be opened."""

    edition: Edition
    is_old_copy: bool = False


class CurrentEdition:
    """Keeps the open edition of one data folder. The only state of the site that outlives a request.

    A newer edition is opened beside the one that is served, in a thread of its own: no reader waits for it.
    """

    def __init__(self, data: Path, prepare: Callable[[Edition], None] | None = None) -> None:
        """`prepare` makes what readers ask for first; it runs on a newer edition before that is served."""
        self.data = data
        self._prepare = prepare
        self._lock = threading.Lock()
        self._served: Served | None = None
        self._stamp: Stamp = None
        self._opening: threading.Thread | None = None

    def get(self) -> Served | None:
        """The edition to serve now; None before the first build. Costs one `stat` while `current` does not change."""
        stamp = self._read_stamp()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._stamp = stamp
                    if self._served is None:
                        self._served = self._open_or_keep(None)
                    else:
                        self._opening = threading.Thread(target=self._open_beside, args=(stamp,), daemon=True)
                        self._opening.start()
        return self._served

    def settle(self) -> Served | None:
        """The edition to serve once a newer one that is being opened is open; for start-up and tests."""
        self.get()
        if self._opening:
            self._opening.join()
        return self._served

    def _read_stamp(self) -> Stamp:
        try:
            found = (self.data / "current").stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _open_beside(self, stamp: Stamp) -> None:
        opened = self._open_or_keep(self._served)
        with self._lock:
            if stamp == self._stamp:  # else a still newer one is on its way
                self._served = opened

    def _open_or_keep(self, before: Served | None) -> Served | None:
        try:
            folder = current_edition(self.data)
            if folder is None:
                return before and Served(before.edition, is_old_copy=True)
            if before and before.edition.folder == folder:
                return Served(before.edition)
            edition = open_edition(folder)
            if before and self._prepare:
                self._prepare(edition)
            return Served(edition)
        except (ConcertedError, OSError, ValueError, duckdb.Error) as error:
            log.error("the edition that `current` names cannot be opened, the previous one stays served: %s", error)
            return before and Served(before.edition, is_old_copy=True)
