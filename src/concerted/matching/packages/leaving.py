"""What goes with a partner who leaves a package: parts, money, components, and the order of what stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from concerted.matching.packages.budget import budget
from concerted.matching.packages.gaps import gaps
from concerted.matching.packages.order import Schedule, schedule, waiting_on
from concerted.matching.packages.parts import Part, Range


@dataclass(frozen=True)
class Leaving:
    """If a partner leaves.

    Attributes:
        parts: keys of the live parts that go.
        money: by kind, what goes with them: an activity that another partner's part tells of too stays.
        waits: keys of parts that stay and wait for one that is gone, directly or through others.
        components: those that would have nothing any more.
        breaks: one of them lies on the critical path; none = not known, because the path of the whole is not.
    """

    partner: str
    parts: tuple[str, ...]
    money: Mapping[str, Range]
    waits: tuple[str, ...]
    components: tuple[str, ...]
    breaks: bool | None


def if_left(parts: Sequence[Part], components: Sequence[str]) -> tuple[Leaving, ...]:
    """What would go with each partner, in the order in which they first appear.

    Raises:
        LoopError: the parts wait for each other.
    """
    found = schedule(parts)
    partners = dict.fromkeys(part.partner for part in parts if part.partner and part.is_live)
    return tuple(_leaving(partner, parts, components, found) for partner in partners)


def _leaving(partner: str, parts: Sequence[Part], components: Sequence[str], found: Schedule) -> Leaving:
    gone = [part for part in parts if part.partner == partner and part.is_live]
    stay = [part for part in parts if part.partner != partner]
    keys = {part.key for part in gone}
    told_by_others = {part.activity for part in stay if part.is_live and part.kind == "activity" and part.activity}
    lost = budget([part for part in gone if part.activity not in told_by_others])
    before, after = (set(gaps(of, components).empty) for of in (parts, stay))
    breaks = True if not keys.isdisjoint(found.path) else (False if found.is_whole else None)
    return Leaving(
        partner,
        tuple(part.key for part in parts if part.key in keys),
        lost.by_kind,
        waiting_on(stay, keys),
        tuple(key for key in components if key in after - before),
        breaks,
    )
