"""Which part waits for which, when each can be done, and which of them decide when the whole is done.

Place on the way: behind the board of a package. Parts enter; the earliest days of each, how much it may slip, and the
critical path leave. A part begins on the day that its own record says, or on the day after the last of those that it
waits for has ended, whichever is later; what has begun has begun. Where a day is not known, nothing is known of what
waits for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from concerted.matching.packages.parts import Part
from concerted.model.errors import ConcertedError

_DAY = timedelta(days=1)


class LoopError(ConcertedError):
    """Parts wait for each other in a ring; `loop` names them, each before what it waits for, the first last again."""

    def __init__(self, loop: Sequence[str]) -> None:
        super().__init__(f"these parts wait for each other: {' > '.join(loop)}")
        self.loop = tuple(loop)


@dataclass(frozen=True)
class Times:
    """When a part can be done.

    Attributes:
        start, end: its first and last day at the earliest; none = not known.
        slack: days by which it may end later without the whole ending later; none = not known.
    """

    start: date | None
    end: date | None
    slack: int | None = None


@dataclass(frozen=True)
class Clash:
    """`key` begins, as its record says, on a day on which `waits_for` has not ended yet; by so many days."""

    key: str
    waits_for: str
    days: int


@dataclass(frozen=True)
class Schedule:
    """The order of a package.

    Attributes:
        order: all keys, each behind those that it waits for.
        times: by key.
        path: the critical path, first to last: each begins as soon as the one before it ends, and the last of them is
            the last of all. Empty where no end is known.
        end: when the whole is done; of what is known.
        unknown: keys of parts whose end is not known; while there are any, the whole may end later.
        clashes: what the records say against the order.
        late: keys of parts that can be done only after the day on which they are of use.
    """

    order: tuple[str, ...]
    times: Mapping[str, Times]
    path: tuple[str, ...]
    end: date | None
    unknown: tuple[str, ...]
    clashes: tuple[Clash, ...]
    late: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """The end of every part is known, so the path is that of the whole."""
        return bool(self.times) and not self.unknown


def in_order(parts: Sequence[Part]) -> tuple[str, ...]:
    """All keys, each behind those that it waits for; else in the order in which they are given.

    Raises:
        LoopError: some wait for each other.
    """
    sorter = TopologicalSorter(_after(parts))
    try:
        sorter.prepare()
    except CycleError as error:
        loop: list[str] = error.args[1]
        raise LoopError(_from_first(loop, [part.key for part in parts])) from error
    places = {part.key: at for at, part in enumerate(parts)}
    found: list[str] = []
    ready = sorted(sorter.get_ready(), key=places.__getitem__)
    while ready:
        key = ready.pop(0)
        found.append(key)
        sorter.done(key)
        ready = sorted([*ready, *sorter.get_ready()], key=places.__getitem__)
    return tuple(found)


def schedule(parts: Sequence[Part]) -> Schedule:
    """The order, the days and the critical path of parts that are live; others are passed over.

    Raises:
        LoopError: some of them wait for each other.
    """
    live = [part for part in parts if part.is_live]
    by_key, after, order = {part.key: part for part in live}, _after(live), in_order(live)
    times: dict[str, Times] = {}
    for key in order:
        times[key] = _earliest(by_key[key], [times[each] for each in sorted(after[key])])
    known = {key: found.end for key, found in times.items() if found.end is not None}
    end = max(known.values(), default=None)
    if end is not None:
        slack = _slack(order, by_key, after, times, end)
        times = {key: Times(found.start, found.end, slack[key]) for key, found in times.items()}
    return Schedule(
        order,
        times,
        _path(order, by_key, after, times, end),
        end,
        tuple(key for key in order if key not in known),
        tuple(_clashes(order, by_key, after, times)),
        tuple(key for key in order if _is_late(by_key[key], known.get(key))),
    )


def waiting_on(parts: Iterable[Part], gone: Iterable[str]) -> tuple[str, ...]:
    """Keys of live parts that wait, directly or through others, for one of those that are gone; in their order."""
    live = [part for part in parts if part.is_live]
    out, found = set(gone), set[str]()
    grew = True
    while grew:
        grew = False
        for part in live:
            if part.key not in found | out and not part.after.isdisjoint(found | out):
                found.add(part.key)
                grew = True
    return tuple(part.key for part in live if part.key in found)


def _after(parts: Sequence[Part]) -> dict[str, frozenset[str]]:
    """What each waits for, of those that are there."""
    there = {part.key for part in parts}
    return {part.key: part.after & there for part in parts}


def _from_first(loop: Sequence[str], keys: Sequence[str]) -> list[str]:
    """A loop as it is named whoever finds it: in the order of waiting, from the part that stands first in the list."""
    ring = list(reversed(loop))[:-1]  # `graphlib` names each before what waits for it
    at = min(range(len(ring)), key=lambda n: keys.index(ring[n]))
    ring = ring[at:] + ring[:at]
    return [*ring, ring[0]]


def _earliest(part: Part, before: Sequence[Times]) -> Times:
    if part.has_begun or not before:
        return Times(part.start, _end_from(part, part.start))
    ends = [each.end for each in before]
    known = [each for each in ends if each is not None]
    if len(known) < len(ends):
        return Times(None, None)
    start = max(known) + _DAY
    start = max(start, part.start) if part.start is not None else start
    return Times(start, _end_from(part, start))


def _end_from(part: Part, start: date | None) -> date | None:
    """The last day of a part that begins on a day. Its own last day holds while it begins on its own first day."""
    if start is None or start == part.start:
        if part.end is not None and (part.start is None or part.end >= part.start):
            # An end without a beginning says nothing of a part that would begin after another.
            return part.end if start == part.start else None
        if start is None:
            return None
    length = part.length
    return None if length is None else start + timedelta(days=length - 1)


def _slack(
    order: Sequence[str],
    by_key: Mapping[str, Part],
    after: Mapping[str, frozenset[str]],
    times: Mapping[str, Times],
    end: date,
) -> dict[str, int | None]:
    """By how many days each may end later; not known where something that waits for it has no known end."""
    latest: dict[str, date | None] = dict.fromkeys(order, end)
    found: dict[str, int | None] = {}
    for key in reversed(order):
        mine, last = times[key], latest[key]
        found[key] = None if mine.end is None or last is None else (last - mine.end).days
        if by_key[key].has_begun:
            continue  # it waits for nothing any more
        begin: date | None = None
        if mine.start is not None and mine.end is not None and last is not None:
            begin = last - (mine.end - mine.start) - _DAY
        for each in after[key]:
            bound = latest[each]
            latest[each] = None if begin is None or bound is None else min(bound, begin)
    return found


def _path(
    order: Sequence[str],
    by_key: Mapping[str, Part],
    after: Mapping[str, frozenset[str]],
    times: Mapping[str, Times],
    end: date | None,
) -> tuple[str, ...]:
    if end is None:
        return ()
    at: str | None = next(key for key in order if times[key].end == end)
    path: list[str] = []
    while at is not None:
        path.append(at)
        start = times[at].start
        held = () if by_key[at].has_begun or start is None else after[at]
        at = next((key for key in order if key in held and times[key].end == start - _DAY), None) if start else None
    return tuple(reversed(path))


def _clashes(
    order: Sequence[str],
    by_key: Mapping[str, Part],
    after: Mapping[str, frozenset[str]],
    times: Mapping[str, Times],
) -> Iterable[Clash]:
    for key in order:
        start = by_key[key].start
        for each in (other for other in order if other in after[key]):
            end = times[each].end
            if start is not None and end is not None and start <= end:
                yield Clash(key, each, (end - start).days + 1)


def _is_late(part: Part, end: date | None) -> bool:
    return part.due is not None and end is not None and end > part.due
