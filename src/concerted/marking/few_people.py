"""Which counts of few people the public is not told, and which counts would tell one.

Place on the way: below the picture. Enters: the counts that are told of one activity and kind (so many in all, so many
of them women), as groups and whole numbers, and the threshold. Leaves: for each count whether it is suppressed, and
what is told instead: at least so many, at most so many.

A count from 1 to below the threshold T is suppressed: nobody can say it, or what is left of counts that are told, more
narrowly than within T - 1 numbers. Where a count could be worked out as the rest of others (24 in all,
20 of them women: 4 others), everything that is said of parts of the whole is suppressed with it, whether it is small
or not. Sums over activities, places and lines are then made of what is told, never of what is suppressed, so that no
subtraction of totals brings it back: docs/explanation/decisions/0021-few-people-are-an-interval.md. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: The threshold where a build names none; a default of ours, for people who know the ground to set.
FEW_PEOPLE = 10
#: Groups of which nobody is in two: of different words of one family. What is in no family may be apart from anything.
_FAMILIES = (frozenset({"f", "m"}), frozenset({"infants", "children", "adolescents", "adults", "elderly"}))
#: Sums tried for the parts of one count; where there are more to try, its parts are taken to tell.
_TRIED = 20_000


@dataclass(frozen=True, slots=True)
class Count:
    """So many people of all these groups at once; of no group: of all."""

    groups: frozenset[str]
    value: int


@dataclass(frozen=True, slots=True)
class Instead:
    """What is told instead of a suppressed count.

    Attributes:
        least, most: bounds that follow from the threshold and from counts that are told, never from what is suppressed.
    """

    least: int
    most: int


def is_few(value: int, few: int) -> bool:
    """Whether a count is suppressed by itself: 0 is not, since nobody is counted."""
    return 0 < value < few


def suppressed(counts: Sequence[Count], few: int) -> list[Instead | None]:
    """What is told instead of each count; null where the count itself is told.

    Args:
        counts: all that is told of one activity and kind, by whatever statements; not below 0.
        few: the least number of people that is told.

    Raises:
        ValueError: no number is small below a threshold of 2.
    """
    if few < 2:
        raise ValueError(f"no number is small below {few}; the threshold is at least 2")
    above = [[c for c in counts if c.groups < each.groups] for each in counts]
    tells = any(above) and (any(is_few(c.value, few) for c in counts) or any(_rest(c, counts, few) for c in counts))
    bounds = Instead(1, few - 1)
    found: list[Instead | None] = []
    for count, wider in zip(counts, above, strict=True):
        if wider:  # of a part: never more than any whole of it, as far as that is told
            most = max(bounds.most, min(c.value for c in wider if c in _widest(counts)))
            found.append(Instead(0, most) if tells else None)
        else:
            found.append(bounds if is_few(count.value, few) else None)
    return found


def _widest(counts: Sequence[Count]) -> list[Count]:
    """Counts that are part of no other."""
    return [c for c in counts if not any(other.groups < c.groups for other in counts)]


def _rest(whole: Count, counts: Sequence[Count], few: int) -> bool:
    """Whether some parts that may be apart from each other leave a small rest of `whole`."""
    parts = sorted((c for c in counts if whole.groups < c.groups and c.value), key=lambda c: -c.value)
    tried = enumerate(_lefts(whole.value, parts, few))
    return any(is_few(left, few) or number >= _TRIED for number, left in tried)


def _lefts(value: int, parts: Sequence[Count], few: int) -> Iterator[int]:
    """What sums of parts leave of a value, without those that cannot come near it."""
    reach = [sum(c.value for c in parts[i:]) for i in range(len(parts) + 1)]
    waiting: list[tuple[int, int, tuple[Count, ...]]] = [(value, 0, ())]
    while waiting:
        left, at, taken = waiting.pop()
        yield left
        if at == len(parts) or left - reach[at] >= few:
            continue
        waiting.append((left, at + 1, taken))
        part = parts[at]
        if part.value <= left and all(_may_be_apart(part.groups, other.groups) for other in taken):
            waiting.append((left - part.value, at + 1, (*taken, part)))


def _may_be_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether perhaps nobody is of both: women and men are apart, women and children are not."""
    if one <= other or other <= one:
        return False
    mine, theirs = one - other, other - one
    if any(mine & family and theirs & family for family in _FAMILIES):
        return True
    known = frozenset().union(*_FAMILIES)
    return not (mine | theirs) <= known
