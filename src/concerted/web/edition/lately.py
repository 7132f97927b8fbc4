"""The answers that were asked for last, as many as have room: for those that are too large to keep many of."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """What says how many bytes it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        ...


T = TypeVar("T", bound=Sized)

#: Bytes that an answer counts for at least: a small one takes more than its own, and not too many are kept.
_LEAST = 512 * 1024


class Lately(Generic[T]):
    """Answers by key, of at most so many bytes together; the one that was asked for longest ago goes first."""

    def __init__(self, room: int, least: int = _LEAST) -> None:
        self._room, self._least = room, least
        self._kept, self._lock = dict[Hashable, T](), threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer kept for `key`, else the one that `make` gives; `key` must hold all that it depends on."""
        with self._lock:
            if key in self._kept:
                self._kept[key] = found = self._kept.pop(key)
                return found
        made = make()  # outside the lock: two may make the same, nobody waits for another's
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = made
            while sum(max(each.nbytes, self._least) for each in self._kept.values()) > self._room:
                del self._kept[next(iter(self._kept))]
        return made

    def clear(self) -> None:
        """Keep none."""
        with self._lock:
            self._kept.clear()
