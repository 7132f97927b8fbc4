"""How often a program may ask: reads per process in memory, writes in the registry, so that all processes share them.

A read costs the registry nothing, so counting it there would cost more than the answer.
"""

import threading
import time
from dataclasses import dataclass, field

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

#: A minute's worth, for each account or, without a token, each address.
READS, WRITES = 600, 120
_MINUTE = 60
#: Askers counted at a time; beyond them the count begins anew, which errs on the lenient side.
_MOST = 10_000


@dataclass
class Counter:
    """Counts by asker in the minute that runs."""

    minute: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, asker: str, minute: int) -> int:
        """One more; how many that makes."""
        with self.lock:
            if minute != self.minute or len(self.counts) > _MOST:
                self.minute, self.counts = minute, {}
            self.counts[asker] = count = self.counts.get(asker, 0) + 1
            return count


reads = Counter()


def seconds_to_wait(request: HttpRequest, *, writes: bool) -> int:
    """How long the one who asks must wait; 0 where he may go on."""
    now = int(time.time())
    asker = _asker(request)
    minute, left = now // _MINUTE, _MINUTE - now % _MINUTE
    if reads.add(asker, minute) > READS:
        return left
    if writes and _written(asker, minute) > WRITES:
        return left
    return 0


def _written(asker: str, minute: int) -> int:
    key = f"api-writes:{minute}:{asker}"
    if cache.add(key, 1, 2 * _MINUTE):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was pushed out meanwhile
        return 1


def _asker(request: HttpRequest) -> str:
    person = request.person  # type: ignore[attr-defined]
    return str(person.pk) if person else str(get_adapter().get_client_ip(request))
