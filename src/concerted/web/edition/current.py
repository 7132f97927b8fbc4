"""Follow `current` and `released`: the newest edition that opens, and the one for the public, without a restart.

Enters: the data folder. Leaves: an open `Edition`. A request keeps the edition it began with; when a pointer names
something that cannot be opened, the previous edition stays served and says that it is an old copy.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from concerted.model.errors import ConcertedError
from concerted.store.edition import current_edition
from concerted.store.released import RELEASED, is_told, is_withdrawn, released_edition
from concerted.web.edition.opened import Edition, open_edition

log = logging.getLogger(__name__)

#: How far what is made ahead stands back behind pages (as `nice` counts).
BESIDE = 5

#: Time of change and number of a pointer's file; None = there is none.
Stamp = tuple[int, int] | None
Prepare = Callable[[Edition], None]
#: What is made on a newer edition (the second) for those who looked at the one before, step by step.
Ahead = Callable[[Edition, Edition], Iterable[Callable[[], object]]]


@dataclass(frozen=True)
class Served:
    """What a request works on; `is_old_copy` = its pointer names another edition, which could not be opened."""

    edition: Edition
    is_old_copy: bool = False


class CurrentEdition:
    """Keeps the open editions of one data folder. The only state of the site that outlives a request.

    A newer edition is opened beside the one that is served, in a thread of its own: no reader waits for it. Where both
    pointers name one edition it is opened once.
    """

    def __init__(
        self,
        data: Path,
        prepare: Prepare | None = None,
        prepare_unreleased: Prepare | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        """`prepare` makes what the public asks for first, on a newer edition before that is served; and
        `prepare_unreleased` what its own readers do, on one that the public does not see. `ahead` says what is made for
        those who looked at the edition before, while that is still served; a still newer edition ends it."""
        self.data = data
        self._prepare = prepare
        self._prepare_unreleased = prepare_unreleased
        self._current = _Follower(
            data / "current", lambda: current_edition(data), self._open, self._ready_current, ahead=ahead
        )
        self._released = _Follower(
            data / RELEASED,
            lambda: released_edition(data),
            self._open,
            self._ready_released,
            lambda edition: bool(released_edition(data)) and not is_withdrawn(data, edition.folder.name),
        )

    def get(self) -> Served | None:
        """The newest edition; None before the first build. Costs one `stat` while `current` does not change."""
        return self._current.get()

    def released(self) -> Served | None:
        """The edition for the public; None before the first release. Where nothing says which, the newest."""
        return self._released.get() if is_told(self.data) else self._current.get()

    def settle(self) -> Served | None:
        """The newest edition once one that is being opened is open; for start-up and tests."""
        return self._current.settle()

    def settle_released(self) -> Served | None:
        """The edition for the public once one that is being opened is open."""
        return self._released.settle() if is_told(self.data) else self._current.settle()

    def _open(self, folder: Path) -> Edition:
        """The edition of a folder; the very one that is open already, where one is."""
        for follower in (self._current, self._released):
            if follower.served and follower.served.edition.folder == folder:
                return follower.served.edition
        return open_edition(folder)

    def _ready_current(self, edition: Edition) -> None:
        prepare = self._prepare_unreleased if is_told(self.data) else self._prepare
        if prepare:
            prepare(edition)

    def _ready_released(self, edition: Edition) -> None:
        if self._prepare:
            self._prepare(edition)


class _Follower:
    """Follows one pointer. `may_stay` says whether what is served may go on being so while, or because, what the
    pointer names now is not open: what was withdrawn may not."""

    def __init__(
        self,
        pointer: Path,
        find: Callable[[], Path | None],
        open_: Callable[[Path], Edition],
        ready: Prepare,
        may_stay: Callable[[Edition], bool] = lambda _: True,
        ahead: Ahead | None = None,
    ) -> None:
        self.served: Served | None = None
        self._pointer, self._find, self._open, self._ready, self._may_stay = pointer, find, open_, ready, may_stay
        self._ahead = ahead
        self._lock = threading.Lock()
        self._stamp: Stamp = None
        self._opening: threading.Thread | None = None

    def get(self) -> Served | None:
        stamp = self._read_stamp()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._stamp = stamp
                    if self.served is not None and not self._stays(self.served):
                        self.served = None
                    if self.served is None:
                        self.served = self._open_or_keep(None)
                    else:
                        self._opening = threading.Thread(target=self._open_beside, args=(stamp,), daemon=True)
                        self._opening.start()
        return self.served

    def settle(self) -> Served | None:
        self.get()
        if self._opening:
            self._opening.join()
        return self.served

    def _read_stamp(self) -> Stamp:
        try:
            found = self._pointer.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _stays(self, served: Served) -> bool:
        try:
            return self._may_stay(served.edition)
        except ConcertedError:  # the pointer names nothing that is there: that is said where it is opened
            return True

    def _open_beside(self, stamp: Stamp) -> None:
        before = self.served
        opened = self._open_or_keep(before)
        if self._ahead and before and opened and opened.edition is not before.edition:
            with contextlib.suppress(OSError):  # pages go before, where a thread can have a priority of its own
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BESIDE)
            for make in self._ahead(before.edition, opened.edition):
                if stamp != self._stamp:
                    return
                make()
        with self._lock:
            if stamp == self._stamp:  # else a still newer one is on its way
                self.served = opened

    def _open_or_keep(self, before: Served | None) -> Served | None:
        try:
            folder = self._find()
            if folder is None:
                return before and Served(before.edition, is_old_copy=True)
            if before and before.edition.folder == folder:
                return Served(before.edition)
            edition = self._open(folder)
            if before:
                self._ready(edition)
            return Served(edition)
        except (ConcertedError, OSError, ValueError, duckdb.Error) as error:
            log.error(
                "the edition that `%s` names cannot be opened, the previous one stays served: %s",
                self._pointer.name,
                error,
            )
            return before and Served(before.edition, is_old_copy=True)
