"""What a package costs, counted once, and what is still missing.

Place on the way: behind the board of a package. Each activity counts once, however many parts tell of it, with the
range that the picture has for it; a match that became an activity of the package is in that activity; what its needs
lack is told apart and added to nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from concerted.matching.packages.parts import Missing, Part, Range

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Budget:
    """The money of a package.

    Attributes:
        by_kind: of its activities, by kind of money; a kind of which nothing is known is not in it.
        activities: how many there are, each once.
        silent: of them, those of which no money is known.
        agreed: by unit, what matches give that both sides accepted and that are no activity of the package yet.
        put_forward: by unit, the same of matches that wait for an answer.
        missing: by unit, what its needs lack after what was agreed. The lower end is of those that state one; the upper
            end is none where one of them states none.
        unknown: needs of which an end is not known.
    """

    by_kind: Mapping[str, Range]
    activities: int
    silent: int
    agreed: Mapping[str, Decimal]
    put_forward: Mapping[str, Decimal]
    missing: Mapping[str, Missing]
    unknown: int


def budget(parts: Iterable[Part]) -> Budget:
    """The budget of the parts that are live."""
    live = [part for part in parts if part.is_live]
    activities = _activities(live)
    by_kind: dict[str, Range] = {}
    for money in activities.values():
        for kind, amount in money.items():
            by_kind[kind] = by_kind[kind].plus(amount) if kind in by_kind else amount
    agreed, put_forward = dict[str, Decimal](), dict[str, Decimal]()
    for part in _matches(live):
        if part.amount is None or part.activity in activities:
            continue
        into = agreed if part.is_agreed else put_forward
        into[part.unit] = into.get(part.unit, NOTHING) + part.amount
    missing, unknown = _missing(live)
    return Budget(
        dict(sorted(by_kind.items())),
        len(activities),
        sum(not money for money in activities.values()),
        dict(sorted(agreed.items())),
        dict(sorted(put_forward.items())),
        missing,
        unknown,
    )


def _activities(live: Iterable[Part]) -> dict[str, Mapping[str, Range]]:
    """The money of each activity, once. One that has no id in the picture yet is itself alone."""
    found: dict[str, Mapping[str, Range]] = {}
    for part in live:
        if part.kind == "activity":
            key = part.activity or f"part {part.key}"
            found[key] = found.get(key) or part.money
    return found


def _matches(live: Iterable[Part]) -> list[Part]:
    """Matches, each once."""
    return [part for part in live if part.kind == "match"]


def _missing(live: list[Part]) -> tuple[dict[str, Missing], int]:
    given: dict[tuple[str, str], Decimal] = {}
    for part in _matches(live):
        if part.is_agreed and part.need is not None and part.amount is not None:
            at = part.need, part.unit
            given[at] = given.get(at, NOTHING) + part.amount
    needs = {part.need or f"part {part.key}": part.missing for part in live if part.kind == "need"}
    sums: dict[str, Missing] = {}
    for need, said in sorted(needs.items()):
        if said is not None:
            less = given.get((need, said.unit), NOTHING)
            rest = Missing(_less(said.low, less), _less(said.high, less), said.unit)
            sums[said.unit] = _together(sums[said.unit], rest) if said.unit in sums else rest
    unknown = sum(said is None or said.low is None or said.high is None for said in needs.values())
    return dict(sorted(sums.items())), unknown


def _less(end: Decimal | None, given: Decimal) -> Decimal | None:
    return None if end is None else max(end - given, NOTHING)


def _together(one: Missing, other: Missing) -> Missing:
    """At least what is known to be missing of either; at most is known only where it is of both."""
    lows = [each.low for each in (one, other) if each.low is not None]
    high = None if one.high is None or other.high is None else one.high + other.high
    return Missing(sum(lows, NOTHING) if lows else None, high, one.unit)
