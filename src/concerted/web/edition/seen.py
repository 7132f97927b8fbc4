"""Who looked at an edition lately: so that a newer one is made ready for them before it is served.

One viewer stands for all who may see the same. Nothing that is made ahead opens anything: it lies under the very key
under which a page asks for it, and a page asks only for its own viewer.
"""

import threading
import time
from collections.abc import Callable

from concerted.marking import RowFilter, Viewer

#: Kinds of viewers, and seconds after which one is forgotten.
MOST, AFTER = 4, 3600.0


class Seen:
    """The viewers of one edition, by what they may see of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._at, self._lock = clock, dict[RowFilter, tuple[float, Viewer]](), threading.Lock()

    def note(self, rule: RowFilter, viewer: Viewer, at: float | None = None) -> None:
        """Somebody with this filter looked, now or at a time that was noted before."""
        with self._lock:
            self._at[rule] = (self._clock() if at is None else at, viewer)
            while len(self._at) > MOST:
                del self._at[min(self._at, key=lambda known: self._at[known][0])]

    def lately(self) -> list[tuple[float, Viewer]]:
        """When and who, those first who looked last."""
        with self._lock:
            known = sorted(self._at.values(), key=lambda each: -each[0])
        return [(at, viewer) for at, viewer in known if self._clock() - at < AFTER]
